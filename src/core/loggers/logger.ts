import { addExtra } from "../records/extra_fields.ts";
import { Filterer } from "../filters/filter.ts";
import {
  checkLevel,
  CRITICAL,
  DEBUG,
  ERROR,
  INFO,
  type Level,
  NOTSET,
  WARNING,
} from "../levels/levels.ts";
import { type SplitArguments, splitArguments, withOptions } from "../records/split_arguments.ts";
import { checkFields, type Fields, SharedFields } from "../records/shared_fields.ts";
import {
  applyWaiting,
  enterCall,
  filterRecord,
  isLogLevel,
  leaveCall,
  refuseRecord,
  reportCall,
  reportTooDeep,
  showWatchers,
  takePlain,
  watchCall,
} from "./log_call.ts";
import { AskedGate, askLevel } from "./asked_gate.ts";
import { handCounted, type LineBudget, NO_LINES } from "./line_budget.ts";
import type { LoggerInside } from "./logger_inside.ts";
import { type HandedOptions, type LevelScope, markScope, scopeOf } from "./scope.ts";
import { callSources, makeSplit } from "./make_record.ts";
import { type CallGate, NO_GATE, ScopeGate } from "./scope_gate.ts";
import {
  countWritten,
  floorOf,
  getOpening,
  levelSource,
  LoggerNode,
  scopesFor,
  standFor,
} from "./logger_node.ts";
import { type CallerSource, type LogRecord, sealCaller, setFields } from "../records/log_record.ts";
import { handOn, lend } from "./hand_on.ts";
import { handToHandlers, WRITTEN } from "./handlers_way.ts";
import { readContext } from "./with_context.ts";
import { SIGNAL } from "../levels/signal.ts";
import type { TreeContext } from "./tree_context.ts";

/** The signal again: V8 compiles a constant of the same module better than an imported one. */
const WORD = SIGNAL;
/** The `filter` that only asks the list of filters; a subclass may have another one. */
const ASKS_LIST = Filterer.prototype.filter;
/** A value that the signal never has: it counts up from 0. */
const NEVER = -1;

/** Gives `dial.ts` access to how a logger decides on a call. */
export let insideOf: LoggerInside<Logger>;

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

/**
 * A named channel of records in a hierarchy by dots (`logging.Logger`).
 *
 * The arguments of a log call belong to its message. A plain object at their end that the
 * message has no placeholder for is fields, an error is appended to the line, and an object that
 * holds nothing but {@linkcode LogOptions} is understood as such; fields or an error may stand
 * first as well, as pino has it. A function as the message or as an argument is called for its
 * value, and only if the record is written.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 *
 * const log = getLogger("app.db");
 * log.warning("%d connections left", 3);
 * log.error("query failed", new Error("timeout"), { table: "users" });
 * log.debug`${2} rows`;
 * log.debug("state: %s", () => JSON.stringify({ all: "of it" }));
 * ```
 */
export class Logger extends LoggerNode<Logger> {
  readonly #context: LoggerContext;
  /** The logger that handles the calls: this one; for one with bound fields, the one of its name. */
  #target: Logger = this;
  /** Fields of all its records. */
  #fields: SharedFields | undefined = undefined;
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
  /** Lowest level number that somebody watches. */
  #tapLevel = Infinity;
  /** Lowest level number that is shown where handlers would hold it back. */
  #opensFrom = Infinity;
  /** The lines that may come out thanks to the change that has set its level. */
  #lines: LineBudget | undefined = undefined;
  /** Level number below which records take a line of {@linkcode #lines}; -Infinity for none. */
  #floor = -Infinity;
  /**
   * Whether any record takes a line, of {@linkcode #lines} or of a scope. This is a boolean and not
   * a level number: with one more comparison `handle` is too long for V8 to inline it into `#send`,
   * and each call takes a quarter longer.
   */
  #isCounted = false;
  /** Lets some calls pass that are below its own threshold, and opens handlers for some. */
  #gate: CallGate = NO_GATE;
  /** Level number below which {@linkcode #gate} is asked. */
  #askedBelow = -Infinity;
  /** Lowest level number that passes without the gate. */
  #unscoped = 0;

