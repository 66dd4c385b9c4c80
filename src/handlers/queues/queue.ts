import type { Handler } from "../../core/handlers/handler.ts";
import type { LogRecord } from "../../core/records/log_record.ts";

/** What takes records out of a queue. */
interface QueueTaker {
  /** The handlers that get them. */
  readonly handlers: readonly Handler[];
  /** Whether these get only records of their level. */
  readonly respectHandlerLevel: boolean;
}

/** The listener that takes the records out of a queue, with the handlers that get them. */
export const queueTakers: WeakMap<object, QueueTaker> = new WeakMap();

/**
 * Records on their way from a `QueueHandler` to a `QueueListener` of the same thread;
 * the part of Python's `queue.Queue` that they need.
 *
 * Between threads none is needed: each writes its own lines, whole.
 *
 * @example
 * ```ts
 * import { Queue } from "@logdial/logging";
 *
 * const queue = new Queue(1000);
 * console.log(queue.size); // 0
 * ```
 */
export class Queue<T = LogRecord> {
  /** Most items that it holds; 0 for any number. */
  readonly maxsize: number;
  /** Called after each `put`, by whoever takes the items out. */
  onPut: (() => void) | undefined = undefined;
  #items: T[] = [];
  #next = 0;

  /** Takes the most items to hold. */
  constructor(maxsize = 0) {
    this.maxsize = maxsize;
  }

  /** Number of items. */
  get size(): number {
    return this.#items.length - this.#next;
  }

  /**
   * Adds an item at the end.
   *
   * @throws {RangeError} It is full.
   */
  put(item: T): void {
    if (this.maxsize > 0 && this.size >= this.maxsize) {
      throw new RangeError(`Cannot put into the queue: it is full with ${this.size} items`);
    }
    this.#items.push(item);
    this.onPut?.();
  }

  /** Takes the first item, undefined if there is none. */
  get(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#next++];
    // Taken items are removed many at a time: to shift each would take time by the queue's length.
    if (this.#next > 1000 && this.#next * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#next);
      this.#next = 0;
    }
    return item;
  }
}
