/** Most nonces that are kept; each is kept as long as its signature would be good. */
const MOST_NONCES = 10_000;

/** The nonces of used signatures, for as long as these signatures would be good. */
export class UsedNonces {
  readonly #keepMs: number;
  /** Nonces with the time of their signatures. */
  readonly #used = new Map<string, number>();
  /** Newest time of a forgotten nonce: a signature that is not newer might have been used. */
  #forgotten = -Infinity;

  /** Takes how old a signature may be, in milliseconds. */
  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  /**
   * Uses the nonce of a signature of that time.
   *
   * @throws {Error} It was used before, or nobody can tell.
   */
  use(nonce: string, time: number, now: number): void {
    this.#forget(now);
    if (this.#used.has(nonce)) throw new Error("the signature was used before");
    if (time <= this.#forgotten) {
      throw new Error("the signature is older than others that are over, was the clock set back?");
    }
    if (this.#used.size >= MOST_NONCES) {
      const seconds = 2 * this.#keepMs / 1000;
      throw new Error(
        `there were ${MOST_NONCES} signed changes within ${seconds} s, wait a little`,
      );
    }
    this.#used.set(nonce, time);
  }

  #forget(now: number): void {
    for (const [nonce, time] of this.#used) {
      if (now - time <= this.#keepMs) continue;
      this.#used.delete(nonce);
      this.#forgotten = Math.max(this.#forgotten, time);
    }
  }
}
