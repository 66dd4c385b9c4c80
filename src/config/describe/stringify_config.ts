import { quote } from "../../core/errors/quote.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import { isDict } from "../../core/python/py_repr.ts";
import { EXTENSIONS, FORMATTER_WORDS } from "../spec/config_spec.ts";
import { getConfig, type GetConfigOptions } from "./get_config.ts";
import { stringifyIni } from "../ini/stringify_ini.ts";
import { bareName, hasParameter, type Parameters } from "../build/parameters.ts";
import { dictLiteral, tupleLiteral } from "../literal/print_literal.ts";
import { defaultRegistry, type Registry } from "../build/registry.ts";

type Options = [key: string, value: string][];
type Part = Readonly<Record<string, unknown>>;

/** Keys of a handler that are not arguments of its class. */
const HANDLER_KEYS = new Set(["class", "level", "formatter", "filters"]);
/** Keys for which a `.conf` has no words. */
const DICT_ONLY = ["()", ".", "validate"];

/**
 * The configuration in force as the text of a `.conf` file, which `fileConfig` and
 * CPython read back to the same.
 *
 * @throws {ConfigError} Something in it can only be said in a dict: levels without a name,
 * filters of Python's own class, parts that the program has made.
 *
 * @example
 * ```ts
 * import { basicConfig, formatConfig } from "@logdial/logging";
 *
 * basicConfig();
 * console.log(formatConfig()); // [loggers] …
 * ```
 */
export function formatConfig(options: GetConfigOptions = {}): string {
  return stringifyConfig(getConfig({ allLoggers: true, ...options }));
}

/**
 * A dict as the text of a `.conf` file. It needs to be complete and without `cfg://`, as
 * those of `getConfig` are.
 *
 * Whether to disable other loggers is not in the text but an option of `fileConfig`.
 *
 * @throws {ConfigError} Something in it can only be said in a dict, or it is no dict.
 *
 * @example
 * ```ts
 * import { stringifyConfig } from "@logdial/logging";
 *
 * stringifyConfig({ version: 1, root: { level: "INFO" } });
 * ```
 */
export function stringifyConfig(config: Readonly<Record<string, unknown>>): string {
  if (!isDict(config)) {
    throw new ConfigError(`Cannot print ${quote(config)} as .conf: it must be an object`);
  }
  return new ConfPrinter(defaultRegistry).print(config);
}

class ConfPrinter {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  print(config: Part): string {
    const formatters = table(config, "formatters");
    const handlers = table(config, "handlers");
    const loggers = table(config, "loggers");
    const filters = table(config, "filters");
    const keys = loggers.map(([name], index) => sectionKey(name, index));
    return stringifyIni([
      ["loggers", [["keys", ["root", ...keys].join(",")]]],
      ["handlers", [["keys", names("handlers", handlers)]]],
      ["formatters", [["keys", names("formatters", formatters)]]],
      ...(filters.length === 0
        ? []
        : [["filters", [["keys", names("filters", filters)]]] as [string, Options]]),
      ...extensions(config),
      ["logger_root", loggerOptions("root", part(config.root ?? {}, "root"))],
      ...loggers.map(([name, logger], index): [string, Options] => [
        `logger_${keys[index]}`,
        [
          ...loggerOptions(`loggers.${name}`, logger),
          ["qualname", name],
          ["propagate", logger.propagate === false ? "0" : "1"],
        ],
      ]),
      ...handlers.map(([name, handler]): [string, Options] => [
        `handler_${name}`,
        this.#handlerOptions(`handlers.${name}`, handler),
      ]),
      ...formatters.map(([name, formatter]): [string, Options] => [
        `formatter_${name}`,
        formatterOptions(`formatters.${name}`, formatter),
      ]),
      ...filters.map(([name, filter]): [string, Options] => [
        `filter_${name}`,
        this.#filterOptions(`filters.${name}`, filter),
      ]),
    ]);
  }

  /** The options of a filter; not of Python's own, which CPython would lose: its files have no filters. */
  #filterOptions(path: string, filter: Part): Options {
    refuse(Object.hasOwn(filter, "."), path, ".");
    const { "()": factory, ...given } = filter;
    refuse(factory !== undefined && typeof factory !== "string", path, "()");
    refuse(factory === undefined || factory === "logging.Filter", path, "name");
    return [["class", factory as string], ...callOptions([], new Map(Object.entries(given)))];
  }

  #handlerOptions(path: string, handler: Part): Options {
    refuseDictOnly(path, handler);
    const className = text(path, handler, "class");
    const options: Options = [["class", className ?? ""]];
    if (handler.level !== undefined) options.push(["level", level(path, handler)]);
    const formatter = text(path, handler, "formatter");
    if (formatter !== undefined) options.push(["formatter", formatter]);
    options.push(...filterNames(path, handler));
    const registration = this.#registry.handler(className ?? "");
    const parameters = registration?.parameters ?? [];
    const takesTarget = parameters.includes("target?");
    const given = Object.entries(handler).filter(([key]) =>
      !HANDLER_KEYS.has(key) && !(takesTarget && key === "target")
    );
    for (const [key] of given) {
      refuse(registration !== undefined && !hasParameter(parameters, key), path, key);
    }
    for (const key of parameters) refuse(!key.endsWith("?") && !(key in handler), path, key);
    const target = takesTarget ? text(path, handler, "target") : undefined;
    if (target !== undefined) options.push(["target", target]);
    return [...options, ...callOptions(parameters, new Map(given))];
  }
}

