/**
 * log4js' categories on the dial: `logdial set log4js.app.db=DEBUG` turns them, on every thread,
 * also in the middle of a computation. The lines stay log4js'.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { bridge } from "@logdial/logging/bridge/log4js";
 * import log4js from "npm:log4js@6.9.1";
 *
 * log4js.configure({
 *   appenders: { out: { type: "stdout" } },
 *   categories: { default: { appenders: ["out"], level: "info" } },
 * });
 * const undo = bridge(log4js);
 * getLogger("log4js.app.db").setLevel("DEBUG"); // as `logdial set log4js.app.db=DEBUG` does
 * console.log(log4js.getLogger("app.db").isDebugEnabled()); // true
 * undo();
 * ```
 *
 * @module
 */
import "../core/runtime/require_deno.ts";
import { ABOVE_ALL } from "../core/levels/above_all.ts";
import { ConfigError } from "../core/errors/config_error.ts";
import { writeDiagnostic } from "../core/io/diagnostics.ts";
import { NOTSET } from "../core/levels/levels.ts";
import { nodeText } from "../core/loggers/capture_console.ts";
import type { Dial } from "../core/loggers/dial.ts";
import { addFields } from "../core/records/add_fields.ts";
import { bridgeName } from "./bridge_name.ts";
import { dialFor } from "./dial_for.ts";
import { LevelMap } from "./level_map.ts";
import { nameBelow } from "./name_below.ts";
import { dialOfPart } from "./part_dials.ts";
import { Patch } from "./patch.ts";
import { readArguments, watchedText } from "./read_arguments.ts";

/** The library's name, which is told beside a logger's. */
const KIND = "log4js";
/** The category of those that are not configured. */
const DEFAULT = "default";
/**
 * Most categories that become loggers. Those beyond are turned with the one above, and follow
 * log4js alone if they have a level of their own.
 */
const MAX_CATEGORIES = 1000;
/** log4js' level numbers are so many times ours. */
const SCALE = 1000;
/** Our number for log4js' `MARK`, which only `OFF` holds back. */
const MARK = 900;
/** How many lines of a stack are log4js' own, where it does not say so. */
const SKIPPED = 4;

/**
 * What a bridge needs to see of the module `log4js`, version 6.
 *
 * @example
 * ```ts
 * import type { Log4jsModule } from "@logdial/logging/bridge/log4js";
 * import log4js from "npm:log4js@6.9.1";
 *
 * const module: Log4jsModule = log4js;
 * console.log(typeof module.getLogger); // function
 * ```
 */
export interface Log4jsModule {
  /** A logger of a category. */
  getLogger(category?: string): object;
}

/**
 * How {@linkcode bridge} is called.
 *
 * @example
 * ```ts
 * import { bridge, type Log4jsBridgeOptions } from "@logdial/logging/bridge/log4js";
 * import log4js from "npm:log4js@6.9.1";
 *
 * const options: Log4jsBridgeOptions = { name: "libraries" };
 * bridge(log4js, options)();
 * ```
 */
export interface Log4jsBridgeOptions {
  /**
   * Name in the tree of the category `default`, which all others are below.
   *
   * @default "log4js"
   */
  readonly name?: string;
}

/** A level of log4js. */
interface Level {
  readonly level: number;
  readonly levelStr: string;
}

/** A logger with what log4js itself uses of it. */
interface Logger {
  readonly category: string;
  readonly context: Readonly<Record<string, unknown>>;
  level: Level | string;
  /** Finds the caller below so many lines of a stack. */
  parseCallStack(error: unknown, skipped?: number): unknown;
  log(level: unknown, ...args: unknown[]): void;
  isLevelEnabled(level: unknown): boolean;
  _log(level: Level, args: readonly unknown[]): void;
}

/** The module with what a bridge replaces. */
interface Inner extends Log4jsModule {
  readonly levels: { readonly levels: readonly Level[]; getLevel(level: unknown): Level };
  configure(...args: unknown[]): unknown;
  shutdown(...args: unknown[]): unknown;
}

const bridged = new WeakSet<object>();

