import type { LogRecord } from "./log_record.ts";

/** Something that sees records beside the handlers, down to levels of its own. */
export interface RecordTap {
  /** Lowest level number that it wants of a logger. */
  levelFor(name: string): number;
  /** Takes a record; it must neither throw nor wait. */
  take(record: LogRecord): void;
}
