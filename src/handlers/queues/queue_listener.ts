import { checkOptions, isBoolean, type OptionRules } from "../../core/errors/check_options.ts";
import { quote } from "../../core/errors/quote.ts";
import { deliver, type Handler } from "../../core/handlers/handler.ts";
import { reportHandlerError, writeDiagnostic } from "../../core/io/diagnostics.ts";
import { openedFor, wasHeld } from "../../core/loggers/opening.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { onRejection } from "../../core/values/on_rejection.ts";
import { thrownText } from "../../core/values/thrown.ts";
import { flushAtEnd, isDueAtEnd } from "../flush_at_end.ts";
import { type Queue, queueTakers } from "./queue.ts";

/**
 * Options of {@linkcode QueueListener}.
 *
 * @example
 * ```ts
 * import { Queue, QueueListener, type QueueListenerOptions, StreamHandler } from "@logdial/logging";
 *
 * const options: QueueListenerOptions = { respectHandlerLevel: true };
 * using listener = new QueueListener(new Queue(), new StreamHandler(), options);
 * listener.start();
 * ```
 */
export interface QueueListenerOptions {
  /** Whether a handler gets only records of its level and up. @default false */
  respectHandlerLevel?: boolean;
}

const OPTION_RULES: OptionRules<QueueListenerOptions> = { respectHandlerLevel: isBoolean };

/**
 * Hands the records of a queue to handlers, once the code that logs them has come to a
 * pause (`logging.handlers.QueueListener`).
 *
 * Differs from CPython: it has no thread of its own, and gives the records out in the
 * microtask after the log call; what is left when the program ends is given out then.
 *
 * @example
 * ```ts
 * import { getLogger, Queue, QueueHandler, QueueListener, StreamHandler } from "@logdial/logging";
 *
 * const queue = new Queue();
 * const listener = new QueueListener(queue, new StreamHandler(), { respectHandlerLevel: true });
 * listener.start();
 * getLogger().addHandler(new QueueHandler(queue));
 * getLogger().warning("later, but not lost");
 * listener.stop();
 * ```
 */
export class QueueListener implements Disposable {
  /** Where the records come from. */
  readonly queue: Queue<LogRecord>;
  /** Who gets them. */
  handlers: readonly Handler[];
  /** Whether a handler gets only records of its level and up. */
  respectHandlerLevel: boolean;
  #isStarted = false;
  #isScheduled = false;
  #isGivingOut = false;

  /**
   * Takes the queue, then the handlers, then options.
   *
   * @throws {TypeError} No queue that records can be taken from, such as an array, or something
   * else that is no handler.
   */
  constructor(
    queue: Queue<LogRecord>,
    ...handlers: readonly Handler[] | readonly [...Handler[], QueueListenerOptions]
  ) {
    // A subclass may take records from what has no `get`, in `dequeue`.
    if (typeof (queue as Partial<Queue> | undefined | null)?.size !== "number") {
      throw new TypeError(`Cannot listen to ${quote(queue)}: it must be a Queue`);
    }
    const last = handlers.at(-1);
    const options = isHandler(last) || last === undefined ? undefined : last;
    if (options !== undefined) checkOptions("QueueListener", options, OPTION_RULES);
    this.queue = queue;
    this.handlers = (options === undefined ? handlers : handlers.slice(0, -1)) as Handler[];
    for (const one of this.handlers) {
      if (isHandler(one)) continue;
      throw new TypeError(`Cannot hand records to ${quote(one)}: it is no handler`);
    }
    this.respectHandlerLevel = options?.respectHandlerLevel ?? false;
    queueTakers.set(queue, this);
  }

