/** How long a measurement counts more than a less exact one, in milliseconds. */
const KEPT_MS = 600_000;
/** If a measurement is as exact as this, no other one is made meanwhile, in milliseconds. */
const EXACT_MS = 5;
/** A host's clock counts as set if it has jumped by at least so much, in milliseconds. */
const JUMP_MS = 1000;

/**
 * Knows the server's clock: the server tells when it has stored something, which was between the
 * moments before and after the question. The shorter that took, the more exact is the measurement.
 *
 * Between measurements it goes by the monotonic clock. That stands still while the host sleeps: so
 * the server is asked again after each jump of the host's clock.
 */
export class ServerClock {
  readonly #clock: () => number;
  readonly #steady: () => number;
  /** How much the server's clock is ahead of the monotonic one; until that is known, the host's clock. */
  #offset: number;
  /** How much the host's clock was ahead of the monotonic one at the last look. */
  #ownOffset: number;
  #error = Infinity;
  #measuredAt = -Infinity;

  /** Takes the host's clock, and the monotonic one, which nobody sets. */
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
