import { QUESTION_EXITS } from "../answers/exit_status.ts";
import { loggers } from "../../client/loggers.ts";
import type { Delivery } from "../../client/request.ts";
import type { LoggerInfo, LoggerList } from "../../wire/logger_info.ts";
import { labelOf } from "../../wire/library_label.ts";
import type { WrittenRecords } from "../../wire/written.ts";
import type { Command } from "../arguments/command.ts";
import { type Flags, noWords, TARGET_HELP } from "../arguments/flags.ts";
import { type Group, groupEqual } from "../answers/groups.ts";
import { reportAnswers } from "../answers/report_answers.ts";
import { columns, dim, print, yellow } from "../printing/print.ts";
import { formatTable } from "../printing/format_table.ts";

const HELP = `Shows the loggers of threads: levels, handlers, and where records come out.

Usage: logdial loggers [options]
${TARGET_HELP}

A level in brackets is an ancestor's. OUT has the handlers that a record of the
logger's level comes out of. PER SECOND has the records that a logger has
written itself in the last 10 seconds, by level. pino:http is logger http
or pino.http (--json tells which), whose lines pino writes. Threads that have
the same loggers are shown once, with what they write together.

${QUESTION_EXITS}

Examples:
  logdial loggers
  logdial loggers --port 9001 --json`;

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  return await reportAnswers(await loggers(flags.targets), flags, { group: groupLoggers, show });
}

/** Groups threads that have the same loggers, whatever they have written. */
function groupLoggers(deliveries: readonly Delivery[]): Group[] {
  return groupEqual(deliveries, ({ kind, outcome, error, result }) => {
    const { loggers, more, seconds } = (result ?? {}) as Partial<LoggerList>;
    const alike = loggers?.map((one) => ({ ...one, written: undefined }));
    return JSON.stringify([kind, outcome, error, alike, more, seconds !== undefined]);
  }, () => 2);
}

async function show({ result }: Delivery, group: readonly Delivery[]): Promise<void> {
  const { loggers, more, seconds } = result as LoggerList;
  const lists = group.map((one) => one.result as LoggerList);
  const isCounted = seconds !== undefined;
  const header = ["LOGGER", "LEVEL", ...isCounted ? ["PER SECOND"] : [], "HANDLERS", "OUT"];
  const rows = loggers.map((one, at) => {
    const [name, level, ...rest] = row(one);
    const rates = lists.map(({ loggers }) => loggers[at]?.written?.perSecond ?? {});
    return [name!, level!, ...isCounted ? [ratesText(rates)] : [], ...rest];
  });
  const table = [header.map((name): string => dim(name)), ...rows];
  const lines = await formatTable(table, columns() - 2);
  for (const line of lines) print(`  ${line}`);
  if (more > 0) print(`  and ${more} more loggers`);
}

/** What threads write together, as `120 INFO, 0.3 ERROR`. */
function ratesText(rates: readonly WrittenRecords["perSecond"][]): string {
  const levels = new Map<string, number>();
  for (const [level, rate] of rates.flatMap(Object.entries<number>)) {
    levels.set(level, (levels.get(level) ?? 0) + rate);
  }
  const texts = [...levels].map(([level, rate]) =>
    `${rate < 10 ? Math.max(0.1, Math.round(rate * 10) / 10) : Math.round(rate)} ${level}`
  );
  return texts.join(", ") || "-";
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
