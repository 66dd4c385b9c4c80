import { ConfigError, type ConfigErrorOptions } from "../../core/errors/config_error.ts";
import { IniDocument, type IniSection, type IniTable, parseIniTable } from "./ini_document.ts";
import { excerpt } from "../spec/excerpt.ts";
import { placeIn, readArguments, readClassName, readDefaults } from "./ini_arguments.ts";
import { pyStrip } from "../../core/python/py_space.ts";
import {
  EXTENSIONS,
  FORMATTER_WORDS,
  type FullSpec,
  type HandlerSpec,
  type LoggerSpec,
  type ObjectSpec,
  type ResolveName,
} from "../spec/config_spec.ts";
import {
  handlerInstead,
  loggerInstead,
  objectInstead,
  type OnError,
  raise,
  readPart,
} from "../spec/read_part.ts";
import type { UnknownClass } from "../spec/unknown_class.ts";
import { readRecording, type RecordingSpec } from "../spec/recording_spec.ts";

/** Options of {@linkcode readIniTable}. */
export interface IniConfigOptions {
  /** Whether loggers that the text does not mention are disabled. @default true */
  disableExistingLoggers?: boolean;
  /** Options of every section that neither has them itself nor from `[DEFAULT]`. @default {} */
  defaults?: Readonly<Record<string, string | number>>;
  /** What becomes of classes that nothing is registered as. @default they are refused */
  unknownClass?: UnknownClass;
}

/**
 * Parses the text of a `.conf` file (`logging.config`, "Configuration file format"), without looking
 * at what it says.
 *
 * @throws {ConfigError} With the line.
 */
export function parseIniConfig(text: string): IniTable {
  if (text === "") throw new ConfigError("Cannot use an empty configuration", { line: 1 });
  return parseIniTable(text);
}

/**
 * Reads what {@linkcode parseIniConfig} has parsed.
 *
 * @throws {ConfigError} With section, key and line; those of one section only if `onError` does.
 */
export function readIniTable(
  table: IniTable,
  options: IniConfigOptions = {},
  onError: OnError = raise,
): FullSpec {
  const document = IniDocument.fromTable(table, options.defaults);
  const list = (name: string) =>
    readPart(onError, () => listed(document, name, name === "loggers"), () => []);
  const formatters = list("formatters").map((name) =>
    readPart(onError, () => formatterSpec(document, name), () => objectInstead(name, nowhere))
  );
  const filters = document.get("filters") === undefined
    ? []
    : list("filters").map((name) =>
      readPart(onError, () => filterSpec(document, name), () => objectInstead(name, nowhere))
    );
  const handlers = list("handlers").map((name) =>
    readPart(onError, () => handlerSpec(document, name, onError), () => {
      return handlerInstead(name, nowhere);
    })
  );
  const names = list("loggers");
  const first = names.indexOf("root");
  if (first < 0 && document.get("loggers")?.raw("keys") !== undefined) {
    const place = placeIn(section(document, "loggers"))("keys");
    onError(new ConfigError('Cannot configure loggers: "root" must be listed', place));
  }
  const others = names.filter((_, index) => index !== first);
  return {
    source: "ini",
    incremental: false,
    disableExistingLoggers: options.disableExistingLoggers ?? true,
    formatters,
    filters,
    handlers,
    loggers: others.map((name) =>
      readPart(onError, () => loggerSpec(document, name, onError), () => {
        return loggerInstead(name, nowhere);
      })
    ),
    root: first < 0 ? undefined : readPart(onError, () => rootSpec(document, onError), () => {
      return loggerInstead("root", nowhere);
    }),
    disabled: disabledNames(document),
    unknownClass: options.unknownClass,
    recording: recordingOf(document),
  };
}

function nowhere(): ConfigErrorOptions {
  return {};
}

function disabledNames(document: IniDocument): string[] {
  const list = document.get(EXTENSIONS)?.raw("disabled");
  return list ? splitNames(list.replaceAll("%%", "%")) : [];
}

function recordingOf(document: IniDocument): RecordingSpec | undefined {
  const where = document.get(EXTENSIONS);
  if (where === undefined) return undefined;
  return readRecording((key) => where.raw(key)?.replaceAll("%%", "%"), placeIn(where));
}

/** The names in `keys=` of a list section. */
function listed(document: IniDocument, name: string, allowsNone = false): string[] {
  const list = section(document, name);
  const keys = required(list, "keys");
  if (keys === "" && !allowsNone) return [];
  const names = splitNames(keys);
  if (names.length <= MAX_LISTED) return names;
  throw new ConfigError(
    `Cannot list ${names.length} names: one list may have ${MAX_LISTED} at most`,
    {
      ...placeIn(list)("keys"),
    },
  );
}

/** Most names of a list. Differs from CPython: a million times the same name keeps that busy. */
const MAX_LISTED = 20_000;

/** The names of a list; as in CPython, an empty one is a name too, for which nothing is found. */
function splitNames(text: string): string[] {
  return text.split(",").map(pyStrip);
}

function formatterSpec(document: IniDocument, name: string): ObjectSpec {
  const where = section(document, `formatter_${name}`, "formatters");
  const format = where.raw("format");
  const datefmt = where.raw("datefmt");
  const style = where.raw("style") ?? "%";
  return {
    name,
    className: where.value("class") || undefined,
    factory: undefined,
    readArguments: (resolveName) => ({
      args: [format, datefmt, style],
      kwargs: readFormatterOptions(where, resolveName),
      words: readWords(where),
    }),
    attributes: new Map(),
    place: placeIn(where),
  };
}

