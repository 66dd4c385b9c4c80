import { writeDiagnostic } from "../io/diagnostics.ts";
import { addExtra } from "../records/extra_fields.ts";
import { Filterer } from "../filters/filter.ts";
import { deliver, type Handler, reviveHandler } from "../handlers/handler.ts";
import {
  checkLevel,
  CRITICAL,
  DEBUG,
  ERROR,
  getLevelName,
  INFO,
  type Level,
  NOTSET,
  WARNING,
} from "../levels/levels.ts";
import {
  type LogOptions,
  type SplitArguments,
  splitArguments,
  withOptions,
} from "../records/log_options.ts";
import {
  enterCall,
  filterRecord,
  isLogLevel,
  leaveCall,
  readCallDetails,
  refuseOrphan,
  refuseRecord,
  reportCall,
  reportTooDeep,
  showWatchers,
  watchCall,
} from "./log_call.ts";
import { type CallerSource, type LogRecord, sealCaller } from "../records/log_record.ts";
import { deliverToOpened, lendRecord, type Opening } from "./opening.ts";
import { handlersOnWay, handToHandlers, HELD, NOT_FOUND } from "./handlers_way.ts";
import { SIGNAL } from "../levels/signal.ts";
import type { TreeContext } from "./tree_context.ts";
import { thrownText } from "../values/thrown.ts";

/** Here too, since only a module's own constant is known to a compiler. */
const WORD = SIGNAL;
/** A value that the signal never has: it counts up from 0. */
const NEVER = -1;

/**
 * What the constructor of a logger is given beside its name; that of a subclass hands it on.
 *
 * @example
 * ```ts
 * import { Logger, type LoggerContext, setLoggerClass } from "@logdial/logging";
 *
 * class CountingLogger extends Logger {
 *   static count = 0;
 *   constructor(name: string, context: LoggerContext, level?: number) {
 *     super(name, context, level);
 *     CountingLogger.count++;
 *   }
 * }
 * setLoggerClass(CountingLogger);
 * ```
 */
export type LoggerContext = TreeContext<Logger>;

/**
 * A class of loggers, whose constructor takes what that of {@linkcode Logger} takes.
 *
 * @example
 * ```ts
 * import { getLogger, Logger, type LoggerClass, setLoggerClass } from "@logdial/logging";
 *
 * function using(type: LoggerClass, name: string) {
 *   setLoggerClass(type);
 *   return getLogger(name);
 * }
 * using(class MyLogger extends Logger {}, "app.mine");
 * ```
 */
export type LoggerClass = new (name: string, context: LoggerContext) => Logger;

/** Makes a record of a logger fit for a handler that keeps it beyond the call. */
let lend: (logger: Logger, record: LogRecord) => void;
/** The logger whose level counts for another one: itself, an ancestor, or the root if none has one. */
export let levelSource: (logger: Logger) => Logger;
/** The opening that belongs to a logger's own level. */
export let getOpening: (logger: Logger) => Opening | undefined;
/** Lets an opening belong to a logger's own level, until that is set anew. */
export let setOpening: (logger: Logger, opening: Opening | undefined) => void;

/**
 * A named channel of records in a hierarchy by dots (`logging.Logger`).
 *
 * The arguments of a log call belong to its message; an error at their end is appended to the
 * line, and an object that holds nothing but {@linkcode LogOptions} is understood as such.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 *
 * const log = getLogger("app.db");
 * log.warning("%d connections left", 3);
 * log.error("query failed", new Error("timeout"));
 * ```
 */
export class Logger extends Filterer {
  /** Dotted name, `root` for the root. */
  readonly name: string;
  /** The next logger towards the root, undefined for the root. */
  parent: Logger | undefined = undefined;
  /** Handlers of its own, in the order in which they are asked. */
  handlers: Handler[] = [];
  readonly #context: LoggerContext;
  #level: number;
  /** Shows the records that its level lets pass; it belongs to the level. */
  #opening: Opening | undefined = undefined;
  #propagate = true;
  #disabled = false;
  /** Value of the signal at which the threshold was computed. */
  #seen: number;
  /**
   * Value of the signal at which a level is known to be dropped, or `NEVER`: one comparison
   * tells that nothing has changed and that there is nothing to do.
   */
  #debugOff = NEVER;
  #infoOff = NEVER;
  #warningOff = NEVER;
  #errorOff = NEVER;
  #criticalOff = NEVER;
  /** Lowest level number that is not dropped. */
  #threshold = 0;
  /** Lowest level number that goes to the handlers, and not only to those who watch. */
  #ownThreshold = 0;
  /** Lowest level number that is shown where handlers would hold it back. */
  #opensFrom = Infinity;

