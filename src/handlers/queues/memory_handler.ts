import { deliver, Handler, takesRecords } from "../../core/handlers/handler.ts";
import { quote } from "../../core/errors/quote.ts";
import { checkLevel, ERROR, type Level } from "../../core/levels/levels.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { BufferingHandler } from "./buffering_handler.ts";

/**
 * Keeps records and hands them to another handler once there are `capacity` of them or
 * one is serious (`logging.handlers.MemoryHandler`).
 *
 * Differs from CPython: `flushLevel` may be a level's name.
 *
 * @example
 * ```ts
 * import { ERROR, FileHandler, getLogger, MemoryHandler } from "@logdial/logging";
 *
 * // The hundred records before an error, and nothing as long as there is none.
 * getLogger().addHandler(new MemoryHandler(100, ERROR, new FileHandler("trouble.log")));
 * ```
 */
export class MemoryHandler extends BufferingHandler {
  /** It opens if its target does. */
  override opens = true;
  /** Level number from which on a record flushes the buffer. */
  flushLevel: number;
  /** The handler that gets the records; undefined to keep them all. */
  target: Handler | undefined;
  /** Whether closing flushes. */
  flushOnClose: boolean;

  /**
   * Takes the number of records to keep, and who gets them when.
   *
   * @throws {TypeError} The target is no handler. CPython takes it, and fails with each record.
   * @throws {RangeError} An unknown name of a level.
   */
  constructor(
    capacity: number,
    flushLevel: Level = ERROR,
    target?: Handler | null,
    flushOnClose = true,
  ) {
    checkTarget(target);
    const flushes = readFlushLevel(flushLevel);
    super(capacity);
    this.flushLevel = flushes;
    this.target = target ?? undefined;
    this.flushOnClose = Boolean(flushOnClose);
  }

  /** `it has no target` */
  override get silence(): string | undefined {
    return this.target === undefined ? "it has no target" : this.target.silence;
  }

  /** Whether the buffer is full or the record serious. */
  override shouldFlush(record: LogRecord): boolean {
    return super.shouldFlush(record) || record.levelno >= this.flushLevel;
  }

  /**
   * Sets the handler that gets the records.
   *
   * @throws {TypeError} It is no handler.
   */
  setTarget(target: Handler | null | undefined): void {
    checkTarget(target);
    this.target = target ?? undefined;
  }

  /**
   * Hands the records to the target; without one they are kept.
   *
   * Differs from CPython: one record that makes the target fail does not hold up the others.
   */
  override flush(): void {
    const { target } = this;
    if (target === undefined) return;
    const records = this.buffer;
    this.buffer = [];
    for (const record of records) deliver(target, record);
  }

  /** Flushes if `flushOnClose` says so, and drops target and records; returns the promise of `flush`. */
  override close(): void {
    try {
      if (this.flushOnClose) return this.flush();
    } finally {
      this.target = undefined;
      this.buffer = [];
      // `BufferingHandler.close` is left out: it would flush once more, with nothing left.
      Handler.prototype.close.call(this);
    }
  }
}

/** Reads the level; an error says which argument it is, so that a configuration tells its key. */
function readFlushLevel(level: Level): number {
  try {
    return checkLevel(level);
  } catch (error) {
    const { name, message } = error as Error;
    const text = `Cannot use flushLevel: ${message}`;
    throw name === "TypeError" ? new TypeError(text) : new RangeError(text);
  }
}

/** Refuses what is no handler; in the arguments of a `.conf`, where nothing else looks a name up. */
function checkTarget(target: unknown): void {
  if (target === undefined || target === null || takesRecords(target)) return;
  throw new TypeError(
    `Cannot use target ${quote(target)}: it must be a handler; ` +
      'a configuration names one by "target" beside "class"',
  );
}
