import { reportHandlerError } from "../io/diagnostics.ts";
import {
  checkLevel,
  CRITICAL,
  DEBUG,
  ERROR,
  getLevelName,
  INFO,
  type Level,
  WARNING,
} from "../levels/levels.ts";
import { isLogLevel } from "./log_call.ts";
import { insideOf, Logger } from "./logger.ts";
import type { HandedOptions } from "./scope.ts";
import type { CallOptions, LogOptions } from "../records/log_options.ts";
import { type SplitArguments, splitArguments } from "../records/split_arguments.ts";
import { onRejection } from "../values/on_rejection.ts";
import { LogRecord } from "../records/log_record.ts";

/**
 * What an adapter wraps: a logger, or another adapter.
 *
 * @internal
 */
export type AdaptedLogger = Pick<
  Logger,
  "name" | "isEnabledFor" | "setLevel" | "getEffectiveLevel" | "hasHandlers" | "logFrom"
>;

/** A method that the program calls. */
type Method = (...args: never[]) => unknown;

/**
 * A logger with fields that go into each of its records (`logging.LoggerAdapter`).
 *
 * Subclasses override {@linkcode LoggerAdapter.process} to change messages.
 *
 * @example
 * ```ts
 * import { getLogger, LoggerAdapter } from "@logdial/logging";
 *
 * // With a format such as "%(user)s %(message)s":
 * const log = new LoggerAdapter(getLogger("app"), { user: "kim" });
 * log.info("%d rows", 3);
 * ```
 */
export class LoggerAdapter<T extends AdaptedLogger = Logger> {
  /** The logger, or adapter, that it logs to. */
  readonly logger: T;
  /** Fields of each record. */
  extra: Readonly<Record<string, unknown>> | undefined;
  /** Whether a call's own `extra` is added to these fields; if not, they take its place. */
  mergeExtra: boolean;
  /** The logger behind all adapters; undefined if it is not a `Logger`. */
  readonly #end: Logger | undefined;
  /** The method that is calling a subclass's `log`: records name the caller of that method. */
  #called: Method | undefined = undefined;

  /** Wraps a logger; `mergeExtra` is Python 3.13's `merge_extra`. */
  constructor(logger: T, extra?: Readonly<Record<string, unknown>>, mergeExtra = false) {
    this.logger = logger;
    const one: unknown = logger;
    this.#end = one instanceof LoggerAdapter ? one.#end : one instanceof Logger ? one : undefined;
    this.extra = extra;
    this.mergeExtra = mergeExtra;
  }

  /** Name of the logger. */
  get name(): string {
    return this.logger.name;
  }

  /** Changes the message and the options of each call; as it is here, it adds the fields. */
  process(msg: unknown, options: LogOptions): [msg: unknown, options: LogOptions] {
    const extra = this.mergeExtra ? { ...this.extra, ...options.extra } : this.extra;
    return [msg, { ...options, extra }];
  }

  /** Logs at DEBUG. */
  debug(msg: unknown, ...args: readonly unknown[]): void {
    this.#call(this.debug, DEBUG, msg, args);
  }

  /** Logs at INFO. */
  info(msg: unknown, ...args: readonly unknown[]): void {
    this.#call(this.info, INFO, msg, args);
  }

  /** Logs at WARNING. */
  warning(msg: unknown, ...args: readonly unknown[]): void {
    this.#call(this.warning, WARNING, msg, args);
  }

  /** Logs at WARNING, under the name that JavaScript knows. */
  warn(msg: unknown, ...args: readonly unknown[]): void {
    this.#call(this.warn, WARNING, msg, args);
  }

  /** Logs at ERROR. */
  error(msg: unknown, ...args: readonly unknown[]): void {
    this.#call(this.error, ERROR, msg, args);
  }

  /** Logs at CRITICAL. */
  critical(msg: unknown, ...args: readonly unknown[]): void {
    this.#call(this.critical, CRITICAL, msg, args);
  }

  /** Logs at ERROR with the error given last. */
  exception(msg: unknown, ...args: readonly unknown[]): void {
    this.#call(this.exception, ERROR, msg, args);
  }

  /** Logs at any level number. */
  log(level: number, msg: unknown, ...args: readonly unknown[]): void {
    this.logFrom(this.#called ?? this.log, level, msg, args);
  }

  /** Calls a subclass's own `log`, if it has one, as in Python. */
  #call(method: Method, level: number, msg: unknown, args: readonly unknown[]): void {
    if (this.log === LOG) return this.logFrom(method, level, msg, args);
    const outer = this.#called;
    this.#called = method;
    try {
      this.log(level, msg, ...args);
    } finally {
      this.#called = outer;
    }
  }

  /** Logs on behalf of a function that wraps log calls, as that of `Logger`. */
  logFrom(
    above: (...args: never[]) => unknown,
    level: number,
    msg: unknown,
    args: readonly unknown[] = [],
    options?: HandedOptions,
  ): void {
    if (!isLogLevel(level)) return;
    try {
      // A subclass's own method is asked first, as in Python; only its no counts.
      if (this.isEnabledFor !== IS_ENABLED_FOR && !this.isEnabledFor(level)) return;
      // A scope may be for calls with this message or these fields, so the logger decides.
      const end = this.#end;
      if (end !== undefined && level < insideOf.threshold(end)) return;
      const isOpen = end !== undefined && level < insideOf.ownThreshold(end) &&
        !insideOf.isAsked(end);
      if (!isOpen && !this.logger.isEnabledFor(level)) return;
      const split = options === undefined ? splitArguments(msg, args) : undefined;
      const result = this.process(split?.msg ?? msg, split ? ownOptions(split) : { ...options });
      // An `async process` is refused in the next line.
      if (!Array.isArray(result)) onRejection(result, () => {});
      const [message, processed] = result;
      const isAsked = end !== undefined && level < insideOf.askedBelow(end);
      const handed = isAsked ? { inSource: { msg, args }, ...processed } : processed;
      this.logger.logFrom(above, level, message, split?.args ?? args, handed);
    } catch (error) {
      // Differs from CPython: a `process` that throws does not end the caller.
      reportHandlerError(new LogRecord("", level, { above, stacklevel: 1 }, 0, msg, args), error);
    }
  }

  /** Whether a record of that level would be handled, as far as its fields say. */
  isEnabledFor(level: Level): boolean {
    if (this.logger.isEnabledFor(level)) return true;
    const end = this.#end;
    if (end === undefined || insideOf.isAsked(end)) return false;
    return insideOf.mayPass(end, checkLevel(level), this.extra);
  }

  /** Sets the level of the logger. */
  setLevel(level: Level): void {
    this.logger.setLevel(level);
  }

  /** Level number that counts for the logger. */
  getEffectiveLevel(): number {
    return this.logger.getEffectiveLevel();
  }

  /** Whether the logger or an ancestor has a handler. */
  hasHandlers(): boolean {
    return this.logger.hasHandlers();
  }

  /** `<LoggerAdapter app.db (DEBUG)>` */
  toString(): string {
    const level = getLevelName(this.getEffectiveLevel());
    return `<${this.constructor.name} ${this.name} (${level})>`;
  }
}

const { log: LOG, isEnabledFor: IS_ENABLED_FOR } = LoggerAdapter.prototype;

/** A new object for each call, as Python's keyword arguments are: `process` may change it. */
function ownOptions({ error, fields, options }: SplitArguments): CallOptions {
  if (fields !== undefined) return { ...options, exc_info: error, fields };
  return error === undefined && options === undefined ? {} : { ...options, exc_info: error };
}
