import type { JsonFormatter } from "../../core/formatters/json_formatter.ts";
import { LogRecord } from "../../core/records/log_record.ts";

/** Most characters that a shortened record has of its names. */
const MAX_NAME = 100;
/** Part of the room that its message has: each of its characters may become six in JSON. */
const MESSAGE_SHARE = 12;

/**
 * A record as the recorder keeps it, a line of JSON of `maxLength` units at most: of one that is
 * too long the beginning of its message is kept, and how long the line would have been.
 */
export function recordLine(formatter: JsonFormatter, record: LogRecord, maxLength: number): string {
  const line = formatter.format(record);
  if (line.length <= maxLength) return line;
  const { name, levelno, levelname, created, message = "" } = record;
  const beginning = message.slice(0, Math.floor(maxLength / MESSAGE_SHARE));
  const short = new LogRecord(name.slice(0, MAX_NAME), levelno, "", 0, `${beginning}…`);
  short.levelname = levelname.slice(0, MAX_NAME);
  short.created = created;
  return `${formatter.format(short).slice(0, -1)},"cut":${line.length}}`;
}
