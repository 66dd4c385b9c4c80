/** Puts something in the place of a property until it is disposed of. */
export function replaced<T extends object, K extends keyof T>(
  holder: T,
  key: K,
  value: T[K],
): Disposable {
  const original = holder[key];
  holder[key] = value;
  return {
    [Symbol.dispose]() {
      holder[key] = original;
    },
  };
}
