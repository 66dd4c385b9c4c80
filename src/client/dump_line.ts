import { anything, count, fields, isoTime, optional, table, text } from "../wire/shape.ts";
import { MAX_NAME } from "../wire/told_texts.ts";
import { readAnswerLine, RECORD_HEAD, type RecordHead, says } from "./answer_line.ts";

/** A record as it was kept in a thread's memory. */
export interface DumpRecord extends RecordHead {
  /** Characters of the whole record as JSON, if only the beginning of its message was kept. */
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
  /** How many records there were before these, which are overwritten. */
  readonly overwritten: number;
  /** ISO time at which the thread was found to have ended, or to listen no more. */
  readonly ended?: string;
}

/** A process that could not be asked, while others were. */
export interface DumpFailure {
  /** The port by which it was asked. */
  readonly port: number;
  /** Why it could not be asked. */
  readonly failure: string;
}

/** What a dump tells: each process's threads, then its records by their time. */
export type DumpLine = DumpRecord | DumpThread | DumpFailure;

const readHead = fields<RecordHead>(RECORD_HEAD);

const readFields = table(anything);

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
 * @throws {Error} The listener refuses, or the line is none of a dump.
 */
export function parseDumpLine(line: string): DumpRecord | DumpThread | undefined {
  const value = readAnswerLine(line);
  if (says(value, "message")) return readRecord(value);
  return says(value, "end") ? undefined : readThread(value, "");
}

/** Reads a record; `cut` counts only if it is a number, since a program may have a field `cut`. */
function readRecord(value: object): DumpRecord {
  const { cut, ...others } = readFields(value, "");
  const record = { ...others, ...readHead(value, "") };
  if (cut === undefined) return record;
  const isOurs = Number.isInteger(cut) && Number(cut) >= 0;
  return isOurs ? { ...record, cut: Number(cut) } : { ...record, cut_: cut };
}
