import type { Pace, Result, RunOptions } from "../case.ts";
import type { Scenario } from "../calls/peer.ts";
import { denoCommand } from "../deno_command.ts";
import { LineProcess } from "../line_process.ts";
import { conclude, race, type RacePlan, type Racer, type Roles } from "../race.ts";
import { Sink } from "../sink.ts";

/** Modules in `calls/peers/`, and how they log, by the names that are shown. */
const WAYS = {
  "RingHandler": ["logdial", "buffered-json"],
  "StreamHandler": ["logdial", "json"],
  "no logging": ["nothing", "json"],
  "pino": ["pino", "buffered-json"],
  "LogTape": ["logtape", "buffered-json"],
  "console.log": ["console", "json"],
  "a write per line by hand": ["floor", "json"],
  "a buffer by hand": ["pieces", "buffered-json"],
} as const satisfies Record<string, readonly [string, Scenario]>;

/** A way to log. */
export type ServeName = keyof typeof WAYS;

/** What is measured, and beside whom. */
export interface ServeOptions extends Roles<ServeName> {
  readonly ours: ServeName;
  readonly floor: ServeName;
  /** See `Result`. */
  readonly target: number;
}

/** With the requests of a round. */
const PLANS: Record<Pace, RacePlan & { requests: number }> = {
  full: { starts: 2, rounds: 12, requests: 8_000 },
  quick: { starts: 1, rounds: 3, requests: 4_000 },
};

/** A server, and the pipe that only it writes to. */
class Server implements Racer {
  readonly name: string;
  readonly #process: LineProcess;
  readonly #sink: Sink;
  readonly #load: LineProcess;
  readonly #requests: number;
  #port = 0;

  private constructor(
    name: string,
    process: LineProcess,
    sink: Sink,
    load: LineProcess,
    requests: number,
  ) {
    this.name = name;
    this.#process = process;
    this.#sink = sink;
    this.#load = load;
    this.#requests = requests;
  }

  /** Starts one; requests come from `load`. */
  static async start(
    name: ServeName,
    folder: string,
    load: LineProcess,
    requests: number,
  ): Promise<Server> {
    const sink = await Sink.open("pipe", `${folder}/${name}`);
    const command = await denoCommand(new URL("./program.ts", import.meta.url));
    const process = new LineProcess(sink.lead([...command, ...WAYS[name]]), "stderr");
    return new Server(name, process, sink, load, requests);
  }

  /** Waits until it listens. */
  async ready(): Promise<void> {
    [this.#port] = await this.#process.readNumbers(1) as [number];
  }

  /** Nanoseconds that a request took. */
  async round(): Promise<number> {
    await this.#load.write(`${this.#port} ${this.#requests}\n`);
    const [time] = await this.#load.readNumbers(1);
    return time! * 1e6 / this.#requests;
  }

  async stop(): Promise<void> {
    await this.#process.kill();
    await this.#sink.close();
  }
}

/** Time of a request to a server that logs a line for it. */
export async function measureServe(
  { ours, floor, target, peers, beside = [] }: ServeOptions,
  { pace }: RunOptions,
): Promise<Result> {
  const { requests, ...plan } = PLANS[pace];
  const folder = await Deno.makeTempDir({ prefix: "logdial-bench-" });
  const load = new LineProcess(
    await denoCommand(new URL("./load.ts", import.meta.url)),
    "stdout",
  );
  try {
    const times = await race(plan, async (racers) => {
      for (const name of [ours, ...peers, ...beside, floor]) {
        const one = await Server.start(name, folder, load, requests);
        racers.push(one);
        await one.ready();
        // Until the machine code is there.
        await one.round();
      }
    });
    const roles = { peers, beside };
    return { unit: "µs", target, ...conclude(times, roles, 1000, { ours, floor }) };
  } finally {
    await load.kill();
    await Deno.remove(folder, { recursive: true });
  }
}
