/** Longest wait for requests that are on their way, in milliseconds. */
const PATIENCE_MS = 1;

/** What wakes a thread: its board. */
export interface Bell {
  /** Whether others are woken together with it. */
  wakesOthers: boolean;
  /** Wakes the thread if it sleeps. */
  wake(): void;
}

/**
 * Wakes threads together, as soon as no request is on its way: a thread that is woken takes
 * the processor from the hub, for which the other threads wait.
 */
export class WakeQueue {
  readonly #patience: number;
  readonly #bells = new Set<Bell>();
  readonly #expected = new Set<unknown>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDue = false;

  /** Waits so many milliseconds for requests that are on their way. */
  constructor(patience: number = PATIENCE_MS) {
    this.#patience = patience;
  }

  /** Notes that a request is on its way. */
  expect(request: unknown): void {
    this.#expected.add(request);
  }

  /** Notes that a request has arrived, or will not. */
  settle(request: unknown): void {
    this.#expected.delete(request);
    if (this.#bells.size > 0) this.#wakeSoon();
  }

  /** Wakes the thread soon. */
  add(bell: Bell): void {
    this.#bells.add(bell);
    this.#wakeSoon();
  }

  /** Wakes the threads once all that has come in at the same time is on their boards. */
  #wakeSoon(): void {
    if (this.#expected.size > 0) {
      this.#timer ??= setTimeout(() => this.#giveUp(), this.#patience);
    } else if (!this.#isDue) {
      this.#isDue = true;
      // Node's function: Deno has it as a global too, but without a type.
      const { setImmediate } = globalThis as unknown as { setImmediate(run: () => void): void };
      setImmediate(() => this.#wakeNow());
    }
  }

  /** Waits no longer for the requests that are on their way, nor for the same ones later. */
  #giveUp(): void {
    this.#expected.clear();
    this.#wakeNow();
  }

  #wakeNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = false;
    const bells = [...this.#bells];
    this.#bells.clear();
    for (const bell of bells) bell.wakesOthers = bells.length > 1;
    for (const bell of bells) bell.wake();
    for (const bell of bells) bell.wakesOthers = false;
  }
}