  /** Whether it gives out records. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /**
   * Begins to give out records, those first that are in the queue.
   *
   * Differs from CPython: it gives the listener, for `using listener = new …().start()`.
   *
   * @throws {Error} `RuntimeError`: it is started already, or another one listens to the queue.
   */
  start(): this {
    if (this.#isStarted) throw runtimeError("Cannot start the listener: it is started already");
    if (this.queue.onPut !== undefined) {
      throw runtimeError("Cannot start the listener: another one listens to its queue");
    }
    this.#isStarted = true;
    queueTakers.set(this.queue, this);
    this.queue.onPut = () => this.#schedule();
    flushAtEnd(this);
    this.#schedule();
    return this;
  }

  /**
   * Gives out what is in the queue, and then no more; a listener that is stopped may be
   * stopped again. What handlers put into the queue meanwhile stays there.
   */
  stop(): void {
    if (!this.#isStarted) return;
    try {
      this.flush();
    } finally {
      this.queue.onPut = undefined;
      this.#isStarted = false;
    }
  }

  /** Stops. */
  [Symbol.dispose](): void {
    this.stop();
  }

  /** Gives out what is in the queue now. */
  flush(): void {
    if (!this.#isStarted) return;
    this.#isGivingOut = true;
    try {
      // Records that come meanwhile are left: a handler may put one in for each that it gets.
      for (let left = this.queue.size; left > 0; left--) {
        const record = this.dequeue();
        if (record === undefined) break;
        this.#handleSafely(record);
      }
    } finally {
      this.#isGivingOut = false;
    }
  }

  /** Calls `handle`, which a subclass may have overridden, and tells its errors on stderr. */
  #handleSafely(record: LogRecord): void {
    try {
      const result: unknown = this.handle(record);
      if (result) onRejection(result, (error) => reportHandlerError(record, error));
    } catch (error) {
      reportHandlerError(record, error);
    }
  }

  /** Takes the next record, undefined if there is none. */
  dequeue(): LogRecord | undefined {
    return this.queue.get();
  }

  /** Makes what came out of the queue fit for the handlers. */
  prepare(record: LogRecord): LogRecord {
    return record;
  }

  /**
   * Hands one record to the handlers.
   *
   * Differs from CPython: one that fails does not end the listening, nor take the record
   * from the others.
   */
  handle(record: LogRecord): void {
    let prepared: LogRecord;
    try {
      prepared = this.prepare(record);
    } catch (error) {
      reportHandlerError(record, error);
      return;
    }
    const opened = this.#openedFor(prepared);
    for (const handler of this.handlers) {
      this.#handTo(handler, prepared, opened.includes(handler));
    }
  }

  /** The handlers that are opened for a record; none where one of them cannot be asked. */
  #openedFor(record: LogRecord): readonly Handler[] {
    try {
      return openedFor(record, this.handlers);
    } catch (error) {
      reportHandlerError(record, error);
      return [];
    }
  }

  #handTo(handler: Handler, record: LogRecord, isOpened: boolean): void {
    try {
      // A record that only an opening has let in is only for handlers that show it.
      const respectsLevel = this.respectHandlerLevel || wasHeld(record);
      if (respectsLevel && record.levelno < handler.level && !isOpened) return;
    } catch (error) {
      reportHandlerError(record, error);
      return;
    }
    deliver(handler, record);
  }

  #schedule(): void {
    const isDue = !this.#isGivingOut && isDueAtEnd(this);
    if (this.#isScheduled && !isDue) return;
    this.#isScheduled = true;
    const giveOut = () => {
      this.#isScheduled = false;
      try {
        this.flush();
      } catch (error) {
        // A subclass's `dequeue` may throw, and nobody else would catch that.
        writeDiagnostic(`logdial: cannot take records from the queue: ${thrownText(error)}\n`);
      }
    };
    if (!this.#isGivingOut) return isDue ? giveOut() : queueMicrotask(giveOut);
    // Handlers may put in records without end: with a timer the program goes on in between.
    Deno.unrefTimer(setTimeout(giveOut));
  }
}

/** Whether a value is a handler; its class is not asked: there may be two copies of the library. */
function isHandler(value: unknown): value is Handler {
  return typeof value === "object" && value !== null && "emit" in value;
}

function runtimeError(message: string): Error {
  return Object.defineProperty(new Error(message), "name", { value: "RuntimeError" });
}