/** Reads `defaults`, and `escape`, a word of ours that CPython passes over. */
function readFormatterOptions(
  where: IniSection,
  resolveName: ResolveName,
): ReadonlyMap<string, unknown> {
  const options = new Map<string, unknown>();
  const defaults = readDefaults(where, resolveName);
  if (defaults !== undefined) options.set("defaults", defaults);
  const escape = readEscape(where);
  if (escape !== undefined) options.set("escape", escape);
  return options;
}

function readEscape(where: IniSection): boolean | undefined {
  const text = where.value("escape");
  if (text === undefined) return undefined;
  if (text !== "true" && text !== "false") {
    throw new ConfigError(
      `Cannot use escape "${text}": it must be true or false`,
      placeIn(where)("escape"),
    );
  }
  return text === "true";
}

/** Reads the words that only some classes take; CPython passes over them. */
function readWords(where: IniSection): ReadonlyMap<string, unknown> {
  const words = new Map<string, unknown>();
  for (const word of FORMATTER_WORDS) {
    const text = where.value(word);
    if (text === undefined) continue;
    const isNumber = /^\d{1,15}$/.test(text);
    const isBoolean = text === "true" || text === "false";
    words.set(word, isNumber ? Number(text) : isBoolean ? text === "true" : text);
  }
  return words;
}

/** A filter: CPython's `.conf` files have none, and so it passes over these sections. */
function filterSpec(document: IniDocument, name: string): ObjectSpec {
  return calledSpec(section(document, `filter_${name}`, "filters"), name);
}

/** Names of filters; without a list of filters, the word means nothing. */
function filterNames(document: IniDocument, where: IniSection): string[] {
  const names = document.get("filters") === undefined ? undefined : where.value("filters");
  return names ? splitNames(names) : [];
}

function handlerSpec(document: IniDocument, name: string, onError: OnError): HandlerSpec {
  const where = section(document, `handler_${name}`, "handlers");
  const place = placeIn(where);
  const made = readPart(onError, () => calledSpec(where, name), () => {
    return handlerInstead(name, place);
  });
  return {
    ...made,
    level: valueOf(where, "level", onError),
    formatter: valueOf(where, "formatter", onError) || undefined,
    filters: readPart(onError, () => filterNames(document, where), () => []),
    // Only where the class takes one, since else its references need not lead anywhere.
    readTarget: () => where.value("target") || undefined,
    readHandlers: () => undefined,
    place,
  };
}

/** An object that is made by a call of `class` with `args` and `kwargs`. */
function calledSpec(where: IniSection, name: string): ObjectSpec {
  const className = readClassName(required(where, "class"));
  const args = where.value("args") ?? "()";
  const kwargs = where.value("kwargs") ?? "{}";
  return {
    name,
    className,
    factory: undefined,
    readArguments: (resolveName) => readArguments(where, args, kwargs, resolveName),
    attributes: new Map(),
    place: placeIn(where),
  };
}

function loggerSpec(document: IniDocument, name: string, onError: OnError): LoggerSpec {
  const where = section(document, `logger_${name}`, "loggers");
  return {
    name: readPart(onError, () => required(where, "qualname"), () => name),
    ...commonLoggerSpec(document, where, onError),
    propagate: readPart(onError, () => readPropagate(where), () => undefined),
  };
}

function rootSpec(document: IniDocument, onError: OnError): LoggerSpec {
  const where = section(document, "logger_root", "loggers");
  return { name: "root", ...commonLoggerSpec(document, where, onError), propagate: undefined };
}

function commonLoggerSpec(
  document: IniDocument,
  where: IniSection,
  onError: OnError,
): Omit<LoggerSpec, "name" | "propagate"> {
  const handlers = readPart(onError, () => required(where, "handlers"), () => "");
  return {
    level: valueOf(where, "level", onError),
    handlers: handlers === "" ? [] : splitNames(handlers),
    filters: readPart(onError, () => filterNames(document, where), () => []),
    place: placeIn(where),
  };
}

/** An option's value; if it cannot be expanded, the others of its section are read all the same. */
function valueOf(where: IniSection, key: string, onError: OnError): string | undefined {
  return readPart(onError, () => where.value(key), () => undefined);
}

/** `propagate` as Python's `getint` reads it, which a new line may precede; 1 when it is missing. */
function readPropagate(where: IniSection): boolean {
  const value = where.value("propagate");
  if (value === undefined) return true;
  const text = pyStrip(value);
  if (!/^[+-]?\d+(_\d+)*$/.test(text)) {
    throw new ConfigError(
      `Cannot read propagate ${excerpt(text)}: it must be a whole number, 0 or 1`,
      { ...placeIn(where)("propagate") },
    );
  }
  return !/^[+-]?[0_]+$/.test(text);
}

function section(document: IniDocument, name: string, listedIn?: string): IniSection {
  const found = document.get(name);
  if (found !== undefined) return found;
  if (listedIn === undefined) {
    throw new ConfigError(`Cannot find section [${name}]: it is required`, { section: name });
  }
  const reason = name.endsWith("_")
    ? `an item of the list in [${listedIn}] is empty, remove the extra comma`
    : `it is listed in [${listedIn}]`;
  const place = placeIn(document.get(listedIn)!)("keys");
  throw new ConfigError(`Cannot find section [${name}]: ${reason}`, place);
}

function required(where: IniSection, key: string): string {
  const value = where.value(key);
  if (value !== undefined) return value;
  throw new ConfigError(`Cannot find key "${key}": every section like this needs it`, {
    ...placeIn(where)(key),
  });
}
