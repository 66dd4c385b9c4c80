import { quote } from "../../core/errors/quote.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { isDict, pyRepr } from "../../core/python/py_repr.ts";
import { Converter, ConvertingDict, ConvertingList } from "./converter.ts";
import { asDict, attributes, isTruePart, keywords, pathPlace, sequence } from "./dict_shape.ts";
import type { ScopeTest } from "../../core/loggers/scope.ts";
import { readScope } from "../spec/scope_setting.ts";
import { type OpenSetting, readOpenOfDict } from "../spec/open_setting.ts";
import { readRecording, type RecordingSpec } from "../spec/recording_spec.ts";
import {
  type BoundArguments,
  type ConfigSpec,
  EXTENSIONS,
  FORMATTER_WORDS,
  type HandlerSpec,
  type LevelSpec,
  type LoggerSpec,
  type ObjectSpec,
  type PartKind,
  PartReference,
  type Place,
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

/**
 * Reads a dict (`logging.config`, "Configuration dictionary schema").
 *
 * Values are asked for in CPython's order, since references to a part mean something else once
 * it has been read: `cfg://handlers.x` is a dict before, and the handler afterwards.
 *
 * @throws {ConfigError} With the path of the part that has the wrong shape; those of one part only
 * if `onError` does.
 */
export function readDictConfig(
  config: unknown,
  resolveName: ResolveName,
  onError: OnError = raise,
): ConfigSpec {
  if (!isDict(config)) {
    throw new ConfigError(
      `Cannot read the configuration from ${quote(config)}: it must be an object`,
    );
  }
  const dict = new Converter(config, resolveName).config;
  checkVersion(dict);
  if (isTruePart(dict.pop("incremental"))) {
    return {
      incremental: true,
      handlers: parts(dict, "handlers", handlerLevel, onError),
      loggers: parts(dict, "loggers", loggerLevel, onError),
      root: rootOf(dict, (part) => levelSpec(part, part.config.plain("level")), onError),
      open: openSetting(dict.get(EXTENSIONS)),
      scope: scopeOf(dict.get(EXTENSIONS)),
      recording: recordingOf(dict.get(EXTENSIONS)),
    };
  }
  const saysWhatIsDisabled = dict.has("disable_existing_loggers");
  const disable = saysWhatIsDisabled ? isTruePart(dict.pop("disable_existing_loggers")) : true;
  return {
    incremental: false,
    source: "dict",
    disableExistingLoggers: disable,
    saysWhatIsDisabled,
    formatters: objects(dict, "formatter", formatterSpec, objectInstead, onError),
    filters: objects(dict, "filter", filterSpec, objectInstead, onError),
    handlers: objects(dict, "handler", handlerSpec, handlerInstead, onError),
    loggers: parts(dict, "loggers", loggerSpec, onError),
    root: rootOf(dict, rootSpec, onError),
    disabled: disabledNames(dict.get(EXTENSIONS)),
    recording: recordingOf(dict.get(EXTENSIONS)),
  };
}

function disabledNames(extensions: unknown): string[] {
  const list = extensions instanceof ConvertingDict ? extensions.get("disabled") : undefined;
  if (!(list instanceof ConvertingList)) return [];
  return list.items.filter((name) => typeof name === "string");
}

function openSetting(extensions: unknown): OpenSetting | undefined {
  if (!(extensions instanceof ConvertingDict)) return undefined;
  return readOpenOfDict(extensions.plain("open"), { section: EXTENSIONS, key: "open" });
}

function scopeOf(extensions: unknown): ScopeTest | undefined {
  if (!(extensions instanceof ConvertingDict)) return undefined;
  try {
    return readScope((word) => extensions.plain(word) ?? undefined);
  } catch (cause) {
    throw new ConfigError(`Cannot use the scope: ${reasonOf(cause)}`, {
      section: EXTENSIONS,
      cause,
    });
  }
}

function recordingOf(extensions: unknown): RecordingSpec | undefined {
  if (!(extensions instanceof ConvertingDict)) return undefined;
  const place = (key?: string) => ({ section: EXTENSIONS, key });
  return readRecording((key) => extensions.plain(key), place);
}

/** A named part of the dict. */
interface Part {
  readonly name: string;
  readonly config: ConvertingDict;
  readonly place: Place;
  /** All of the configuration. */
  readonly dict: ConvertingDict;
}

/** A part whose value has not been read. */
type UnreadPart = Pick<Part, "name" | "place"> & { readonly read: () => Part };

/** The parts below a top-level key, each read when its turn comes. */
function* partsOf(dict: ConvertingDict, key: string, sorted = false): Iterable<UnreadPart> {
  if (!dict.has(key)) return;
  const value = dict.get(key);
  // Python iterates whatever it finds, and finds nothing in these.
  if (value === "" || (value instanceof ConvertingList && !isTruePart(value))) return;
  const table = asDict(value, `"${key}"`, pathPlace(key));
  for (const name of sorted ? table.keys().sort() : table.keys()) {
    const place = pathPlace(`${key}.${name}`);
    const read = () => ({ name, config: asDict(table.get(name), `"${name}"`, place), place, dict });
    yield { name, place, read };
  }
}

function parts<T>(
  dict: ConvertingDict,
  key: string,
  readSpec: (part: Part) => T,
  onError: OnError,
): (T | LoggerSpec)[] {
  return [...partsOf(dict, key)].map(({ name, place, read }) =>
    readPart<T | LoggerSpec>(onError, () => readSpec(read()), () => loggerInstead(name, place))
  );
}

/** Reads parts that describe objects; each becomes a reference to its object once it is read. */
function objects<T>(
  dict: ConvertingDict,
  kind: PartKind,
  readSpec: (part: Part) => T,
  instead: (name: string, place: Place) => T,
  onError: OnError,
): T[] {
  const key = `${kind}s`;
  const specs: T[] = [];
  for (const { name, place, read } of partsOf(dict, key, kind === "handler")) {
    specs.push(readPart(onError, () => readSpec(read()), () => instead(name, place)));
    (dict.get(key) as ConvertingDict).set(name, new PartReference(kind, name));
  }
  return specs;
}

function rootOf<T>(
  dict: ConvertingDict,
  read: (part: Part) => T,
  onError: OnError,
): T | undefined {
  const value = dict.get("root");
  if (!isTruePart(value)) return undefined;
  const place = pathPlace("root");
  return readPart<T | undefined>(
    onError,
    () => read({ name: "root", config: asDict(value, '"root"', place), place, dict }),
    () => undefined,
  );
}

function formatterSpec({ name, config, place }: Part): ObjectSpec {
  if (config.has("()")) return customSpec({ name, config, place });
  const args = [
    config.plain("format"),
    config.plain("datefmt"),
    config.has("style") ? config.plain("style") : "%",
  ];
  const className = config.get("class");
  if (config.has("validate")) args.push(config.plain("validate"));
  const escape = config.has("escape") ? config.plain("escape") : undefined;
  if (escape !== undefined && typeof escape !== "boolean") {
    const rule = `Cannot use escape ${pyRepr(escape)}: it must be true or false`;
    throw new ConfigError(rule, place("escape"));
  }
  const kwargs = new Map<string, unknown>(escape === undefined ? [] : [["escape", escape]]);
  const defaults = config.get("defaults") ?? undefined;
  if (defaults !== undefined) kwargs.set("defaults", asWritten(defaults));
  const words = new Map<string, unknown>();
  for (const word of FORMATTER_WORDS) {
    if (config.has(word)) words.set(word, config.plain(word));
  }
  return {
    name,
    className: isTruePart(className) ? className : undefined,
    factory: undefined,
    readArguments: () => ({ args, kwargs, words }),
    attributes: new Map(),
    place,
  };
}

/** The plain values of a part; as in CPython, references in it stay text. */
function asWritten(value: unknown): unknown {
  if (value instanceof ConvertingDict) return Object.fromEntries(value.entries());
  return value instanceof ConvertingList ? value.items : value;
}

function filterSpec({ name, config, place }: Part): ObjectSpec {
  if (config.has("()")) return customSpec({ name, config, place });
  // Differs from CPython: that ignores `class`, and makes a filter by the logger's name.
  if (config.has("class")) return customSpec({ name, config, place }, "class");
  const args = [config.has("name") ? config.plain("name") : ""];
  return {
    name,
    className: undefined,
    factory: undefined,
    readArguments: () => ({ args, kwargs: new Map() }),
    attributes: new Map(),
    place,
  };
}

function customSpec({ name, config, place }: Omit<Part, "dict">, key = "()"): ObjectSpec {
  const factory = config.pop(key);
  const kwargs = keywords(config, place);
  return {
    name,
    className: undefined,
    factory,
    readArguments: (): BoundArguments => ({ args: [], kwargs }),
    attributes: attributes(config.pop("."), place),
    place,
  };
}

function handlerSpec({ name, config, place, dict }: Part): HandlerSpec {
  const formatter = config.popPlain("formatter");
  const level = config.popPlain("level");
  const filters = sequence(config.pop("filters"), "filters", place, dict.get("filters"));
  const isCustom = config.has("()");
  const maker = config.pop(isCustom ? "()" : "class");
  const target = config.get("target");
  const kwargs = keywords(config, place);
  return {
    name,
    className: isCustom ? undefined : maker,
    factory: isCustom ? maker : undefined,
    readArguments: () => ({ args: [], kwargs }),
    attributes: attributes(config.pop("."), place),
    level,
    formatter: isTruePart(formatter) ? formatter : undefined,
    filters,
    readTarget: () => target,
    readHandlers: () => kwargs.get("handlers"),
    place,
  };
}

/** The root logger's settings; CPython does not even look at its `propagate`. */
function rootSpec(part: Part): LoggerSpec {
  const { config, place, dict } = part;
  const level = config.plain("level");
  const handlers = sequence(config.get("handlers"), "handlers", place, dict.get("handlers"));
  const filters = sequence(config.get("filters"), "filters", place, dict.get("filters"));
  return { ...levelSpec(part, level), handlers, filters, propagate: undefined };
}

function loggerSpec(part: Part): LoggerSpec {
  return { ...rootSpec(part), propagate: propagateOf(part.config) };
}

function levelSpec({ name, place }: Part, level: unknown): LevelSpec {
  return { name, level: level ?? undefined, place };
}

function loggerLevel(part: Part): LevelSpec & { propagate: boolean | undefined } {
  const level = part.config.plain("level");
  return { ...levelSpec(part, level), propagate: propagateOf(part.config) };
}

/** An empty level counts as none here, and only here. */
function handlerLevel(part: Part): LevelSpec {
  const level = part.config.plain("level");
  return levelSpec(part, isTruePart(level) ? level : undefined);
}

function propagateOf(config: ConvertingDict): boolean | undefined {
  const value = config.get("propagate");
  return value === undefined || value === null ? undefined : isTruePart(value);
}

function checkVersion(dict: ConvertingDict): void {
  if (!dict.has("version")) {
    throw new ConfigError('Cannot read the dict: it needs "version": 1', { key: "version" });
  }
  const version = dict.plain("version");
  if (version === 1 || version === true) return;
  throw new ConfigError(`Cannot read version ${quote(version)}: only 1 is known`, {
    key: "version",
  });
}
