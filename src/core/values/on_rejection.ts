/**
 * Hears of the rejection of a promise that nobody awaits, such as that of an `async emit`,
 * which would end the program; a value that is no promise does nothing.
 *
 * `tell` must not throw.
 */
export function onRejection(value: unknown, tell: (error: unknown) => void): void {
  if (value === null || typeof value !== "object" && typeof value !== "function") return;
  try {
    // Not its own `then`, which may be anything.
    Promise.prototype.then.call(value, undefined, tell);
  } catch {
    // No promise, but it may have a `then`. Not `Promise.resolve`, which throws what it throws.
    new Promise((resolve) => resolve(value)).then(undefined, tell);
  }
}
