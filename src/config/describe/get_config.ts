import { checkOptions, isBoolean, type OptionRules } from "../../core/errors/check_options.ts";
import { type FilterLike, filtersOf } from "../../core/filters/filter.ts";
import { Formatter } from "../../core/formatters/formatter.ts";
import type { Handler } from "../../core/handlers/handler.ts";
import { NOTSET } from "../../core/levels/levels.ts";
import { Logger } from "../../core/loggers/logger.ts";
import { defaultManager, type Manager } from "../../core/loggers/manager.ts";
import type { Recording } from "../../core/loggers/recording.ts";
import { type ConfigPart, levelOf, PartDescriber, setKey } from "./describe_part.ts";
import { EXTENSIONS } from "../spec/config_spec.ts";
import { formatBytes, OFF } from "../spec/recording_spec.ts";
import { originOf } from "../build/origins.ts";
import { defaultRegistry, type Registry } from "../build/registry.ts";

/**
 * Options of {@linkcode getConfig}.
 *
 * @example
 * ```ts
 * import { getConfig, type GetConfigOptions } from "@logdial/logging";
 *
 * const options: GetConfigOptions = { allLoggers: true };
 * console.log(getConfig(options));
 * ```
 */
export interface GetConfigOptions {
  /** Whether loggers that are as they were when they came up are in it too. @default false */
  allLoggers?: boolean;
}

const OPTION_RULES: OptionRules<GetConfigOptions> = { allLoggers: isBoolean };

/**
 * The configuration in force as a dict, with all later changes, those of the program included.
 * `dictConfig` makes the same of it again; so does CPython's, except for disabled loggers, for which
 * Python's schema has no word.
 *
 * Passwords and the like are in it as they are; `logdial get` shows them as `***`.
 *
 * It is plain JSON unless the program has added handlers, filters or streams of its own
 * that no registered name stands for; these are in it as they are.
 *
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { getConfig, getLogger } from "@logdial/logging";
 *
 * getLogger("app").setLevel("DEBUG");
 * console.log(JSON.stringify(getConfig().loggers)); // {"app":{"level":"DEBUG",…}}
 * ```
 */
export function getConfig(options: GetConfigOptions = {}): Record<string, unknown> {
  checkOptions("getConfig", options, OPTION_RULES);
  return describeConfig(defaultManager, defaultRegistry, options);
}

/** {@linkcode getConfig} for any tree of loggers. */
export function describeConfig(
  manager: Manager,
  registry: Registry,
  options: GetConfigOptions = {},
): Record<string, unknown> {
  return new Description(manager, registry).describe(options);
}

/** A description in the making: the parts that were met, with their names. */
class Description {
  readonly #manager: Manager;
  readonly #describer: PartDescriber;
  readonly #formatters = new Names("formatter");
  readonly #filters = new Names("filter");
  readonly #handlers = new Names("handler");

  constructor(manager: Manager, registry: Registry) {
    this.#manager = manager;
    this.#describer = new PartDescriber(registry, (one) => this.#handlers.add(one, one.name));
  }

