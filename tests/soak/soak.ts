import { HeldPipe } from "../faults/held_pipe.ts";
import { REDIRECT } from "../harness/redirect.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { Changer } from "./changer.ts";
import { LineChecker } from "./line_checker.ts";
import { RandomConfigs } from "./random_config.ts";
import type { Manner, SoakOrder, SoakTask, Tally } from "./soak_task.ts";
import { Vandal } from "./vandal.ts";
import { Violations } from "./violations.ts";
import { isFlat, type QuietSample, type Sample } from "./vitals.ts";
import { Watcher } from "./watcher.ts";

/** How long and how random. */
export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Hears how far it is. */
  readonly onProgress: (text: string) => void;
}

/** What came of it. */
export interface SoakReport {
  readonly seconds: number;
  readonly seed: number;
  readonly threads: number;
  /** Threads that have come and gone. */
  readonly passed: number;
  readonly lines: number;
  readonly audits: number;
  /** Rounds, and those of them that were compared with an ack. */
  readonly rounds: number;
  readonly compared: number;
  readonly changes: Readonly<Record<string, number>>;
  readonly acks: Readonly<Record<string, number>>;
  readonly misdeeds: Readonly<Record<string, number>>;
  readonly tails: number;
  readonly watched: number;
  /** After the first third and at the end. */
  readonly quiet: readonly [QuietSample, QuietSample];
  /** Most memory while all went on, in MiB. */
  readonly peak: number;
  readonly violations: Violations;
}

/** Workers that are there for all of the time; with main and the passing ones it is 28 threads. */
const COMPUTING = 4, DEAF = 2, IDLE = 13;
const PASSING = 8;
/** One port more than threads for each that may be on its way out. */
const PORTS = 31;
const VANDALS = 4, WATCHERS = 2;
const SAMPLE_MS = 1000;

/** Runs a program under all that may come, and checks all that it says. */
export class Soak implements AsyncDisposable {
  readonly #options: SoakOptions;
  readonly #ports = PortBlock.claim(PORTS);
  readonly #violations = new Violations();
  readonly #checker = new LineChecker(this.#violations);
  readonly #changer: Changer;
  readonly #vandals: readonly Vandal[];
  readonly #watchers: readonly Watcher[];
  readonly #pipe: HeldPipe;
  readonly #child: ChildProgram;
  readonly #samples: Sample[] = [];
  readonly #lasting = lastingWorkers();

  private constructor(options: SoakOptions, pipe: HeldPipe) {
    this.#options = options;
    this.#pipe = pipe;
    const { seed } = options;
    const ports = this.#ports.all;
    const [violations, checker] = [this.#violations, this.#checker];
    const lasting = ["MainProcess", ...Object.keys(this.#lasting)];
    this.#changer = new Changer({ ports: this.#ports.range, lasting, checker, violations, seed });
    this.#vandals = numbers(VANDALS).map((at) => new Vandal(ports, seed + 100 + at));
    this.#watchers = numbers(WATCHERS).map((at) => new Watcher(ports, seed + 200 + at, violations));
    const task: SoakTask = {
      ports: this.#ports.range,
      conf: RandomConfigs.start().text,
      lasting: this.#lasting,
      passing: PASSING,
      seed,
    };
    this.#child = ChildProgram.deno("tests/soak/program.ts", {
      args: [JSON.stringify(task)],
      allow: ["--allow-all", "--v8-flags=--expose-gc"],
      wrap: [...REDIRECT, pipe.path],
    });
  }

  /** Does it all. */
  static async run(options: SoakOptions): Promise<SoakReport> {
    await using soak = new Soak(options, await HeldPipe.make());
    return await soak.#run();
  }

  /** Kills what runs still. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    await this.#pipe[Symbol.asyncDispose]();
    this.#ports[Symbol.dispose]();
  }

  async #run(): Promise<SoakReport> {
    const reading = this.#readAll();
    await this.#child.untilError("soak: ready");
    const begin = performance.now();
    const end = begin + this.#options.seconds * 1000;
    const warm = begin + (end - begin) / 3;
    const sampling = setInterval(() => this.#samples.push(this.#look()), SAMPLE_MS);
    try {
      await this.#disturb(warm);
      const before = await this.#rest();
      await this.#disturb(end);
      const after = await this.#rest();
      clearInterval(sampling);
      await this.#tell("stop");
      const { code } = await this.#child.end();
      if (code !== 0) this.#violations.add(`The program ended with status ${code}`);
      await reading;
      const tallies = this.#tallies();
      this.#checker.finish(tallies);
      this.#checkComplaints();
      return this.#report((performance.now() - begin) / 1000, tallies, [before, after]);
    } finally {
      clearInterval(sampling);
    }
  }

  /** Lets everything happen at once until that time. */
  async #disturb(until: number): Promise<void> {
    await this.#tell("churn");
    const over = new AbortController();
    const disturbing = [...this.#vandals, ...this.#watchers].map((one) => one.run(over.signal));
    const changing = this.#change(until);
    try {
      await Promise.race([changing, Promise.all([...disturbing, changing])]);
    } finally {
      over.abort();
    }
    await Promise.all(disturbing);
  }

  async #change(until: number): Promise<void> {
    while (performance.now() < until) {
      await this.#changer.change();
      const left = Math.round((until - performance.now()) / 1000);
      this.#options.onProgress(`${left} s left, ${this.#violations.count} violations`);
      await pause(100);
    }
  }

