import { encodeFrame } from "../../../src/wire/frame.ts";
import { PortBlock } from "../../harness/port_block.ts";
import { say } from "../../harness/raw_peer.ts";
import { projectPath } from "../../harness/project.ts";
import type { Pace, Result, RunOptions } from "../case.ts";
import { denoCommand } from "../deno_command.ts";
import { LineProcess } from "../line_process.ts";
import { conclude, race, type RacePlan, type Racer, type Roles } from "../race.ts";
import { Sink, type SinkKind } from "../sink.ts";

const PLANS: Record<Pace, RacePlan> = {
  full: { starts: 2, rounds: 12, time: 10_000 },
  quick: { starts: 1, rounds: 4, time: 2_000 },
};
/** Lines of a round that fill a ring several times over. */
const BURST = 100_000;
/** How long a program logs before the change comes, in milliseconds. */
const BEFORE_CHANGE = 20;

/** A program that says how long its longest log call took. */
class Contestant implements Racer {
  readonly name: string;
  readonly process: LineProcess;
  readonly #order: string;
  readonly #sink: Sink;
  readonly #disturb: () => Promise<void>;

  constructor(
    name: string,
    command: readonly string[],
    sink: Sink,
    order = "",
    disturb: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.name = name;
    this.#order = order;
    this.#sink = sink;
    this.#disturb = disturb;
    this.process = new LineProcess(sink.lead(command), "stderr");
  }

  async round(): Promise<number> {
    await this.process.write(`${this.#order}\n`);
    await this.#disturb();
    const [time] = await this.process.readNumbers(1);
    return time!;
  }

  async stop(): Promise<void> {
    await this.process.kill();
    await this.#sink.close();
  }
}

/** Milliseconds of the longest call while a file is rotated. */
export async function measureRotation({ pace, python }: RunOptions): Promise<Result> {
  return await inFolder(pace, { peers: ["CPython"] }, async (racers, folder) => {
    for (const [name, command] of await programs(python)) {
      const args = [...command, "rotation", `${folder}/${name}.log`];
      racers.push(new Contestant(name, args, await openSink(folder, name, "null")));
    }
  });
}

/** Milliseconds of the longest call while 1,000 loggers are turned to another level. */
export async function measurePauseOfChange({ pace, python }: RunOptions): Promise<Result> {
  using ports = PortBlock.claim(2);
  return await inFolder(pace, { peers: ["CPython"] }, async (racers, folder) => {
    for (const [name, command] of await programs(python)) {
      const port = ports.first + racers.length;
      const sink = await openSink(folder, name, "null");
      const args = [...command, "change", String(port)];
      const one = new Contestant(name, args, sink, "", changer(port));
      racers.push(one);
      await one.process.untilReady();
    }
  });
}

/** Milliseconds of the longest call when lines come faster than a pipe takes them. */
export async function measureFullRing({ pace }: RunOptions): Promise<Result> {
  const program = await denoCommand(new URL("./calls_program.ts", import.meta.url));
  const peers = [
    ["logdial", "logdial", "buffered-text"],
    ["pino", "pino", "buffered-text"],
    ["logdial StreamHandler", "logdial", "text"],
  ] as const;
  const roles = { peers: ["pino"], beside: ["logdial StreamHandler"] };
  return await inFolder(pace, roles, async (racers, folder) => {
    for (const [name, module, scenario] of peers) {
      const sink = await openSink(folder, name, "pipe");
      racers.push(new Contestant(name, [...program, module, scenario], sink, String(BURST)));
    }
  });
}

type Enter = (racers: Racer[], folder: string) => Promise<void>;

async function inFolder(pace: Pace, roles: Roles, enter: Enter): Promise<Result> {
  const top = await Deno.makeTempDir({ prefix: "logdial-bench-" });
  try {
    const times = await race(PLANS[pace], async (racers) => {
      await enter(racers, await Deno.makeTempDir({ dir: top }));
      // The first round is also the first use of everything.
      for (const one of racers) await one.round();
    });
    return { unit: "ms", ...conclude(times, roles, 1) };
  } finally {
    await Deno.remove(top, { recursive: true });
  }
}

async function programs(python: string | undefined): Promise<[string, readonly string[]][]> {
  const ours = await denoCommand(new URL("./program.ts", import.meta.url));
  const theirs = projectPath("tests/bench/pause/program.py");
  return python === undefined
    ? [["logdial", ours]]
    : [["logdial", ours], ["CPython", [python, theirs]]];
}

async function openSink(folder: string, name: string, kind: SinkKind): Promise<Sink> {
  return await Sink.open(kind, `${folder}/${name}`);
}

/** Sends the two configurations by turns. */
function changer(port: number): () => Promise<void> {
  let isDebug = false;
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, BEFORE_CHANGE));
    isDebug = !isDebug;
    const config = configOf(isDebug ? "DEBUG" : "INFO");
    await say(port, encodeFrame(new TextEncoder().encode(config)));
  };
}

function configOf(level: string): string {
  const loggers = Object.fromEntries(
    Array.from({ length: 1000 }, (_, at) => [`app.module${at}`, { level }]),
  );
  return JSON.stringify({
    version: 1,
    handlers: { out: { class: "logging.StreamHandler", stream: "ext://sys.stdout" } },
    root: { level: "INFO", handlers: ["out"] },
    loggers,
  });
}
