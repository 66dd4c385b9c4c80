import { jsonOf } from "../core/format/json_value.ts";
import { isPlainObject } from "../core/python/py_repr.ts";
import { isClass } from "../core/values/is_class.ts";
import { readOrTell, thrownText } from "../core/values/thrown.ts";
import { show } from "./show.ts";

/**
 * Tells where a value is not as expected, and how, as `field user: "lee" instead of "kim"`;
 * undefined if it is as expected. `path` is the value's name in this text. It never throws.
 *
 * An expected regular expression must match the text, a function must return true for the value,
 * and a class must be the value's. Of an object only the expected members count; all else must be
 * equal.
 */
export function differenceOf(value: unknown, expected: unknown, path: string): string | undefined {
  return new Comparison().differenceOf(value, expected, path);
}

/** Whether a value is of a class; that of a text is `String`, of a number `Number`, and so on. */
function isOf(value: unknown, type: new (...args: never[]) => unknown): boolean {
  if (value instanceof type) return true;
  const isPrimitive = value !== undefined && value !== null && Object(value) !== value;
  return isPrimitive && Object.getPrototypeOf(Object(value)) === type.prototype;
}

class Comparison {
  /** Objects around the ones that are compared: those that hold themselves are looked at once. */
  readonly #around: (readonly [object, object])[] = [];

  differenceOf(value: unknown, expected: unknown, path: string): string | undefined {
    // A proxy may throw whatever it is asked.
    try {
      // `Object.is` would tell 0 from -0, which nobody means.
      if (value === expected || Object.is(value, expected)) return undefined;
      if (typeof expected === "function") return this.#saysNo(value, expected, path);
      if (!isObject(expected)) return told(value, expected, path);
      if (expected instanceof RegExp) {
        return matches(value, expected) ? undefined : told(value, expected, path);
      }
      return isObject(value) ? this.#insideOf(value, expected, path) : told(value, expected, path);
    } catch (error) {
      return `${path}: ${show(value)} cannot be compared with ${show(expected)}, ` +
        `which throws ${thrownText(error)}`;
    }
  }

