import { ConfigError } from "../../core/errors/config_error.ts";
import { quote } from "../../core/errors/quote.ts";
import { parseMarkups } from "../../core/format/str_format_parser.ts";
import { parsePercent } from "../../core/format/percent_parser.ts";
import { isDict } from "../../core/python/py_repr.ts";
import type { IniTable } from "../ini/ini_document.ts";
import { excerpt } from "../spec/excerpt.ts";
import type { ConfigSpec, FullSpec, LoggerSpec, ObjectSpec, Place } from "../spec/config_spec.ts";
import { OFF } from "../spec/recording_spec.ts";
import { findTooDeep } from "./find_too_deep.ts";
import { mayBeDict, type ParsedConfig } from "./config_text.ts";

/** Longest name of a logger, in characters, and its parts. */
const MAX_NAME = 1000, MAX_PARTS = 50;
/** Most loggers of one configuration. */
export const MAX_LOGGERS = 1000;
/** Most formatters, filters and handlers of one configuration, of each. */
const MAX_OBJECTS = 1000;
const MOST_PARTS = {
  loggers: MAX_LOGGERS,
  handlers: MAX_OBJECTS,
  formatters: MAX_OBJECTS,
  filters: MAX_OBJECTS,
};
/** Most handlers, and filters, of one logger or handler. */
const MAX_LIST = 100;
/** Longest format, its fields, and the width and precision of one. */
const MAX_FORMAT = 10_000, MAX_FIELDS = 200, MAX_WIDTH = 10_000;
/** Longest text that lines may have besides: a format may show it as often as it has fields. */
const MAX_TEXT = 1000;
/** Most characters of such texts of one argument. */
const MAX_TEXTS = 100_000;
/** Most characters, and fields of formats, of all formatters and filters: references cost a sender none. */
const MAX_ALL_TEXTS = 1 << 20, MAX_ALL_FIELDS = 5000;
/** Widest indent of a line of JSON. */
const MAX_INDENT = 100;
/** What the first arguments of a formatter are called. */
const FORMATTER_ARGUMENTS = ["format", "datefmt", "style"];
/** How deep a dict may nest. */
const MAX_DEPTH = 50;
/** Most keys of a dict in a dict, and values of all. */
const MAX_KEYS = 1000, MAX_VALUES = 20_000;
/** Most lines of a `.conf`, and of them most that are options and sections. */
const MAX_LINES = 20_000, MAX_OPTIONS = 4000;
/** Longest value of a `.conf`. */
const MAX_VALUE = 10_000;
/** Most handlers that all loggers together are given. */
const MAX_LINKS = 10_000;

/**
 * Makes sure that a text that came over the wire is quickly read, before it is.
 *
 * @throws {ConfigError} A dict nests too deeply, or a `.conf` has too many lines.
 */
export function checkText(text: string): void {
  if (mayBeDict(text)) checkDepth(text);
  else checkLines(text);
}

/**
 * Makes sure that what was parsed of it is quickly read on.
 *
 * @throws {ConfigError} It has too many parts, or a value is too long.
 */
export function checkParsed(parsed: ParsedConfig): void {
  if (parsed.kind === "ini") checkValues(parsed.table);
  else checkParts(parsed.dict);
}

function checkDepth(text: string): void {
  if (findTooDeep(text, MAX_DEPTH) === undefined) return;
  throw new ConfigError(`Cannot take the change: it nests deeper than ${MAX_DEPTH} levels`);
}

function checkLines(text: string): void {
  let lines = 0, options = 0;
  for (let start = 0; start <= text.length; lines++) {
    const end = text.indexOf("\n", start);
    // Comments, blank lines and those that continue a value cost little.
    if (!" \t\r\n#;".includes(text.charAt(start))) options++;
    if (lines > MAX_LINES || options > MAX_OPTIONS) {
      throw new ConfigError(
        `Cannot take the change: it has more than ${
          lines > MAX_LINES ? `${MAX_LINES} lines` : `${MAX_OPTIONS} options and sections`
        }`,
      );
    }
    start = end < 0 ? text.length + 1 : end + 1;
  }
}

/** Makes sure that a dict has not too many parts, before they are read one by one. */
function checkParts(dict: object): void {
  const parts = dict as Readonly<Record<string, unknown>>;
  for (const [key, most] of Object.entries(MOST_PARTS)) {
    const table = Object.hasOwn(parts, key) ? parts[key] : undefined;
    if (typeof table === "object" && table !== null) checkCount(key, Object.keys(table), most);
  }
  checkSize(dict, "", { values: 0 });
  const { record } = asRecord(asRecord(parts).logdial);
  if (typeof record === "string") checkCount("recorded loggers", record.split(","), MAX_LOGGERS);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isDict(value) ? value : {};
}

