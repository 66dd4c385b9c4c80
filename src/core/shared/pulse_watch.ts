import { WatchedTime } from "./watched_time.ts";

/** A thread that shows no sign of life for so long, in milliseconds, is taken for dead. */
export const SILENCE_MS = 2000;
/** How often a waiting thread looks for signs of life, in milliseconds. */
export const LOOK_MS = 100;
/** How much silence counts between two looks at most, in milliseconds. */
const MOST_AT_ONCE_MS = 1000;

/** Finds out whether a thread is dead: then its pulse, a number that counts up, stands still. */
export class PulseWatch {
  #pulse: number | undefined;
  readonly #silence = new WatchedTime(MOST_AT_ONCE_MS);

  /** Begins with the pulse as it is, or with the first one that it is shown. */
  constructor(pulse?: number) {
    this.#pulse = pulse;
  }

  /** Whether the pulse has been what it is now for too long. */
  isSilent(pulse: number): boolean {
    if (pulse === this.#pulse) return this.#silence.look() > SILENCE_MS;
    this.#pulse = pulse;
    this.#silence.reset();
    return false;
  }

  /** Begins anew, since nobody is there to be watched, or another thread is. */
  reset(): void {
    this.#pulse = undefined;
  }
}
