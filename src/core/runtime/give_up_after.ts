import { pause } from "./pause.ts";

/** Longest part of a wait, in milliseconds, and least number of parts. */
const LONGEST_PART_MS = 250, LEAST_PARTS = 8;
/** How much later than twice its length a part may end and count, in milliseconds. */
const SLACK_MS = 10;

/**
 * Calls `giveUp` after so many milliseconds; what it returns has to be called once that is not wanted
 * any more. It keeps no thread alive.
 *
 * Only time counts in which this thread runs: when a program goes on that was stopped, as by Ctrl-Z,
 * timers that are due come before the answers that have arrived meanwhile, and whoever had answered
 * at once would be taken for silent. So the wait has parts, and one that ends much too late is made
 * once more. As many as that again are made at most, for threads that get no processor for long.
 */
export function giveUpAfter(milliseconds: number, giveUp: () => void): () => void {
  let isOver = false;
  void wait(milliseconds, () => isOver).then(() => isOver || giveUp());
  return () => {
    isOver = true;
  };
}

async function wait(milliseconds: number, isOver: () => boolean): Promise<void> {
  const parts = Math.max(LEAST_PARTS, Math.ceil(milliseconds / LONGEST_PART_MS));
  const part = milliseconds / parts;
  for (let left = parts, most = 2 * parts; left > 0 && most > 0 && !isOver(); most--) {
    const before = performance.now();
    await pause(part);
    if (performance.now() - before <= 2 * part + SLACK_MS) left--;
  }
}
