import { anything, count, fields, optional, table, text } from "../wire/shape.ts";
import { MAX_NAME } from "../wire/told_texts.ts";
import { MAX_LINE, readAnswerLine, RECORD_HEAD, type RecordHead, says } from "./answer_line.ts";

/** A record as a tail shows it. */
export interface TailRecord extends RecordHead {
  /** Port of the thread. */
  readonly port: number;
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

/** A thread that cannot be followed, or no longer, while others are; or one that is followed again. */
export interface TailFailure {
  /** Port of the thread, or that by which it is reached. */
  readonly port: number;
  /** Why. */
  readonly failure: string;
  /** Whether it is followed again. */
  readonly isAgain?: boolean;
}

const readRecord = fields<Omit<TailRecord, "port">>({
  ...RECORD_HEAD,
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
export function parseTailLine(line: string): Omit<TailRecord, "port"> | Omit<TailGap, "port"> {
  const value = readAnswerLine(line);
  return says(value, "dropped") ? readGap(value, "") : readRecord(value, "");
}
