import { type Pace, type Result, Skipped } from "../case.ts";
import { denoCommand } from "../deno_command.ts";
import { LineProcess } from "../line_process.ts";
import { conclude, race, type RacePlan, type Racer } from "../race.ts";
import type { CallKind, Mode } from "./calls.ts";

const PLANS: Record<Pace, RacePlan> = {
  full: { starts: 2, rounds: 20 },
  quick: { starts: 1, rounds: 12 },
};
/** Calls of a round, of one thread alone and of each of many. */
const CALLS_ALONE = 60_000, CALLS_EACH = 20_000;
/** Rounds before those that are measured: the engine compiles for each thread anew. */
const WARM_UP_ROUNDS = 15;
/** Starting more takes too long for a quick run. */
const MAX_QUICK_THREADS = 4;

/** A program that makes calls. */
class Contestant implements Racer {
  readonly name: string;
  readonly #process: LineProcess;
  readonly #order: string;

  private constructor(name: string, process: LineProcess, order: string) {
    this.name = name;
    this.#process = process;
    this.#order = order;
  }

  static async start(
    name: string,
    mode: Mode,
    threads: number,
    order: string,
  ): Promise<Contestant> {
    const command = await denoCommand(new URL("./program.ts", import.meta.url));
    const process = new LineProcess([...command, mode, String(threads)], "stdout");
    await process.read();
    const one = new Contestant(name, process, order);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) await one.round();
    return one;
  }

  async round(): Promise<number> {
    await this.#process.write(`${this.#order}\n`);
    return Number(await this.#process.read());
  }

  async stop(): Promise<void> {
    await this.#process.kill();
  }
}

/** Time of a recorded call beside the same by hand, with so many threads at once. */
export async function measureRecorded(threads: number, pace: Pace): Promise<Result> {
  if (pace === "quick" && threads > MAX_QUICK_THREADS) throw new Skipped("only in full runs");
  const order = `enabled ${threads === 1 ? CALLS_ALONE : CALLS_EACH}`;
  const times = await race(PLANS[pace], async (racers) => {
    racers.push(await Contestant.start("logdial", "recorded", threads, order));
    racers.push(await Contestant.start("by hand", "floor", threads, order));
  });
  return { unit: "ns", target: 1.2, ...conclude(times, { peers: ["by hand"] }, 1) };
}

/** Time of a call of a logger that is not recorded, where another one is and where none is. */
export async function measureBeside(kind: CallKind, pace: Pace): Promise<Result> {
  const order = `${kind} ${kind === "disabled" ? 3_000_000 : 100_000}`;
  const times = await race(PLANS[pace], async (racers) => {
    racers.push(await Contestant.start("logdial", "beside", 1, order));
    racers.push(await Contestant.start("no recorder", "none", 1, order));
  });
  return { unit: "ns", target: 1.02, ...conclude(times, { peers: ["no recorder"] }, 1) };
}
