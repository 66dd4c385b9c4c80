import { denoCommand } from "./deno_command.ts";
import { LineProcess } from "./line_process.ts";
import type { Racer } from "./race.ts";

/** Rounds before those that are measured: the engine compiles for each thread anew. */
const WARM_UP_ROUNDS = 15;

/** A program that makes a batch of calls for each line that it is told, and says how long one took. */
export class BatchRacer implements Racer {
  readonly name: string;
  readonly #process: LineProcess;
  readonly #order: string;

  private constructor(name: string, process: LineProcess, order: string) {
    this.name = name;
    this.#process = process;
    this.#order = order;
  }

  /** Starts a program, which says a line when it is ready, and warms it up. */
  static async start(
    name: string,
    program: URL,
    args: readonly string[],
    order: string,
  ): Promise<BatchRacer> {
    const process = new LineProcess([...await denoCommand(program), ...args], "stdout");
    await process.read();
    const one = new BatchRacer(name, process, order);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) await one.round();
    return one;
  }

  /** One batch; returns what a call took, in nanoseconds. */
  async round(): Promise<number> {
    await this.#process.write(`${this.#order}\n`);
    return Number(await this.#process.read());
  }

  /** Ends the program. */
  async stop(): Promise<void> {
    await this.#process.kill();
  }
}
