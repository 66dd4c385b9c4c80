import { projectPath } from "../../harness/project.ts";
import { denoCommand } from "../deno_command.ts";
import { LineProcess } from "../line_process.ts";
import type { ListenerOptions } from "./listener.ts";

/** What all listeners of a fleet have in common. */
export interface FleetOptions extends Omit<ListenerOptions, "index" | "ports" | "stamps"> {
  /** Number of listeners. */
  readonly count: number;
  /** Where files may be put. */
  readonly folder: string;
}

/** Longest wait for all listeners of a fleet, in milliseconds. */
const PATIENCE = 30_000;

/** When a listener was at a new level. */
interface Stamp {
  readonly index: number;
  readonly level: number;
  readonly time: number;
}

/** Listeners in processes of their own, or in the threads of one. */
export class Fleet {
  /** Lowest port of as many as there are listeners. */
  readonly first: number;
  readonly count: number;
  readonly #process: LineProcess;
  /** Where the listeners tell when they have changed. */
  readonly #stamps: string;
  #pids: number[] = [];

  private constructor(
    name: string,
    command: readonly [string, ...string[]],
    { folder, ...options }: FleetOptions,
  ) {
    const { count } = options;
    const first = findFreePorts(count), ports = [first, first + count - 1];
    const stamps = `${folder}/${name}.stamps`;
    Deno.writeTextFileSync(stamps, "");
    const argument = JSON.stringify({ ...options, ports, stamps });
    this.#process = new LineProcess([...command, argument], "stderr");
    this.#stamps = stamps;
    this.first = first;
    this.count = count;
  }

  /** One Deno process whose main thread and workers listen. */
  static async startOurs(options: FleetOptions): Promise<Fleet> {
    const command = await denoCommand(new URL("./fleet_main.ts", import.meta.url));
    const fleet = new Fleet("ours", command, options);
    await fleet.#untilReady(1);
    return fleet;
  }

  /** As many CPython processes as there are listeners. */
  static async startPython(python: string, options: FleetOptions): Promise<Fleet> {
    const main = projectPath("tests/bench/change/fleet.py");
    const fleet = new Fleet("python", [python, main], options);
    await fleet.#untilReady(options.count);
    return fleet;
  }

  /** Stops its processes where they are, so that they take no time from others. */
  pause(): void {
    for (const pid of this.#pids) Deno.kill(pid, "SIGSTOP");
  }

  /** Lets its processes go on. */
  resume(): void {
    for (const pid of this.#pids) Deno.kill(pid, "SIGCONT");
  }

  /** When the last listener was at the level, in wall-clock milliseconds. */
  async untilAllAt(level: number): Promise<number> {
    for (const since = performance.now(); performance.now() - since < PATIENCE;) {
      const lines = (await Deno.readTextFile(this.#stamps)).split("\n").slice(0, -1);
      const times = new Map(
        lines.map(readStamp).filter((stamp) => stamp.level === level)
          .map(({ index, time }) => [index, time]),
      );
      if (times.size === this.count) {
        await Deno.truncate(this.#stamps);
        return Math.max(...times.values());
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`Cannot measure the change to ${level}: it did not reach all listeners`);
  }

  /** Ends all its processes. */
  async stop(): Promise<void> {
    for (const pid of this.#pids) {
      if (pid !== this.#process.pid) Deno.kill(pid, "SIGKILL");
    }
    await this.#process.kill();
  }

  /** Every process says when it listens, and waits for a byte then. */
  async #untilReady(processes: number): Promise<void> {
    while (this.#pids.length < processes) {
      const line = await this.#process.read();
      const [, pid] = /^ready ?(\d*)$/.exec(line) ?? [];
      // An error message, or a warning, then.
      if (pid === undefined) console.error(line);
      else this.#pids.push(Number(pid) || this.#process.pid);
    }
    await this.#process.write("g".repeat(processes));
  }
}

function readStamp(line: string): Stamp {
  const [index, level, time] = line.split(" ").map(Number);
  return { index: index!, level: level!, time: time! };
}

/** Below the ports that the system gives to connections. */
const LOWEST = 21_000, HIGHEST = 31_000;

function findFreePorts(count: number): number {
  for (;;) {
    const first = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST - count));
    if (areFree(first, count)) return first;
  }
}

function areFree(first: number, count: number): boolean {
  for (let port = first; port < first + count; port++) {
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) return false;
      throw error;
    }
  }
  return true;
}
