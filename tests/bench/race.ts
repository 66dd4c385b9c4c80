import type { Result } from "./case.ts";
import { summarize } from "./statistics.ts";

/** One that is measured. */
export interface Racer {
  readonly name: string;
  /** Does it once; returns the time, or whatever is measured. */
  round(): Promise<number>;
  /** Ends its processes. */
  stop(): Promise<void>;
}

/** How often it is done. */
export interface RacePlan {
  /** Times that all are started afresh. */
  readonly starts: number;
  /** Rounds after each start. */
  readonly rounds: number;
  /** Milliseconds after which no more rounds begin. */
  readonly time?: number;
}

/** What was measured, by name. */
export type Times = ReadonlyMap<string, number[]>;

/** Lets all take turns, started afresh as often as planned; `enter` adds them one by one. */
export async function race(
  { starts, rounds, time = Infinity }: RacePlan,
  enter: (racers: Racer[]) => Promise<void>,
): Promise<Times> {
  const times = new Map<string, number[]>();
  for (let start = 0; start < starts; start++) {
    const racers: Racer[] = [];
    try {
      await enter(racers);
      const begin = performance.now();
      for (let round = 0; round < rounds; round++) {
        if (round > 0 && performance.now() - begin > time) break;
        for (const one of racers) {
          const own = times.get(one.name) ?? [];
          own.push(await one.round());
          times.set(one.name, own);
        }
        // Nobody always comes after the same one.
        racers.reverse();
      }
    } finally {
      for (const one of racers) await one.stop();
    }
  }
  return times;
}

/** Who is who in a result; names that were not measured are left out. */
export interface Roles<Name extends string = string> {
  /** Those of the same class as ours. */
  readonly peers: readonly Name[];
  /** Those that are shown, but do not count. */
  readonly beside?: readonly Name[];
}

/** The result in the unit of which `divisor` is one; ours and the floor may have other names. */
export function conclude(
  times: Times,
  { peers, beside = [] }: Roles,
  divisor: number,
  names: { readonly ours: string; readonly floor: string } = { ours: "logdial", floor: "floor" },
): Pick<Result, "ours" | "peers" | "also" | "floor"> {
  const entries = (names: readonly string[]) =>
    names.filter((name) => times.has(name)).map((name) => ({
      name,
      times: summarize(times.get(name)!.map((time) => time / divisor)),
    }));
  const [ours] = entries([names.ours]), [floor] = entries([names.floor]);
  return { ours: ours!, peers: entries(peers), also: entries(beside), floor };
}
