import type { Command } from "../arguments/command.ts";
import { EXIT } from "../answers/exit_status.ts";
import { dump, type DumpOptions } from "../../client/dump.ts";
import type { DumpFailure, DumpLine, DumpRecord, DumpThread } from "../../client/dump_line.ts";
import { duration, type Flags, levelNumber, noWords, TARGET_HELP } from "../arguments/flags.ts";
import {
  dim,
  green,
  levelStyle,
  magenta,
  print,
  printBlock,
  printError,
  yellow,
} from "../printing/print.ts";
import { messageText, timeText } from "../printing/record_text.ts";
import { printLine } from "../answers/print_result.ts";
import { tellUnsigned } from "../arguments/tell_unsigned.ts";
import { whereFields } from "../arguments/where_fields.ts";

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

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  let count = 0, failures = 0;
  for await (const line of dump(optionsOf(flags))) {
    if (isRecord(line)) count++;
    if (flags.json) printLine(flags.command, line);
    else show(line);
    if (isFailure(line)) {
      failures++;
      tellUnsigned([line.failure]);
    }
  }
  if (count === 0 && failures === 0 && !flags.json) {
    print(yellow("No such records are kept; logdial record has them kept from then on"));
  }
  return count > 0 && failures === 0 ? EXIT.ok : EXIT.rejected;
}

function optionsOf(flags: Flags): DumpOptions {
  const { texts, targets } = flags;
  const level = texts.get("level"), last = texts.get("last");
  if (last !== undefined) duration("last", last);
  return {
    ...targets,
    level: level === undefined ? undefined : levelNumber(level),
    logger: texts.get("logger"),
    last,
    where: whereFields(flags),
  };
}

function show(line: DumpLine): void {
  if (isRecord(line)) printBlock(describeRecord(line));
  else if (isFailure(line)) {
    printError(`logdial: port ${line.port} gave no dump: ${line.failure}`);
  } else print(dim(describeThread(line)));
}

/** A record may have fields of any name beside its message. */
function isRecord(line: DumpLine): line is DumpRecord {
  return "message" in line;
}

function isFailure(line: DumpLine): line is DumpFailure {
  return !isRecord(line) && "failure" in line;
}

function describeThread({ thread, pid, records, overwritten, ended }: DumpThread): string {
  const lost = overwritten > 0 ? `, ${overwritten} older ones overwritten` : "";
  const end = ended === undefined ? "" : `; it ended, or listened no more, by ${timeText(ended)}`;
  const kept = records === 1 ? "1 record" : `${records} records`;
  return `${thread}, pid ${pid}: ${kept} kept${lost}${end}`;
}

function describeRecord(record: DumpRecord): string {
  const { time, level, levelno, logger, message, thread, pid: _, error, stack, ...fields } = record;
  const text = messageText(message, fields);
  const parts = [green(thread), magenta(logger), levelStyle(levelno)(level), text];
  const line = [yellow(timeText(time)), ...parts].join(" - ");
  const more = [error, stack].filter((one) => one !== undefined).map((one) => dim(stackOf(one)));
  return [line, ...more].join("\n");
}

/** An error has its stack; a program may have called a field of its own so. */
function stackOf(value: unknown): string {
  const hasStack = typeof value === "object" && value !== null && "stack" in value;
  const stack = hasStack ? value.stack : value;
  return typeof stack === "string" ? stack : JSON.stringify(stack);
}

/** `logdial dump`. */
export const COMMAND: Command = {
  help: HELP,
  flags: { texts: ["level", "logger", "last"], pairs: ["where"] },
  run,
};
