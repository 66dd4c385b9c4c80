import { argsRepr, pyRepr } from "../python/py_repr.ts";
import { visible, visibleDocument } from "../text/visible.ts";
import { isError, readOrTell, thrownText } from "../values/thrown.ts";

const encoder = new TextEncoder();

/** Whether failures inside handlers are told on stderr (`logging.raiseExceptions`). */
let raiseExceptions = true;

/**
 * Turns the reports of failing handlers on or off (`logging.raiseExceptions`).
 *
 * @example
 * ```ts
 * import { setRaiseExceptions } from "@logdial/logging";
 *
 * setRaiseExceptions(false); // in production: a failing handler stays silent
 * ```
 */
export function setRaiseExceptions(on: boolean): void {
  raiseExceptions = on;
}

/** Whether failures inside handlers are told on stderr. */
export function getRaiseExceptions(): boolean {
  return raiseExceptions;
}

/** Longest text of a message or of arguments in a report. */
const LONGEST_PART = 10_000;

/**
 * Writes a message of one line, with its line break, to stderr as the last way out: it never
 * throws, since its callers have nobody left to tell. Whatever names and texts are in it, it
 * stays one line.
 */
export function writeDiagnostic(text: string): void {
  writeError(`${visible(text.replace(/\n$/, ""))}\n`);
}

function writeError(text: string): void {
  try {
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length;) {
      const written = Deno.stderr.writeSync(bytes.subarray(at));
      // A program may have replaced stderr by something that takes nothing, for ever.
      if (!(written > 0)) return;
      at += written;
    }
  } catch {
    // stderr itself is gone, or full and never waited for.
  }
}

/** The parts of a record that a report shows. */
export interface ReportedRecord {
  readonly msg: unknown;
  readonly args: readonly unknown[];
  readonly pathname: string;
  readonly lineno: number;
  readonly funcName: string;
  /** The error that the record carries, if any. */
  readonly exc_info?: unknown;
}

/** What is to be told of a failure. */
export interface FailureReport {
  readonly record: ReportedRecord;
  readonly error: unknown;
}

let cleanReport = (report: FailureReport): FailureReport => report;

/** Sets the function that takes secrets out of reports; it must not throw. */
export function setReportCleaner(cleaner: (report: FailureReport) => FailureReport): void {
  cleanReport = cleaner;
}

/**
 * Tells on stderr that a handler could not emit a record (`logging.Handler.handleError`).
 *
 * It never throws, whatever the record and the error are: what cannot be read is left out.
 */
export function reportHandlerError(failed: ReportedRecord, thrown: unknown): void {
  if (!raiseExceptions) return;
  const { record, error } = cleanReport({ record: failed, error: thrown });
  writeError(visibleDocument([
    "--- Logging error ---",
    quiet(() => describeError(error)),
    "Call stack:",
    `  ${quiet(() => callerLine(record))}`,
    `Message: ${quiet(() => pyRepr(record.msg))}`,
    `Arguments: ${quiet(() => argsRepr(record.args, (arg) => quiet(() => pyRepr(arg))))}`,
    // CPython tells it as what the failure happened in the handling of.
    ...(record.exc_info ? [`Error: ${quiet(() => describeError(record.exc_info))}`] : []),
    "",
  ].join("\n")));
}

function callerLine({ pathname, lineno, funcName }: ReportedRecord): string {
  return `File "${pathname}", line ${lineno}, in ${funcName}`;
}

/** Longest chain of causes that is told of an error. */
const MOST_CAUSES = 5;

/** An error with its stack and its causes, whatever was thrown. */
function describeError(error: unknown, depth = 0): string {
  if (!isError(error)) return pyRepr(error);
  let text = thrownText(error);
  const stack = readOrTell(error, "stack");
  if (typeof stack === "string" && stack.includes("\n    at ")) {
    text += `\n${stack.slice(stack.indexOf("\n    at ") + 1)}`;
  }
  const cause = depth < MOST_CAUSES ? readOrTell(error, "cause") : undefined;
  return cause === undefined ? text : `${text}\nCaused by: ${describeError(cause, depth + 1)}`;
}

/** A part of a report, shortened if it is too long; `<unprintable>` if it throws when it is made. */
function quiet(make: () => string): string {
  try {
    const text = make();
    if (text.length <= LONGEST_PART) return text;
    return `${text.slice(0, LONGEST_PART)}… [${text.length - LONGEST_PART} more characters]`;
  } catch {
    return "<unprintable>";
  }
}
