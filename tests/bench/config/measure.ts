import { projectPath } from "../../harness/project.ts";
import type { Pace, Result, RunOptions } from "../case.ts";
import { denoCommand } from "../deno_command.ts";
import { LineProcess } from "../line_process.ts";
import { conclude, race, type RacePlan, type Racer } from "../race.ts";

/** How levels are changed. */
export type Way = "dictConfig" | "incremental" | "setLevel";

const PLANS: Record<Pace, RacePlan> = {
  full: { starts: 3, rounds: 12, time: 3_000 },
  quick: { starts: 1, rounds: 6, time: 300 },
};

/** CPython goes through all loggers for each of them: that takes seconds. */
const ENDURANCE = 120_000;
const MANY = 1_000;
const PLANS_FOR_MANY: Record<Pace, RacePlan> = {
  full: { starts: 1, rounds: 12, time: 5_000 },
  quick: { starts: 1, rounds: 3 },
};

/** A program that changes the levels of its loggers. */
class Contestant implements Racer {
  readonly name: string;
  readonly #process: LineProcess;

  constructor(name: string, command: readonly [string, ...string[]]) {
    this.name = name;
    this.#process = new LineProcess(command, "stderr");
  }

  async round(): Promise<number> {
    await this.#process.write("\n");
    const [time] = await this.#process.readNumbers(1, ENDURANCE);
    return time!;
  }

  async stop(): Promise<void> {
    await this.#process.kill();
  }
}

/** Time of a change of so many loggers, until each has been asked for its level once. */
export async function measureConfig(
  way: Way,
  count: number,
  { pace, python }: RunOptions,
): Promise<Result> {
  const isLong = count >= MANY && way !== "setLevel";
  const withPython = python !== undefined && !(isLong && pace === "quick");
  const times = await race((isLong ? PLANS_FOR_MANY : PLANS)[pace], async (racers) => {
    const ours = await denoCommand(new URL("./program.ts", import.meta.url));
    racers.push(new Contestant("logdial", [...ours, way, String(count)]));
    if (withPython) {
      const theirs = projectPath("tests/bench/config/program.py");
      racers.push(new Contestant("CPython", [python, theirs, way, String(count)]));
    }
    // The first change of all is also the first use of everything.
    if (!isLong) { for (const one of racers) await one.round(); }
  });
  const roles = { peers: ["CPython"] };
  const notes = isLong && !withPython ? ["CPython takes seconds, only in full runs"] : [];
  return count < MANY
    ? { unit: "µs", ...conclude(times, roles, 1e-3) }
    : { unit: "ms", notes, ...conclude(times, roles, 1) };
}
