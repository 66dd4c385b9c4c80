import type { Pace, Result, RunOptions } from "../case.ts";
import { conclude, race, type RacePlan, type Roles } from "../race.ts";
import { Contestant, type Pacing, type PeerName, type Setting } from "./contestant.ts";

/** What is measured, and beside whom. */
export interface CallOptions extends Setting, Roles<PeerName> {
  readonly unit: "ns" | "µs";
  /** Whether there is a way to do it by hand. */
  readonly floor?: boolean;
  /** See `Result`. */
  readonly target?: number;
}

/** Fresh processes one after the other, and rounds of each. */
const PLANS: Record<Pace, Pacing & RacePlan> = {
  full: { starts: 3, rounds: 15, round: 15, warmUp: 200 },
  quick: { starts: 1, rounds: 9, round: 6, warmUp: 50 },
};

/** Time of a call, each contestant in processes of its own, one call after the other. */
export async function measureCalls(
  { unit, floor = true, target, peers, beside = [], ...setting }: CallOptions,
  { pace, python }: RunOptions,
): Promise<Result> {
  const names: readonly PeerName[] = [
    "logdial",
    ...[...peers, ...beside].filter((name) => name !== "CPython" || python !== undefined),
    ...(floor ? ["floor" as const] : []),
  ];
  const folder = await Deno.makeTempDir({ prefix: "logdial-bench-" });
  try {
    const times = await race(PLANS[pace], async (racers) => {
      const contestants: Contestant[] = [];
      for (const name of names) {
        const one = await Contestant.start(name, setting, folder, python);
        contestants.push(one);
        racers.push(one);
      }
      for (const one of contestants) await one.warmUp(PLANS[pace]);
    });
    return { unit, target, ...conclude(times, { peers, beside }, unit === "ns" ? 1 : 1000) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
