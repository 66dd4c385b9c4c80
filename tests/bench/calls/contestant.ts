import { projectPath } from "../../harness/project.ts";
import { denoCommand } from "../deno_command.ts";
import { LineProcess } from "../line_process.ts";
import type { Racer } from "../race.ts";
import { Sink, type SinkKind } from "../sink.ts";
import { isWhole } from "../whole_line.ts";
import type { Scenario } from "./peer.ts";

/** What is measured, of whomever. */
export interface Setting {
  readonly scenario: Scenario;
  readonly sink: SinkKind;
  /**
   * What ends a measurement: that the calls have returned, or that all is written.
   *
   * @default {"called"}
   */
  readonly until?: "called" | "written";
  /** Calls in a round, for what piles up; else as many as take a round's time. */
  readonly burst?: number;
}

/** Modules in `peers/` by the names that are shown. */
export const MODULES = {
  "logdial": "logdial",
  "pino": "pino",
  "LogTape": "logtape",
  "winston": "winston",
  "console.log": "console",
  "floor": "floor",
} as const;

/** Who takes part; CPython has a program of its own. */
export type PeerName = keyof typeof MODULES | "CPython";

/** Milliseconds of a round, and of the calls before the first. */
export interface Pacing {
  readonly round: number;
  readonly warmUp: number;
}

/** A process that makes calls when it is told to, and a sink that only it writes to. */
export class Contestant implements Racer {
  readonly name: PeerName;
  readonly #process: LineProcess;
  readonly #sink: Sink;
  readonly #setting: Setting;
  /** Calls in a round. */
  #count = 1_000;

  private constructor(name: PeerName, setting: Setting, process: LineProcess, sink: Sink) {
    this.name = name;
    this.#setting = setting;
    this.#process = process;
    this.#sink = sink;
  }

  /** Starts one, with its files in the folder; `python` is the path of CPython. */
  static async start(
    name: PeerName,
    setting: Setting,
    folder: string,
    python: string | undefined,
  ): Promise<Contestant> {
    const sink = await Sink.open(setting.sink, `${folder}/${name}`);
    const args = setting.sink === "file" ? [setting.scenario, sink.path] : [setting.scenario];
    const command = name === "CPython"
      ? [python!, projectPath("tests/bench/calls/program.py"), ...args]
      : [...await denoCommand(new URL("./program.ts", import.meta.url)), MODULES[name], ...args];
    return new Contestant(name, setting, new LineProcess(sink.lead(command), "stderr"), sink);
  }

  /** Calls until the machine code is there, then finds out how many calls make a round. */
  async warmUp({ round, warmUp }: Pacing): Promise<void> {
    let spent = 0;
    const { burst } = this.#setting;
    if (burst !== undefined) this.#count = burst;
    for (;;) {
      const { written } = await this.#call();
      spent += written;
      const rate = this.#count / Math.max(written, 0.05);
      // Grows slowly, since the first calls tell nothing of the speed.
      const ends = spent >= warmUp;
      const next = ends ? rate * round : Math.min(this.#count * 4, rate * round);
      this.#count = burst ?? Math.max(1, Math.ceil(next));
      if (ends) return;
    }
  }

  /** Nanoseconds of a call. */
  async round(): Promise<number> {
    const times = await this.#call();
    return times[this.#setting.until ?? "called"] * 1e6 / this.#count;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await this.#process.kill();
    await this.#sink.close();
  }

  async #call(): Promise<{ called: number; written: number }> {
    await this.#process.write(`${this.#count}\n`);
    const [called, written] = await this.#process.readNumbers(2);
    const lines = await this.#sink.take(this.#count);
    const whole = lines?.filter(isWhole).length ?? this.#count;
    if (whole !== this.#count) {
      throw new Error(`Cannot measure ${this.name}: ${whole} whole lines of ${this.#count}`);
    }
    return { called: called!, written: written! };
  }
}
