import type { Entry, Pace, Result, RunOptions } from "../case.ts";
import { summarize } from "../statistics.ts";
import { Contestant, type Pacing, type PeerName, type Setting } from "./contestant.ts";

/** What is measured, and beside whom. */
export interface CallOptions extends Setting {
  /** Those of the same class. */
  readonly peers: readonly PeerName[];
  /** Those that are shown, but do not count. */
  readonly beside?: readonly PeerName[];
  readonly unit: "ns" | "µs";
  /** See `Result`. */
  readonly target?: number;
}

/** Fresh processes one after the other, and rounds of each. */
const PLANS: Record<Pace, Pacing & { starts: number; rounds: number }> = {
  full: { starts: 5, rounds: 11, round: 20, warmUp: 200 },
  quick: { starts: 1, rounds: 9, round: 8, warmUp: 60 },
};

const DIVISORS = { ns: 1, µs: 1000 };

/** Time of a call, each contestant in several processes of its own, one call after the other. */
export async function measureCalls(
  { peers, beside = [], unit, target, ...setting }: CallOptions,
  { pace, python }: RunOptions,
): Promise<Result> {
  const names = (["logdial", ...peers, ...beside, "floor"] as const)
    .filter((name) => name !== "CPython" || python !== undefined);
  const times = new Map<PeerName, number[]>(names.map((name) => [name, []]));
  for (let start = 0; start < PLANS[pace].starts; start++) {
    await race(names, setting, python, PLANS[pace], times);
  }
  const entries = (some: readonly PeerName[]): Entry[] =>
    some.filter((name) => names.includes(name)).map((name) => ({
      name,
      times: summarize(times.get(name)!.map((time) => time / DIVISORS[unit])),
    }));
  const [ours] = entries(["logdial"]), [floor] = entries(["floor"]);
  return { unit, ours: ours!, peers: entries(peers), also: entries(beside), floor, target };
}

/** Fresh processes take turns; their times are added. */
async function race(
  names: readonly PeerName[],
  setting: Setting,
  python: string | undefined,
  plan: Pacing & { rounds: number },
  times: ReadonlyMap<PeerName, number[]>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "logdial-bench-" });
  const contestants: Contestant[] = [];
  try {
    for (const name of names) {
      contestants.push(await Contestant.start(name, setting, folder, python));
    }
    for (const one of contestants) await one.warmUp(plan);
    for (let round = 0; round < plan.rounds; round++) {
      for (const one of contestants) times.get(one.name)!.push((await one.round()).called);
      // Nobody always comes after the same one.
      contestants.reverse();
    }
  } finally {
    for (const one of contestants) await one.stop();
    await Deno.remove(folder, { recursive: true });
  }
}
