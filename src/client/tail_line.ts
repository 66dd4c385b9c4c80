import { MAX_NAME } from "../wire/told_texts.ts";
import { readAck } from "../wire/message.ts";
import { anything, count, fields, isoTime, number, optional, table, text } from "../wire/shape.ts";

/** A record as a tail shows it. */
export interface TailRecord {
  /** Port of the thread. */
  readonly port: number;
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
  /** Module of the log call. */
  readonly module: string;
  /** Function of the log call. */
  readonly funcName: string;
  /** Line of the log call. */
  readonly lineno: number;
  /** The error's stack. */
  readonly error?: string;
  /** Fields of the call, the bound logger and the context. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Records that were lost because they came faster than they could be shown. */
export interface TailGap {
  /** Port of the thread. */
  readonly port: number;
  /** How many. */
  readonly dropped: number;
}

/** What a tail tells. */
export type TailLine = TailRecord | TailGap | TailFailure;

/** A thread that cannot be followed, or no longer, while others are. */
export interface TailFailure {
  /** Its port. */
  readonly port: number;
  /** Why. */
  readonly failure: string;
}

/** Most bytes of a line that are read: a thread's tail holds less. */
export const MAX_LINE: number = 1 << 20;

const readRecord = fields<Omit<TailRecord, "port">>({
  time: isoTime,
  level: text(MAX_NAME),
  levelno: number,
  logger: text(MAX_LINE),
  message: text(MAX_LINE),
  thread: text(MAX_NAME),
  pid: count(),
  module: text(MAX_NAME),
  funcName: text(MAX_NAME),
  lineno: count(),
  error: optional(text(MAX_LINE)),
  fields: optional(table(anything)),
});

const readGap = fields<Omit<TailGap, "port">>({ dropped: count() });

/**
 * Reads a line of a tail.
 *
 * @throws {Error} The thread refuses, or it is no line of a tail.
 */
export function parseLine(line: string): Omit<TailRecord, "port"> | Omit<TailGap, "port"> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error("it speaks another protocol");
  }
  if (typeof value === "object" && value !== null && "status" in value) {
    const ack = readAck(line);
    if (ack === undefined) throw new Error("it speaks another protocol");
    throw new Error(ack.error?.message ?? `it answers ${ack.status}`);
  }
  const isGap = typeof value === "object" && value !== null && "dropped" in value;
  return isGap ? readGap(value, "") : readRecord(value, "");
}
