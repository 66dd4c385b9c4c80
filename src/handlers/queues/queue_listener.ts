import { checkOptions, isBoolean, type OptionRules } from "../../core/check_options.ts";
import type { Handler } from "../../core/handler.ts";
import { openedFor, wasHeld } from "../../core/opening.ts";
import type { LogRecord } from "../../core/record.ts";
import { flushAtEnd } from "../flush_at_end.ts";
import type { Queue } from "./queue.ts";

/** Options of {@linkcode QueueListener}. */
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
export class QueueListener {
  /** Where the records come from. */
  readonly queue: Queue<LogRecord>;
  /** Who gets them. */
  handlers: readonly Handler[];
  /** Whether a handler gets only records of its level and up. */
  respectHandlerLevel: boolean;
  #isStarted = false;
  #isScheduled = false;

  /** Takes the queue, then the handlers, then options. */
  constructor(
    queue: Queue<LogRecord>,
    ...handlers: readonly Handler[] | readonly [...Handler[], QueueListenerOptions]
  ) {
    const last = handlers.at(-1);
    const options = last !== undefined && !("emit" in last) ? last : undefined;
    if (options !== undefined) checkOptions("QueueListener", options, OPTION_RULES);
    this.queue = queue;
    this.handlers = (options === undefined ? handlers : handlers.slice(0, -1)) as Handler[];
    this.respectHandlerLevel = options?.respectHandlerLevel ?? false;
  }

  /**
   * Begins to give out records, those first that are in the queue.
   *
   * @throws {Error} Another listener does so already.
   */
  start(): void {
    if (this.#isStarted) return;
    if (this.queue.onPut !== undefined) {
      throw new Error("Cannot start the listener: another one listens to its queue");
    }
    this.#isStarted = true;
    this.queue.onPut = () => this.#schedule();
    flushAtEnd(this);
    this.#schedule();
  }

  /** Gives out what is in the queue, and then no more. */
  stop(): void {
    this.flush();
    if (this.#isStarted) this.queue.onPut = undefined;
    this.#isStarted = false;
  }

  /** Gives out what is in the queue now. */
  flush(): void {
    if (!this.#isStarted) return;
    for (let record = this.dequeue(); record !== undefined; record = this.dequeue()) {
      this.handle(record);
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

  /** Hands one record to the handlers. */
  handle(record: LogRecord): void {
    const prepared = this.prepare(record);
    const opened = openedFor(prepared, this.handlers);
    // What has come in only to be seen is for those handlers only that show it.
    const respectsLevel = this.respectHandlerLevel || wasHeld(prepared);
    for (const handler of this.handlers) {
      const isHeld = respectsLevel && prepared.levelno < handler.level;
      if (isHeld && !opened.includes(handler)) continue;
      try {
        handler.handle(prepared);
      } catch (error) {
        // Differs from CPython, where a filter that fails ends the listener's thread.
        handler.handleError(prepared, error);
      }
    }
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }
}
