import { isPlainObject } from "../python/py_repr.ts";

/** Nesting beyond which a value is cut off. */
const MAX_DEPTH = 20;
/** Nesting to which a value is looked at for whether it is plain data. */
const MAX_PLAIN_DEPTH = 5;

/**
 * The JSON of any value, whatever it is: what JSON has no form for gets one, what refers
 * to itself or is nested too deeply is cut, what throws is replaced by what it threw.
 */
export function jsonOf(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      // NaN and infinities have no form in JSON; null would hide which one it was.
      return Number.isFinite(value) ? String(value) : `"${value}"`;
    case "boolean":
      return value ? "true" : "false";
    case "undefined":
      return "null";
    case "bigint":
      return `"${value}"`;
    case "symbol":
    case "function":
      return JSON.stringify(String(typeof value === "symbol" ? value.toString() : value.name));
    case "object":
      return value === null ? "null" : objectJson(value);
  }
}

/**
 * The JSON of a plain object; undefined unless all of it is plain data, which the engine writes
 * at once, under names that are not taken.
 */
export function plainJson(
  fields: Readonly<Record<string, unknown>>,
  isTaken: (name: string) => boolean,
): string | undefined {
  try {
    for (const name in fields) {
      if (isTaken(name) || !isPlainData(fields[name], MAX_PLAIN_DEPTH - 1)) return undefined;
    }
    return JSON.stringify(fields);
  } catch {
    // A getter that throws: it is told of where it is read one by one.
    return undefined;
  }
}

/** Whether the engine writes the same as {@linkcode plainOf}, so nothing needs copying. */
function isPlainData(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      return value === null || (depth > 0 && isPlainObjectOf(value, depth - 1));
    default:
      return false;
  }
}

function isPlainObjectOf(value: object, depth: number): boolean {
  if (Array.isArray(value)) return value.every((item) => isPlainData(item, depth));
  if (!isPlainObject(value)) return false;
  for (const key in value) if (!isPlainData(value[key], depth)) return false;
  return true;
}

/** Plain data, by far the most usual, is left to the engine. */
function objectJson(value: object): string {
  try {
    return JSON.stringify(isPlainData(value, MAX_PLAIN_DEPTH) ? value : plainOf(value, [], 0));
  } catch (error) {
    return JSON.stringify(`[unserializable: ${describe(error)}]`);
  }
}

/** The value in the terms of JSON. */
function plainOf(value: unknown, path: readonly object[], depth: number): unknown {
  if (typeof value !== "object" || value === null) return scalarOf(value);
  if (path.includes(value)) return "[circular]";
  if (depth >= MAX_DEPTH) return "[too deep]";
  const inner = [...path, value];
  const plain = (item: unknown) => plainOf(item, inner, depth + 1);
  try {
    if (value instanceof Date) {
      return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    }
    if (value instanceof Error) return errorOf(value, plain);
    if (value instanceof Map) {
      return fromEntries([...value].map(([key, item]) => [keyOf(key), plain(item)]));
    }
    if (value instanceof Set) return [...value].map(plain);
    if (ArrayBuffer.isView(value)) {
      return [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)];
    }
    if (Array.isArray(value)) return value.map(plain);
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function") return plain(toJSON.call(value));
    return fromEntries(Object.keys(value).map((key) => [key, readOf(value, key, plain)]));
  } catch (error) {
    return `[throws: ${describe(error)}]`;
  }
}

function scalarOf(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "symbol") return value.toString();
  if (typeof value === "function") return `[function ${value.name}]`;
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value;
}

/** An error with what tells it from others, its causes included. */
function errorOf(error: Error, plain: (value: unknown) => unknown): unknown {
  const { name, message, stack, cause } = error;
  const entries: [string, unknown][] = [["type", name], ["message", message], ["stack", stack]];
  for (const key of Object.keys(error)) entries.push([key, readOf(error, key, plain)]);
  if (error instanceof AggregateError) entries.push(["errors", plain(error.errors)]);
  if (cause !== undefined) entries.push(["cause", plain(cause)]);
  return fromEntries(entries);
}

function readOf(holder: object, key: string, plain: (value: unknown) => unknown): unknown {
  try {
    return plain((holder as Record<string, unknown>)[key]);
  } catch (error) {
    return `[throws: ${describe(error)}]`;
  }
}

function keyOf(key: unknown): string {
  return typeof key === "string" ? key : String(scalarOf(key));
}

/** As `Object.fromEntries`, with `__proto__` a key like any other and `toJSON` data. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): object {
  const plain: object = Object.create(null);
  for (const [key, value] of entries) {
    Object.defineProperty(plain, key, { value, enumerable: true, configurable: true });
  }
  return plain;
}

function describe(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return "unknown";
  }
}
