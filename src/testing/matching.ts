import { isPlainObject } from "../core/python/py_repr.ts";
import { jsonOf } from "../core/format/json_value.ts";
import { isClass } from "../core/values/is_class.ts";

/**
 * Where a value is not as expected, and how, as `field user: "lee" instead of "kim"`; undefined if
 * it is. `path` is what it is called.
 *
 * An expression is to match the text; a function is to say yes, and a class is to be that of the
 * value. Of an object the members that are named count, all else is to be equal.
 */
export function differenceOf(value: unknown, expected: unknown, path: string): string | undefined {
  if (isSame(value, expected)) return undefined;
  if (isRecord(expected) && isRecord(value)) {
    for (const [name, item] of Object.entries(expected)) {
      const found = differenceOf(value[name], item, `${path}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (Array.isArray(expected) && Array.isArray(value) && expected.length === value.length) {
    for (const [at, item] of expected.entries()) {
      const found = differenceOf(value[at], item, `${path}[${at}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return `${path}: ${show(value)} instead of ${show(expected)}`;
}

function isSame(value: unknown, expected: unknown): boolean {
  if (Object.is(value, expected)) return true;
  if (expected instanceof RegExp) {
    // One with the flag "g" would go on where it stopped.
    return new RegExp(expected.source, expected.flags.replace(/[gy]/g, "")).test(
      typeof value === "string" ? value : jsonOf(value),
    );
  }
  if (typeof expected === "function") {
    return isClass(expected) ? value instanceof expected : expected(value) === true;
  }
  if (expected instanceof Date) return value instanceof Date && +value === +expected;
  if (!(expected instanceof Map) && !(expected instanceof Set)) return false;
  const isKind = expected instanceof Map ? value instanceof Map : value instanceof Set;
  return isKind && jsonOf(value) === jsonOf(expected);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && isPlainObject(value);
}

/** A value as a test would write it. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value instanceof RegExp) return String(value);
  if (typeof value === "function") return value.name === "" ? "a function's yes" : value.name;
  return isRecord(value) || Array.isArray(value) ? showItems(value) : jsonOf(value);
}

function showItems(value: Record<string, unknown> | readonly unknown[]): string {
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  const items = Object.entries(value).map(([name, item]) => `${name}: ${show(item)}`);
  return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
}
