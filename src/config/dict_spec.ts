import { ConfigError } from "../core/errors.ts";
import { Converter, isPlainObject } from "./converter.ts";
import type {
  ConfigSpec,
  Convert,
  HandlerSpec,
  LoggerSpec,
  ObjectSpec,
  Place,
  ResolveName,
} from "./spec.ts";

/** Keys of a handler that are not arguments of its class. */
const HANDLER_KEYS = new Set(["class", "()", ".", "level", "formatter", "filters"]);
/** Keys of a formatter that its class takes, in the order in which it takes them. */
const FORMATTER_KEYS = ["format", "datefmt", "style"];

/**
 * Reads a dict (`logging.config`, "Configuration dictionary schema").
 *
 * @throws {ConfigError} With the path of the part that has the wrong shape.
 */
export function readDictConfig(config: unknown, resolveName: ResolveName): ConfigSpec {
  const dict = object(config, "the configuration", () => ({}));
  const converter = new Converter(dict, resolveName);
  const convert: Convert = (value, handlers) => converter.convert(value, handlers);
  const read = (key: string) => shallow(convert, own(dict, key));
  checkVersion(dict, read("version"));
  const incremental = isTrue(own(dict, "incremental"));
  const handlers = entries(dict, "handlers", read);
  const root = own(dict, "root") === undefined ? undefined : read("root");
  return {
    source: "dict",
    incremental,
    disableExistingLoggers: isTrue(own(dict, "disable_existing_loggers") ?? true),
    formatters: incremental ? [] : entries(dict, "formatters", read).map(formatterSpec),
    filters: incremental ? [] : entries(dict, "filters", read).map(filterSpec),
    handlers: handlers.map(handlerSpec),
    loggers: entries(dict, "loggers", read).map(loggerSpec),
    root: isTrue(root) ? loggerSpec(["root", root, pathPlace("root")]) : undefined,
    convert,
  };
}

type Entry = readonly [name: string, value: unknown, place: Place];

/** The named parts below a top-level key. */
function entries(dict: object, key: string, read: (key: string) => unknown): Entry[] {
  if (!Object.hasOwn(dict, key)) return [];
  const value = read(key);
  // Python iterates whatever it finds, and finds nothing in these.
  if (value === "" || (Array.isArray(value) && value.length === 0)) return [];
  const parts = object(value, `"${key}"`, pathPlace(key));
  return Object.keys(parts).map((name) => [name, parts[name], pathPlace(`${key}.${name}`)]);
}

function formatterSpec([name, value, place]: Entry): ObjectSpec {
  const config = object(value, `formatter "${name}"`, place);
  const factory = own(config, "()");
  return {
    name,
    className: isTrue(own(config, "class")) ? own(config, "class") : undefined,
    factory,
    readArguments: () => {
      if (factory !== undefined) return { args: [], kwargs: keywords(config, ["()", "."], place) };
      const args = FORMATTER_KEYS.map((key) => own(config, key));
      if (Object.hasOwn(config, "validate")) args.push(own(config, "validate"));
      return { args, kwargs: new Map() };
    },
    attributes: factory === undefined ? new Map() : attributes(config, place),
    place,
  };
}

function filterSpec([name, value, place]: Entry): ObjectSpec {
  const config = object(value, `filter "${name}"`, place);
  const factory = own(config, "()");
  return {
    name,
    className: undefined,
    factory,
    readArguments: () =>
      factory === undefined
        ? { args: [own(config, "name") ?? ""], kwargs: new Map() }
        : { args: [], kwargs: keywords(config, ["()", "."], place) },
    attributes: factory === undefined ? new Map() : attributes(config, place),
    place,
  };
}

function handlerSpec([name, value, place]: Entry): HandlerSpec {
  const config = object(value, `handler "${name}"`, place);
  const factory = own(config, "()");
  return {
    name,
    className: own(config, "class"),
    factory,
    readArguments: () => ({ args: [], kwargs: keywords(config, [...HANDLER_KEYS], place) }),
    attributes: attributes(config, place),
    level: own(config, "level"),
    formatter: isTrue(own(config, "formatter")) ? own(config, "formatter") : undefined,
    filters: sequence(own(config, "filters"), "filters", place),
    target: own(config, "target"),
    place,
  };
}

function loggerSpec([name, value, place]: Entry): LoggerSpec {
  const config = object(value, `logger "${name}"`, place);
  const propagate = own(config, "propagate");
  return {
    name,
    level: own(config, "level"),
    handlers: sequence(own(config, "handlers"), "handlers", place),
    filters: sequence(own(config, "filters"), "filters", place),
    propagate: propagate === undefined || propagate === null ? undefined : isTrue(propagate),
    place,
  };
}

function checkVersion(dict: object, version: unknown): void {
  if (!Object.hasOwn(dict, "version")) {
    throw new ConfigError('Cannot read the dict: it needs "version": 1', { key: "version" });
  }
  if (version !== 1 && version !== true) {
    throw new ConfigError(`Cannot read version ${JSON.stringify(version)}: only 1 is known`, {
      key: "version",
    });
  }
}

function keywords(config: object, besides: readonly string[], place: Place): Map<string, unknown> {
  const kwargs = new Map<string, unknown>();
  for (const [key, value] of Object.entries(config)) {
    if (besides.includes(key)) continue;
    if (!/^[a-z_][a-z0-9_]*$/i.test(key)) {
      throw new ConfigError(`Cannot use "${key}" as an argument: it must be an identifier`, {
        ...place(key),
      });
    }
    kwargs.set(key, value);
  }
  return kwargs;
}

function attributes(config: object, place: Place): Map<string, unknown> {
  const value = own(config, ".");
  if (!isTrue(value)) return new Map();
  return new Map(Object.entries(object(value, 'attributes "."', place)));
}

/** Names in a list; as in Python, a text is a list of its letters. */
function sequence(value: unknown, key: string, place: Place): readonly unknown[] {
  if (!isTrue(value)) return [];
  if (Array.isArray(value)) return value;
  if (typeof value === "string" && !value.includes("://")) return [...value];
  if (isPlainObject(value)) return Object.keys(value);
  // Whole lists may stand behind cfg://, which is followed when the thread builds.
  if (typeof value === "string") return [new Spread(value)];
  throw new ConfigError(`Cannot read ${key}: it must be a list of names`, { ...place(key) });
}

/** A reference to a list of names in place of the list. */
export class Spread {
  /** The `cfg://` text. */
  readonly reference: string;

  /** Takes the `cfg://` text. */
  constructor(reference: string) {
    this.reference = reference;
  }
}

function object(value: unknown, what: string, place: Place): Record<string, unknown> {
  if (isPlainObject(value)) return value;
  throw new ConfigError(`Cannot read ${what}: it must be an object`, { ...place() });
}

function own(config: object, key: string): unknown {
  return Object.hasOwn(config, key) ? (config as Record<string, unknown>)[key] : undefined;
}

/** Follows a reference that stands for a whole part, and nothing inside it. */
function shallow(convert: Convert, value: unknown): unknown {
  return typeof value === "string" ? convert(value, new Map()) : value;
}

function pathPlace(path: string): Place {
  return (key) => ({ section: path, key });
}

/** What Python calls true. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isPlainObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}
