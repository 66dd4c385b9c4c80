import { LOOK_MS, PulseWatch } from "../../core/shared/pulse_watch.ts";
import type { Board } from "../board/board.ts";
import { DONE } from "../board/order_word.ts";

/** How often the hub is asked until it has heard, in milliseconds. */
const REPEAT_MS = 50;

/** Blocks until the hub has done what `post` asks for, or is found dead by its `pulse`. */
export function waitForHub(post: (word: SharedArrayBuffer) => void, pulse: () => number): void {
  const word = new Int32Array(new SharedArrayBuffer(4));
  const watch = new PulseWatch(pulse());
  for (;;) {
    const state = Atomics.load(word, 0);
    if (state === DONE) return;
    if (state === 0) post(word.buffer);
    const changed = Atomics.wait(word, 0, state, state === 0 ? REPEAT_MS : LOOK_MS);
    if (changed === "timed-out" && watch.isSilent(pulse())) return;
  }
}

/**
 * Blocks until the board's state is another one, or the hub is found dead: it may only be slow. Asks
 * by `post` until then, since the hub does not hear every message.
 */
export function waitWhile(board: Board, state: number, post: () => void = () => {}): void {
  const watch = new PulseWatch(board.heartbeat);
  while (board.state === state && !watch.isSilent(board.heartbeat)) {
    post();
    board.waitWhile(state, LOOK_MS);
  }
}
