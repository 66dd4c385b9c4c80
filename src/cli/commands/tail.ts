import { EXIT } from "../answers/exit_status.ts";
import { loggers } from "../../client/loggers.ts";
import { tail } from "../../client/tail.ts";
import type { Targets } from "../../client/targets.ts";
import { nearest } from "../../core/errors/suggest.ts";
import type { LoggerList } from "../../wire/logger_info.ts";
import type { TailLine } from "../../client/tail_line.ts";
import type { Command } from "../arguments/command.ts";
import {
  duration,
  type Flags,
  levelNumber,
  noWords,
  readOption,
  TARGET_HELP,
  wholeNumber,
} from "../arguments/flags.ts";
import { describeNotes } from "../printing/notes.ts";
import { messageText, timeText } from "../printing/record_text.ts";
import {
  dim,
  green,
  isReaderGone,
  levelStyle,
  magenta,
  printBlock,
  printError,
  red,
  yellow,
} from "../printing/print.ts";
import { printLine } from "../answers/print_result.ts";
import { tellUnsigned } from "../arguments/tell_unsigned.ts";

const HELP = `Shows records of running threads, down to a level below their own,
without a line more in their own output.

Usage: logdial tail [options]

  --level LEVEL   lowest level to see (default DEBUG)
  --logger NAME   only that logger and those below it
  --grep REGEXP   only records whose message matches
  --for TIME      end after that time
  --count N       end after N records
${TARGET_HELP}

Exit status:
  0  the tail has ended, by Ctrl-C, --for, --count, with the threads, or with
     who reads its output
  1  no thread can be followed, or the host cannot be reached
  2  wrong usage
  3  nobody listens who can be followed

Examples:
  logdial tail --logger app.db
  logdial tail --name 'Logging Worker #*' --grep 'HTTP 5..' --for 1m --json`;

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  const { command, texts, targets, json } = flags;
  const pattern = texts.get("grep");
  const grep = pattern === undefined ? undefined : readOption("--grep", () => new RegExp(pattern));
  const count = texts.has("count") ? wholeNumber("--count", texts.get("count")!) : Infinity;
  const controller = new AbortController();
  const end = () => controller.abort();
  const timer = texts.has("for") ? setTimeout(end, duration("for", texts.get("for")!)) : undefined;
  Deno.addSignalListener("SIGINT", end);
  let shown = 0;
  try {
    const logger = texts.get("logger");
    const options = {
      ...targets,
      level: levelNumber(texts.get("level") ?? "DEBUG"),
      logger,
    };
    // The tail does not wait for that.
    if (logger !== undefined) void tellUnknown(logger, targets);
    for await (const one of tail({ ...options, signal: controller.signal })) {
      if ("message" in one && !(grep?.test(one.message) ?? true)) continue;
      if (json) printLine(command, one);
      else printBlock(format(one));
      if ("failure" in one) tellUnsigned([one.failure]);
      if (("message" in one && ++shown >= count) || isReaderGone()) break;
    }
  } finally {
    clearTimeout(timer);
    Deno.removeSignalListener("SIGINT", end);
  }
  return EXIT.ok;
}

/**
 * Says on stderr that there is no logger of that name, nor any below it, as after a slip: there may be
 * one later. Where a thread does not answer, it says nothing.
 */
async function tellUnknown(logger: string, targets: Targets): Promise<void> {
  let threads;
  try {
    threads = await loggers(targets);
  } catch {
    // The tail itself says what is wrong.
    return;
  }
  const names = new Set<string>();
  for (const { result } of threads) {
    const list = result as LoggerList | undefined;
    if (list === undefined || list.more > 0) return;
    for (const { name } of list.loggers) names.add(name);
  }
  if ([...names].some((name) => name === logger || name.startsWith(`${logger}.`))) return;
  const similar = nearest(logger, [...names]);
  for (const note of describeNotes({ unknown: [{ logger, similar, recorded: true }] })) {
    printError(yellow(note));
  }
}

function format(one: TailLine): string {
  if ("failure" in one) {
    const { port, failure, isAgain } = one;
    return red(
      `… port ${port} ${isAgain ? "is followed again" : "cannot be followed"}: ${failure} …`,
    );
  }
  if ("dropped" in one) return red(`… ${one.dropped} records of port ${one.port} were lost …`);
  const time = yellow(timeText(one.time));
  const place = magenta(`${one.module}.${one.funcName}`);
  const level = levelStyle(one.levelno)(one.level);
  const text = messageText(one.message, one.fields ?? {});
  const line = [time, place, green(one.thread), level, text].join(" - ");
  return one.error === undefined ? line : `${line}\n${dim(one.error)}`;
}

/** `logdial tail`. */
export const COMMAND: Command = {
  help: HELP,
  flags: { texts: ["level", "logger", "grep", "for", "count"] },
  run,
};
