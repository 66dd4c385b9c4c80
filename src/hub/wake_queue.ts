import type { Board } from "./board.ts";

/** Longest wait for requests that are on their way, in milliseconds. */
const PATIENCE_MS = 1;

/**
 * Wakes threads together, when the requests that are on their way have been read: a thread
 * that is woken takes the processor from the hub, for which the other threads wait.
 */
export class WakeQueue {
  readonly #patience: number;
  readonly #boards = new Set<Board>();
  readonly #expected = new Set<unknown>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDue = false;

  /** Waits so many milliseconds for requests that are on their way. */
  constructor(patience = PATIENCE_MS) {
    this.#patience = patience;
  }

  /** A request is on its way. */
  expect(request: unknown): void {
    this.#expected.add(request);
  }

  /** It is there, or will not come. */
  settle(request: unknown): void {
    this.#expected.delete(request);
    if (this.#boards.size > 0) this.#wakeSoon();
  }

  /** Wakes the board's thread soon. */
  add(board: Board): void {
    this.#boards.add(board);
    this.#wakeSoon();
  }

  /** What has been read at the same time is carried out before. */
  #wakeSoon(): void {
    if (this.#expected.size > 0) {
      this.#timer ??= setTimeout(() => this.#wakeNow(), this.#patience);
    } else if (!this.#isDue) {
      this.#isDue = true;
      // Node's, which Deno has as a global too, but has no types for.
      const { setImmediate } = globalThis as unknown as { setImmediate(run: () => void): void };
      setImmediate(() => this.#wakeNow());
    }
  }

  #wakeNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = false;
    // Those that take so long are not waited for again.
    this.#expected.clear();
    for (const board of this.#boards) board.wake();
    this.#boards.clear();
  }
}
