import { isPlainObject, pyRepr } from "../python/py_repr.ts";
import { webFields } from "../values/web_fields.ts";
import { onRejection } from "../values/on_rejection.ts";
import { isError, partNames, readOrTell, thrownText } from "../values/thrown.ts";

/** Bounds of one line; what is beyond them is cut, and says how much is missing. */
export interface JsonLimits {
  /** Characters of all texts. */
  readonly text: number;
  /** Nesting of a value. */
  readonly depth: number;
  /** Items and properties, wherever they are. */
  readonly size: number;
}

/** Characters of all texts of one line beyond which they are cut. */
export const LONGEST_TEXT = 10_000_000;
/** The bounds unless others are asked for. */
export const JSON_LIMITS: JsonLimits = { text: LONGEST_TEXT, depth: 20, size: 100_000 };
/** Characters of a name beyond which it is cut. */
const LONGEST_NAME = 10_000;
/** Members of the line itself that are named even if their values are too much. */
const MAX_NAMES = 1000;
/** Name of the member that says how many are missing. */
const REST = "…";

/** A text that is not too long, with the number of characters that it lacks at its end. */
export function cutText(text: string, longest: number = LONGEST_TEXT): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}… [${text.length - longest} more characters]`;
}

/** The name, with as many `_` behind it as make it free; it counts as taken from now on. */
export function freeName(name: string, taken: Set<string>): string {
  let free = name;
  while (taken.has(free)) free += "_";
  taken.add(free);
  return free;
}

/**
 * Writes values of one line as JSON, whatever they are, and never throws.
 *
 * What JSON has no form for gets one. Members that are undefined are left out, as `JSON.stringify`
 * does it, and nothing else is in silence: what refers to itself reads `[circular]`, what is nested
 * too deeply `[too deep]`, what is too much `[7 more]`, a field that comes after too much
 * `[too much]`, what throws when it is read `[throws: TypeError: no]`.
 */
export class JsonWriter {
  readonly #path: object[] = [];
  readonly #depth: number;
  #sizeLeft: number;
  #textLeft: number;

  /** Writes within these bounds. */
  constructor({ text, depth, size }: JsonLimits = JSON_LIMITS) {
    this.#depth = depth;
    this.#sizeLeft = size;
    this.#textLeft = text;
  }

  /** The JSON of a value. */
  write(value: unknown): string {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        // NaN and infinities have no form in JSON; null would hide which one it was.
        return Number.isFinite(value) ? String(value) : `"${value}"`;
      case "boolean":
        return String(value);
      case "undefined":
        return "null";
      case "bigint":
        return this.#text(String(value));
      case "symbol":
        return this.#text(value.toString());
      case "function":
        return this.#text(functionText(value));
      case "object":
        return value === null ? "null" : this.#object(value);
    }
  }

  /**
   * The members of an object, without braces, as `read` gives them, but for those that are
   * undefined; a name that is taken gets a `_`.
   */
  members(
    names: readonly string[],
    holder: object,
    taken: Set<string> = new Set(),
    read: (holder: object, name: string) => unknown = readOrTell,
  ): string {
    let text = "";
    for (const [at, name] of names.entries()) {
      const comma = text === "" ? "" : ",";
      const hasRoom = this.#hasRoom();
      // Members of the line itself are named in any case.
      if (!hasRoom && (this.#path.length > 0 || at > MAX_NAMES)) {
        const rest = JSON.stringify(freeName(REST, taken));
        return `${text}${comma}${rest}:"[${names.length - at} more]"`;
      }
      const value = read(holder, name);
      if (value === undefined) continue;
      const key = JSON.stringify(freeName(cutText(name, LONGEST_NAME), taken));
      text += `${comma}${key}:${hasRoom ? this.write(value) : '"[too much]"'}`;
    }
    return text;
  }

  #text(text: string): string {
    const cut = cutText(text, this.#textLeft);
    this.#textLeft = Math.max(0, this.#textLeft - text.length);
    return JSON.stringify(cut);
  }

  #object(value: object): string {
    const path = this.#path;
    if (path.includes(value)) return '"[circular]"';
    if (path.length >= this.#depth) return '"[too deep]"';
    const depth = path.push(value) - 1;
    try {
      return this.#knownOrNot(value) ?? this.#converted(value) ?? this.#properties(value);
    } catch (error) {
      return this.#text(`[throws: ${thrownText(error)}]`);
    } finally {
      path.length = depth;
    }
  }

  /** As `#known`; undefined for what only looks as if it were known, such as a proxy of a `Map`. */
  #knownOrNot(value: object): string | undefined {
    try {
      return this.#known(value);
    } catch {
      return undefined;
    }
  }

  /** The JSON of an object of a known class, such as `Map` or `Date`; undefined for all others. */
  #known(value: object): string | undefined {
    if (Array.isArray(value)) return this.#list(value, value.length);
    if (isPlainObject(value)) return undefined;
    if (isError(value)) return this.#error(value);
    if (value instanceof Date) return dateJson(value);
    if (value instanceof Map) return this.#map(value);
    if (value instanceof Set) return this.#set(value);
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
      return this.#view(new Uint8Array(value));
    }
    const web = webFields(value);
    return web === undefined ? this.#boxed(value) : this.#properties(web);
  }

  /** The JSON of what `new String("s")` and the like hold. */
  #boxed(value: object): string | undefined {
    const isBoxed = value instanceof String || value instanceof Number ||
      value instanceof Boolean || value instanceof BigInt || value instanceof Symbol;
    if (!isBoxed) return undefined;
    const held: unknown = value.valueOf();
    return typeof held === "object" ? undefined : this.write(held);
  }

  /** The JSON of what `toJSON` gives, which is not converted once more, as in the engine. */
  #converted(value: object): string | undefined {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON !== "function") return undefined;
    const result: unknown = toJSON.call(value, "");
    if (typeof result !== "object" || result === null) return this.write(result);
    // Nobody awaits the promise of an `async toJSON`.
    if (result instanceof Promise) onRejection(result, () => {});
    if (result === value) return this.#properties(value);
    if (this.#path.includes(result)) return '"[circular]"';
    if (this.#path.push(result) > this.#depth) return '"[too deep]"';
    return this.#knownOrNot(result) ?? this.#properties(result);
  }

  /** An object if its keys are texts or numbers that differ as texts, else a list of pairs. */
  #map(map: ReadonlyMap<unknown, unknown>): string {
    const pairs = firstOf(Map.prototype.entries.call(map), this.#sizeLeft + 1);
    const keys = pairs.filter(([key]) => typeof key === "string" || typeof key === "number");
    const names = new Set(keys.map(([key]) => String(key)));
    const count = sizeOf(Map.prototype, map);
    if (names.size < count) return this.#list(pairs, count);
    const holder = Object.create(null);
    for (const [key, item] of pairs) define(holder, String(key), item);
    return `{${this.members(pairs.map(([key]) => String(key)), holder)}}`;
  }

  #set(set: ReadonlySet<unknown>): string {
    const items = firstOf(Set.prototype.values.call(set), this.#sizeLeft + 1);
    return this.#list(items, sizeOf(Set.prototype, set));
  }

  #view(view: ArrayBufferView): string {
    const items = "length" in view
      ? view as Uint8Array
      : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    return this.#list(items, items.length);
  }

  /** Holes are null, as the engine writes them. */
  #list(items: ArrayLike<unknown>, count: number): string {
    let text = "[";
    for (let at = 0; at < count; at++) {
      if (at > 0) text += ",";
      if (!this.#hasRoom()) return `${text}"[${count - at} more]"]`;
      text += this.write(readOrTell(items, at));
    }
    return `${text}]`;
  }

  /** An error with what tells it from others, its causes included. */
  #error(error: Error): string {
    const names = new Set(["message", "stack", ...keysOrNone(error)]);
    for (const name of partNames(error)) names.add(name);
    if (readOrTell(error, "cause") !== undefined) names.add("cause");
    const type = this.write(readOrTell(error, "name"));
    const members = this.members([...names], error, new Set(["type"]));
    return members === "" ? `{"type":${type}}` : `{"type":${type},${members}}`;
  }

  #properties(value: object): string {
    const names = Object.keys(value);
    if (names.length === 0 && !isPlainObject(value)) return this.#text(pyRepr(value));
    return `{${this.members(names, value)}}`;
  }

  #hasRoom(): boolean {
    return this.#sizeLeft-- > 0 && this.#textLeft > 0;
  }
}

function dateJson(date: Date): string {
  const time = Date.prototype.getTime.call(date);
  return Number.isNaN(time) ? '"Invalid Date"' : `"${new Date(time).toISOString()}"`;
}

/** The first items by the built-in iterator: the value's own may have no end. */
function firstOf<T>(items: Iterable<T>, most: number): T[] {
  const first: T[] = [];
  for (const item of items) {
    if (first.length >= most) break;
    first.push(item);
  }
  return first;
}

/** The size by the built-in getter: the value's own `size` may be anything. */
function sizeOf(prototype: object, value: object): number {
  return Object.getOwnPropertyDescriptor(prototype, "size")!.get!.call(value);
}

/** Defines a property of any name, `__proto__` too. */
function define(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value });
}

/** The names of an error's own properties; none if they cannot be listed. */
function keysOrNone(error: Error): string[] {
  try {
    return Object.keys(error);
  } catch {
    return [];
  }
}

function functionText(value: { readonly name?: unknown }): string {
  const isClass = /^class\b/.test(Function.prototype.toString.call(value));
  const name = readOrTell(value, "name");
  const text = typeof name === "string" ? name : "";
  return `[${isClass ? "class" : "function"} ${text || "(anonymous)"}]`;
}
