import { projectPath } from "../../harness/project.ts";
import { denoCommand } from "../deno_command.ts";
import { LineProcess } from "../line_process.ts";
import type { Target } from "./configs.ts";
import type { Fleet } from "./fleet.ts";

/** A running program that sends configurations when it is told to. */
export class Sender {
  readonly #process: LineProcess;

  private constructor(process: LineProcess) {
    this.#process = process;
  }

  /** The usual Python script: one port after the other, no answer read. */
  static startReference(python: string): Sender {
    const main = projectPath("tests/bench/change/reference_sender.py");
    return new Sender(new LineProcess([python, main], "stdout"));
  }

  /** Our own client: all ports at once, answers read. */
  static async startOwn(): Promise<Sender> {
    const command = await denoCommand(new URL("./own_sender.ts", import.meta.url));
    return new Sender(new LineProcess(command, "stdout"));
  }

  /** Sends to the fleet, which takes a while yet. */
  async send({ path }: SentFile, { first, count }: Fleet): Promise<void> {
    await this.#process.write(`${path} ${first} ${count}\n`);
  }

  /** Waits until everything is sent; returns when that began, in wall-clock milliseconds. */
  async began(): Promise<number> {
    return Number((await this.#process.read()).split(" ")[0]);
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await this.#process.kill();
  }
}

/** A configuration in a file. */
export interface SentFile extends Target {
  readonly path: string;
}

/** Writes configurations to files of a folder. */
export async function writeTargets(
  folder: string,
  targets: readonly Target[],
): Promise<SentFile[]> {
  return await Promise.all(targets.map(async (target) => {
    const path = `${folder}/${target.level}.conf`;
    await Deno.writeTextFile(path, target.text);
    return { ...target, path };
  }));
}