  static {
    lend = (logger, record) => lendRecord(record, levelSource(logger).#opening, false);
    levelSource = (logger) => {
      while (logger.#level === NOTSET && logger.parent !== undefined) logger = logger.parent;
      return logger;
    };
    getOpening = (logger) => logger.#opening;
    setOpening = (logger, opening) => {
      logger.#opening = opening;
      logger.#context.touch();
    };
  }

  /** Made by the manager only; use `getLogger`. */
  constructor(name: string, context: LoggerContext, level: number = NOTSET) {
    super();
    if (context === undefined) refuseOrphan(name);
    this.name = name;
    this.#context = context;
    this.#seen = WORD[0]! - 1;
    this.#level = level;
  }

  /** Level number of its own, 0 when it asks its parent. */
  get level(): number {
    return this.#level;
  }

  /** Whether records go on to the handlers of its ancestors. */
  get propagate(): boolean {
    return this.#propagate;
  }

  set propagate(on: boolean) {
    this.#propagate = Boolean(on);
  }

  /** Whether it drops everything; its children are not affected. */
  get disabled(): boolean {
    return this.#disabled;
  }

  set disabled(on: boolean) {
    this.#disabled = Boolean(on);
    this.#context.touch();
  }

  /**
   * Sets the level below which records are dropped, `NOTSET` to ask the parent.
   *
   * @throws {RangeError} An unknown name.
   */
  setLevel(level: Level): void {
    this.#level = checkLevel(level);
    this.#opening = undefined;
    this.#context.touch();
  }

  /** Level number that counts for it: its own, or the nearest ancestor's that has one. */
  getEffectiveLevel(): number {
    this.#catchUp();
    return levelSource(this).#level;
  }

  /** Whether a record of that level would be handled. */
  isEnabledFor(level: Level): boolean {
    return !this.#drops(checkLevel(level));
  }

  /** Logs at DEBUG. */
  debug(msg: unknown, ...args: readonly unknown[]): void {
    if (WORD[0] === this.#debugOff || this.#drops(DEBUG)) return;
    this.#log(DEBUG, FROM.debug, msg, ...args);
  }

  /** Logs at INFO. */
  info(msg: unknown, ...args: readonly unknown[]): void {
    if (WORD[0] === this.#infoOff || this.#drops(INFO)) return;
    this.#log(INFO, FROM.info, msg, ...args);
  }

  /** Logs at WARNING. */
  warning(msg: unknown, ...args: readonly unknown[]): void {
    if (WORD[0] === this.#warningOff || this.#drops(WARNING)) return;
    this.#log(WARNING, FROM.warning, msg, ...args);
  }

  /** Logs at WARNING, under the name that JavaScript knows. */
  warn(msg: unknown, ...args: readonly unknown[]): void {
    if (WORD[0] === this.#warningOff || this.#drops(WARNING)) return;
    this.#log(WARNING, FROM.warn, msg, ...args);
  }

  /** Logs at ERROR. */
  error(msg: unknown, ...args: readonly unknown[]): void {
    if (WORD[0] === this.#errorOff || this.#drops(ERROR)) return;
    this.#log(ERROR, FROM.error, msg, ...args);
  }

  /** Logs at CRITICAL. */
  critical(msg: unknown, ...args: readonly unknown[]): void {
    if (WORD[0] === this.#criticalOff || this.#drops(CRITICAL)) return;
    this.#log(CRITICAL, FROM.critical, msg, ...args);
  }

  /** Logs at CRITICAL, Python's other word for it. */
  fatal(msg: unknown, ...args: readonly unknown[]): void {
    if (WORD[0] === this.#criticalOff || this.#drops(CRITICAL)) return;
    this.#log(CRITICAL, FROM.fatal, msg, ...args);
  }

  /** Logs at ERROR with the error given last: its stack and causes follow the message. */
  exception(msg: unknown, ...args: readonly unknown[]): void {
    if (WORD[0] === this.#errorOff || this.#drops(ERROR)) return;
    this.#log(ERROR, FROM.exception, msg, ...args);
  }

  /**
   * Logs at any level number.
   *
   * @throws {TypeError} A level that is not a whole number.
   */
  log(level: number, msg: unknown, ...args: readonly unknown[]): void {
    if (!isLogLevel(level) || this.#drops(level)) return;
    this.#log(level, FROM.log, msg, ...args);
  }

  /**
   * Logs on behalf of a function that wraps log calls: records name the caller of `above`,
   * however deep the wrapping.
   *
   * With `options`, all of `args` belong to the message; without, options and an error may
   * stand at their end as in the other methods.
   *
   * @example
   * ```ts
   * import { getLogger } from "@logdial/logging";
   *
   * function trace(msg: string, ...args: unknown[]) {
   *   getLogger("app").logFrom(trace, 5, msg, args);
   * }
   * ```
   */
  logFrom(
    above: (...args: never[]) => unknown,
    level: number,
    msg: unknown,
    args: readonly unknown[] = [],
    options?: LogOptions,
  ): void {
    if (!isLogLevel(level) || this.#drops(level)) return;
    this.#send(level, { above, stacklevel: 1 }, msg, args, options && withOptions(args, options));
  }

  /** Adds a handler unless it is there already. */
  addHandler(handler: Handler): void {
    if (this.handlers.includes(handler)) return;
    // Another array, so that a handler that adds or removes one takes no other's record.
    this.handlers = [...this.handlers, handler];
    reviveHandler(handler);
  }

  /** Removes a handler if it is there; it stays open. */
  removeHandler(handler: Handler): void {
    if (!this.handlers.includes(handler)) return;
    this.handlers = this.handlers.filter((one) => one !== handler);
  }

  /** Whether it or an ancestor that it propagates to has a handler. */
  hasHandlers(): boolean {
    return handlersOnWay(this).length > 0;
  }

  /** The logger `suffix` below this one. */
  getChild(suffix: string): Logger {
    const name = this.parent === undefined ? suffix : `${this.name}.${suffix}`;
    return this.#context.getNamedLogger(name);
  }

  /** The loggers right below this one. */
  getChildren(): Set<Logger> {
    return this.#context.childrenOf(this);
  }

  /**
   * Makes a record with the fields of `extra` added (`Logger.makeRecord`).
   *
   * @throws {Error} `KeyError` if a field of `extra` would overwrite one of the record.
   */
  makeRecord(
    name: string,
    level: number,
    fn: string | CallerSource,
    lno: number,
    msg: unknown,
    args: readonly unknown[],
    exc_info?: unknown,
    func?: string,
    extra?: Readonly<Record<string, unknown>>,
    sinfo?: string,
  ): LogRecord {
    const { recordFactory } = this.#context;
    const record = recordFactory(name, level, fn, lno, msg, args, exc_info, func, sinfo);
    if (extra) addExtra(record, extra);
    return record;
  }

  /**
   * Hands a record, or the one that filters put in its place, to the handlers unless this
   * logger drops it (`Logger.handle`).
   */
  handle(record: LogRecord): void {
    if (this.#disabled) return;
    const passed = this.filters.length === 0 ? record : filterRecord(this, record);
    // That of a subclass may be `async`: its promise is given on.
    if (passed !== undefined) return this.callHandlers(passed);
  }

  /** Hands a record to its own handlers, then those of its ancestors. */
  callHandlers(record: LogRecord): void {
    const found = handToHandlers(this, record, lend);
    if (found === NOT_FOUND) return this.#askLastResort(record);
    if (found !== HELD) return;
    // Whoever calls this without having logged here may have an old number.
    if (record.levelno >= this.#opensFrom || WORD[0] !== this.#seen) this.#open(record);
  }

  /** `<Logger app.db (DEBUG)>` */
  override toString(): string {
    return `<${this.constructor.name} ${this.name} (${getLevelName(this.getEffectiveLevel())})>`;
  }

  /** Hands a record to the handlers that hold it back, but are opened for it. */
  #open(record: LogRecord): void {
    const opening = levelSource(this).#opening;
    if (opening === undefined || record.levelno < opening.from) return;
    deliverToOpened(record, opening, () => this.#way());
  }

  #askLastResort(record: LogRecord): void {
    const { lastResort } = this.#context;
    if (lastResort === undefined) this.#context.missHandlers(this.name);
    else if (record.levelno >= lastResort.level) deliver(lastResort, record);
    else this.#open(record);
  }

  /** All handlers that its records come to; the last resort where there is none. */
  #way(): readonly Handler[] {
    const way = handlersOnWay(this);
    const { lastResort } = this.#context;
    return way.length > 0 || lastResort === undefined ? way : [lastResort];
  }

  #drops(level: number): boolean {
    if (WORD[0] !== this.#seen) this.#catchUp();
    return level < this.#threshold;
  }

  #catchUp(): void {
    // Read before anything else: what changes from here on is seen at the next call.
    const signal = WORD[0]!;
    if (signal === this.#seen) return;
    try {
      this.#context.catchUp();
    } catch (error) {
      // The log call that has seen the signal is not to blame.
      writeDiagnostic(`logdial: cannot apply what waits: ${thrownText(error)}\n`);
    }
    const source = levelSource(this);
    const own = Math.max(source.#level, this.#context.disable + 1);
    this.#ownThreshold = this.#disabled ? Infinity : own;
    this.#opensFrom = source.#opening?.from ?? Infinity;
    const tapLevel = this.#context.tap?.levelFor(this.name) ?? Infinity;
    const threshold = this.#threshold = Math.min(this.#ownThreshold, tapLevel);
    this.#debugOff = DEBUG < threshold ? signal : NEVER;
    this.#infoOff = INFO < threshold ? signal : NEVER;
    this.#warningOff = WARNING < threshold ? signal : NEVER;
    this.#errorOff = ERROR < threshold ? signal : NEVER;
    this.#criticalOff = CRITICAL < threshold ? signal : NEVER;
    this.#seen = signal;
  }

  /**
   * Takes the arguments spread, since else the caller would make an array of them for
   * dropped calls too, from the first call on that is not dropped.
   */
  #log(level: number, from: CallerSource, msg: unknown, ...args: readonly unknown[]): void {
    this.#send(level, from, msg, args);
  }

  #send(
    level: number,
    from: CallerSource,
    msg: unknown,
    args: readonly unknown[],
    split?: SplitArguments,
  ): void {
    if (!enterCall()) return reportTooDeep(level, from, msg, args);
    let made: LogRecord | undefined;
    try {
      const record = split === undefined && args.length === 0 && typeof msg !== "object"
        ? this.makeRecord(this.name, level, from, 0, msg, args)
        : this.#makeSplit(level, msg, from, split ?? splitArguments(msg, args));
      if (typeof record.levelno !== "number") refuseRecord(record);
      made = record;
      showWatchers(this.#context, record);
      if (level < this.#ownThreshold) return;
      const result: unknown = this.handle(record);
      if (result) watchCall(record, result);
    } catch (error) {
      // Differs from CPython: a record factory or class of the program's that throws does
      // not end the caller.
      reportCall(level, from, msg, args, error);
    } finally {
      if (made !== undefined) sealCaller(made);
      leaveCall();
    }
  }

  #makeSplit(level: number, msg: unknown, from: CallerSource, split: SplitArguments): LogRecord {
    const { args, error, options } = split;
    if (options === undefined) return this.makeRecord(this.name, level, from, 0, msg, args, error);
    const { source, stack, extra } = readCallDetails(from, options);
    return this.makeRecord(this.name, level, source, 0, msg, args, error, undefined, extra, stack);
  }
}

const { prototype } = Logger;

/** Where the callers of the log methods are found. */
const FROM = {
  debug: { above: prototype.debug, stacklevel: 1 },
  info: { above: prototype.info, stacklevel: 1 },
  warning: { above: prototype.warning, stacklevel: 1 },
  warn: { above: prototype.warn, stacklevel: 1 },
  error: { above: prototype.error, stacklevel: 1 },
  critical: { above: prototype.critical, stacklevel: 1 },
  fatal: { above: prototype.fatal, stacklevel: 1 },
  exception: { above: prototype.exception, stacklevel: 1 },
  log: { above: prototype.log, stacklevel: 1 },
} as const;
