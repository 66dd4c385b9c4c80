import { type Pace, type Result, type RunOptions, Skipped } from "../case.ts";
import { conclude, race, type RacePlan } from "../race.ts";
import { TARGETS } from "./configs.ts";
import { Fleet } from "./fleet.ts";
import { change } from "./measure.ts";
import { Sender, writeTargets } from "./sender.ts";

const PLANS: Record<Pace, RacePlan> = {
  full: { starts: 1, rounds: 11 },
  quick: { starts: 1, rounds: 3 },
};
/** How long the listeners of a round have been there when the change comes, in milliseconds. */
const SETTLED = 500;
/** A fleet that is left alone ends by itself after this, in milliseconds. */
const DEADLINE = 30_000;

/** As `measureChange` for listeners that wait, with the first change that they ever see. */
export async function measureFirstChange(
  count: number,
  { pace, python }: RunOptions,
): Promise<Result> {
  if (python === undefined) throw new Skipped("there is no python3, whose sender it takes");
  const folder = await Deno.makeTempDir({ prefix: "logdial-bench-" });
  const sender = Sender.startReference(python);
  try {
    const [first, target] = await writeTargets(folder, TARGETS);
    const options = { count, computing: false, config: first!.text, deadline: DEADLINE, folder };
    const firstChange = async (start: () => Promise<Fleet>) => {
      const fleet = await start();
      try {
        await new Promise((resolve) => setTimeout(resolve, SETTLED));
        return await change(fleet, sender, target!, false);
      } finally {
        await fleet.stop();
      }
    };
    const stop = () => Promise.resolve();
    const times = await race(PLANS[pace], (racers) => {
      racers.push(
        { name: "logdial", round: () => firstChange(() => Fleet.startOurs(options)), stop },
        {
          name: "CPython",
          round: () => firstChange(() => Fleet.startPython(python, options)),
          stop,
        },
      );
      return Promise.resolve();
    });
    return { unit: "ms", ...conclude(times, { peers: ["CPython"] }, 1) };
  } finally {
    await sender.stop();
    await Deno.remove(folder, { recursive: true });
  }
}
