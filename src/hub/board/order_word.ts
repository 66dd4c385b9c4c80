import { pause } from "../../core/runtime/pause.ts";

/** The word's value once the hub has heard a request; 0 before that. */
const HEARD = 1;
/** The word's value once the hub has carried out a request. */
export const DONE = 2;

/** Hub: tells a thread that an order is heard, which may be carried out more than once. */
export function noteHeard(word: SharedArrayBuffer | undefined): void {
  if (word === undefined) return;
  const state = new Int32Array(word);
  Atomics.store(state, 0, HEARD);
  Atomics.notify(state, 0);
}

/**
 * Hub: carries out a request once, though the thread repeats it until the hub has heard it. If the
 * thread waits for it, `word` tells the thread when it is heard and when it is done.
 */
export async function answerOnce(
  word: SharedArrayBuffer | undefined,
  does: () => Promise<void>,
): Promise<void> {
  const state = word && new Int32Array(word);
  // The request is a repetition.
  if (state && Atomics.compareExchange(state, 0, 0, HEARD) !== 0) return;
  if (state) Atomics.notify(state, 0);
  await does();
  if (state === undefined) return;
  Atomics.store(state, 0, DONE);
  Atomics.notify(state, 0);
}

/** How often an order is repeated until the hub has heard it, in milliseconds, at first and at last. */
const FIRST_REPEAT_MS = 50, LAST_REPEAT_MS = 1000;

/**
 * Thread: orders that it does not wait for, and that the hub may not have heard. Deno keeps the last
 * 256 messages of all channels for a thread and forgets those before, so that one message of ours is
 * lost where the program posts many in channels of its own.
 */
export class UnheardOrders {
  readonly #orders = new Map<SharedArrayBuffer, (word: SharedArrayBuffer) => void>();
  #isRepeating = false;

  /** Has `order` post an order with a word, and again until the hub has set the word. */
  post(order: (word: SharedArrayBuffer) => void): void {
    const word = new SharedArrayBuffer(4);
    this.#orders.set(word, order);
    order(word);
    if (!this.#isRepeating) void this.#repeatLater();
  }

  /** Posts those again that the hub has not heard; returns whether there are any. */
  repeat(): boolean {
    for (const [word, order] of this.#orders) {
      if (Atomics.load(new Int32Array(word), 0) === 0) order(word);
      else this.#orders.delete(word);
    }
    return this.#orders.size > 0;
  }

  /** Repeats nothing any more. */
  clear(): void {
    this.#orders.clear();
  }

  async #repeatLater(): Promise<void> {
    this.#isRepeating = true;
    let ms = FIRST_REPEAT_MS;
    do {
      await pause(ms);
      ms = Math.min(ms * 2, LAST_REPEAT_MS);
    } while (this.repeat());
    this.#isRepeating = false;
  }
}
