import { isPlainObject } from "../core/python/py_repr.ts";
import { setField } from "../core/records/extra_fields.ts";
import { webFields } from "../core/values/web_fields.ts";
import { onRejection } from "../core/values/on_rejection.ts";
import { isError, readOrTell, thrownText } from "../core/values/thrown.ts";
import type { PathTest } from "./redact_paths.ts";

/** Most nesting, and most items of one record: values beyond are left out, unseen. */
const MAX_DEPTH = 20, MAX_ITEMS = 100_000;

/**
 * Methods by which an object says itself how it is shown. A copy does not get them: a method that
 * is bound to the original would show the original.
 */
const OWN_WORDS = new Set(["toJSON", "toString", "toLocaleString", "valueOf"]);

/** Built-in `toString` methods, whose texts show nothing but what is looked at anyway. */
const BUILT_IN_TEXTS: ReadonlySet<unknown> = new Set(
  [Object, Array, Error, Date].map((one) => one.prototype.toString),
);

/** Properties of an error that `Object.keys` leaves out. */
const ERROR_KEYS = ["name", "message", "stack", "cause", "errors", "error", "suppressed"];

/**
 * Takes out of the values of one record what paths and patterns name. A value that holds nothing of
 * the kind is given back as it is; any other is copied as far as needed. The program's own values
 * are never changed, and a value that cannot be looked at is not let through.
 */
export class Redactor {
  readonly #isSecret: PathTest;
  readonly #patterns: readonly RegExp[];
  readonly #replacement: string;
  /** Names of the fields around the one that is looked at. */
  readonly #names: string[] = [];
  /** The objects around that field. */
  readonly #path: object[] = [];
  #itemsLeft = MAX_ITEMS;

  /** Takes a test of paths, and patterns, which need the flag `g`. */
  constructor(isSecret: PathTest, patterns: readonly RegExp[], replacement: string) {
    this.#isSecret = isSecret;
    this.#patterns = patterns;
    this.#replacement = replacement;
  }

  /** Returns a text without what the patterns find. */
  text(text: string): string {
    let clean = text;
    for (const pattern of this.#patterns) {
      clean = clean.replace(pattern, () => this.#replacement);
    }
    return clean;
  }

  /** Returns a field's value without what is to be taken out. */
  field(name: string, value: unknown): unknown {
    if (this.#isSecret(name, this.#names)) return this.#replacement;
    if (typeof value !== "object") return this.value(value);
    this.#names.push(name);
    const clean = this.value(value);
    this.#names.pop();
    return clean;
  }

  /** Returns a field's name without what the patterns find. */
  name(name: string): string {
    return this.#patterns.length === 0 ? name : this.text(name);
  }

  /**
   * Returns fields without what is to be taken out, the same object if that is nothing. For a proxy
   * that does not tell its names, a field says so, as in lines.
   */
  fields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
    let names: string[];
    try {
      names = Object.keys(fields);
    } catch (error) {
      return { fields: this.text(`[throws: ${thrownText(error)}]`) };
    }
    return this.#properties(fields, names) ?? fields as Record<string, unknown>;
  }

  /** Returns any value without what is to be taken out. */
  value(value: unknown): unknown {
    switch (typeof value) {
      case "string":
        return this.#patterns.length === 0 ? value : this.text(value);
      case "number":
      case "bigint": {
        if (this.#patterns.length === 0) return value;
        const text = String(value);
        const clean = this.text(text);
        return clean === text ? value : clean;
      }
      case "object":
        return value === null ? null : this.#object(value);
      case "symbol":
        return this.#isClean(value.toString()) ? value : this.text(value.toString());
      case "function":
        return this.#named(value as (...args: never[]) => unknown);
      default:
        return value;
    }
  }

  /** A function, of which only the name is ever shown. */
  #named(value: (...args: never[]) => unknown): unknown {
    const name = readOrTell(value, "name");
    if (typeof name !== "string" || this.#isClean(name)) return value;
    return `[function ${this.text(name)}]`;
  }

  #object(value: object): unknown {
    const path = this.#path;
    if (path.includes(value)) return "[circular]";
    if (path.length >= MAX_DEPTH) return "[too deep]";
    const depth = path.push(value), names = this.#names.length;
    try {
      const clean = this.#known(value);
      return clean !== value || this.#hasCleanText(value) ? clean : this.text(ownText(value));
    } catch (error) {
      return this.text(`[throws: ${thrownText(error)}]`);
    } finally {
      path.length = depth - 1;
      this.#names.length = names;
    }
  }

  #known(value: object): unknown {
    if (Array.isArray(value)) return this.#list(value);
    if (isPlainObject(value)) {
      if (typeof value.toJSON === "function") return this.#instance(value);
      return this.#properties(value, Object.keys(value)) ?? value;
    }
    if (isError(value)) return this.#error(value);
    if (value instanceof Map) return this.#map(value);
    if (value instanceof Set) return this.#set(value);
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if (value instanceof Date) return value;
    const web = webFields(value);
    if (web !== undefined) return this.#properties(web, Object.keys(web)) ?? value;
    return this.#instance(value);
  }

