import { percentFormat } from "../../core/format/percent_format.ts";
import type { JsonFormatter } from "../../core/formatters/json_formatter.ts";
import { wholeCopy } from "../../core/records/copy_record.ts";
import { fieldsOf, LogRecord } from "../../core/records/log_record.ts";
import { hasExtra } from "../../core/records/record_extras.ts";
import { hasTime, recordTime } from "../../core/records/record_time.ts";
import { toldName } from "../../wire/told_texts.ts";

/** Most characters of each name in a record that is shortened. */
const MAX_NAME = 100;
/** A shortened message has this part of the room: each character may become six in JSON. */
const MESSAGE_SHARE = 12;

/**
 * A record as the recorder keeps it: a line of JSON of at most `maxLength` units. If the line would
 * be longer, it has the beginning of the message and says how long it would have been. A line that
 * does not begin with its time has the time that the ring keeps with it.
 */
export function recordLine(formatter: JsonFormatter, record: LogRecord, maxLength: number): string {
  const line = plainLine(record) ?? formatter.format(record);
  if (line.length <= maxLength) return line;
  return shortLine(formatter, record, {
    message: messageOf(record),
    length: line.length,
    maxLength,
  });
}

/**
 * The record if a dump can tell its time, level and logger, else a copy of which it can: a program's
 * own record factory may put anything there, and a sender refuses the whole dump for it.
 */
export function tellable(record: LogRecord): LogRecord {
  const { name, levelname } = record;
  const isTellable = typeof name === "string" && typeof levelname === "string" &&
    toldName(levelname) === levelname && hasTime(record);
  if (isTellable) return record;
  const copy = wholeCopy(record);
  copy.name = String(name);
  copy.levelname = toldName(String(levelname));
  copy.created = recordTime(record) / 1000;
  return copy;
}

/** A line that has been kept, as a ring keeps it that has room for at most `maxLength` units. */
export function refitLine(
  formatter: JsonFormatter,
  { line, levelno, time }: { line: string; levelno: number; time: number },
  maxLength: number,
): string {
  if (line.length <= maxLength) return line;
  const { logger, level, message, cut } = JSON.parse(line) as Record<string, unknown>;
  const record = new LogRecord(String(logger), levelno, "", 0, "");
  record.levelname = String(level);
  record.created = time / 1000;
  // A line was longer before it was cut; a number that is not is a field of the program's.
  const length = Math.max(Number.isInteger(cut) ? Number(cut) : 0, line.length);
  return shortLine(formatter, record, { message: String(message), length, maxLength });
}

/** A line with the beginning of the message, which says how long the whole line was. */
function shortLine(
  formatter: JsonFormatter,
  { name, levelno, levelname, created }: LogRecord,
  { message, length, maxLength }: { message: string; length: number; maxLength: number },
): string {
  const beginning = message.slice(0, Math.floor(maxLength / MESSAGE_SHARE));
  const short = new LogRecord(name.slice(0, MAX_NAME), levelno, "", 0, `${beginning}…`);
  short.levelname = levelname.slice(0, MAX_NAME);
  short.created = created;
  return `${formatter.format(short).slice(0, -1)},"cut":${length}}`;
}

/** The line of a record that is nothing but a message, made in half the time; else undefined. */
function plainLine(record: LogRecord): string | undefined {
  const { name, levelname, msg, args } = record;
  const isPlain = typeof msg === "string" && !record.exc_info && !record.exc_text &&
    !record.stack_info && arePlain(args) && !hasFields(record);
  if (!isPlain) return undefined;
  try {
    return lineOf(levelname, name, args.length === 0 ? msg : record.getMessage());
  } catch {
    // The arguments do not fit the message; the formatter tells that.
    return undefined;
  }
}

/** The line of a log call that is nothing but a message; else undefined. */
export function callLine(
  level: string,
  logger: string,
  msg: unknown,
  args: readonly unknown[],
): string | undefined {
  if (typeof msg !== "string" || !arePlain(args)) return undefined;
  try {
    return lineOf(level, logger, args.length === 0 ? msg : percentFormat(msg, args));
  } catch {
    return undefined;
  }
}

/** Whether no argument is an object of fields, an error, or a function that gives the argument. */
function arePlain(args: readonly unknown[]): boolean {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (typeof arg === "object" && arg !== null || typeof arg === "function") return false;
  }
  return true;
}

/** The beginning of the last line, with its logger and level, which most next lines share. */
let lastLogger: string | undefined, lastLevel: string | undefined, lastHead = "";

function lineOf(level: string, logger: string, message: string): string {
  if (logger !== lastLogger || level !== lastLevel) {
    lastHead = `{"level":${JSON.stringify(level)},"logger":${JSON.stringify(logger)},"message":`;
    lastLogger = logger;
    lastLevel = level;
  }
  return `${lastHead}${JSON.stringify(message)}}`;
}

function hasFields(record: LogRecord): boolean {
  const { context, bound, own } = fieldsOf(record);
  return context !== undefined || bound !== undefined || own !== undefined || hasExtra(record);
}

function messageOf(record: LogRecord): string {
  try {
    return record.getMessage();
  } catch {
    // What does not fit stood behind it.
    return String(record.msg);
  }
}
