import { QUESTION_EXITS } from "../answers/exit_status.ts";
import { loggers } from "../../client/loggers.ts";
import type { Delivery } from "../../client/request.ts";
import type { LoggerInfo, LoggerList } from "../../wire/logger_info.ts";
import { labelOf } from "../../wire/library_label.ts";
import type { Command } from "../arguments/command.ts";
import { type Flags, noWords, TARGET_HELP } from "../arguments/flags.ts";
import { reportAnswers } from "../answers/report_answers.ts";
import { columns, dim, print, yellow } from "../printing/print.ts";
import { formatTable } from "../printing/format_table.ts";

const HELP = `Shows the loggers of threads: levels, handlers, and where records come out.

Usage: logdial loggers [options]
${TARGET_HELP}

A level in brackets is an ancestor's. OUT has the handlers that a record of the
logger's level comes out of. pino:http is logger http, whose lines pino writes.
Threads that have the same are shown once.

${QUESTION_EXITS}

Examples:
  logdial loggers
  logdial loggers --port 9001 --json`;

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  return await reportAnswers(await loggers(flags.targets), flags, { show });
}

async function show({ result }: Delivery): Promise<void> {
  const { loggers, more } = result as LoggerList;
  const header = ["LOGGER", "LEVEL", "HANDLERS", "OUT"].map((name): string => dim(name));
  const lines = await formatTable([header, ...loggers.map(row)], columns() - 2);
  for (const line of lines) print(`  ${line}`);
  if (more > 0) print(`  and ${more} more loggers`);
}

function row({ name, level, effective, handlers, propagate, ...rest }: LoggerInfo): string[] {
  const { kind, disabled, out, silent } = rest;
  const own = handlers.map(({ name, level }) => level === "NOTSET" ? name : `${name}>=${level}`);
  if (!propagate) own.push("no propagation");
  const notes = [out.join(", "), silent === undefined ? "" : yellow(silent)];
  return [
    labelOf(name, kind),
    disabled ? `${level ?? `(${effective})`} disabled` : level ?? `(${effective})`,
    own.join(", ") || "-",
    notes.filter((note) => note !== "").join(", ") || "-",
  ];
}

/** `logdial loggers`. */
export const COMMAND: Command = { help: HELP, flags: {}, run };
