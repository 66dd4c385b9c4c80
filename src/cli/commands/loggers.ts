import { exitStatus } from "../answers/exit_status.ts";
import { loggers } from "../../client/loggers.ts";
import type { LoggerInfo, LoggerList } from "../../wire/logger_info.ts";
import { type Flags, noWords, TARGET_HELP } from "../arguments/flags.ts";
import { type Group, groupAnswers, noAnswer, nobodyText } from "../answers/groups.ts";
import { dim, print, printJson, yellow } from "../printing/print.ts";
import { formatTable } from "../printing/format_table.ts";

/** What `loggers --help` prints. */
export const LOGGERS_HELP: string =
  `Shows the loggers of threads: levels, handlers, and where records come out.

Usage: logdial loggers [options]
${TARGET_HELP}

A level in brackets is an ancestor's. OUT has the handlers that a record of the logger's
level comes out of. Threads that have the same are shown once. Exit status: as of send.

Examples:
  logdial loggers
  logdial loggers --port 9001 --json`;

/** Runs `loggers`. */
export async function runLoggers(flags: Flags): Promise<number> {
  noWords(flags);
  const deliveries = await loggers(flags.targets);
  if (flags.json) printJson(deliveries);
  else {
    for (const group of groupAnswers(deliveries)) printGroup(group);
    if (deliveries.length === 0) print(nobodyText(deliveries, flags));
  }
  return exitStatus(deliveries);
}

function printGroup({ label, deliveries: [one] }: Group): void {
  print(label.join(" "));
  const { result } = one!;
  if (result === undefined) return print(`  ${noAnswer(one!)}`);
  const { loggers, more } = result as LoggerList;
  const header = ["LOGGER", "LEVEL", "HANDLERS", "OUT"].map((name): string => dim(name));
  for (const line of formatTable([header, ...loggers.map(row)])) print(`  ${line}`);
  if (more > 0) print(`  and ${more} more loggers`);
}

function row({ name, level, effective, handlers, propagate, ...rest }: LoggerInfo): string[] {
  const { disabled, out, silent } = rest;
  const own = handlers.map(({ name, level }) => level === "NOTSET" ? name : `${name}>=${level}`);
  if (!propagate) own.push("no propagation");
  const notes = [out.join(", "), silent === undefined ? "" : yellow(silent)];
  return [
    name,
    disabled ? `${level ?? `(${effective})`} disabled` : level ?? `(${effective})`,
    own.join(", ") || "-",
    notes.filter((note) => note !== "").join(", ") || "-",
  ];
}
