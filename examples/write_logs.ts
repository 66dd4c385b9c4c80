import { LOGGER } from "../src/logger.ts";

/** A level below DEBUG. */
const TRACE = 5;

/** What one thread of the demo does. */
export interface DemoOptions {
  /** Time between rounds, in milliseconds. */
  readonly interval: number;
  /** Rounds to write, `Infinity` for no end. */
  readonly count: number;
  /** Whether to compute between rounds instead of waiting. */
  readonly busy: boolean;
}

/** Writes the three lines of the reference system, round after round. */
export async function writeLogs({ interval, count, busy }: DemoOptions): Promise<void> {
  for (let round = 0; round < count; round++) {
    if (round > 0) {
      if (busy) compute(interval);
      else await new Promise((resolve) => setTimeout(resolve, interval));
    }
    LOGGER.error("Something weird happened.");
    LOGGER.info("A normal thing happened.");
    LOGGER.debug("Got HTTP response 200.");
  }
}

/** Keeps the thread busy: it never yields to its event loop. */
function compute(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  let sum = 0;
  while (performance.now() < end) {
    for (let n = 1; n < 10_000; n++) sum += Math.sqrt(n);
    // Below every level of the demo, so it costs next to nothing: it is where a change lands.
    LOGGER.log(TRACE, "the sum is %f", sum);
  }
  if (sum < 0) throw new RangeError("Cannot happen: a sum of roots is positive");
}
