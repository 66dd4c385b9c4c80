import type { Handler } from "../handlers/handler.ts";
import type { LogRecord } from "../records/log_record.ts";
import type { RecordCounts } from "./record_counts.ts";
import type { WatchedLogger } from "./watched_record.ts";

/**
 * What the loggers of a tree share with the manager that made them.
 *
 * @internal
 */
export interface TreeContext<Logger> {
  /** Records of this level and below are dropped everywhere (`logging.disable`). */
  readonly disable: number;
  /** Handler for records that no handler was found for. */
  readonly lastResort: Handler | undefined;
  /** Makes the records. */
  readonly recordFactory: LogRecordFactory;
  /** How many records of its loggers handlers have taken. */
  readonly written: RecordCounts;
  /** Applies what waits on the board. */
  catchUp(): void;
  /** Hears the time of every record, in seconds. */
  readonly onRecord: ((time: number) => void) | undefined;
  /** Sees records beside the handlers, those below a logger's level included. */
  readonly tap: RecordTap<Logger> | undefined;
  /** Says that thresholds may have changed. */
  touch(): void;
  /** Hears of a logger that has no handlers, where there is no last resort either. */
  missHandlers(name: string): void;
  /** The logger of exactly that name, never the root. */
  getNamedLogger(name: string): Logger;
  /** The loggers right below one. */
  childrenOf(logger: Logger): Set<Logger>;
}

/**
 * Makes a record; takes what the constructor of {@linkcode LogRecord} takes.
 *
 * @internal
 */
export type LogRecordFactory = (
  ...parameters: ConstructorParameters<typeof LogRecord>
) => LogRecord;

/**
 * Something that sees records beside the handlers, down to levels of its own.
 *
 * @internal
 */
export interface RecordTap<Logger = never> {
  /** Lowest level number that it wants of a logger. */
  levelFor(name: string): number;
  /** Takes a record of a logger whose level it wants; it must neither throw nor wait. */
  take(record: LogRecord, logger: WatchedLogger): void;
  /**
   * Takes a call that nobody else is to see, without a record of it. Returns the time, in milliseconds
   * since the epoch; 0 if it cannot do without a record.
   */
  takePlain?(logger: Logger, level: number, msg: unknown, args: readonly unknown[]): number;
}
