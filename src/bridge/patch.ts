/**
 * Properties that a bridge has put in the place of a library's, and what was there before.
 *
 * @internal
 */
export class Patch {
  readonly #before: {
    readonly target: object;
    readonly key: PropertyKey;
    readonly descriptor: PropertyDescriptor | undefined;
    readonly ours: PropertyDescriptor;
  }[] = [];

  /** Puts a value in a property's place, which stays as visible as it was. */
  value(target: object, key: PropertyKey, value: unknown): void {
    const { enumerable = false } = findProperty(target, key) ?? {};
    this.define(target, key, { value, writable: true, enumerable, configurable: true });
  }

  /** Puts an accessor in a property's place, which stays as visible as it was. */
  accessor<T>(target: object, key: PropertyKey, get: () => T, set: (value: T) => void): void {
    const { enumerable = false } = findProperty(target, key) ?? {};
    this.define(target, key, { get, set, enumerable, configurable: true });
  }

  /** Puts a property in another one's place. */
  define(target: object, key: PropertyKey, ours: PropertyDescriptor): void {
    const descriptor = Object.getOwnPropertyDescriptor(target, key);
    Object.defineProperty(target, key, ours);
    this.#before.push({ target, key, descriptor, ours });
  }

  /**
   * Puts all properties back, the newest first. A property that somebody else has replaced meanwhile
   * stays, since the replacement may depend on ours.
   */
  undo(): void {
    for (const { target, key, descriptor, ours } of this.#before.splice(0).reverse()) {
      const now = Object.getOwnPropertyDescriptor(target, key);
      const isOurs = now !== undefined && now.value === ours.value && now.get === ours.get;
      if (!isOurs) continue;
      if (descriptor === undefined) Reflect.deleteProperty(target, key);
      else Object.defineProperty(target, key, descriptor);
    }
  }
}

/** A property, wherever an object has it from. */
function findProperty(target: object, key: PropertyKey): PropertyDescriptor | undefined {
  for (let one: object | null = target; one !== null; one = Object.getPrototypeOf(one)) {
    const found = Object.getOwnPropertyDescriptor(one, key);
    if (found !== undefined) return found;
  }
  return undefined;
}
