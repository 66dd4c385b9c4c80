import { readAck } from "../wire/message.ts";
import { count, isoTime, number, type Shape, text } from "../wire/shape.ts";
import { MAX_NAME } from "../wire/told_texts.ts";

/** The fields of every record that a listener tells in a line. */
export interface RecordHead {
  /** ISO time. */
  readonly time: string;
  /** Name of the level. */
  readonly level: string;
  /** Number of the level. */
  readonly levelno: number;
  /** Name of the logger. */
  readonly logger: string;
  /** The message with its arguments merged in. */
  readonly message: string;
  /** Name of the thread. */
  readonly thread: string;
  /** Process id. */
  readonly pid: number;
}

/** Most bytes of a line that are read: a thread's tail holds less. */
export const MAX_LINE: number = 1 << 20;

/** The fields of a head, as they are read. */
export const RECORD_HEAD: Shape<RecordHead> = {
  time: isoTime,
  level: text(MAX_NAME),
  levelno: number,
  logger: text(MAX_LINE),
  message: text(MAX_LINE),
  thread: text(MAX_NAME),
  pid: count(),
};

/**
 * Reads a line of an answer. A line that has a `message` is a record, whatever names its other fields
 * have.
 *
 * @throws {Error} The listener refuses, or the line is not of our protocol.
 */
export function readAnswerLine(line: string): unknown {
  const value = parseJson(line);
  if (says(value, "message") || !says(value, "status")) return value;
  const ack = readAck(line);
  if (ack === undefined) throw new Error("it speaks another protocol");
  // Where its own thread is not meant, those that follow it say why they refuse.
  const error = [ack, ...ack.followers ?? []].find(({ error }) => error !== undefined)?.error;
  throw new Error(error?.message ?? `it answers ${ack.status}`);
}

/** Whether a line has a field. */
export function says(line: unknown, field: string): line is object {
  return typeof line === "object" && line !== null && Object.hasOwn(line, field);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A foreign service may say anything.
    throw new Error("it speaks another protocol");
  }
}
