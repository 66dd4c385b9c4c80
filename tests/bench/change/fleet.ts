import { denoCommand } from "../deno_command.ts";
import { LineProcess } from "../line_process.ts";
import type { ListenerOptions } from "./listener.ts";

/** What all listeners of a fleet have in common. */
export interface FleetOptions extends Omit<ListenerOptions, "index" | "ports"> {
  /** Number of listeners. */
  readonly count: number;
}

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
  #pids: number[] = [];

  private constructor(process: LineProcess, first: number, count: number) {
    this.#process = process;
    this.first = first;
    this.count = count;
  }

  /** One Deno process whose main thread and workers listen. */
  static async startOurs(options: FleetOptions): Promise<Fleet> {
    const first = findFreePorts(options.count);
    const command = await denoCommand(new URL("./fleet_main.ts", import.meta.url));
    const fleet = new Fleet(start(command, first, options), first, options.count);
    await fleet.#untilReady(1);
    return fleet;
  }

  /** As many CPython processes as there are listeners. */
  static async startPython(python: string, options: FleetOptions): Promise<Fleet> {
    const first = findFreePorts(options.count);
    const main = new URL("./fleet.py", import.meta.url).pathname;
    const fleet = new Fleet(start([python, main], first, options), first, options.count);
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
    const times = new Map<number, number>();
    while (times.size < this.count) {
      const stamp = readStamp(await this.#process.read());
      if (stamp?.level === level) times.set(stamp.index, stamp.time);
    }
    return Math.max(...times.values());
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
      // A stamp or an error message, then.
      if (pid === undefined) readStamp(line);
      else this.#pids.push(Number(pid) || this.#process.pid);
    }
    await this.#process.write("g".repeat(processes));
  }
}

function start(
  command: readonly [string, ...string[]],
  first: number,
  options: FleetOptions,
): LineProcess {
  const ports = [first, first + options.count - 1];
  return new LineProcess([...command, JSON.stringify({ ...options, ports })], "stderr");
}

/** Anything else on the channel, such as a warning, is passed on. */
function readStamp(line: string): Stamp | undefined {
  const [index, level, time] = line.split(" ").map(Number);
  if (Number.isFinite(index) && Number.isFinite(level) && Number.isFinite(time)) {
    return { index: index!, level: level!, time: time! };
  }
  console.error(line);
  return undefined;
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
