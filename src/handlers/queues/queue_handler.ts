import { Handler, reportFailure } from "../../core/handlers/handler.ts";
import { pyRepr } from "../../core/python/py_repr.ts";
import { asItIs, copyRecord } from "../../core/records/copy_record.ts";
import { fieldsOf, type LogRecord } from "../../core/records/log_record.ts";
import { onRejection } from "../../core/values/on_rejection.ts";
import { queueTakers } from "./queue.ts";
import type { QueueListener } from "./queue_listener.ts";

/**
 * Where a `QueueHandler` puts records: an array, or what has `put` or Python's `put_nowait`.
 *
 * @example
 * ```ts
 * import { QueueHandler, type RecordQueue } from "@logdial/logging";
 *
 * const records: unknown[] = [];
 * const queue: RecordQueue = { put: (record) => void records.push(record) };
 * const handler = new QueueHandler(queue);
 * ```
 */
export type RecordQueue =
  | LogRecord[]
  | { put(record: LogRecord): unknown }
  | { put_nowait(record: LogRecord): unknown };

/**
 * Puts records into a queue, ready to be used by someone who knows nothing of their
 * arguments (`logging.handlers.QueueHandler`).
 *
 * @example
 * ```ts
 * import { getLogger, Queue, QueueHandler, QueueListener, StreamHandler } from "@logdial/logging";
 *
 * const queue = new Queue();
 * getLogger().addHandler(new QueueHandler(queue));
 * new QueueListener(queue, new StreamHandler()).start();
 * ```
 */
export class QueueHandler extends Handler {
  /** The listener reads records later. */
  override readonly keepsRecords: boolean = true;
  /** It opens, since the handlers of the queue's listener decide whether records are seen. */
  override opens = true;
  /** Where the records go. */
  queue: RecordQueue;
  /** The listener of the queue, if a dict has made it as well; the program starts it. */
  listener: QueueListener | undefined = undefined;

  /**
   * Takes the queue.
   *
   * @throws {TypeError} It takes no records; a subclass may know what to do with it.
   */
  constructor(queue: RecordQueue) {
    super();
    if (new.target === QueueHandler && !isRecordQueue(queue)) {
      const rule = "it must be an array, or have a method put or put_nowait";
      throw new TypeError(`Cannot put records into queue ${pyRepr(queue)}: ${rule}`);
    }
    this.queue = queue;
  }

  /** `its listener is not started` */
  override get silence(): string | undefined {
    const { listener } = this;
    return listener === undefined || listener.isStarted ? undefined : "its listener is not started";
  }

  /**
   * The handlers that its records come to: watchers do not see what these take out.
   *
   * @internal
   */
  get behind(): readonly Handler[] {
    return (this.listener ?? queueTakers.get(this.queue))?.handlers ?? [];
  }

  /**
   * Whether these get only records of their level.
   *
   * @internal
   */
  get respectsLevels(): boolean {
    return (this.listener ?? queueTakers.get(this.queue))?.respectHandlerLevel === true;
  }

  /** Puts the record into the queue; returns what that returns. */
  enqueue(record: LogRecord): unknown {
    const { queue } = this;
    if (Array.isArray(queue)) return queue.push(record);
    return "put_nowait" in queue ? queue.put_nowait(record) : queue.put(record);
  }

  /**
   * A copy of the record with the formatted text for a message, and without arguments,
   * error and stack, which the text has in it.
   */
  prepare(record: LogRecord): LogRecord {
    const text = this.format(record);
    record.resolveCaller();
    const copy = copyRecord(record, {
      msg: text,
      args: [],
      exc_info: undefined,
      stack_info: undefined,
      ...fieldsOf(record),
      extra: asItIs,
    });
    copy.message = text;
    copy.asctime = record.asctime;
    return copy;
  }

  /**
   * Stops its listener, so that the handlers behind get what is in the queue before they are
   * closed themselves.
   *
   * Differs from CPython: that leaves a listener to the program, and records to their fate.
   */
  override close(): void {
    try {
      this.listener?.stop();
    } finally {
      super.close();
    }
  }

  /** Puts the prepared record into the queue. */
  emit(record: LogRecord): void {
    try {
      const result = this.enqueue(this.prepare(record));
      // A queue of another library may be asynchronous, and refuse later.
      if (typeof result === "object") {
        onRejection(result, (error) => reportFailure(this, record, error));
      }
    } catch (error) {
      reportFailure(this, record, error);
    }
  }
}

/** Whether something takes records, as an array does, or what has `put` or `put_nowait`. */
export function isRecordQueue(queue: unknown): queue is RecordQueue {
  if (typeof queue !== "object" || queue === null) return false;
  if (Array.isArray(queue)) return true;
  const { put, put_nowait } = queue as Readonly<Record<string, unknown>>;
  return typeof put === "function" || typeof put_nowait === "function";
}
