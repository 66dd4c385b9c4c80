import { MAX_NAME } from "../wire/told_texts.ts";
import { readAck } from "../wire/message.ts";
import { count, fields, isoTime, number, optional, text } from "../wire/shape.ts";
import { MAX_LINE } from "./tail_line.ts";

/** A record as it was kept in a thread's memory. */
export interface DumpRecord {
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
  /** How long the record was, of which only the beginning of its message was kept. */
  readonly cut?: number;
  /** Fields of the record; `error` and `stack` are what was logged with it. */
  readonly [field: string]: unknown;
}

/** A thread whose records were kept. */
export interface DumpThread {
  /** Name of the thread. */
  readonly thread: string;
  /** Process id. */
  readonly pid: number;
  /** How many records are kept, before any are chosen. */
  readonly records: number;
  /** How many there were before them, which are gone. */
  readonly overwritten: number;
  /** ISO time at which the thread was found to have ended. */
  readonly ended?: string;
}

/** A process that could not be asked, while others were. */
export interface DumpFailure {
  /** Its port. */
  readonly port: number;
  /** Why. */
  readonly failure: string;
}

/** What a dump tells: each process's threads, then its records by their time. */
export type DumpLine = DumpRecord | DumpThread | DumpFailure;

const readHead = {
  time: isoTime,
  level: text(MAX_NAME),
  levelno: number,
  logger: text(MAX_LINE),
  message: text(MAX_LINE),
  thread: text(MAX_NAME),
  pid: count(),
  cut: optional(count()),
};

const readRecord = fields<Pick<DumpRecord, keyof typeof readHead>>(readHead);

const readThread = fields<DumpThread>({
  thread: text(MAX_NAME),
  pid: count(),
  records: count(),
  overwritten: count(),
  ended: optional(isoTime),
});

/**
 * Reads a line of a dump; undefined for the last one.
 *
 * @throws {Error} The listener refuses, or it is no line of a dump.
 */
export function parseDumpLine(line: string): DumpRecord | DumpThread | undefined {
  const value = parseObject(line);
  if ("status" in value && "logdial" in value) {
    const ack = readAck(line);
    throw new Error(ack?.error?.message ?? `it answers ${ack?.status}`);
  }
  if ("end" in value) return undefined;
  return "message" in value ? { ...value, ...readRecord(value, "") } : readThread(value, "");
}

function parseObject(line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // A foreign service may say anything.
  }
  throw new Error("it speaks another protocol");
}
