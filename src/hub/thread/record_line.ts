import { percentFormat } from "../../core/format/percent_format.ts";
import type { JsonFormatter } from "../../core/formatters/json_formatter.ts";
import { fieldsOf, LogRecord } from "../../core/records/log_record.ts";
import { hasExtra } from "../../core/records/record_extras.ts";

/** Most characters that a shortened record has of its names. */
const MAX_NAME = 100;
/** Part of the room that its message has: each of its characters may become six in JSON. */
const MESSAGE_SHARE = 12;

/**
 * A record as the recorder keeps it, a line of JSON of `maxLength` units at most: of one that is
 * too long the beginning of its message is kept, and how long the line would have been. One that
 * does not begin with its time has that of its place in the ring.
 */
export function recordLine(formatter: JsonFormatter, record: LogRecord, maxLength: number): string {
  const line = plainLine(record) ?? formatter.format(record);
  if (line.length <= maxLength) return line;
  const { name, levelno, levelname, created } = record;
  const beginning = messageOf(record).slice(0, Math.floor(maxLength / MESSAGE_SHARE));
  const short = new LogRecord(name.slice(0, MAX_NAME), levelno, "", 0, `${beginning}…`);
  short.levelname = levelname.slice(0, MAX_NAME);
  short.created = created;
  return `${formatter.format(short).slice(0, -1)},"cut":${line.length}}`;
}

/** The line of a record that is nothing but a message, in half the time; undefined of others. */
function plainLine(record: LogRecord): string | undefined {
  const { name, levelname, msg, args } = record;
  const isPlain = typeof msg === "string" && !record.exc_info && !record.stack_info &&
    arePlain(args) && !hasFields(record);
  if (!isPlain) return undefined;
  try {
    return lineOf(levelname, name, args.length === 0 ? msg : record.getMessage());
  } catch {
    // The formatter says what does not fit.
    return undefined;
  }
}

/** The line of a call that is nothing but a message; undefined of others. */
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

/** Neither fields nor errors, nor functions that stand for others. */
function arePlain(args: readonly unknown[]): boolean {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (typeof arg === "object" && arg !== null || typeof arg === "function") return false;
  }
  return true;
}

/** What the last line began with, and of which logger and level that was. */
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
