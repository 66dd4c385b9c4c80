import { className } from "../values/class_name.ts";
import { heard, onRejection } from "../values/on_rejection.ts";
import { isError, thrownText } from "../values/thrown.ts";
import { webFields } from "../values/web_fields.ts";

/** Exception types CPython raises while formatting. */
export type PythonErrorName =
  | "AttributeError"
  | "IndexError"
  | "KeyError"
  | "OverflowError"
  | "TypeError"
  | "ValueError";

/** Builds an error that prints like CPython's: its `name` is the Python exception type. */
export function pythonError(name: PythonErrorName, message: string): Error {
  if (name === "TypeError") return new TypeError(message);
  const error = new RangeError(message);
  // Not enumerable, so that it prints as the built-in names do.
  Object.defineProperty(error, "name", {
    value: name,
    configurable: true,
    writable: true,
  });
  return error;
}

/** Name of the Python type that stands for a value, as used in CPython's messages. */
export function typeName(value: unknown): string {
  switch (typeof value) {
    case "string":
      return "str";
    case "number":
      return Number.isInteger(value) ? "int" : "float";
    case "bigint":
      return "int";
    case "boolean":
      return "bool";
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return "list";
      if (isPlainObject(value) || value instanceof Map) return "dict";
      return value instanceof Set ? "set" : className(value);
    default:
      return typeof value;
  }
}

/** Whether a value is an object literal or a prototype-less object. */
export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether any value is an object literal or has no prototype: what Python would call a dict. */
export function isDict(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && isPlainObject(value);
}

/** What Python would call a mapping. */
export type Mapping =
  | Readonly<Record<string, unknown>>
  | ReadonlyMap<unknown, unknown>;

/** The value as a mapping with items: as the only argument of a call, it is `args` itself in Python. */
export function mappingOf(value: unknown): Mapping | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof Map) return value.size > 0 ? value : undefined;
  return isPlainObject(value) && Object.keys(value).length > 0 ? value : undefined;
}

/** The arguments of a call as Python shows them: a tuple, or the mapping that is the only one. */
export function argsRepr(
  args: readonly unknown[],
  repr: (value: unknown) => string = (value) => pyRepr(value),
): string {
  const texts = args.map((arg) => repr(arg));
  if (args.length === 1 && isMapping(args[0])) return texts[0]!;
  return `(${texts.join(", ")}${args.length === 1 ? "," : ""})`;
}

function isMapping(value: unknown): boolean {
  try {
    return mappingOf(value) !== undefined;
  } catch {
    return false; // A proxy that cannot be read.
  }
}

/**
 * Items of one value beyond which only their number is told.
 *
 * Differs from CPython: a text of millions of items, or of lists that hold each other many
 * times over, would hold up the log call.
 */
const MAX_ITEMS = 100_000;
let itemsLeft = 0;
/**
 * Fields that are shown of an object that is no dict, such as a connection or a logger. Of
 * other such objects in them only the class is shown, where Python has `<Connection object>`.
 */
const MAX_FIELDS = 20;

/** Text of a value as Python's `str()` gives it. */
export function pyStr(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberText(value);
  if (typeof value !== "object" || value === null) return pyRepr(value);
  if (hasOwnText(value)) return ownText(value);
  if (isError(value)) return Error.prototype.toString.call(value);
  itemsLeft = MAX_ITEMS;
  return objectRepr(value, []);
}

/** As `pyStr`, for a value that may throw when it is read: then the text tells the error. */
export function quietStr(value: unknown): string {
  try {
    return pyStr(value);
  } catch (error) {
    return `[throws: ${thrownText(error)}]`;
  }
}

/** Text of a value as Python's `repr()` gives it: strings quoted, containers in Python's layout. */
export function pyRepr(value: unknown): string {
  itemsLeft = MAX_ITEMS;
  return repr(value, []);
}

/** Text of a value as Python's `ascii()` gives it: `repr()` with everything beyond ASCII escaped. */
export function pyAscii(value: unknown): string {
  const text = pyRepr(value);
  let ascii = "";
  for (const char of text) ascii += char > "\x7f" ? escape(char) : char;
  return ascii;
}

function repr(value: unknown, ancestors: object[]): string {
  switch (typeof value) {
    case "string":
      return stringRepr(value);
    case "number":
      return numberText(value);
    case "function":
      return `<function ${value.name || "anonymous"}>`;
    case "object":
      return value === null ? "null" : objectRepr(value, ancestors);
    default:
      return String(value);
  }
}

function objectRepr(value: object, ancestors: object[]): string {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  }
  if (isError(value)) {
    return `${value.name}(${value.message === "" ? "" : repr(value.message, ancestors)})`;
  }
  const circular = ancestors.includes(value);
  ancestors.push(value);
  const text = containerRepr(value, circular ? undefined : ancestors);
  ancestors.pop();
  return text;
}