/**
 * Makes sure that a dict has not too many keys and values: each takes some microseconds to read,
 * whatever it means.
 */
function checkSize(value: object, path: string, sums: { values: number }): void {
  const entries = Object.entries(value);
  if (!Array.isArray(value) && entries.length > MAX_KEYS) {
    throw new ConfigError(
      `Cannot take ${entries.length} keys: one object may have ${MAX_KEYS} at most`,
      {
        section: path || undefined,
      },
    );
  }
  if ((sums.values += entries.length) > MAX_VALUES) {
    throw new ConfigError(`Cannot take the change: it has more than ${MAX_VALUES} values`);
  }
  for (const [key, inner] of entries) {
    if (typeof inner !== "object" || inner === null) continue;
    checkSize(inner, path === "" ? key : `${path}.${key}`, sums);
  }
}

/** Makes sure that no value of a `.conf` takes long to read. */
function checkValues(table: IniTable): void {
  for (const [section, , options] of table) {
    for (const { key, value, line } of options) {
      if (value.length <= MAX_VALUE) continue;
      throw new ConfigError(`Cannot take a value of more than ${MAX_VALUE} characters`, {
        section,
        key,
        line,
      });
    }
  }
}

/**
 * Makes sure that a configuration that came over the wire stays within what a thread can
 * build and log with, whoever sent it.
 *
 * Differs from CPython: that has no bounds.
 *
 * @throws {ConfigError} With the bound, and the place.
 */
export function checkBounds(spec: ConfigSpec): void {
  checkCount("loggers", spec.loggers, MAX_LOGGERS);
  checkCount("handlers", spec.handlers, MAX_OBJECTS);
  for (const { name, place } of spec.loggers) checkLoggerName(name, place);
  const recorded = spec.recording?.levels ?? OFF;
  if (recorded !== OFF) {
    checkCount("recorded loggers", [...recorded.keys()], MAX_LOGGERS);
    for (const name of recorded.keys()) checkLoggerName(name);
  }
  if (!spec.incremental) checkFull(spec);
}

/**
 * Makes sure that a name is one that a logger may have from outside.
 *
 * @throws {ConfigError} It is too long, or has too many parts.
 */
export function checkLoggerName(name: string, place: Place = () => ({})): void {
  if (name.length > MAX_NAME) {
    throw new ConfigError(
      `Cannot name a logger ${excerpt(name)}: a name has ${MAX_NAME} characters at most`,
      { ...place() },
    );
  }
  if (name.split(".", MAX_PARTS + 1).length <= MAX_PARTS) return;
  throw new ConfigError(
    `Cannot name a logger ${excerpt(name)}: a name has ${MAX_PARTS} parts at most`,
    { ...place() },
  );
}

function checkFull(spec: FullSpec): void {
  const links = spec.loggers.reduce((sum, { handlers }) => sum + handlers.length, 0);
  if (links > MAX_LINKS) {
    throw new ConfigError(
      `Cannot give loggers ${links} handlers: one change may give ${MAX_LINKS} at most, in all`,
    );
  }
  checkCount("formatters", spec.formatters, MAX_OBJECTS);
  checkCount("filters", spec.filters, MAX_OBJECTS);
  checkCount("disabled loggers", spec.disabled, MAX_LOGGERS);
  for (const name of spec.disabled) checkLoggerName(name);
  const sums = { characters: 0, fields: 0 };
  for (const one of spec.formatters) checkFormatter(one, sums);
  for (const one of spec.filters) checkFilter(one, sums);
  const root = spec.root === undefined ? [] : [spec.root];
  for (const { filters, place } of spec.handlers) checkList("filters", filters, place);
  for (const one of [...spec.loggers, ...root]) checkLists(one);
}

function checkLists({ handlers, filters, place }: LoggerSpec): void {
  checkList("handlers", handlers, place);
  checkList("filters", filters, place);
}

function checkList(key: string, list: readonly unknown[], place: Place): void {
  if (list.length <= MAX_LIST) return;
  throw new ConfigError(`Cannot use ${list.length} ${key}: one list may have ${MAX_LIST} at most`, {
    ...place(key),
  });
}

function checkCount(what: string, list: readonly unknown[], most: number): void {
  if (list.length <= most) return;
  throw new ConfigError(`Cannot take ${list.length} ${what}: one change may have ${most} at most`);
}

