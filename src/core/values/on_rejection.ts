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

/**
 * Returns a value that was read from an object. If a getter or a proxy has made it, and it is a
 * promise, its rejection is heard: nobody else has that promise. A promise that the object holds is
 * the program's own, and a log call must not change what becomes of it.
 */
export function heard(holder: object, name: string | number, value: unknown): unknown {
  try {
    if (typeof value !== "object" || !(value instanceof Promise)) return value;
    if (Object.getOwnPropertyDescriptor(holder, name)?.value !== value) {
      onRejection(value, () => {});
    }
  } catch {
    // A proxy throws when it is asked: whoever writes the value tells it.
  }
  return value;
}

/** Does the same for all properties that were copied by reading them; returns the copy. */
export function hearAll<Copy extends object>(holder: object, copy: Copy): Copy {
  for (const name in copy) {
    const value: unknown = copy[name];
    if (typeof value === "object" && value !== null) heard(holder, name, value);
  }
  return copy;
}