  static {
    insideOf = {
      threshold: (logger) => (logger.#catchUp(), logger.#threshold),
      ownThreshold: (logger) => logger.#ownThreshold,
      scopeFor: (logger, level, msg, args) => logger.#gate.find(level, msg, args),
      isAsked: (logger) => logger.#gate instanceof AskedGate,
      mayPass: (logger, level, fields) => logger.#gate.mayPass(level, fields),
      askedBelow: (logger) => logger.#askedBelow,
      linesFor: (logger, level, scope) => logger.#linesFor(level, scope),
      bound: (logger) => logger.#fields,
      context: (logger) => logger.#context,
    };
  }

  /** Made by the manager only; use `getLogger`. */
  constructor(name: string, context: LoggerContext, level: number = NOTSET) {
    super(name, context, level);
    this.#context = context;
    this.#seen = WORD[0]! - 1;
  }

  /**
   * Level number that counts for the logger: its own, or that of the nearest ancestor that has one.
   * A subclass may override it; it is called at the first log call after each change of levels.
   */
  override getEffectiveLevel(): number {
    this.#catchUp();
    return levelSource(this).level;
  }

  /**
   * A logger of the same name whose records all have these fields. Levels, handlers and filters are
   * those of the logger of its name, also if they are set on this one. Fields of a call count before
   * bound ones, and bound ones before a context's. It is of the same class, whose constructor is not
   * called: fields that the class itself sets up are missing.
   *
   * @throws {TypeError} No object.
   *
   * @example
   * ```ts
   * import { getLogger } from "@logdial/logging";
   *
   * const log = getLogger("app.http").with({ requestId: "a1" });
   * log.with({ user: "kim" }).info("signed in"); // with both
   * ```
   */
  with(fields: Fields): this {
    checkFields(fields);
    // The constructor of a subclass is not called: it may count its loggers, or take more arguments.
    const bound = Reflect.construct(Logger, [this.name, this.#context], this.constructor) as this;
    standFor<Logger>(bound, this);
    bound.#target = this.#target;
    bound.#fields = new SharedFields(fields, this.#fields);
    return bound;
  }

  /** Whether a record of that level would be handled; a subclass's own method decides on each call. */
  isEnabledFor(level: Level): boolean {
    const number = checkLevel(level);
    return !this.#drops(number) && (number >= this.#unscoped || this.#gate.mayPass(number));
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
   * Logs on behalf of a function that wraps log calls: records name the caller of the function
   * `above`, however deep the wrapping.
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
    options?: HandedOptions,
  ): void {
    const given = options?.scope;
    if (!isLogLevel(level) || this.#drops(level) && given === undefined) return;
    const isAsked = given === undefined && level < this.#askedBelow;
    const scope = isAsked ? this.#gate.find(level, msg, args, options) : given;
    if (scope === undefined && level < this.#unscoped) return;
    const split = options && withOptions(msg, args, options);
    this.#target.#send(level, { above, stacklevel: 1 }, msg, args, this.#fields, split, scope);
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
    if (this.disabled) return;
    const letsAll = this.filters.length === 0 && this.filter === ASKS_LIST;
    const passed = letsAll ? record : filterRecord(this, record);
    if (passed === undefined) return;
    // A subclass's `callHandlers` may be `async`: its promise is passed on.
    if (this.#isCounted) return this.#handCounted(passed);
    return this.callHandlers(passed);
  }

  /** A method of its own: in `handle`, the closures would take memory at each call. */
  #handCounted(record: LogRecord): void {
    const { levelno } = record, scope = scopeOf(record);
    const isUsual = this.callHandlers === CALL_HANDLERS;
    const handOn = () => isUsual ? this.#handToAll(record) : this.callHandlers(record);
    const result = handCounted(record, () => this.#linesFor(levelno, scope), handOn);
    // A subclass's `callHandlers` may be `async`: its promise is passed on.
    return isUsual ? undefined : result as void;
  }

  #linesFor(level: number, scope: LevelScope | undefined): LineBudget | undefined {
    if (scope !== undefined && scope.isOpener !== true) return scope.lines;
    const wasPaid = level < this.#floor;
    // A budget that has just ended counts no more.
    this.#catchUp();
    if (level < this.#floor) return this.#lines;
    return wasPaid && level < this.#ownThreshold ? NO_LINES : undefined;
  }

  /** Hands a record to its own handlers, then those of its ancestors. */
  callHandlers(record: LogRecord): void {
    this.#handToAll(record);
  }

  /** As {@linkcode callHandlers}; returns whether a handler has written the record. */
  #handToAll(record: LogRecord): boolean {
    const became = handToHandlers<Logger>(this, record, lend);
    if (became !== WRITTEN) return this.#handOn(record, became);
    countWritten<Logger>(this, record);
    return true;
  }

  /** A method of its own, since V8 inlines a short `callHandlers` into its callers. */
  #handOn(record: LogRecord, became: number): boolean {
    // `#opensFrom` may be old if the record was not logged here; then it is computed anew.
    const mayOpen = record.levelno >= this.#opensFrom || WORD[0] !== this.#seen;
    const how = { mayOpen, isPaid: record.levelno < this.#floor };
    return handOn<Logger>(this, record, became, this.#context, how);
  }

  #drops(level: number): boolean {
    if (WORD[0] !== this.#seen) this.#catchUp();
    return level < this.#threshold;
  }

  #catchUp(): void {
    // The signal is read first: whatever changes from here on is seen at the next call.
    const signal = WORD[0]!;
    if (signal === this.#seen) return;
    applyWaiting(this.#context);
    const source = levelSource(this), scopes = scopesFor(this), { disable } = this.#context;
    // If a subclass's method asks in turn, it gets the old values, and not an endless recursion.
    this.#seen = signal;
    const least = disable + 1;
    const own = Math.max(askLevel(this, GET_EFFECTIVE_LEVEL, source.level), least);
    this.#ownThreshold = this.disabled ? Infinity : own;
    const opening = getOpening(source), budget = getOpening(this)?.budget ?? opening?.budget;
    this.#lines = budget?.lines;
    this.#floor = budget === undefined ? -Infinity : floorOf(this);
    this.#tapLevel = this.#context.tap?.levelFor(this.name) ?? Infinity;
    this.#unscoped = Math.min(this.#ownThreshold, this.#tapLevel);
    this.#gate = scopes.length === 0 || this.disabled
      ? NO_GATE
      : new ScopeGate(scopes, this.name, this.#fields?.values, { least, from: own, opening });
    this.#opensFrom = Math.min(opening?.from ?? Infinity, this.#gate.opensFrom);
    this.#askedBelow = this.#gate.below;
    this.#isCounted = budget !== undefined || this.#askedBelow > -Infinity;
    if (this.isEnabledFor !== IS_ENABLED_FOR) {
      this.#gate = new AskedGate(this, this.#gate, this.#ownThreshold, this.#tapLevel);
      this.#unscoped = this.#askedBelow = Infinity;
    }
    const threshold = this.#threshold = Math.min(this.#unscoped, this.#gate.from);
    this.#debugOff = DEBUG < threshold ? signal : NEVER;
    this.#infoOff = INFO < threshold ? signal : NEVER;
    this.#warningOff = WARNING < threshold ? signal : NEVER;
    this.#errorOff = ERROR < threshold ? signal : NEVER;
    this.#criticalOff = CRITICAL < threshold ? signal : NEVER;
  }

  /**
   * Logs. It takes the arguments spread: if it took an array, callers would make one for dropped
   * calls too, once V8 has seen a call that is not dropped.
   */
  #log(level: number, from: CallerSource, msg: unknown, ...args: readonly unknown[]): void {
    const scope = level < this.#askedBelow ? this.#gate.find(level, msg, args) : undefined;
    if (scope === undefined && level < this.#unscoped) return;
    this.#target.#send(level, from, msg, args, this.#fields, undefined, scope);
  }

  #send(
    level: number,
    from: CallerSource,
    msg: unknown,
    args: readonly unknown[],
    bound: SharedFields | undefined,
    split: SplitArguments | undefined,
    scope: LevelScope | undefined,
  ): void {
    // Only watchers are to see such a call. If it is only a message, no code of the program has to
    // run for it.
    const isPlain = level < this.#ownThreshold && bound === undefined && split === undefined;
    if (
      isPlain && scope === undefined && readContext === undefined &&
      takePlain(this.#context, this, level, msg, args)
    ) {
      return;
    }
    if (!enterCall()) return reportTooDeep(level, from, msg, args);
    let made: LogRecord | undefined;
    try {
      const parts = split === undefined && (args.length > 0 || typeof msg !== "string")
        ? splitArguments(msg, args)
        : split;
      const record = parts === undefined
        ? this.makeRecord(this.name, level, from, 0, msg, args)
        : makeSplit(this, level, from, parts);
      if (typeof record.levelno !== "number") refuseRecord(record);
      made = record;
      const context = readContext === undefined ? undefined : readContext();
      const own = parts?.fields;
      if (own !== undefined || bound !== undefined || context !== undefined) {
        setFields(record, context, bound, own);
      }
      // A logger with bound fields may have seen another value of the signal.
      if (WORD[0] !== this.#seen) this.#catchUp();
      showWatchers(this.#context, record, this, this.#tapLevel);
      if (scope === undefined ? level < this.#ownThreshold : !markScope(record, scope)) return;
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
}

/** Methods that a subclass may override, which the first log call finds out. */
const { callHandlers: CALL_HANDLERS, isEnabledFor: IS_ENABLED_FOR } = Logger.prototype;
const { getEffectiveLevel: GET_EFFECTIVE_LEVEL } = Logger.prototype;

/** Where the callers of the log methods are found. */
const FROM = callSources(Logger.prototype);
