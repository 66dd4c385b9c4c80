import { STANDBY_LOCK } from "../board/lock_names.ts";
import { isLockHeld } from "../board/locks.ts";

/** How long a thread may take to start a hub before another one is asked, in milliseconds. */
const START_MS = 2000;
/** How long after all have been asked they are asked once more, in milliseconds. */
const AGAIN_MS = 5000;

/** The thread of the program that has started a hub: the hub ends with it. */
export interface HubHost {
  /** The `threadId` with which it attaches. */
  readonly threadId: string;
  /** Whether it is the main thread, which ends with the process only. */
  readonly isMain: boolean;
}

/** A thread that could start a hub. */
export interface StandbyCandidate {
  readonly threadId: string;
  /** Has it start a hub that stands by. */
  readonly ask: () => void;
}

/**
 * Sees to it that another hub stands by where this one may end before the process does, since
 * a worker has started it. The one that stands by takes over at once and calls the threads
 * back, those that compute and whose log calls are all dropped included: they would never
 * notice by themselves that nobody serves their ports.
 */
export class StandbyKeeper {
  readonly #host: HubHost;
  /** Threads that have been asked since a hub last stood by. */
  readonly #asked = new Set<string>();
  /** No other thread is asked before this time: so long the last one may take to start a hub. */
  #waitUntil = -Infinity;

  /** Keeps a standby for a hub that `host` has started. */
  constructor(host: HubHost) {
    this.#host = host;
  }

  /** Whether there has to be a hub that stands by. */
  get isNeeded(): boolean {
    return !this.#host.isMain;
  }

  /** Asks one of the threads to start a hub that stands by, if there is none and they can. */
  async look(threads: () => Iterable<StandbyCandidate>): Promise<void> {
    const now = performance.now();
    if (!this.isNeeded || now < this.#waitUntil) return;
    // This is set before the first `await`, so that a second call does not ask another thread.
    this.#waitUntil = now + START_MS;
    if (await isLockHeld(STANDBY_LOCK)) {
      this.#asked.clear();
      this.#waitUntil = now;
      return;
    }
    // A hub that this hub's own host starts would end together with this one.
    const able = [...threads()].filter(({ threadId }) => threadId !== this.#host.threadId);
    const next = able.find(({ threadId }) => !this.#asked.has(threadId));
    if (next === undefined) {
      // A hub that stood by may have ended with its thread unnoticed: all can be asked again.
      this.#asked.clear();
      this.#waitUntil = able.length === 0 ? now : now + AGAIN_MS;
      return;
    }
    this.#asked.add(next.threadId);
    next.ask();
  }
}
