import { BatchRacer } from "../batch_racer.ts";
import type { Pace, Result } from "../case.ts";
import { conclude, race, type RacePlan, type Times } from "../race.ts";

/** Which calls are made. */
export type Mode =
  | "bound"
  | "bound, scoped"
  | "bound, 4 scopes"
  | "context, scoped"
  | "getStore"
  | "enabled"
  | "enabled by hand";

const PLANS: Record<Pace, RacePlan> = {
  full: { starts: 2, rounds: 20 },
  quick: { starts: 1, rounds: 12 },
};
const PROGRAM = new URL("./program.ts", import.meta.url);

async function raceOf(
  pace: Pace,
  count: number,
  modes: Readonly<Record<string, Mode>>,
): Promise<Times> {
  return await race(PLANS[pace], async (racers) => {
    for (const [name, mode] of Object.entries(modes)) {
      racers.push(await BatchRacer.start(name, PROGRAM, [mode], String(count)));
    }
  });
}

/** What is allowed, as one of those that took part: then the ratio tells whether it is kept. */
function withAllowance(times: Times, name: string, allowed: readonly number[]): Times {
  return new Map([...times, [name, [...allowed]]]);
}

/** Time of a call of a bound logger that is dropped while a scope is in force for another user. */
export async function measureBound(pace: Pace): Promise<Result> {
  const times = await raceOf(pace, 2_000_000, {
    "logdial": "bound, scoped",
    "4 scopes": "bound, 4 scopes",
    "no scope": "bound",
  });
  const roles = { peers: ["20 ns"], beside: ["4 scopes", "no scope"] };
  return { unit: "ns", target: 1, ...conclude(withAllowance(times, "20 ns", [20]), roles, 1) };
}

/** The same inside a context, beside a look at such a one by hand. */
export async function measureContext(pace: Pace): Promise<Result> {
  const times = await raceOf(pace, 1_000_000, {
    "logdial": "context, scoped",
    "getStore": "getStore",
  });
  const allowed = times.get("getStore")!.map((time) => 1.5 * time + 20);
  const name = "1.5 getStore + 20 ns";
  const roles = { peers: [name], beside: ["getStore"] };
  return { unit: "ns", target: 1, ...conclude(withAllowance(times, name, allowed), roles, 1) };
}

/** Time of a call to a handler that does nothing where no change is in force, and by hand. */
export async function measureEnabled(pace: Pace): Promise<Result> {
  const times = await raceOf(pace, 100_000, {
    "logdial": "enabled",
    "by hand": "enabled by hand",
  });
  return { unit: "ns", ...conclude(times, { peers: ["by hand"] }, 1) };
}
