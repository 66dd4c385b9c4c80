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
  /** Until when the thread that was asked last may take to start a hub; no other is asked before. */
  #waitUntil = -Infinity;

  /** For a hub that `host` has started. */
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
    // Before it waits: whoever looks meanwhile must not ask another one.
    this.#waitUntil = now + START_MS;
    if (await isLockHeld(STANDBY_LOCK)) {
      this.#asked.clear();
      this.#waitUntil = now;
      return;
    }
    // One that is started on the hub's own thread ends together with this one.
    const able = [...threads()].filter(({ threadId }) => threadId !== this.#host.threadId);
    const next = able.find(({ threadId }) => !this.#asked.has(threadId));
    if (next === undefined) {
      // The hub that one of them has started may have ended with its thread, unseen.
      this.#asked.clear();
      this.#waitUntil = able.length === 0 ? now : now + AGAIN_MS;
      return;
    }
    this.#asked.add(next.threadId);
    next.ask();
  }
}
