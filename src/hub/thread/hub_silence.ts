import type { Board } from "../board/board.ts";

/** A hub that shows no sign of life for so long, in seconds, is taken for dead. */
const SILENCE_S = 3;

/**
 * Finds out whether the hub is dead, for a thread that logs and never yields: then the heartbeat on
 * its board stands still.
 *
 * It is asked with every record, so it goes by the record's own time for as long as that says that
 * there is nothing to look at yet. But a record may be of any time, such as a line of an old log,
 * and the time of day may be set: only a clock that goes on evenly says that a look is due.
 */
export class HubSilence {
  readonly #board: Pick<Board, "heartbeat">;
  #beat = 0;
  /** When the last look was: by the monotonic clock, and by the time of day. */
  #at = 0;
  #time = 0;

  /** Looks at the heartbeat of a board. */
  constructor(board: Pick<Board, "heartbeat">) {
    this.#board = board;
  }

  /**
   * Whether the last look is so many seconds ago. `time` is that of the record at hand, in seconds
   * since the epoch.
   */
  isDue(time: number, seconds: number = SILENCE_S): boolean {
    const since = time - this.#time;
    if (since >= 0 && since < seconds) return false;
    const passed = now() - this.#at;
    // The time of day may have been set: it is read anew, for the records to come.
    this.#time = Date.now() / 1000 - passed;
    return passed >= seconds;
  }

  /** Looks; returns whether the heart has not beaten since the last look. */
  look(): boolean {
    const { heartbeat } = this.#board;
    const isSilent = heartbeat === this.#beat;
    this.#beat = heartbeat;
    this.#at = now();
    this.#time = Date.now() / 1000;
    return isSilent;
  }
}

/** The monotonic clock, in seconds. */
function now(): number {
  return performance.now() / 1000;
}