  /** A look at the program when nobody does anything to it. */
  async #rest(): Promise<QuietSample> {
    await this.#tell("rest");
    await this.#changer.clear();
    await this.#tell("collect");
    // Handles of connections and of workers are freed in their own time.
    let seen: Sample = this.#look();
    let same = 0;
    for (let looks = 0; same < 20 && looks < 400; looks++) {
      await pause(25);
      const now = this.#look();
      same = now.handles === seen.handles ? same + 1 : 0;
      seen = now;
    }
    const heaps = this.#child.stderr.matching(/^soak: heaps \d+$/).at(-1)!;
    return { ...seen, heaps: Number(heaps.split(" ")[2]) / 1024 };
  }

  #look(): Sample {
    return { memory: this.#child.residentMiB(), handles: this.#child.descriptors().length };
  }

  async #tell(order: SoakOrder): Promise<void> {
    const from = this.#child.stderr.lines.length;
    await this.#child.tell(order);
    await this.#child.untilError(`soak: ${order}`, from);
  }

  async #readAll(): Promise<void> {
    for (;;) {
      const bytes = await this.#pipe.readBytes();
      if (bytes === undefined) return;
      this.#checker.take(bytes);
    }
  }

  #tallies(): Tally[] {
    return this.#child.stderr.matching("soak: {").map((line) =>
      JSON.parse(line.slice("soak: ".length)) as Tally
    );
  }

  /** Refusals are told on stderr, and workers that throw; anything else was not to be. */
  #checkComplaints(): void {
    for (const line of this.#child.stderr.lines) {
      if (isComplaint(line)) this.#violations.add(`stderr: ${line}`);
    }
  }

  #report(
    seconds: number,
    tallies: readonly Tally[],
    quiet: readonly [QuietSample, QuietSample],
  ): SoakReport {
    if (!isFlat(quiet)) this.#violations.add(`Not flat: ${JSON.stringify(quiet)}`);
    const lasting = Object.keys(this.#lasting).length + 1;
    return {
      seconds,
      seed: this.#options.seed,
      threads: lasting + PASSING,
      passed: tallies.length - lasting - PASSING,
      lines: this.#checker.lines,
      audits: this.#checker.audits,
      rounds: this.#checker.checked,
      compared: this.#checker.compared,
      changes: this.#changer.sent,
      acks: this.#changer.acks,
      misdeeds: sum(this.#vandals.map(({ done }) => done)),
      tails: this.#watchers.reduce((all, { tails }) => all + tails, 0),
      watched: this.#watchers.reduce((all, { records }) => all + records, 0),
      quiet,
      peak: Math.max(...this.#samples.map(({ memory }) => memory)),
      violations: this.#violations,
    };
  }
}

function isComplaint(line: string): boolean {
  if (/^logdial: refused .* for port|thrown on purpose/.test(line)) return false;
  return /logdial:|Logging error|Uncaught|nhandled|panicked|\/src\//.test(line);
}

function lastingWorkers(): Record<string, Manner> {
  const names = (manner: Manner, count: number) =>
    numbers(count).map((at): [string, Manner] => [`${manner[0]!.toUpperCase()}${at}`, manner]);
  return Object.fromEntries([
    ...names("computing", COMPUTING),
    ...names("deaf", DEAF),
    ...names("idle", IDLE),
  ]);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

function sum(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const one of all) {
    for (const [name, count] of Object.entries(one)) total[name] = (total[name] ?? 0) + count;
  }
  return total;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