/** Every text that a formatter is given may be a format, or one of several: a line may have it all. */
function checkFormatter(spec: ObjectSpec, sums: Sums): void {
  const { args, kwargs, words } = spec.readArguments(() => ({ value: undefined }));
  const style = kwargs.get("style") ?? args[2];
  const named = args.map((arg, index) => [FORMATTER_ARGUMENTS[index] ?? "args", arg] as const);
  for (const [name, value] of [...named, ...kwargs, ...words ?? [], ...spec.attributes]) {
    const key = String(name);
    const fields = typeof value === "string" ? checkFormat(key, value, style, spec.place) : 0;
    if (key !== "style") sums.fields += fields;
    sums.characters += checkTexts(key, value, MAX_FIELDS, spec.place);
    checkSums(sums);
    if (key !== "json_indent") continue;
    const width = typeof value === "string" ? value.length : Number(value);
    if (width > MAX_INDENT) refuse(key, value, `it may be ${MAX_INDENT} wide at most`, spec.place);
  }
}

/** A filter may set fields of a record. */
function checkFilter({ readArguments, attributes, place }: ObjectSpec, sums: Sums): void {
  const { args, kwargs } = readArguments(() => ({ value: undefined }));
  const named = args.map((arg) => ["args", arg] as const);
  for (const [name, value] of [...named, ...kwargs, ...attributes]) {
    if (typeof value === "string") checkLength(String(name), value, place);
    sums.characters += checkTexts(String(name), value, MAX_OBJECTS, place);
    checkSums(sums);
  }
}

/** What all formatters and filters have together. */
interface Sums {
  characters: number;
  fields: number;
}

function checkSums({ characters, fields }: Sums): void {
  const [sum, most, what] = fields > MAX_ALL_FIELDS
    ? [fields, MAX_ALL_FIELDS, "fields of formats"]
    : [characters, MAX_ALL_TEXTS, "characters of formatters and filters"];
  if (sum <= most) return;
  throw new ConfigError(
    `Cannot take more than ${most} ${what}, in all, with what references stand for`,
  );
}

/**
 * Makes sure that lists and dicts hold neither many nor long texts, and `head` not many fields. Returns
 * how many characters there are.
 */
function checkTexts(key: string, value: unknown, most: number, place: Place): number {
  let length = typeof value === "string" ? value.length : 0;
  let items = key === "head" && typeof value === "string" ? value.split(/\s+/).length : 0;
  const look = (inner: unknown): void => {
    const isList = Array.isArray(inner);
    if (!isList && !isDict(inner)) return;
    for (const [name, item] of Object.entries(inner)) {
      if (++items > most) return;
      for (const text of isList ? [item] : [name, item]) {
        if (typeof text !== "string") continue;
        checkLength(key, text, place);
        length += text.length;
      }
      look(item);
    }
  };
  look(value);
  if (items > most) refuse(key, value, `it has more than ${most} items`, place);
  if (length > MAX_TEXTS) refuse(key, value, `it has more than ${MAX_TEXTS} characters`, place);
  return length;
}

function checkLength(key: string, text: string, place: Place): void {
  if (text.length > MAX_TEXT) refuse(key, text, `it has more than ${MAX_TEXT} characters`, place);
}

function refuse(key: string, value: unknown, rule: string, place: Place): never {
  const shown = typeof value === "string" ? excerpt(value) : quote(value);
  throw new ConfigError(`Cannot use ${key} ${shown}: ${rule}`, { ...place(key) });
}

/** Returns how many fields there are. */
function checkFormat(key: string, format: string, style: unknown, place: Place): number {
  const refuseIt = (rule: string) => refuse(key, format, rule, place);
  if (format.length > MAX_FORMAT) refuseIt(`it has more than ${MAX_FORMAT} characters`);
  // A colour's marker counts as a field, since it becomes text as well.
  const dollars = format.split("$").length - 1;
  const directives = parsePercent(format).filter((piece) => typeof piece !== "string");
  const { pieces } = parseMarkups(format);
  const markups = style === "{" ? pieces.filter((piece) => typeof piece !== "string") : [];
  const fields = Math.max(dollars, directives.length, markups.length);
  if (fields > MAX_FIELDS) refuseIt(`it has more than ${MAX_FIELDS} fields`);
  if (markups.some(({ nested }) => nested)) refuseIt("its widths must be numbers");
  const widths = [
    // Below 0 stands for none.
    directives.flatMap(({ width, precision }) => [Math.max(0, width), Math.max(0, precision)]),
    // Those of a time's format stand right behind `%`, those of `{` style anywhere.
    numbersIn(
      style === "{" ? /\d+/g : /(?<=%[-_0^#]*)\d+/g,
      style === "{" ? markups.map(({ spec }) => spec).join(" ") : format,
    ),
  ];
  // Together, since each of them makes every line so much longer.
  if (widths.some((list) => list.reduce((sum, width) => sum + width, 0) > MAX_WIDTH)) {
    refuseIt(`its widths and precisions may be ${MAX_WIDTH} at most, together`);
  }
  return fields;
}

function numbersIn(pattern: RegExp, text: string): number[] {
  return [...text.matchAll(pattern)].map(([digits]) => Number(digits));
}
