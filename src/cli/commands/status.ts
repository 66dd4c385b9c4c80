import { EXIT } from "../answers/exit_status.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import {
  fitsTargets,
  isBusy,
  type Selection,
  selectTargets,
  threadsOf,
} from "../../client/targets.ts";
import type { Command } from "../arguments/command.ts";
import { type Flags, noWords, TARGET_HELP } from "../arguments/flags.ts";
import { nobodyText } from "../answers/groups.ts";
import { printResult } from "../answers/print_result.ts";
import { wrapAll } from "../printing/wrap.ts";
import { type Listed, statusLines, takesNoQuestions } from "../answers/status_lines.ts";
import {
  columns,
  isReaderGone,
  isTerminal,
  print,
  redraw,
  USUAL_COLUMNS,
} from "../printing/print.ts";

const HELP = `Shows the threads that listen, their levels, and what was changed by whom.

Usage: logdial status [options]

  --watch         show it again whenever it changes, until Ctrl-C
${TARGET_HELP}

Threads that are the same are shown once, with how many they are (×28).

Exit status:
  0  somebody listens; with --watch, it has ended by Ctrl-C, or with who reads
     its output
  1  the host cannot be reached
  2  wrong usage
  3  nobody listens

Examples:
  logdial status
  logdial status --watch
  logdial status --name 'Logging Worker #*' --json`;

/** How often is looked again, in milliseconds. */
const AGAIN_MS = 1000;

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  if (flags.switches.has("watch")) return await watch(flags);
  const listed = await look(flags);
  const exit = exitOf(listed);
  if (flags.json) printListed(listed, flags);
  else for (const line of await linesOf(listed, flags)) print(line);
  return exit;
}

/** All that listens, threads without a port of their own behind the one that they follow. */
async function look({ targets }: Flags): Promise<Listed[]> {
  const { targets: found, skipped }: Selection = await selectTargets(targets);
  const threads = found.flatMap(({ port, status }): Listed[] => {
    if (status === undefined) return [{ port, kind: "silent" }];
    return threadsOf(status).map((one) => ({
      port: one === status ? port : one.port,
      via: one === status ? undefined : port,
      name: one.name,
      status: one,
    })).filter(({ status }) => fitsTargets(status, targets));
  });
  const foreign = skipped.map((one): Listed => {
    const { port, reason } = one;
    if (!isBusy(one)) return { port, kind: "foreign", reason };
    const { name, pid } = one;
    return { port, name, pid, reason };
  });
  return [...threads, ...foreign].sort((a, b) => (a.via ?? a.port) - (b.via ?? b.port));
}

function exitOf(listed: readonly Listed[]): number {
  if (listed.some(takesNoQuestions)) return EXIT.rejected;
  return listed.some(({ kind }) => kind !== "foreign") ? EXIT.ok : EXIT.nobody;
}

async function linesOf(listed: readonly Listed[], flags: Flags): Promise<string[]> {
  if (listed.length === 0) return await wrapAll([nobodyText([], flags)], columns());
  return await statusLines(listed, isTerminal() ? columns() : USUAL_COLUMNS);
}

/** Prints JSON in the shape of all commands: a thread's answer beside its place. */
function printListed(listed: readonly Listed[], { command }: Flags, space?: number): void {
  const threads = listed.map((one) => {
    const { port, via, kind, status, reason } = one;
    if (status === undefined) {
      const message = kind === "silent"
        ? "It closes without a word, like CPython's listener"
        : kind === undefined
        ? reason
        : `Not a logging server: ${reason}`;
      const { name, pid } = one;
      return { port, kind: kind ?? "logdial", name, pid, outcome: "skipped", error: { message } };
    }
    const { logdial: _, followers: __, port: says, name, pid, ...told } = status;
    const other = says === (via === undefined ? port : 0) ? {} : { says };
    return { port, via, kind: "logdial", name, pid, ...other, outcome: "applied", ...told };
  });
  printResult({ command, exit: exitOf(listed), threads }, space);
}

/** Shows the status until Ctrl-C: on a terminal again and again, elsewhere when it has changed. */
async function watch(flags: Flags): Promise<number> {
  const controller = new AbortController();
  const { signal } = controller;
  const end = () => controller.abort();
  Deno.addSignalListener("SIGINT", end);
  try {
    let shown = "";
    while (!signal.aborted) {
      const seen = await untilAborted(lookOrTell(flags), signal);
      if (seen === undefined) break;
      const state = stateOf(seen);
      if (isTerminal() && !flags.json) {
        redraw(typeof seen === "string" ? [seen] : await linesOf(seen, flags), shown === "");
      } else if (state !== shown) await printAgain(seen, flags);
      if (isReaderGone()) break;
      shown = state;
      await untilAborted(new Promise((resolve) => setTimeout(resolve, AGAIN_MS)), signal);
    }
  } finally {
    Deno.removeSignalListener("SIGINT", end);
  }
  return EXIT.ok;
}

/** Looks; if nobody listens, it gives the message, since threads may still come. */
async function lookOrTell(flags: Flags): Promise<Listed[] | string> {
  try {
    return await look(flags);
  } catch (error) {
    return reasonOf(error);
  }
}

/** The part of the status whose change is shown; numbers of records are no part of it. */
function stateOf(seen: readonly Listed[] | string): string {
  if (typeof seen === "string") return seen;
  return JSON.stringify(seen.map(({ status, ...one }) => {
    // Followers are listed by themselves.
    const { written: _, followers: __, ...told } = status ?? {};
    return { ...one, told };
  }));
}

async function printAgain(seen: Listed[] | string, flags: Flags): Promise<void> {
  if (typeof seen !== "string") {
    if (flags.json) return printListed(seen, flags, 0);
    for (const line of await linesOf(seen, flags)) print(line);
  } else if (flags.json) {
    const error = { message: seen };
    printResult({ command: flags.command, exit: EXIT.nobody, threads: [], error }, 0);
  } else print(seen);
}

/** Resolves as the promise does; to undefined once `signal` is aborted. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const end = () => resolve(undefined);
  signal.addEventListener("abort", end);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** `logdial status`. */
export const COMMAND: Command = { help: HELP, flags: { switches: ["watch"] }, run };
