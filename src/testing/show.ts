import { jsonOf } from "../core/format/json_value.ts";
import { isPlainObject } from "../core/python/py_repr.ts";

/** How deep a value is shown. */
const MAX_DEPTH = 20;

/** A value as a test would write it, whatever it is. */
export function show(value: unknown, around: readonly object[] = []): string {
  try {
    return shown(value, around);
  } catch {
    // Such as a proxy that has been revoked, of which this tells what it throws.
    return jsonOf(value);
  }
}

function shown(value: unknown, around: readonly object[]): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return value.name === "" ? "a function's yes" : value.name;
  if (typeof value !== "object" || value === null) return jsonOf(value);
  if (value instanceof RegExp) return String(value);
  if (around.includes(value)) return "[circular]";
  if (around.length >= MAX_DEPTH) return "[too deep]";
  const inner = (item: unknown) => show(item, [...around, value]);
  if (Array.isArray(value)) return `[${value.map(inner).join(", ")}]`;
  if (value instanceof Map) {
    return inBraces("Map ", [...value].map(([key, item]) => `${inner(key)} => ${inner(item)}`));
  }
  if (value instanceof Set) return inBraces("Set ", [...value].map(inner));
  if (!isPlainObject(value)) return jsonOf(value);
  return inBraces("", Object.entries(value).map(([name, item]) => `${name}: ${inner(item)}`));
}

function inBraces(kind: string, items: readonly string[]): string {
  return items.length === 0 ? `${kind}{}` : `${kind}{ ${items.join(", ")} }`;
}
