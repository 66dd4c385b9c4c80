import { pause } from "../../core/runtime/pause.ts";
import { HubChannel } from "../board/hub_channel.ts";
import { COMING_LOCK } from "../board/lock_names.ts";
import { findOwnedLock, tryLock } from "../board/locks.ts";
import { uniqueId } from "../board/unique_id.ts";

/**
 * How a hub finds out that its program has ended. `deno run --watch` starts a program anew in the same
 * process, and what it cannot end of the old one goes on: workers that compute, and a hub that one of
 * them has started. That hub would keep the hub's lock from those of the new program, since locks are
 * the process's. But channels are the program's. So a hub that comes up and finds the lock taken shows
 * itself both ways, again and again: on a channel, and then by a lock of a new name. The hub that has
 * the lock is of another program if it sees locks of several names, and hears nothing.
 *
 * That one lock is seen and nothing heard proves nothing: the process may have been stopped in between,
 * or the thread that comes up may have no processor. A new name proves that it has gone on.
 *
 * @module
 */

/** How often a hub looks whether others are coming up, in milliseconds: each look costs an idle program. */
const LOOK_MS = 500;
/** How often it looks while it sees one; that shows itself more often. */
const LOOK_AGAIN_MS = 200;
/** At so many looks in succession it sees another lock, and has heard nothing, if its program has ended. */
const LOOKS = 5;

/** On this channel hubs that come up tell their locks. */
const COMING_CHANNEL: HubChannel<string> = new HubChannel("logdial.coming.2");

/** A hub that comes up while another one has the hub's lock. */
export class ComingHub {
  readonly #id = uniqueId();
  #times = 0;
  /** Releases the lock that it shows itself by. */
  #release = () => {};

  /** Shows itself; to be called again and again. */
  show(): void {
    const lock = `${COMING_LOCK}${this.#id} ${++this.#times}`;
    const { promise, resolve } = Promise.withResolvers<void>();
    // Whoever sees the lock can have heard of it.
    COMING_CHANNEL.post(lock);
    void tryLock(lock, () => promise);
    this.hide();
    this.#release = resolve;
  }

  /** Shows itself no more. */
  hide(): void {
    this.#release();
  }
}

/** Resolves when a hub of another program in this process waits for the end of this one. */
export async function untilOtherProgram(): Promise<void> {
  let hasHeard = false;
  COMING_CHANNEL.hear(() => hasHeard = true);
  let before: string | undefined;
  for (let unheard = 0; unheard < LOOKS;) {
    const lock = await findOwnedLock(COMING_LOCK);
    if (lock === undefined || hasHeard) unheard = 0;
    else if (lock !== before) unheard++;
    hasHeard = false;
    before = lock;
    await pause(lock === undefined ? LOOK_MS : LOOK_AGAIN_MS);
  }
}
