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
  /** Whether to hang for ever in the fifth round. */
  readonly freeze: boolean;
}

/** The round in which `freeze` has a thread hang: there is time before it to turn recording on. */
const LAST_ROUND = 5;

/** Writes the three lines of the reference system, round after round. */
export async function writeLogs({ interval, count, busy, freeze }: DemoOptions): Promise<void> {
  for (let round = 0; round < count; round++) {
    if (round > 0) {
      if (busy) compute(interval);
      else await new Promise((resolve) => setTimeout(resolve, interval));
    }
    LOGGER.error("Something weird happened.");
    LOGGER.info("A normal thing happened.");
    LOGGER.debug("Got HTTP response 200.");
    if (freeze && round + 1 === LAST_ROUND) listOrders("r42");
  }
}

/** Has a typical fault: the last page of a list says that there is a next one. */
function listOrders(requestId: string): void {
  LOGGER.debug("listing the orders of %s", "kim", { requestId });
  for (let page = 1; page <= 3; page++) {
    LOGGER.debug("page %d: 50 orders", page, { requestId });
  }
  LOGGER.debug("page 4: 0 orders, the next page is 4", { requestId });
  for (;;);
}

/** Keeps the thread busy: it never yields to its event loop. */
function compute(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  let sum = 0;
  while (performance.now() < end) {
    for (let n = 1; n < 10_000; n++) sum += Math.sqrt(n);
    // TRACE is below every level of the demo, so this call costs next to nothing. A thread that
    // computes takes a change from outside at such a call.
    LOGGER.log(TRACE, "the sum is %f", sum);
  }
  if (sum < 0) throw new RangeError("Cannot happen: a sum of roots is positive");
}
