/** Replaces a property's value until the result is disposed of. */
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
