import type { Hub } from "../server/hub.ts";
import { pause } from "../../core/runtime/pause.ts";
import { Board, type BoardBuffers } from "../board/board.ts";
import { holdLock, isLockHeld } from "../board/locks.ts";
import { ATTACH_CHANNEL, type AttachMessage, noteRecorded } from "../server/attach_channel.ts";
import { DumpedRecords } from "../dump/dumped_records.ts";
import { Recordings } from "../dump/recordings.ts";
import { TakenBackChanges } from "../board/taken_back.ts";

/** How long the hub may take to say which threads there are: one that has ended never does. */
const ROSTER_MS = 1000;
/** How often it is asked again, since a message is lost where the program posts many at once. */
const ASK_AGAIN_MS = 2000;

/**
 * A hub that stands by: it knows the boards of all threads, and waits until the hub that
 * serves them has ended.
 *
 * It asks for the boards that there are (`wanted`), the hub answers with all of them
 * (`roster`), and from then on it hears the threads attach and leave as the hub does; the
 * hub tells which threads have ended, and what is taken back. It asks again now and then. The lock of
 * the hub is its when the hub's thread ends.
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
   * Resolves when the hub has ended: who calls has its lock then, until the thread ends. Returns false
   * where the hub that serves holds `ownLock`: then the same thread has started both, as a slow one
   * does. They would end together, and this one would keep away one that would not.
   */
  async untilNeeded(hubLock: string, ownLock: string): Promise<boolean> {
    if (await isLockHeld(ownLock)) return false;
    ATTACH_CHANNEL.post({ wanted: "roster" });
    await Promise.race([this.#roster.promise, pause(ROSTER_MS)]);
    const needed = new Promise<true>((resolve) => holdLock(hubLock, () => resolve(true)));
    while (!await Promise.race([needed, pause(ASK_AGAIN_MS)])) {
      // It may have begun to serve a moment after the first look, or have got the lock before this one.
      if (await isLockHeld(ownLock)) return false;
      ATTACH_CHANNEL.post({ wanted: "roster" });
    }
    return true;
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
    const boards = [...this.#boards.values()];
    this.#boards.clear();
    for (const buffers of boards) hub.inherit(buffers);
    for (const buffers of boards) new Board(buffers).callBack();
  }
}