/**
 * Puts the module `log4js` on the dial: category `app.db` is logger `log4js.app.db`, and `default`
 * is `log4js`. A category that is not configured follows the one above it, also where log4js has
 * copied that at its first use. What `addContext` adds is a field for `--where`, and so is a plain
 * object at the end of a call. Appenders that filter by level go on to do so, which nobody is told:
 * log4js shows nobody its appenders. The function that is given back undoes that.
 *
 * @throws {ConfigError} It is bridged already, is of another version, or another library is under
 * that name.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { bridge } from "@logdial/logging/bridge/log4js";
 * import log4js from "npm:log4js@6.9.1";
 *
 * const undo = bridge(log4js);
 * log4js.getLogger("jobs").debug("shown after: logdial set log4js.jobs=DEBUG");
 * undo();
 * ```
 */
export function bridge(module: Log4jsModule, options: Log4jsBridgeOptions = {}): () => void {
  const name = bridgeName(options, KIND);
  // The object of `import * as log4js` cannot be changed, but holds the module.
  const given = module as Partial<Inner> & { readonly default?: Partial<Inner> } | undefined;
  const found = given?.default ?? given;
  const logger = typeof found?.getLogger === "function" ? found.getLogger() : undefined;
  const prototype = (logger ? Object.getPrototypeOf(logger) : {}) as Logger;
  const level = Object.getOwnPropertyDescriptor(prototype, "level");
  const isKnown = level?.get !== undefined && level.set !== undefined &&
    typeof prototype._log === "function" &&
    typeof prototype.isLevelEnabled === "function" && Array.isArray(found?.levels?.levels);
  if (!isKnown) {
    throw new ConfigError(`Cannot bridge log4js as "${name}": it must be the module of version 6`);
  }
  const inner = found as Inner;
  if (bridged.has(inner)) {
    throw new ConfigError(`Cannot bridge log4js as "${name}": this module is bridged already`);
  }
  const made = new Log4jsBridge(inner, name, prototype, level);
  bridged.add(inner);
  return () => {
    if (bridged.delete(inner)) made.undo();
  };
}

/** A category on its dial. */
interface Station {
  readonly dial: Dial;
  /** The level that log4js last had for it, as the dial was told; NOTSET to take the one above. */
  configured: number;
}

class Log4jsBridge {
  readonly #module: Inner;
  readonly #name: string;
  readonly #prototype: Logger;
  readonly #level: PropertyDescriptor;
  readonly #patch = new Patch();
  readonly #stations = new Map<string, Station>();
  /** Stations for categories that are no loggers; undefined where log4js itself decides. */
  readonly #beyond = new Map<string, Station | undefined>();
  #hasTold = false;
  /** Whether log4js itself is asking for a level, during a call. */
  #isAsking = false;
  #map: LevelMap;

  constructor(module: Inner, name: string, prototype: Logger, level: PropertyDescriptor) {
    this.#module = module;
    this.#name = name;
    this.#prototype = prototype;
    this.#level = level;
    this.#map = mapOf(module.levels.levels);
    this.#stationOf(DEFAULT);
    this.#replaceLevel();
    this.#replaceMethods();
    this.#replaceChanging("configure");
    this.#replaceChanging("shutdown");
  }

