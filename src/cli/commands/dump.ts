import type { Command } from "../arguments/command.ts";
import { EXIT } from "../answers/exit_status.ts";
import { dump, type DumpOptions } from "../../client/dump.ts";
import type { DumpLine, DumpRecord, DumpThread } from "../../client/dump_line.ts";
import { duration, type Flags, noWords, readLevel, TARGET_HELP } from "../arguments/flags.ts";
import {
  dim,
  green,
  levelStyle,
  magenta,
  print,
  printBlock,
  printError,
  printJson,
  yellow,
} from "../printing/print.ts";
import { fieldTexts } from "../printing/field_texts.ts";
import { JSON_VERSION } from "../answers/print_result.ts";
import { tellUnreadKey } from "../arguments/unread_key.ts";

const HELP = `Shows what threads have kept of their records since record:
also those that hang, and the last ones that have ended.

Usage: logdial dump [options]

  --level LEVEL   lowest level to see (default all)
  --logger NAME   only that logger and those below it
  --last TIME     only records so long before the last one of their thread
  --where F=TEXT  only records with that text in field F, such as requestId=a1
                  or user.id=7; may be given several times
${TARGET_HELP}

Records of all threads come in the order of their time.

Exit status:
  0  there are some
  1  there are none, or not all could be asked
  2  wrong usage
  3  nobody listens

Examples:
  logdial dump --name 'Logging Worker #1' --last 30s
  logdial dump --where requestId=a1 --json`;

/** What every record has, which is shown in its own way. */
const SHOWN = new Set([
  "time",
  "level",
  "levelno",
  "logger",
  "message",
  "thread",
  "pid",
  "error",
  "stack",
]);

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  let count = 0, failures = 0;
  for await (const line of dump(optionsOf(flags))) {
    if ("message" in line) count++;
    else if ("failure" in line) failures++;
    if (flags.json) printJson({ version: JSON_VERSION, command: flags.command, ...line }, 0);
    else show(line);
    if ("failure" in line) tellUnreadKey([String(line.failure)]);
  }
  if (count === 0 && failures === 0 && !flags.json) {
    print(yellow("No such records are kept; logdial record has them kept from then on"));
  }
  return count > 0 && failures === 0 ? EXIT.ok : EXIT.rejected;
}

function optionsOf({ texts, pairs, targets }: Flags): DumpOptions {
  const level = texts.get("level"), last = texts.get("last");
  if (last !== undefined) duration("last", last);
  const where = Object.fromEntries(pairs.get("where") ?? []);
  return {
    ...targets,
    level: level === undefined ? undefined : readLevel(level),
    logger: texts.get("logger"),
    last,
    where: Object.keys(where).length === 0 ? undefined : where,
  };
}

function show(line: DumpLine): void {
  if ("failure" in line) printError(`logdial: port ${line.port} gave no dump: ${line.failure}`);
  else if ("records" in line && !("message" in line)) {
    print(dim(describeThread(line as DumpThread)));
  } else printBlock(describeRecord(line as DumpRecord));
}

function describeThread({ thread, pid, records, overwritten, ended }: DumpThread): string {
  const lost = overwritten > 0 ? `, ${overwritten} older ones overwritten` : "";
  const end = ended === undefined ? "" : `; it ended by ${shortTime(ended)}`;
  const kept = records === 1 ? "1 record" : `${records} records`;
  return `${thread}, pid ${pid}: ${kept} kept${lost}${end}`;
}

function describeRecord(record: DumpRecord): string {
  const { time, thread, level, levelno, logger, message, error, stack } = record;
  const fields = Object.entries(record).filter(([name]) => !SHOWN.has(name));
  const text = [message, ...fieldTexts(fields).map(dim)].join(" ");
  const parts = [
    yellow(shortTime(time)),
    green(thread),
    magenta(logger),
    levelStyle(levelno)(level),
  ];
  const line = [...parts, text].join(" - ");
  const more = [error, stack].filter((one) => one !== undefined).map((one) => dim(stackOf(one)));
  return [line, ...more].join("\n");
}

function shortTime(time: string): string {
  return time.replace("T", " ").replace("Z", "");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** An error has its stack. */
function stackOf(value: unknown): string {
  if (typeof value === "object" && value !== null && "stack" in value) return textOf(value.stack);
  return textOf(value);
}

/** `logdial dump`. */
export const COMMAND: Command = {
  help: HELP,
  flags: { texts: ["level", "logger", "last"], pairs: ["where"] },
  run,
};
