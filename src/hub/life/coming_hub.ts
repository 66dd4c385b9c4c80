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
 * itself both ways: by a lock of its own, and on a channel. The hub that has the lock is of another
 * program if it sees the one and does not hear the other.
 *
 * @module
 */

/** How often a hub looks whether others are coming up, in milliseconds; they tell of themselves more often. */
const LOOK_MS = 200;

/** On this channel hubs that come up tell their locks. */
const COMING_CHANNEL: HubChannel<string> = new HubChannel("logdial.coming.2");

/** A hub that comes up while another one has the hub's lock. */
export class ComingHub {
  readonly #lock = `${COMING_LOCK}${uniqueId()}`;
  readonly #hidden = Promise.withResolvers<void>();

  /** Shows itself; to be called again and again, since the other one may not hear every message. */
  show(): void {
    // Whoever sees the lock can have heard of it.
    COMING_CHANNEL.post(this.#lock);
    void tryLock(this.#lock, () => this.#hidden.promise);
  }

  /** Shows itself no more, for good. */
  hide(): void {
    this.#hidden.resolve();
  }
}

/** Resolves when a hub of another program in this process waits for the end of this one. */
export async function untilOtherProgram(): Promise<void> {
  const heard = new Set<string>();
  COMING_CHANNEL.hear((lock) => heard.add(lock));
  let before: string | undefined;
  for (;;) {
    const lock = await findOwnedLock(COMING_LOCK);
    if (lock === undefined) heard.clear();
    else if (lock === before && !heard.has(lock)) return;
    before = lock;
    await pause(LOOK_MS);
  }
}
