/**
 * Calls `tell` with the error of a promise that nobody awaits, such as that of an `async emit`;
 * unheard, its rejection would end the program. For any other value nothing is done.
 *
 * `tell` must not throw.
 */
export function onRejection(value: unknown, tell: (error: unknown) => void): void {
  if (value === null || typeof value !== "object" && typeof value !== "function") return;
  try {
    // The value's own `then` may be anything, so it is not called if this is a promise.
    Promise.prototype.then.call(value, undefined, tell);
  } catch {
    // The value is no promise, but may have a `then`. `Promise.resolve` would throw its errors.
    new Promise((resolve) => resolve(value)).then(undefined, tell);
  }
}
