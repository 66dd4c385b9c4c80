/** How long a measurement is believed more than a worse one, in milliseconds. */
const KEPT_MS = 600_000;
/** How exact a measurement has to be for no other one to be made meanwhile, in milliseconds. */
const EXACT_MS = 5;

/**
 * Knows the server's clock: the server says when it has stored something, which was between the
 * moments before and after. The shorter that was, the more exact.
 */
export class ServerClock {
  readonly #clock: () => number;
  #ahead = 0;
  #error = Infinity;
  #measuredAt = -Infinity;

  /** Compares with this host's clock. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** How much the server's clock is ahead, in milliseconds. */
  get ahead(): number {
    return this.#ahead;
  }

  /** The server's clock, in milliseconds. */
  get now(): number {
    return this.#clock() + this.#ahead;
  }

  /** Measures while the server stores something; `store` returns when that was by its clock. */
  async measure(store: () => Promise<() => Promise<number>>): Promise<void> {
    const before = this.#clock(), storedAt = await store(), after = this.#clock();
    const error = (after - before) / 2;
    const isOld = Math.abs(after - this.#measuredAt) > KEPT_MS;
    if (!isOld && (error >= this.#error || this.#error <= EXACT_MS)) return;
    const stored = await storedAt();
    this.#ahead = stored - (before + after) / 2;
    this.#error = error;
    this.#measuredAt = after;
  }
}
