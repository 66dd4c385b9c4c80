import { quote } from "../../core/errors/quote.ts";
import { Handler, reportFailure } from "../../core/handlers/handler.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { onRejection } from "../../core/values/on_rejection.ts";
import { flushAtEnd, isDueAtEnd } from "../flush_at_end.ts";

/**
 * Keeps records until there are `capacity` of them
 * (`logging.handlers.BufferingHandler`); subclasses say in `flush` what becomes of them.
 *
 * What it keeps is flushed when the program ends: normally, by `Deno.exit` or by an
 * error that nobody catches. Not so in a worker that is terminated.
 *
 * @example
 * ```ts
 * import { BufferingHandler, getLogger } from "@logdial/logging";
 *
 * class BatchHandler extends BufferingHandler {
 *   override flush() {
 *     console.log(this.buffer.map((record) => this.format(record)));
 *     super.flush();
 *   }
 * }
 * getLogger().addHandler(new BatchHandler(100));
 * ```
 */
export class BufferingHandler extends Handler {
  /** Records are read when the handler is flushed. */
  override readonly keepsRecords: boolean = true;
  /** Number of records from which on it flushes. */
  capacity: number;
  /** The records kept. */
  buffer: LogRecord[] = [];

  /**
   * Takes the number of records to keep.
   *
   * @throws {TypeError} `capacity` is no number.
   */
  constructor(capacity: number) {
    if (typeof capacity !== "number") {
      throw new TypeError(`Cannot keep ${quote(capacity)} records: capacity must be a number`);
    }
    super();
    this.capacity = capacity;
    flushAtEnd(this);
  }

  /** Whether to flush after this record: whether there are enough. */
  shouldFlush(_record: LogRecord): boolean {
    return this.buffer.length >= this.capacity;
  }

  /** Keeps the record, and flushes if it is time. */
  emit(record: LogRecord): void {
    try {
      // The caller cannot be found out later.
      record.resolveCaller();
      this.buffer.push(record);
      if (!this.shouldFlush(record) && !isDueAtEnd(this)) return;
      // A subclass's `flush` may be asynchronous.
      onRejection(this.flush(), (error) => reportFailure(this, record, error));
    } catch (error) {
      reportFailure(this, record, error);
    }
  }

  /** Forgets the records. */
  override flush(): void {
    this.buffer = [];
  }

  /** Flushes; returns the promise of a `flush` that is asynchronous. */
  override close(): void {
    try {
      return this.flush();
    } finally {
      super.close();
    }
  }
}