  describe({ allLoggers = false }: GetConfigOptions): Record<string, unknown> {
    const named = [...this.#manager.loggerDict].flatMap(([name, logger]) =>
      // A dict could not tell a logger with such a name from the root.
      logger instanceof Logger && name !== "" && name !== "root" ? [logger] : []
    );
    // Threads make their loggers in whatever order: those that are set up alike tell the same.
    named.sort((a, b) => a.name < b.name ? -1 : 1);
    const mentioned = named.filter((logger) => isSetUp(logger) || (allLoggers && !logger.disabled));
    for (const [name, handler] of this.#manager.namedHandlers) this.#handlers.set(handler, name);
    for (const { handlers } of [this.#manager.root, ...mentioned]) {
      for (const handler of handlers) this.#handlers.add(handler, handler.name);
    }
    const loggers: ConfigPart = {};
    for (const logger of mentioned) {
      setKey(loggers, logger.name, { ...this.#logger(logger), propagate: logger.propagate });
    }
    const root = this.#logger(this.#manager.root);
    const handlers = this.#handlers.table((handler) => this.#handler(handler as Handler));
    return {
      version: 1,
      disable_existing_loggers: false,
      formatters: this.#formatters.table((one) => this.#describer.formatter(one as Formatter)),
      filters: this.#filters.table((one) => this.#describer.filter(one as FilterLike)!),
      handlers,
      loggers,
      root,
      ...extensions([this.#manager.root, ...named], this.#manager.recording),
    };
  }

  #logger(logger: Logger): ConfigPart {
    const part: ConfigPart = {
      level: levelOf(logger.level),
      handlers: logger.handlers.map((handler) => this.#handlers.get(handler)),
    };
    return this.#addFilters(part, logger.filters);
  }

  #handler(handler: Handler): ConfigPart {
    const part = this.#describer.handler(handler);
    if (handler.formatter instanceof Formatter) {
      part.formatter = this.#formatters.add(handler.formatter, originOf(handler.formatter)?.name);
    }
    return this.#addFilters(part, filtersOf(handler));
  }

  #addFilters(part: ConfigPart, filters: readonly FilterLike[]): ConfigPart {
    if (filters.length === 0) return part;
    part.filters = filters.map((filter) => {
      if (this.#describer.filter(filter) === undefined) return filter;
      return this.#filters.add(filter as object, originOf(filter)?.name);
    });
    return part;
  }
}

/** Objects of a kind with their names, which are different. */
class Names {
  readonly #kind: string;
  readonly #names = new Map<unknown, string>();
  readonly #taken = new Set<string>();
  /** For each name that several objects want: the number that was put behind it last. */
  readonly #numbers = new Map<string, number>();

  constructor(kind: string) {
    this.#kind = kind;
  }

  get(object: unknown): string | undefined {
    return this.#names.get(object);
  }

  set(object: object, name: string): void {
    this.#names.set(object, name);
    this.#taken.add(name);
  }

  /** Gives an object a name: `wanted`, if no other object has it. */
  add(object: object, wanted?: string): string {
    const known = this.#names.get(object);
    if (known !== undefined) return known;
    const first = wanted ?? `${this.#kind}1`;
    const name = this.#taken.has(first) ? this.#numbered(wanted ?? this.#kind) : first;
    this.set(object, name);
    return name;
  }

  #numbered(wanted: string): string {
    let number = (this.#numbers.get(wanted) ?? 1) + 1;
    while (this.#taken.has(`${wanted}${number}`)) number++;
    this.#numbers.set(wanted, number);
    return `${wanted}${number}`;
  }

  table(describe: (object: unknown) => ConfigPart): ConfigPart {
    const table: ConfigPart = {};
    for (const [object, name] of this.#names) setKey(table, name, describe(object));
    return table;
  }
}

function isSetUp({ level, handlers, filters, propagate }: Logger): boolean {
  return level !== NOTSET || handlers.length > 0 || filters.length > 0 || !propagate;
}

/** The part of a configuration for which Python's schema has no word; CPython passes over it. */
function extensions(
  loggers: readonly Logger[],
  recording: Recording | undefined,
): { [EXTENSIONS]?: ConfigPart } {
  const disabled = loggers.filter((logger) => logger.disabled).map(({ name }) => name);
  const said = { ...disabled.length > 0 ? { disabled } : {}, ...recordingWords(recording) };
  return Object.keys(said).length > 0 ? { [EXTENSIONS]: said } : {};
}

function recordingWords(recording: Recording | undefined): ConfigPart {
  if (recording === undefined) return {};
  const { levels, size, isWhole } = recording;
  if (isWhole && levels.size === 1 && levels.get("root") === Infinity) return { record: OFF };
  const record: ConfigPart = {};
  for (const [name, level] of levels) {
    setKey(record, name, level === Infinity ? OFF : levelOf(level));
  }
  return {
    ...levels.size > 0 ? { record } : {},
    ...size === undefined ? {} : { record_size: formatBytes(size) },
  };
}
