import { type Pace, type Result, Skipped } from "../case.ts";
import { BatchRacer } from "../batch_racer.ts";
import { conclude, race, type RacePlan } from "../race.ts";
import type { CallKind, Mode } from "./calls.ts";

const PLANS: Record<Pace, RacePlan> = {
  full: { starts: 2, rounds: 20 },
  quick: { starts: 1, rounds: 12 },
};
/** Calls of a round, of one thread alone and of each of many. */
const CALLS_ALONE = 60_000, CALLS_EACH = 20_000;
/** Starting more takes too long for a quick run. */
const MAX_QUICK_THREADS = 4;

const PROGRAM = new URL("./program.ts", import.meta.url);

/** A program in which so many threads make calls. */
async function start(
  name: string,
  mode: Mode,
  threads: number,
  order: string,
): Promise<BatchRacer> {
  return await BatchRacer.start(name, PROGRAM, [mode, String(threads)], order);
}

/** Time of a recorded call beside the same by hand, with so many threads at once. */
export async function measureRecorded(threads: number, pace: Pace): Promise<Result> {
  if (pace === "quick" && threads > MAX_QUICK_THREADS) throw new Skipped("only in full runs");
  const order = `enabled ${threads === 1 ? CALLS_ALONE : CALLS_EACH}`;
  const times = await race(PLANS[pace], async (racers) => {
    racers.push(await start("logdial", "recorded", threads, order));
    racers.push(await start("by hand", "floor", threads, order));
  });
  return { unit: "ns", target: 1.2, ...conclude(times, { peers: ["by hand"] }, 1) };
}

/** Time of a call of a logger that is not recorded, where another one is and where none is. */
export async function measureBeside(kind: CallKind, pace: Pace): Promise<Result> {
  const order = `${kind} ${kind === "disabled" ? 3_000_000 : 100_000}`;
  const times = await race(PLANS[pace], async (racers) => {
    racers.push(await start("logdial", "beside", 1, order));
    racers.push(await start("no recorder", "none", 1, order));
  });
  return { unit: "ns", target: 1.02, ...conclude(times, { peers: ["no recorder"] }, 1) };
}
