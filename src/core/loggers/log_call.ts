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
 * Handlers, filters and values may log as they are asked. One that logs to itself would do so
 * until the stack is full, and two of them without end; hence the count of calls inside calls.
 */
let depth = 0;
const MAX_DEPTH = 200;
/** Whether calls inside others are dropped, until the outermost is done. */
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

/** Tells of the first call that {@linkcode enterCall} drops, until the outermost is done. */
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
 * @throws {TypeError} It is no whole number, and `raiseExceptions` is on.
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
  // A value of another type is not converted: that would run code of the program's.
  const stacklevel = typeof options.stacklevel === "number" ? options.stacklevel : 1;
  const source = { above, stacklevel };
  const stack = options.stack_info ? callStack(source) : undefined;
  return { source, stack, extra: options.extra };
}

/** The text of the call stack, or why there is none: programs may put their own text in place. */
function callStack({ above, stacklevel }: CallerSource): string {
  try {
    return formatCallStack(above, stacklevel);
  } catch (error) {
    return `Stack: [throws: ${thrownText(error)}]`;
  }
}

/** Applies what waits: the log call that has seen the signal is not to blame for what goes wrong. */
export function applyWaiting(context: Pick<TreeContext<never>, "catchUp">): void {
  try {
    context.catchUp();
  } catch (error) {
    writeDiagnostic(`logdial: cannot apply what waits: ${thrownText(error)}\n`);
  }
}

/** What the filters of a logger make of a record, undefined for nothing. */
export function filterRecord(logger: Filterer, record: LogRecord): LogRecord | undefined {
  try {
    return passedRecord(logger.filter(record), record);
  } catch (error) {
    // Differs from CPython: a filter that throws does not end the caller.
    reportHandlerError(record, error);
    return undefined;
  }
}

/** Whether one who watches has taken a call that is for nobody else, without a record of it. */
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
    // Such as a handler that is none; it is told where it is asked.
    return false;
  }
}

/** Shows a record to whoever watches beside the handlers, and cannot keep it from these. */
export function showWatchers(
  { onRecord, tap }: Pick<TreeContext<never>, "onRecord" | "tap">,
  record: LogRecord,
  logger: WatchedLogger,
  /** Lowest level that they want of the logger. */
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

/** Hears of the rejection of a logger's `async handle`, which goes on with the record later. */
export function watchCall(record: LogRecord, result: unknown): void {
  record.resolveCaller();
  onRejection(result, (error) => reportHandlerError(record, error));
}

/** Refuses what a record factory or `makeRecord` gave, if it is no record. */
export function refuseRecord(record: unknown): never {
  onRejection(record, () => {}); // Refused already.
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
