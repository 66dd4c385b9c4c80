import { pyRepr } from "../python/py_repr.ts";
import { visible, visibleDocument } from "../text/visible.ts";

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

/**
 * Writes a message of one line, with its line break, to stderr as the last way out: it never
 * throws, since its callers have nobody left to tell. Whatever names and texts are in it, it
 * stays one line.
 */
export function writeDiagnostic(text: string): void {
  writeError(`${visible(text.replace(/\n$/, ""))}\n`);
}

function writeError(text: string): void {
  const bytes = encoder.encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
  } catch {
    // stderr itself is gone.
  }
}

/** The parts of a record that a report shows. */
export interface ReportedRecord {
  readonly msg: unknown;
  readonly args: readonly unknown[];
  readonly pathname: string;
  readonly lineno: number;
  readonly funcName: string;
}

/** Tells on stderr that a handler could not emit a record (`logging.Handler.handleError`). */
export function reportHandlerError(record: ReportedRecord, error: unknown): void {
  if (!raiseExceptions) return;
  writeError(visibleDocument([
    "--- Logging error ---",
    describeError(error),
    "Call stack:",
    `  File "${record.pathname}", line ${record.lineno}, in ${record.funcName}`,
    `Message: ${quietRepr(record.msg)}`,
    `Arguments: ${tupleRepr(record.args)}`,
    "",
  ].join("\n")));
}

/** An error with its stack, whatever was thrown. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return quietRepr(error);
  const head = `${error.name}: ${error.message}`;
  const stack = typeof error.stack === "string" ? error.stack : "";
  const frames = stack.slice(stack.indexOf("\n    at ") + 1);
  return stack.includes("\n    at ") ? `${head}\n${frames}` : head;
}

function tupleRepr(args: readonly unknown[]): string {
  return `(${args.map(quietRepr).join(", ")}${args.length === 1 ? "," : ""})`;
}

function quietRepr(value: unknown): string {
  try {
    return pyRepr(value);
  } catch {
    return "<unprintable>";
  }
}
