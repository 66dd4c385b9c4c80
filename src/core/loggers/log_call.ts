import { quote } from "../errors/quote.ts";
import { type Filterer, passedRecord } from "../filters/filter.ts";
import { getRaiseExceptions, reportHandlerError, writeDiagnostic } from "../io/diagnostics.ts";
import { pyRepr } from "../python/py_repr.ts";
import { formatCallStack } from "../records/caller.ts";
import { type CallerSource, LogRecord, resolveLazy } from "../records/log_record.ts";
import type { LogOptions } from "../records/log_options.ts";
import type { TreeContext } from "./tree_context.ts";
import type { WatchedLogger } from "./watched_record.ts";
import { onRejection } from "../values/on_rejection.ts";
import { thrownText } from "../values/thrown.ts";

/**
 * Guards a log call: whatever handlers, filters, values and the program's own classes do
 * while it is under way, neither an error nor an endless chain of calls reaches the caller.
 *
 * Handlers, filters and values may log themselves. A handler that logs to itself would do so until
 * the stack is full, and two that log to each other without end; hence the count of nested calls.
 */
let depth = 0;
const MAX_DEPTH = 200;
/** Whether nested calls are dropped until the outermost is done, and whether that has been told. */
let isTooDeep = false, hasToldTooDeep = false;

/** Begins a log call; false for one that is dropped, since too many are under way around it. */
export function enterCall(): boolean {
  if (depth >= MAX_DEPTH) isTooDeep = true;
  if (isTooDeep) return false;
  depth++;
  return true;
}

/** Ends a log call that {@linkcode enterCall} has begun. */
export function leaveCall(): void {
  if (--depth === 0) isTooDeep = hasToldTooDeep = false;
}

/** Whether a log call is under way: what runs now may be a handler, a filter or a value. */
export function isInCall(): boolean {
  return depth > 0;
}

/** Tells on stderr of the first of the nested calls that {@linkcode enterCall} drops. */
export function reportTooDeep(
  level: number,
  from: CallerSource,
  msg: unknown,
  args: readonly unknown[],
): void {
  if (hasToldTooDeep) return;
  hasToldTooDeep = true;
  reportCall(level, from, msg, args, loggingItself());
}

/** Tells on stderr of a log call that has failed before there was a record. */
export function reportCall(
  level: number,
  from: CallerSource,
  msg: unknown,
  args: readonly unknown[],
  error: unknown,
): void {
  reportHandlerError(new LogRecord("", level, from, 0, msg, args), error);
}

/**
 * Whether a level can be logged at.
 *
 * @throws {TypeError} The level is no whole number, and `raiseExceptions` is on.
 */
export function isLogLevel(level: unknown): level is number {
  if (Number.isInteger(level)) return true;
  if (!getRaiseExceptions()) return false;
  throw new TypeError(`Cannot log at level ${quote(level)}: it must be a whole number`);
}

/** Where a call was made, as its options say, and what they add to the record. */
export interface CallDetails {
  readonly source: CallerSource;
  /** The text of the stack, if it was asked for. */
  readonly stack: string | undefined;
  /** Fields to add. */
  readonly extra: LogOptions["extra"];
}

/** Reads the options of a log call that was made in the function `above`. */
export function readCallDetails({ above }: CallerSource, options: LogOptions): CallDetails {
  // A value of another type is not converted, since that would run code of the program's own.
  const stacklevel = typeof options.stacklevel === "number" ? options.stacklevel : 1;
  const source = { above, stacklevel };
  const stack = options.stack_info ? callStack(source) : undefined;
  return { source, stack, extra: options.extra };
}

/** The text of the call stack, or why there is none: a program may have changed how stacks are made. */
function callStack({ above, stacklevel }: CallerSource): string {
  try {
    return formatCallStack(above, stacklevel);
  } catch (error) {
    return `Stack: [throws: ${thrownText(error)}]`;
  }
}

/** Applies changes that wait; errors are told on stderr, since the log call is not to blame. */
export function applyWaiting(context: Pick<TreeContext<never>, "catchUp">): void {
  try {
    context.catchUp();
  } catch (error) {
    writeDiagnostic(`logdial: cannot apply what waits: ${thrownText(error)}\n`);
  }
}

/** The record that the filters of a logger let pass, perhaps another one; undefined for none. */
export function filterRecord(logger: Filterer, record: LogRecord): LogRecord | undefined {
  try {
    return passedRecord(logger.filter(record), record);
  } catch (error) {
    // Differs from CPython: the error of a filter does not reach the caller.
    reportHandlerError(record, error);
    return undefined;
  }
}

/** Whether the tap has taken a call that is for nobody else, without a record. */
export function takePlain<Logger>(
  { onRecord, tap }: Pick<TreeContext<Logger>, "onRecord" | "tap">,
  logger: Logger,
  level: number,
  msg: unknown,
  args: readonly unknown[],
): boolean {
  try {
    const time = tap?.takePlain?.(logger, level, msg, args) ?? 0;
    if (time > 0) onRecord?.(time / 1000);
    return time > 0;
  } catch {
    // Something on the way may be no handler; that is told where the handler is called.
    return false;
  }
}

/** Shows a record to whoever watches beside the handlers, and cannot keep it from these. */
export function showWatchers(
  { onRecord, tap }: Pick<TreeContext<never>, "onRecord" | "tap">,
  record: LogRecord,
  logger: WatchedLogger,
  /** Lowest level number that the watchers want of the logger. */
  from: number,
): void {
  try {
    onRecord?.(record.created);
    if (tap === undefined || record.levelno < from) return;
    resolveLazy(record);
    tap.take(record, logger);
  } catch (error) {
    reportHandlerError(record, error);
  }
}

/** Tells on stderr of the rejection of a logger's `async handle`, which ends after the log call. */
export function watchCall(record: LogRecord, result: unknown): void {
  record.resolveCaller();
  onRejection(result, (error) => reportHandlerError(record, error));
}

/** Refuses what a record factory or `makeRecord` gave, if it is no record. */
export function refuseRecord(record: unknown): never {
  onRejection(record, () => {}); // If it is a promise, its rejection is of no interest.
  throw new TypeError(`Cannot log ${pyRepr(record)}: it is no record`);
}

/** Refuses a logger without a manager. */
export function refuseOrphan(name: unknown): never {
  throw new TypeError(`Cannot make logger ${quote(name)}: it needs its manager, use getLogger`);
}

function loggingItself(): RangeError {
  return new RangeError(
    `Cannot log: ${MAX_DEPTH} log calls are under way inside each other, those within are dropped`,
  );
}