  /** A copy of an object's properties; undefined if they are good as they are. */
  #properties(value: object, names: readonly string[]): Record<string, unknown> | undefined {
    let copy: Record<string, unknown> | undefined;
    for (let at = 0; at < names.length; at++) {
      const name = names[at]!;
      const item = this.#itemsLeft-- > 0 ? readOrTell(value, name) : "[too much]";
      const clean = this.#itemsLeft < 0 ? item : this.field(name, item);
      const shown = this.name(name);
      if (copy === undefined) {
        if (clean === item && shown === name && this.#itemsLeft >= 0) continue;
        copy = {};
        for (let before = 0; before < at; before++) {
          define(copy, names[before]!, this.#readAgain(value, names[before]!));
        }
      }
      define(copy, shown === name ? name : freeName(shown, copy), clean);
    }
    return copy;
  }

  /** The value of a property that was found good; a getter may give something else this time. */
  #readAgain(holder: object, name: string): unknown {
    const item = readOrTell(holder, name);
    const isGetter = Object.getOwnPropertyDescriptor(holder, name)?.get !== undefined;
    return isGetter ? this.field(name, item) : item;
  }

  #list(list: ArrayLike<unknown>): unknown {
    let copy: unknown[] | undefined;
    for (let at = 0; at < list.length; at++) {
      if (this.#itemsLeft-- <= 0) {
        copy ??= this.#firstOf(list, at);
        return [...copy, `[${list.length - at} more]`];
      }
      const item = readOrTell(list, at);
      const clean = this.field(String(at), item);
      if (copy === undefined) {
        if (clean === item) continue;
        copy = this.#firstOf(list, at);
      }
      copy.push(clean);
    }
    return copy ?? list;
  }

  /** The first items, which are good as they are; the list's own iterator is not asked. */
  #firstOf(list: ArrayLike<unknown>, count: number): unknown[] {
    return Array.from({ length: count }, (_, at) => this.#readAgain(list, String(at)));
  }

  /** A typed array: bytes stand for something else, other numbers are looked at as in a list. */
  #view(view: ArrayBufferView): unknown {
    if (this.#patterns.length === 0 || !hasNumbers(view)) return view;
    return this.#list(view);
  }

  #map(map: ReadonlyMap<unknown, unknown>): unknown {
    const copy = new Map<unknown, unknown>();
    let isSame = true;
    for (const [key, item] of Map.prototype.entries.call(map)) {
      if (this.#itemsLeft-- <= 0) {
        copy.set("…", "[too much]");
        return copy;
      }
      const clean = typeof key === "string" || typeof key === "number"
        ? this.field(String(key), item)
        : this.value(item);
      const cleanKey = this.value(key);
      isSame &&= clean === item && cleanKey === key;
      copy.set(cleanKey, clean);
    }
    return isSame ? map : copy;
  }

  #set(set: ReadonlySet<unknown>): unknown {
    const items: unknown[] = [...Set.prototype.values.call(set)];
    const clean = this.#list(items);
    return clean === items ? set : new Set(clean as unknown[]);
  }

  /** A copy of an error, of the same class and with its causes. */
  #error(error: Error): unknown {
    const names = [...new Set([...Object.keys(error), ...ERROR_KEYS])]
      .filter((name) => name in error);
    const clean = this.#properties(error, names);
    if (clean === undefined) return error;
    // An error of another realm has a class by which its copy would not count as an error here.
    const isOurs = error instanceof Error;
    const copy: object = Object.create(isOurs ? Object.getPrototypeOf(error) : Error.prototype);
    for (const name of Object.keys(clean)) {
      Object.defineProperty(copy, name, {
        value: clean[name],
        enumerable: !(name in error) || Object.prototype.propertyIsEnumerable.call(error, name),
        configurable: true,
        writable: true,
      });
    }
    return copy;
  }

  /**
   * What an object of the program's shows in lines: what its `toJSON` gives, its properties or its
   * text. If any of these has something to take out, the redacted form of the first such one goes
   * on in the object's place.
   */
  #instance(value: object): unknown {
    const { toJSON } = value as { toJSON?: unknown };
    const properties = this.#properties(value, Object.keys(value));
    if (typeof toJSON === "function") {
      const shown: unknown = toJSON.call(value, "");
      // An `async toJSON` gives a promise, which nobody awaits.
      if (shown instanceof Promise) onRejection(shown, () => {});
      if (shown !== value) {
        const clean = this.value(shown);
        const isSame = clean === shown && properties === undefined;
        return isSame && this.#hasCleanText(value) ? value : clean;
      }
    }
    return properties ?? value;
  }

  /** Whether the text of an object has nothing to take out, in which case it goes on as it is. */
  #hasCleanText(value: object): boolean {
    if (this.#patterns.length === 0) return true;
    const { toString } = value;
    return typeof toString !== "function" || BUILT_IN_TEXTS.has(toString) ||
      this.#isClean(ownText(value));
  }

  #isClean(text: string): boolean {
    return this.text(text) === text;
  }
}

/** Whether a view is a typed array of numbers that are more than bytes. */
function hasNumbers(view: ArrayBufferView): view is ArrayBufferView & ArrayLike<unknown> {
  return "BYTES_PER_ELEMENT" in view && Number(view.BYTES_PER_ELEMENT) > 1;
}

/**
 * The text that an object gives itself, as formatters ask for it; that of an `async toString`, which
 * nobody awaits, is none.
 */
function ownText(value: object): string {
  const text: unknown = value.toString();
  onRejection(text, () => {});
  return `${text}`;
}

/** A name that is not taken yet: of two fields whose names were redacted, both values stay. */
function freeName(name: string, holder: object): string {
  let free = name;
  while (Object.hasOwn(holder, free)) free += "_";
  return free;
}

/** Sets a property of any name, `__proto__` too, but for methods that show the original. */
function define(holder: Record<string, unknown>, name: string, value: unknown): void {
  if (typeof value === "function" && OWN_WORDS.has(name)) return;
  if (name === "__proto__") setField(holder, name, value);
  else holder[name] = value;
}
