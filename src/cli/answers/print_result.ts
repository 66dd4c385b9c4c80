import type { Delivery } from "../../client/request.ts";
import type { ChangeError } from "../../wire/message.ts";
import { printJson } from "../printing/print.ts";

/** Version of what `--json` prints; it changes when something is removed, or means something else. */
const JSON_VERSION = 1;

/** What `--json` prints, in one shape for all commands; see `examples/turning_levels.md`. */
export interface Result {
  /** Name of the command. */
  readonly command: string;
  /** Its exit status. */
  readonly exit: number;
  /** The outcome at each thread; undefined for a command that asks no threads. */
  readonly threads?: readonly object[];
  /** Why the command has failed. */
  readonly error?: ChangeError;
  /** The file that `check` has read. */
  readonly file?: string;
  /** What is wrong with a configuration. */
  readonly findings?: readonly object[];
  /** The changes that the fleet is to have. */
  readonly changes?: readonly object[];
  /** What was done in the fleet. */
  readonly actions?: readonly object[];
  /** Threads of the fleet that have not told of the change yet. */
  readonly unsettled?: readonly string[];
}

/** Prints the result of a command as JSON. */
export function printResult({ command, exit, ...rest }: Result, space?: number): void {
  printJson({ version: JSON_VERSION, command, exit, ...rest }, space);
}

/**
 * Prints one line of many, for commands whose answers go on and on. A program's field gets a `_`
 * behind its name if that is the name of a key which stands in front.
 */
export function printLine(command: string, line: object): void {
  const front = { version: JSON_VERSION, command };
  const fields = Object.entries(line).map(([name, value]) => [
    Object.hasOwn(front, name) ? `${name}_` : name,
    value,
  ]);
  printJson({ ...front, ...Object.fromEntries(fields) }, 0);
}

/** Prints the outcome of a command at each thread. */
export function printThreads(result: Result, threads: readonly Delivery[], space?: number): void {
  printResult({ ...result, threads: threads.map(threadOf) }, space);
}

function threadOf({ port, via, kind, name, pid, ...rest }: Delivery): object {
  return { port, via, kind: kind ?? "logdial", name, pid, ...rest };
}