/** Arguments from the first on in `args`, those behind a gap in `kwargs`. */
function callOptions(parameters: Parameters, given: Map<string, unknown>): Options {
  const args: unknown[] = [];
  for (const parameter of parameters) {
    const key = bareName(parameter);
    if (!given.has(key)) break;
    args.push(given.get(key));
    given.delete(key);
  }
  const options: Options = [];
  if (args.length > 0) options.push(["args", tupleLiteral(args)]);
  if (given.size > 0) options.push(["kwargs", dictLiteral([...given])]);
  return options;
}

function formatterOptions(path: string, formatter: Part): Options {
  refuseDictOnly(path, formatter);
  const options: Options = [];
  for (const key of ["class", "format", "datefmt", "style"]) {
    const value = text(path, formatter, key);
    if (value !== undefined) options.push([key, value]);
  }
  if (formatter.defaults !== undefined) {
    const defaults = Object.entries(part(formatter.defaults, path));
    options.push(["defaults", dictLiteral(defaults)]);
  }
  if (formatter.escape !== undefined) options.push(["escape", String(formatter.escape)]);
  for (const word of FORMATTER_WORDS) {
    const value = formatter[word];
    if (value !== undefined) options.push([word, wordText(path, word, value)]);
  }
  return options;
}

/** The text of a word of ours; a head is written as names with `=` and their parts. */
function wordText(path: string, key: string, value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  refuse(
    Object.entries(value).some(([name, part]) => /[\s,=]/.test(name) || /[\s,]/.test(part)),
    path,
    key,
  );
  return Object.entries(value).map(([name, part]) => `${name}=${String(part)}`).join(" ");
}

function loggerOptions(path: string, logger: Part): Options {
  refuseDictOnly(path, logger);
  const handlers = logger.handlers ?? [];
  refuse(!Array.isArray(handlers), path, "handlers");
  const list = (handlers as unknown[]).map((name) => listed(path, String(name))).join(",");
  const options: Options = [["handlers", list]];
  if (logger.level !== undefined) options.unshift(["level", level(path, logger)]);
  return [...options, ...filterNames(path, logger)];
}

/** The names of filters; the program's own filters have no name, so that a `.conf` cannot hold them. */
function filterNames(path: string, { filters = [] }: Part): Options {
  refuse(
    !Array.isArray(filters) || filters.some((one) => typeof one !== "string"),
    path,
    "filters",
  );
  const list = (filters as string[]).map((name) => listed(path, name)).join(",");
  return list === "" ? [] : [["filters", list]];
}

function level(path: string, { level }: Part): string {
  if (typeof level === "string") return level;
  throw new ConfigError(`Cannot print level ${quote(level)}: a .conf takes names only`, {
    section: path,
    key: "level",
  });
}

function table(config: Part, key: string): [string, Part][] {
  const value = part(config[key] ?? {}, key);
  return Object.entries(value).map(([name, item]) => [name, part(item, `${key}.${name}`)]);
}

function part(value: unknown, path: string): Part {
  if (isDict(value)) return value;
  throw new ConfigError("Cannot print: it must be an object", { section: path });
}

function text(path: string, part: Part, key: string): string | undefined {
  const value = part[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && !/^(ext|cfg):\/\//.test(value)) return value;
  throw new ConfigError("Cannot print: it must be plain text", { section: path, key });
}

function names(path: string, table: readonly (readonly [string, Part])[]): string {
  return table.map(([name]) => listed(path, name)).join(",");
}

/** Our section: which loggers are disabled, and what is recorded; CPython passes over it. */
function extensions(config: Part): [string, Options][] {
  const { disabled, record, record_size } = part(config[EXTENSIONS] ?? {}, EXTENSIONS);
  const options: Options = [];
  if (Array.isArray(disabled)) {
    options.push(["disabled", disabled.map((name) => listed(EXTENSIONS, String(name))).join(",")]);
  }
  if (typeof record === "string") options.push(["record", record]);
  else if (typeof record === "object" && record !== null) {
    const levels = Object.entries(record).map(([name, level]) => [listed(EXTENSIONS, name), level]);
    options.push(["record", levels.map((pair) => pair.join("=")).join(",")]);
  }
  if (record_size !== undefined) options.push(["record_size", String(record_size)]);
  return options.length === 0 ? [] : [[EXTENSIONS, options]];
}

/** Checks a name for a list with commas. */
function listed(path: string, name: string): string {
  if (name !== "" && name === name.trim() && !name.includes(",")) return name;
  throw new ConfigError(`Cannot print name "${name}": lists of a .conf cannot hold it`, {
    section: path,
  });
}

/** The section name of a logger, which is free to choose: the logger's name is in `qualname`. */
function sectionKey(name: string, index: number): string {
  const plain = /^[\w.-]+$/.test(name) && name !== "root";
  return plain ? name : `logger${index + 1}`;
}

function refuseDictOnly(path: string, part: Part): void {
  for (const key of DICT_ONLY) refuse(Object.hasOwn(part, key), path, key);
}

function refuse(isWrong: boolean, section: string, key: string): void {
  if (!isWrong) return;
  throw new ConfigError("Cannot print: a .conf has no words for it", { section, key });
}
