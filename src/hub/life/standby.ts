import type { Hub } from "../server/hub.ts";
import { pause } from "../../core/runtime/pause.ts";
import { Board, type BoardBuffers } from "../board/board.ts";
import { findOwnedLock, takeLock, untilOwnerEnds } from "../board/locks.ts";
import { ATTACH_CHANNEL, type AttachMessage, noteRecorded } from "../server/attach_channel.ts";
import { DumpedRecords } from "../dump/dumped_records.ts";
import { Recordings } from "../dump/recordings.ts";
import { TakenBackChanges } from "../board/taken_back.ts";

/** How long the hub may take to say which threads there are: one that has ended never does. */
const ROSTER_MS = 1000;
/** How often it is asked again, since a message is lost where the program posts many at once. */
const ASK_AGAIN_MS = 2000;
/** After how long it looks again who has the hub's lock, if that did not say so, in milliseconds. */
const LOOK_AGAIN_MS = 50;

/** The locks by which hubs agree; see `lock_names.ts`. */
interface HubLocks {
  /** Held by the hub of the process. */
  readonly hub: string;
  /** Held by it as well, with the `threadId` of its host behind this. */
  readonly alive: string;
}

/**
 * A hub that stands by: it knows the boards of all threads, and waits until the hub that
 * serves them has ended.
 *
 * It asks for the boards that there are (`wanted`), the hub answers with all of them
 * (`roster`), and from then on it hears the threads attach and leave as the hub does; the
 * hub tells which threads have ended, and what is taken back. It asks again now and then. When the
 * hub's thread has ended, it takes the hub's lock.
 */
export class Standby {
  readonly #boards = new Map<string, BoardBuffers>();
  /** What is kept of the threads' records; those of the hub's own thread survive it here. */
  readonly recordings: Recordings = new Recordings();
  /** Changes that were taken back, which threads that do not listen now may still have. */
  readonly takenBack: TakenBackChanges = new TakenBackChanges();
  /** The records that files have, which must not be written there again. */
  readonly dumped: DumpedRecords = new DumpedRecords();
  readonly #roster = Promise.withResolvers<void>();

  /**
   * Resolves with true when the hub has ended: who calls has its lock then, until the thread ends. With
   * false if a hub of the same host, the thread of this `threadId`, serves: both would end together;
   * or if the program has ended.
   *
   * It does not wait for the hub's lock itself: several threads may end at once, and Deno never takes
   * a lock back that it has given to one that just ends. Then no hub could ever serve the process.
   */
  async untilNeeded({ hub, alive }: HubLocks, threadId: string): Promise<boolean> {
    ATTACH_CHANNEL.post({ wanted: "roster" });
    await Promise.race([this.#roster.promise, pause(ROSTER_MS)]);
    let last: string | undefined;
    while (!await takeLock(hub)) {
      const present = await findOwnedLock(alive);
      // The hub that it stood by for has ended, and another one was faster.
      if (last !== undefined && present !== undefined && present !== last) this.#call();
      if (present === `${alive}${threadId}`) return false;
      last = present ?? last;
      await this.#untilEnd(present);
    }
    return ![...this.#boards.values()].some((buffers) => new Board(buffers).hasProgramEnded);
  }

  /** Resolves when the holder of the lock has ended, or after a moment if there is none. */
  async #untilEnd(lock: string | undefined): Promise<void> {
    const ended = lock === undefined ? pause(LOOK_AGAIN_MS) : untilOwnerEnds(lock);
    const isOver = ended.then(() => true);
    while (!await Promise.race([isOver, pause(ASK_AGAIN_MS)])) {
      ATTACH_CHANNEL.post({ wanted: "roster" });
    }
  }

  /** Hears what the hub hears. */
  hear(message: AttachMessage): void {
    if ("leave" in message) {
      this.#boards.delete(message.leave);
      this.recordings.end(message.leave);
    } else if ("record" in message) noteRecorded(this.recordings, message);
    else if ("roster" in message) {
      this.recordings.adopt(message.recordings);
      for (const one of message.takenBack) this.takenBack.note(one);
      for (const one of message.dumped) this.dumped.note(one);
      this.dumped.keepOnly(message.recordings);
      for (const [id, buffers] of message.roster) this.#boards.set(id, buffers);
      this.#roster.resolve();
    } else if ("takenBack" in message) this.takenBack.note(message.takenBack);
    else if ("dumped" in message) this.dumped.note(message.dumped);
    else if ("buffers" in message) {
      this.#boards.set(message.id, message.buffers);
      if (message.recorded !== undefined) this.recordings.take(message.recorded);
    }
  }

  /** Has all threads attach to the hub that this one has become, which has their changes already. */
  callBack(hub: Pick<Hub, "inherit">): void {
    for (const buffers of this.#boards.values()) hub.inherit(buffers);
    this.#call();
  }

  /** Has all threads attach to the hub that there is now; from those that do so it hears of them anew. */
  #call(): void {
    const boards = [...this.#boards.values()];
    this.#boards.clear();
    for (const buffers of boards) new Board(buffers).callBack();
  }
}
