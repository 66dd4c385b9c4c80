import { type Pace, type Result, type RunOptions, Skipped } from "../case.ts";
import { summarize } from "../statistics.ts";
import { TARGETS } from "./configs.ts";
import { Fleet } from "./fleet.ts";
import { change } from "./measure.ts";
import { Sender, writeTargets } from "./sender.ts";

const ROUNDS: Record<Pace, number> = { full: 11, quick: 3 };
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
  const top = await Deno.makeTempDir({ prefix: "logdial-bench-" });
  const sender = Sender.startReference(python);
  try {
    const files = await writeTargets(top, TARGETS);
    const ours: number[] = [], theirs: number[] = [];
    for (let round = 0; round < ROUNDS[pace]; round++) {
      const folder = await Deno.makeTempDir({ dir: top });
      const config = TARGETS[0].text;
      const options = { count, computing: false, config, deadline: DEADLINE, folder };
      const turns: [() => Promise<Fleet>, number[]][] = [
        [() => Fleet.startOurs(options), ours],
        [() => Fleet.startPython(python, options), theirs],
      ];
      for (const [start, times] of round % 2 === 0 ? turns : turns.reverse()) {
        const fleet = await start();
        try {
          await new Promise((resolve) => setTimeout(resolve, SETTLED));
          times.push(await change(fleet, sender, files[1]!, false));
        } finally {
          await fleet.stop();
        }
      }
    }
    const peers = [{ name: "CPython", times: summarize(theirs) }];
    return { unit: "ms", ours: { name: "ours", times: summarize(ours) }, peers, also: [] };
  } finally {
    await sender.stop();
    await Deno.remove(top, { recursive: true });
  }
}