/** `ancestors` is undefined for a container that is inside itself: only its brackets show. */
function containerRepr(value: object, ancestors: object[] | undefined): string {
  if (Array.isArray(value)) return `[${list(value, ancestors)}]`;
  if (value instanceof Map) return `Map({${pairs(value, ancestors)}})`;
  if (value instanceof Set) {
    return value.size === 0 ? "set()" : `{${list([...value], ancestors)}}`;
  }
  if (isPlainObject(value)) return `{${properties(value, ancestors)}}`;
  if (ArrayBuffer.isView(value) && Symbol.iterator in value) {
    return `${className(value)}([${list([...value as Uint8Array], ancestors)}])`;
  }
  // A URL or a RegExp has no properties to show, but says what it is.
  if (hasOwnText(value) && Object.keys(value).length === 0) return ownText(value);
  return instanceRepr(value, ancestors);
}

/** The text that an object gives itself; the promise of an `async toString` is none. */
function ownText(value: object): string {
  const text: unknown = value.toString();
  onRejection(text, () => {}); // Told by the text.
  return `${text}`;
}

/** An object of a class: its fields, not the tree of all that it knows. */
function instanceRepr(value: object, ancestors: object[] | undefined): string {
  const name = className(value);
  if (ancestors === undefined) return `${name} {...}`;
  if (ancestors.slice(0, -1).some(isInstance)) return `<${name} object>`;
  const entries = entriesOf(webFieldsOf(value) ?? value);
  const shown = pairs(entries.slice(0, MAX_FIELDS), ancestors);
  const more = entries.length - MAX_FIELDS;
  return `${name} {${more > 0 ? `${shown}, ... ${more} more` : shown}}`;
}

/** As {@linkcode webFields}; undefined for what only looks as if it were such an object. */
function webFieldsOf(value: object): object | undefined {
  try {
    return webFields(value);
  } catch {
    return undefined;
  }
}

/** Whether an object is of a class of its own, neither a list nor a dict nor a set. */
function isInstance(value: object): boolean {
  return !Array.isArray(value) && !isPlainObject(value) && !(value instanceof Map) &&
    !(value instanceof Set);
}

function list(items: readonly unknown[], ancestors: object[] | undefined): string {
  if (ancestors === undefined) return "...";
  let text = "";
  for (let i = 0; i < items.length; i++) {
    if (itemsLeft-- <= 0) return `${text}${i === 0 ? "" : ", "}... ${items.length - i} more`;
    text += (i === 0 ? "" : ", ") + repr(items[i], ancestors);
  }
  return text;
}

function pairs(
  entries: Iterable<readonly [unknown, unknown]>,
  ancestors: object[] | undefined,
): string {
  if (ancestors === undefined) return "...";
  const texts = [];
  for (const [key, value] of entries) {
    if (itemsLeft-- <= 0) return `${texts.join(", ")}, ... more`;
    texts.push(`${repr(key, ancestors)}: ${repr(value, ancestors)}`);
  }
  return texts.join(", ");
}

function properties(value: object, ancestors: object[] | undefined): string {
  return pairs(ancestors === undefined ? [] : entriesOf(value), ancestors);
}

function entriesOf(value: object): [string, unknown][] {
  const entries = Object.entries(value);
  for (const [name, item] of entries) heard(value, name, item);
  return entries;
}

/** Whether the object brings a `toString` that says more than the built-in ones. */
function hasOwnText(value: object): boolean {
  if (value instanceof Date) return value.toString !== Date.prototype.toString;
  const { toString } = value;
  return typeof toString === "function" &&
    toString !== Object.prototype.toString &&
    toString !== Array.prototype.toString &&
    toString !== Error.prototype.toString;
}

/**
 * Differs from CPython: JS cannot tell 1.0 from 1, so integral numbers print as JS
 * prints them; all others print as Python prints a float.
 */
function numberText(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const magnitude = Math.abs(value);
  // Between these, both languages print the same shortest digits.
  if (magnitude >= 1e-4 && magnitude !== Infinity) return String(value);
  if (magnitude === Infinity) return value > 0 ? "inf" : "-inf";
  if (Number.isNaN(value)) return "nan";
  const text = value.toExponential();
  const exponentAt = text.indexOf("e-") + 2;
  return text.slice(0, exponentAt) + text.slice(exponentAt).padStart(2, "0");
}

function stringRepr(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || code === 0x27 || code === 0x5c) return quoted(text);
  }
  return `'${text}'`;
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let body = "";
  for (const char of text) {
    if (char === quote || char === "\\") body += "\\" + char;
    else if (char >= " " && char <= "~") body += char;
    else if (char > "\x7f" && isPrintable(char)) body += char;
    else body += escape(char);
  }
  return quote + body + quote;
}

/** As `str.isprintable()`; a plain space is handled before. */
function isPrintable(char: string): boolean {
  return !/[\p{C}\p{Z}]/u.test(char);
}

function escape(char: string): string {
  if (char === "\n") return "\\n";
  if (char === "\r") return "\\r";
  if (char === "\t") return "\\t";
  const code = char.codePointAt(0) ?? 0;
  if (code <= 0xff) return "\\x" + code.toString(16).padStart(2, "0");
  if (code <= 0xffff) return "\\u" + code.toString(16).padStart(4, "0");
  return "\\U" + code.toString(16).padStart(8, "0");
}