  // deno-lint-ignore ban-types
  #saysNo(value: unknown, expected: Function, path: string): string | undefined {
    if (isClass(expected)) {
      return isOf(value, expected) ? undefined : told(value, expected, path);
    }
    try {
      return expected(value) === true ? undefined : told(value, expected, path);
    } catch (error) {
      const name = expected.name === "" ? "the function" : expected.name;
      return `${path}: ${show(value)} makes ${name} throw ${thrownText(error)}`;
    }
  }

  #insideOf(value: object, expected: object, path: string): string | undefined {
    const around = this.#around;
    if (around.some((pair) => pair[0] === value && pair[1] === expected)) return undefined;
    const depth = around.push([value, expected]);
    try {
      const found = this.#differenceIn(value, expected, path);
      return found === true ? undefined : found === false ? told(value, expected, path) : found;
    } finally {
      around.length = depth - 1;
    }
  }

  /** Whether two objects are the same, or where they differ. */
  #differenceIn(value: object, expected: object, path: string): boolean | string {
    if (Array.isArray(expected)) {
      if (!Array.isArray(value) || value.length !== expected.length) return false;
      for (let at = 0; at < expected.length; at++) {
        const item = readOrTell(expected, at);
        const found = this.differenceOf(readOrTell(value, at), item, `${path}[${at}]`);
        if (found !== undefined) return found;
      }
      return true;
    }
    if (isPlainObject(expected)) {
      return isPlainObject(value) && this.#membersDiffer(value, expected, path);
    }
    if (Object.getPrototypeOf(value) !== Object.getPrototypeOf(expected)) return false;
    if (expected instanceof Map) return this.#mapsDiffer(value as typeof expected, expected, path);
    if (expected instanceof Set) return this.#isSameSet(value as typeof expected, expected);
    if (expected instanceof Date) return Object.is(+value, +expected);
    if (ArrayBuffer.isView(expected)) return isSameBytes(value as ArrayBufferView, expected);
    return this.#instancesDiffer(value, expected, path);
  }

  /** Compares the expected members; inherited ones do not count. */
  #membersDiffer(value: object, expected: object, path: string): true | string {
    for (const name of Object.keys(expected)) {
      const item = Object.hasOwn(value, name) ? readOrTell(value, name) : undefined;
      const found = this.differenceOf(item, readOrTell(expected, name), `${path}.${name}`);
      if (found !== undefined) return found;
    }
    return true;
  }

  /** Compares objects of a class by their text, such as a URL's, and by all members. */
  #instancesDiffer(value: object, expected: object, path: string): boolean | string {
    const names = Object.keys(expected), { toString } = expected;
    const hasText = typeof toString === "function" && toString !== Object.prototype.toString;
    // What keeps all to itself cannot be compared.
    if (!hasText && names.length === 0) return false;
    if (hasText && String(value) !== String(expected)) return false;
    if (Object.keys(value).length !== names.length) return false;
    return this.#membersDiffer(value, expected, path);
  }

  /** Keys that are objects may be others with the same in them. */
  #mapsDiffer(
    value: ReadonlyMap<unknown, unknown>,
    expected: ReadonlyMap<unknown, unknown>,
    path: string,
  ): boolean | string {
    if (value.size !== expected.size) return false;
    const rest: unknown[] = [];
    for (const [key, item] of expected) {
      if (!value.has(key)) rest.push([key, item]);
      else {
        const found = this.differenceOf(value.get(key), item, `${path}[${show(key)}]`);
        if (found !== undefined) return found;
      }
    }
    if (rest.some((entry) => !isObject((entry as unknown[])[0]))) return false;
    return this.#pairUp([...value].filter(([key]) => !expected.has(key)), rest);
  }

  /** Compares items in any order, since sets have none. */
  #isSameSet(value: ReadonlySet<unknown>, expected: ReadonlySet<unknown>): boolean {
    if (value.size !== expected.size) return false;
    const rest = [...expected].filter((item) => !value.has(item));
    if (rest.some((item) => !isObject(item) && typeof item !== "function")) return false;
    return this.#pairUp([...value].filter((item) => !expected.has(item)), rest);
  }

  /** Whether each of the expected items has one of its own among the values. */
  #pairUp(values: readonly unknown[], expected: readonly unknown[]): boolean {
    if (values.length !== expected.length) return false;
    /** Which of the expected items each value has been given to, by their places. */
    const owners = new Map<number, number>();
    const give = (wanted: number, tried: Set<number>): boolean =>
      values.some((value, at) => {
        if (tried.has(at) || this.differenceOf(value, expected[wanted], "") !== undefined) {
          return false;
        }
        tried.add(at);
        const owner = owners.get(at);
        // The one that has it may take another.
        if (owner !== undefined && !give(owner, tried)) return false;
        owners.set(at, wanted);
        return true;
      });
    return expected.every((_, wanted) => give(wanted, new Set()));
  }
}

function told(value: unknown, expected: unknown, path: string): string {
  const shown = show(value), wanted = show(expected);
  if (shown === wanted) return `${path}: another ${wanted} than the expected one`;
  return `${path}: ${shown} instead of ${wanted}`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function matches(value: unknown, { source, flags }: RegExp): boolean {
  // An expression with the flag "g" would go on where it stopped.
  const expression = new RegExp(source, flags.replace(/[gy]/g, ""));
  return expression.test(typeof value === "string" ? value : jsonOf(value));
}

function isSameBytes(value: ArrayBufferView, expected: ArrayBufferView): boolean {
  const [bytes, wanted] = [value, expected].map(({ buffer, byteOffset, byteLength }) =>
    new Uint8Array(buffer, byteOffset, byteLength)
  );
  return bytes!.length === wanted!.length && bytes!.every((byte, at) => byte === wanted![at]);
}
