/**
 * Time that passes before somebody's eyes, in milliseconds.
 *
 * Of the time between two looks no more than some counts: who has not looked for long may have been
 * stopped, as by Ctrl-Z, and what it looks at was so too.
 */
export class WatchedTime {
  readonly #most: number;
  #passed = 0;
  #lookedAt = performance.now();

  /** Counts at most so many milliseconds from one look to the next. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Looks, and gives how much has passed. */
  look(): number {
    const now = performance.now();
    this.#passed += Math.min(this.#most, now - this.#lookedAt);
    this.#lookedAt = now;
    return this.#passed;
  }

  /** Begins anew. */
  reset(): void {
    this.#passed = 0;
    this.#lookedAt = performance.now();
  }
}