  undo(): void {
    this.#patch.undo();
    for (const { dial } of this.#stations.values()) dial.close();
  }

  #replaceLevel(): void {
    const own = this, set = this.#level.set!;
    this.#patch.define(this.#prototype, "level", {
      get(this: Logger) {
        const station = own.#stationOf(this.category);
        if (station === undefined) return own.#level.get!.call(this);
        const name = own.#map.nameOf(station.dial.level);
        return own.#module.levels.getLevel(name ?? "OFF");
      },
      set(this: Logger, level: unknown) {
        own.#stationOf(this.category);
        set.call(this, level);
        const station = own.#stations.get(this.category);
        if (station !== undefined) {
          station.dial.level = station.configured = own.#configuredOf(this.category);
        }
        own.#syncBelow(this.category);
      },
      enumerable: false,
      configurable: true,
    });
  }

  #replaceMethods(): void {
    const own = this, { levels } = this.#module;
    const { log, isLevelEnabled } = this.#prototype;
    // The wrapper calls `_log` itself, since log4js counts the functions between `_log` and its
    // caller.
    this.#patch.value(this.#prototype, "log", function (
      this: Logger,
      level: unknown,
      ...args: unknown[]
    ) {
      const number = own.#numberOf(level);
      if (number === undefined) {
        const done = own.#handOver(this, [level, ...args]);
        try {
          return log.call(this, level, ...args);
        } finally {
          done();
        }
      }
      const station = own.#stationOf(this.category);
      if (station === undefined) {
        if (isLevelEnabled.call(this, level)) this._log(levels.getLevel(level), args);
        return;
      }
      const { dial } = station;
      if (dial.isOff(number)) return;
      if (dial.isPlain(number)) return this._log(levels.getLevel(level), args);
      const isAdmitted = dial.admits(number, args[0], own.#fieldsOf(this, args));
      try {
        if (isAdmitted) this._log(levels.getLevel(level), args);
      } finally {
        own.#tell(this, dial, number, args);
      }
    });
    this.#patch.value(this.#prototype, "isLevelEnabled", function (this: Logger, level: unknown) {
      const number = own.#numberOf(level);
      const station = number === undefined ? undefined : own.#stationOf(this.category);
      if (number === undefined || station === undefined) return isLevelEnabled.call(this, level);
      const { dial } = station;
      if (dial.isOff(number)) return false;
      if (own.#isAsking) return isWritten(dial, number, own.#fieldsOf(this, []));
      return dial.isEnabled(number) || dial.with(own.#fieldsOf(this, []) ?? {}).isEnabled(number);
    });
  }

  /** Prepares a call with a level that log4js does not know: log4js makes another call, or asks itself. */
  #handOver(logger: Logger, data: readonly unknown[]): () => void {
    const outer = this.#isAsking, { parseCallStack } = logger;
    this.#isAsking = true;
    // One more function stands between that call and its caller; an error has its own stack.
    logger.parseCallStack = (error, skipped = SKIPPED) =>
      parseCallStack.call(logger, error, data.includes(error) ? skipped : skipped + 1);
    return () => {
      this.#isAsking = outer;
      logger.parseCallStack = parseCallStack;
    };
  }

  /** A function of the module after which categories may have other levels. */
  #replaceChanging(key: "configure" | "shutdown"): void {
    const original = this.#module[key];
    this.#patch.value(this.#module, key, (...args: unknown[]) => {
      const result = original.apply(this.#module, args);
      this.#map = mapOf(this.#module.levels.levels);
      // A configuration in a file is not known here.
      this.#sync(key === "configure" ? categoriesIn(args[0]) : []);
      return result;
    });
  }

  #tell(logger: Logger, dial: Dial, number: number, args: readonly unknown[]): void {
    if (!dial.wants(number)) return dial.passed(number);
    const { fields, error } = readArguments(args);
    const said = fields === undefined ? args : args.slice(0, -1);
    dial.passed(
      number,
      watchedText(dial, said, error, nodeText),
      this.#fieldsOf(logger, args),
      error,
    );
  }

  /** The fields of a call: log4js looks into no argument, so that a getter may throw. */
  #fieldsOf({ context }: Logger, args: readonly unknown[]): Record<string, unknown> | undefined {
    const all = new Map<string, unknown>();
    addFields(all, context);
    addFields(all, readArguments(args).fields ?? {});
    return all.size > 0 ? Object.fromEntries(all) : undefined;
  }

  /** The station of a category; undefined if log4js itself decides. */
  #stationOf(category: string): Station | undefined {
    return this.#stations.get(category) ?? this.#makeStation(category);
  }

  #makeStation(category: string): Station | undefined {
    const isDefault = category === DEFAULT;
    if (!isDefault && this.#stations.size >= MAX_CATEGORIES) return this.#stationBeyond(category);
    // The category above comes first, so that its level can be asked for.
    const around = isDefault ? undefined : this.#stationOf(above(category));
    if (!isDefault && around === undefined) return this.#stationBeyond(category);
    const configured = this.#ownLevelOf(category);
    const dial = around === undefined
      ? dialFor(this.#name, KIND)
      // The category comes up in a log call, which must not throw.
      : dialOfPart(nameBelow(this.#name, category), KIND, around.dial, configured);
    const station = { dial, configured };
    // It starts even without a level: another category may have the same logger, as dots before names go.
    dial.start(configured, around?.dial);
    this.#stations.set(category, station);
    return station;
  }

  #stationBeyond(category: string): Station | undefined {
    if (this.#beyond.has(category)) return this.#beyond.get(category);
    this.#tellBeyond();
    const isCopied = this.#ownLevelOf(category) === NOTSET;
    const station = isCopied ? this.#stationOf(above(category)) : undefined;
    // A category that is forgotten is looked up again.
    if (this.#beyond.size >= MAX_CATEGORIES) this.#beyond.clear();
    this.#beyond.set(category, station);
    return station;
  }

  #tellBeyond(): void {
    if (this.#hasTold) return;
    this.#hasTold = true;
    writeDiagnostic(
      `logdial: log4js has more than ${MAX_CATEGORIES} categories: those beyond are turned with the ` +
        `one above, in "${this.#name}", or keep the level that log4js has for them alone; what ` +
        "differs from call to call is better a field, by addContext\n",
    );
  }

  /**
   * Tells the dials the levels that log4js has now. Categories that are not among `configured` are not
   * asked for: log4js would copy the level above them, and go on with the copy.
   */
  #sync(configured?: readonly string[]): void {
    this.#beyond.clear();
    const known = configured && new Set([DEFAULT, ...configured]);
    for (const [category, station] of this.#stations) this.#tellDial(category, station, known);
  }

  /** As `#sync`, if only the level of one category is new, of which others may have old copies. */
  #syncBelow(around: string): void {
    this.#beyond.clear();
    for (const [category, station] of this.#stations) {
      if (category !== DEFAULT && above(category) === around) this.#tellDial(category, station);
    }
  }

  #tellDial(category: string, station: Station, known?: ReadonlySet<string>): void {
    const isKnown = known === undefined || known.has(category);
    const level = isKnown ? this.#ownLevelOf(category, known) : NOTSET;
    if (level !== station.configured) station.dial.level = station.configured = level;
  }

  /** The level of a category; NOTSET if it is the level above, which log4js has copied. */
  #ownLevelOf(category: string, known?: ReadonlySet<string>): number {
    const level = this.#configuredOf(category);
    if (category === DEFAULT) return level;
    let around = above(category);
    while (known?.has(around) === false) around = above(around);
    return level === this.#configuredOf(around) ? NOTSET : level;
  }

  #configuredOf(category: string): number {
    const level = this.#level.get!.call({ category }) as Level;
    return this.#map.numberOf(level.levelStr) ?? ABOVE_ALL;
  }

  /** The number of a level that a call is made with; undefined for what is none. */
  #numberOf(level: unknown): number | undefined {
    if (typeof level === "string") return this.#map.numberOf(level.toUpperCase());
    const { levelStr } = level as Partial<Level> ?? {};
    return levelStr === undefined ? undefined : this.#map.numberOf(levelStr);
  }
}

