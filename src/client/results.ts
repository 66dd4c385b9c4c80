import {
  anything,
  fields,
  isoTime,
  list,
  optional,
  type Read,
  table,
  text,
} from "../wire/shape.ts";
import type { Levels } from "../wire/message.ts";

/** What a thread answers to `get`. */
export interface Running {
  /** The configuration as a dict. */
  readonly dict: unknown;
  /** As a `.conf`, if it can be said in one. */
  readonly conf?: string;
  /** Why there is none. */
  readonly noConf?: string;
}

/** What a thread says that a configuration would make of it. */
export interface Preview {
  /** The own levels that loggers would have. */
  readonly levels: Levels;
  /** Loggers that would be disabled. */
  readonly disabled: readonly string[];
}

/** A change of the past, as a thread tells it. */
export interface PastChange {
  /** ISO time. */
  readonly at: string;
  /** Who. */
  readonly by: string;
  /** What was asked for. */
  readonly what: string;
  /** What became of it. */
  readonly outcome: string;
  /** Which levels have changed, or why it was rejected. */
  readonly detail: string;
  /** ISO time at which it is taken back. */
  readonly until?: string;
}

/** Longest text that is believed, but for a whole `.conf`: that is bounded as the answer is. */
const LONGEST = 4000;

/** Reads the answer to `get`. */
export const readRunning: Read<Running> = fields<Running>({
  dict: anything,
  conf: optional(text(Infinity)),
  noConf: optional(text(LONGEST)),
});

/** Reads the answer to `check`. */
export const readPreview: Read<Preview> = fields<Preview>({
  levels: table(text(LONGEST)),
  disabled: list(text(LONGEST)),
});

/** Reads the answer to `history`. */
export const readHistory: Read<readonly PastChange[]> = list(fields<PastChange>({
  at: isoTime,
  by: text(LONGEST),
  what: text(LONGEST),
  outcome: text(LONGEST),
  detail: text(LONGEST),
  until: optional(isoTime),
}));
