/** How long a measurement is believed more than a worse one, in milliseconds. */
const KEPT_MS = 600_000;
/** How exact a measurement has to be for no other one to be made meanwhile, in milliseconds. */
const EXACT_MS = 5;
/** By how much a host's clock is set at least for that to be noticed, in milliseconds. */
const JUMP_MS = 1000;

/**
 * Knows the server's clock: the server says when it has stored something, which was between the
 * moments before and after. The shorter that was, the more exact.
 *
 * Between measurements it goes by a clock that nobody sets. That one stands still while the host
 * sleeps, so it is asked again after each jump of the host's clock, whichever of them was right.
 */
export class ServerClock {
  readonly #clock: () => number;
  readonly #steady: () => number;
  /** How much the server's clock is ahead of the steady one; until it is known, this host's. */
  #offset: number;
  /** How much this host's clock was ahead of the steady one when it was looked at last. */
  #ownOffset: number;
  #error = Infinity;
  #measuredAt = -Infinity;

  /** Compares with this host's clock, and with one that nobody sets. */
  constructor(clock: () => number, steady: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#steady = steady;
    this.#offset = this.#ownOffset = clock() - steady();
  }

  /** How much the server's clock is ahead of this host's, in milliseconds. */
  get ahead(): number {
    return this.now - this.#clock();
  }

  /** The server's clock, in milliseconds. */
  get now(): number {
    return this.#steady() + this.#offset;
  }

  /** Whether this host's clock has been set since the last look, or stood still with the host. */
  hasJumped(): boolean {
    const offset = this.#clock() - this.#steady();
    const hasJumped = Math.abs(offset - this.#ownOffset) > JUMP_MS;
    this.#ownOffset = offset;
    if (!hasJumped) return false;
    if (this.#measuredAt === -Infinity) this.#offset = offset;
    this.#error = Infinity;
    return true;
  }

  /** Measures while the server stores something; `store` returns when that was by its clock. */
  async measure(store: () => Promise<() => Promise<number>>): Promise<void> {
    const before = this.#steady(), storedAt = await store(), after = this.#steady();
    const error = (after - before) / 2;
    const isOld = after - this.#measuredAt > KEPT_MS;
    if (!isOld && (error >= this.#error || this.#error <= EXACT_MS)) return;
    const stored = await storedAt();
    this.#offset = stored - (before + after) / 2;
    this.#error = error;
    this.#measuredAt = after;
  }
}