/** Whether log4js writes a call, where that cannot be shown to watchers. */
function isWritten(
  dial: Dial,
  number: number,
  fields: Record<string, unknown> | undefined,
): boolean {
  if (dial.isPlain(number)) return true;
  const isAdmitted = dial.admits(number, undefined, fields);
  dial.passed(number);
  return isAdmitted;
}

/** The category whose level log4js takes for one that is not configured. */
function above(category: string): string {
  const dot = category.lastIndexOf(".");
  return dot > 0 ? category.slice(0, dot) : DEFAULT;
}

/** The categories of a configuration; undefined if it is not an object that has some. */
function categoriesIn(config: unknown): string[] | undefined {
  const { categories } = (config ?? {}) as { readonly categories?: unknown };
  return typeof categories === "object" && categories !== null
    ? Object.keys(categories)
    : undefined;
}

/** log4js' levels: `DEBUG` is 10000 there, and what programs add lies where they say. */
function mapOf(levels: readonly Level[]): LevelMap {
  const numbers = new Map<string, number>();
  let least = 0, last = NaN;
  for (const { level, levelStr } of levels) {
    // Two levels must not become one.
    if (level !== last) least = Math.max(least + 1, Math.min(MARK, Math.round(level / SCALE)));
    last = level;
    numbers.set(levelStr, levelStr === "OFF" ? ABOVE_ALL : least);
  }
  return new LevelMap([...numbers.keys()], numbers);
}
