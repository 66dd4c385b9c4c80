/**
 * Time that passes while somebody looks at it regularly, in milliseconds.
 *
 * Between two looks only a bounded time counts: where nobody has looked for long, the process may
 * have been stopped, as by Ctrl-Z, and whatever is watched was stopped, too.
 */
export class WatchedTime {
  readonly #most: number;
  #passed = 0;
  #lookedAt = performance.now();

  /** Counts at most `most` milliseconds from one look to the next. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The time that had passed at the last look. */
  get passed(): number {
    return this.#passed;
  }

  /** Looks, and returns the time that has passed. */
  look(): number {
    const now = performance.now();
    this.#passed += Math.min(this.#most, now - this.#lookedAt);
    this.#lookedAt = now;
    return this.#passed;
  }

  /** Begins anew at 0. */
  reset(): void {
    this.#passed = 0;
    this.#lookedAt = performance.now();
  }
}
