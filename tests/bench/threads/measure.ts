import { type Pace, type Result, type RunOptions, Skipped } from "../case.ts";
import { MODULES } from "../calls/contestant.ts";
import type { Scenario } from "../calls/peer.ts";
import { denoCommand } from "../deno_command.ts";
import { LineProcess } from "../line_process.ts";
import { conclude, race, type RacePlan, type Racer, type Roles } from "../race.ts";
import { Sink } from "../sink.ts";
import { isWhole } from "../whole_line.ts";

/** All can log in workers. */
type PeerName = keyof typeof MODULES;

/** What is measured, and beside whom. */
export interface ThreadsOptions extends Roles<PeerName> {
  readonly scenario: Scenario;
  readonly threads: number;
  /** See `Result`. */
  readonly target: number;
}

/** With the lines of a round, those of all threads together. */
const PLANS: Record<Pace, RacePlan & { lines: number }> = {
  full: { starts: 2, rounds: 8, lines: 56_000 },
  quick: { starts: 1, rounds: 3, lines: 28_000 },
};
/** Calls of each thread before what is measured: the engine compiles for each of them anew. */
const WARM_UP_CALLS = 28_000;
/** Starting more takes too long for a quick run. */
const MAX_QUICK_THREADS = 4;

/** A program whose workers log into one pipe. */
class Contestant implements Racer {
  readonly name: PeerName;
  /** Lines that should have come, and of those that came the whole ones. */
  expected = 0;
  whole = 0;
  readonly #process: LineProcess;
  readonly #sink: Sink;
  readonly #threads: number;
  readonly #count: number;

  private constructor(
    name: PeerName,
    process: LineProcess,
    sink: Sink,
    threads: number,
    count: number,
  ) {
    this.name = name;
    this.#process = process;
    this.#sink = sink;
    this.#threads = threads;
    this.#count = count;
  }

  /** Starts one; `count` is the number of lines that each thread logs in a round. */
  static async start(
    name: PeerName,
    { scenario, threads }: ThreadsOptions,
    count: number,
    folder: string,
  ): Promise<Contestant> {
    const sink = await Sink.open("kept pipe", `${folder}/${name}`);
    const command = await denoCommand(new URL("./program.ts", import.meta.url));
    const args = [MODULES[name], scenario, "", String(threads)];
    const process = new LineProcess(sink.lead([...command, ...args]), "stderr");
    return new Contestant(name, process, sink, threads, count);
  }

  /** Waits until all of its workers run. */
  async ready(): Promise<void> {
    await this.#process.untilReady();
  }

  /** Nanoseconds that a line took, of whichever thread. */
  async round(): Promise<number> {
    await this.#process.write(`${this.#count}\n`);
    const [time] = await this.#process.readNumbers(1);
    const expected = this.#count * this.#threads;
    this.expected += expected;
    this.whole += (await this.#sink.take(expected))!.filter(isWhole).length;
    return time! * 1e6 / expected;
  }

  async stop(): Promise<void> {
    await this.#process.kill();
    await this.#sink.close();
  }
}

/** Time of a line when so many threads log into one pipe, and whether each line is whole. */
export async function measureThreads(
  options: ThreadsOptions,
  { pace }: RunOptions,
): Promise<Result> {
  const { threads, target, peers, beside = [] } = options;
  if (pace === "quick" && threads > MAX_QUICK_THREADS) throw new Skipped("only in full runs");
  const names = ["logdial", ...peers, ...beside, "floor"] as const;
  const count = Math.ceil(PLANS[pace].lines / threads);
  const all: Contestant[] = [];
  const folder = await Deno.makeTempDir({ prefix: "logdial-bench-" });
  try {
    const times = await race(PLANS[pace], async (racers) => {
      for (const name of names) {
        const one = await Contestant.start(name, options, count, folder);
        all.push(one);
        racers.push(one);
        await one.ready();
        for (let calls = 0; calls < WARM_UP_CALLS; calls += count) await one.round();
      }
    });
    const notes = [`lines not whole: ${names.map((name) => torn(name, all)).join(", ")}`];
    return { unit: "µs", target, notes, ...conclude(times, { peers, beside }, 1000) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function torn(name: PeerName, all: readonly Contestant[]): string {
  let expected = 0, whole = 0;
  for (const one of all) {
    if (one.name !== name) continue;
    expected += one.expected;
    whole += one.whole;
  }
  return `${name} ${expected - whole} of ${expected}`;
}
