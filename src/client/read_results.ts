import {
  anything,
  count,
  fields,
  isoTime,
  list,
  number,
  oneOf,
  optional,
  type Read,
  table,
  text,
} from "../wire/shape.ts";
import type { LoggerInfo, LoggerList, Why, WhyScope, WhyStop } from "../wire/logger_info.ts";
import { WRITTEN, type WrittenRecords } from "../wire/written.ts";
import { CHANGED, type LastChange, type Preview } from "../wire/message.ts";

/** What a thread answers to `get`. */
export interface Running {
  /** The configuration as a dict. */
  readonly dict: unknown;
  /** The same as a `.conf`, if it can be written as one. */
  readonly conf?: string;
  /** Why there is no `.conf`. */
  readonly noConf?: string;
}

/** A change of the past, as a thread tells it. */
export interface PastChange extends LastChange {
  /** What was asked for. */
  readonly what: string;
  /** What became of it. */
  readonly outcome: string;
  /** Which levels have changed, or why it was rejected. */
  readonly detail: string;
  /** ISO time at which it is taken back. */
  readonly until?: string;
  /** What a rollback or reset has taken back. */
  readonly takenBack?: readonly LastChange[];
}

/** Longest text that is taken from a listener, in characters; a whole `.conf` may be longer. */
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
  scopes: optional(list(text(LONGEST))),
  disabled: list(text(LONGEST)),
  handlers: optional(list(fields<NonNullable<Preview["handlers"]>[number]>({
    name: text(LONGEST),
    previous: optional(text(LONGEST)),
    level: text(LONGEST),
  }))),
  dropped: optional(list(text(LONGEST))),
});

/** Reads the answer to `history`. */
export const readHistory: Read<readonly PastChange[]> = list(fields<PastChange>({
  ...CHANGED,
  by: text(LONGEST),
  what: text(LONGEST),
  outcome: text(LONGEST),
  detail: text(LONGEST),
  until: optional(isoTime),
  takenBack: optional(list(fields<LastChange>(CHANGED))),
}));

const TEXTS = list(text(LONGEST));
const FLAG = oneOf(true, false);

/** Reads the answer to `loggers`. */
export const readLoggers: Read<LoggerList> = fields<LoggerList>({
  loggers: list(fields<LoggerInfo>({
    name: text(LONGEST),
    kind: optional(text(LONGEST)),
    level: optional(text(LONGEST)),
    effective: text(LONGEST),
    disabled: FLAG,
    propagate: FLAG,
    handlers: list(fields<LoggerInfo["handlers"][number]>({
      name: text(LONGEST),
      kind: text(LONGEST),
      level: text(LONGEST),
    })),
    filters: TEXTS,
    out: TEXTS,
    silent: optional(text(LONGEST)),
    written: optional(fields<WrittenRecords>(WRITTEN)),
  })),
  more: count(),
  at: optional(isoTime),
  seconds: optional(number),
});

/** Reads the answer to `why`. */
export const readWhy: Read<Why> = fields<Why>({
  logger: text(LONGEST),
  level: text(LONGEST),
  isNew: FLAG,
  similar: optional(text(LONGEST)),
  out: TEXTS,
  silent: optional(text(LONGEST)),
  steps: TEXTS,
  stops: list(fields<WhyStop>({
    handler: text(LONGEST),
    logger: optional(text(LONGEST)),
    outcome: oneOf<WhyStop["outcome"]>("taken", "opened", "held"),
    reason: text(LONGEST),
    doubts: TEXTS,
  })),
  scopes: optional(list(fields<WhyScope>({
    ...CHANGED,
    by: text(LONGEST),
    calls: text(LONGEST),
    out: TEXTS,
    silent: optional(text(LONGEST)),
  }))),
  tailed: FLAG,
  recorded: optional(FLAG),
});
