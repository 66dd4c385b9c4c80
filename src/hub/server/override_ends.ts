import type { Deadlines } from "../../core/runtime/deadlines.ts";
import { msUntil } from "./ms_left.ts";
import { tellFailure } from "../connections/tell_failure.ts";

/** How long after a thread has failed to take overrides back it is asked again, in milliseconds. */
const AGAIN_MS = 1000;

/**
 * Has a thread take its overrides back when their time is up.
 *
 * Only the next end is remembered here: the thread knows the rest, and each is no more than one of
 * its 64.
 */
export class OverrideEnds {
  readonly #deadlines: Deadlines;
  /** Gives the ends of the thread's overrides, in milliseconds since the epoch. */
  readonly #known: () => readonly number[];
  /** Has the thread take overrides back that end then; resolves with whether it could be told. */
  readonly #takeBack: (due: readonly number[]) => Promise<boolean>;
  /** When the next override ends, in milliseconds since the epoch. */
  #next = Infinity;

  /** Waits by `deadlines`, which end with the thread. */
  constructor(
    deadlines: Deadlines,
    known: () => readonly number[],
    takeBack: (due: readonly number[]) => Promise<boolean>,
  ) {
    this.#deadlines = deadlines;
    this.#known = known;
    this.#takeBack = takeBack;
  }

  /** An override ends then, in milliseconds since the epoch. */
  add(expiresAt: number): void {
    const left = msUntil(expiresAt);
    if (this.#next !== Infinity && left >= msUntil(this.#next)) return;
    this.#next = expiresAt;
    this.#deadlines.add(this.#expire, Math.max(0, left));
  }

  /** Looks whether overrides are due: a timer is late if the clock is put forward or the machine sleeps. */
  look(): void {
    if (Date.now() < this.#next) return;
    this.#deadlines.remove(this.#expire);
    this.#expire();
  }

  readonly #expire = (): void => {
    // If the clock has been set back meanwhile, no override lasts longer, and none ends early.
    const due = this.#known().filter((end) => msUntil(end) <= 0);
    if (Number.isFinite(this.#next)) due.push(this.#next);
    this.#next = Infinity;
    this.#end(due).catch(tellFailure);
  };

  async #end(due: readonly number[]): Promise<void> {
    if (!await this.#takeBack(due)) return this.add(Date.now() + AGAIN_MS);
    for (const end of this.#known()) {
      // An override that was due already could not be taken back: the thread is asked again soon.
      this.add(msUntil(end) > 0 || !due.includes(end) ? end : Date.now() + AGAIN_MS);
    }
  }
}
