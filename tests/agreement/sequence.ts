import { assertEquals } from "@std/assert";
import { reset, rollback, set, status } from "../../src/client/mod.ts";
import type { PortRange } from "../../src/hub/board/attach_options.ts";
import { send } from "../../src/client/send.ts";
import { encodeFrame } from "../../src/wire/frame.ts";
import { say, sendConfig } from "../harness/raw_peer.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";
import { eventually } from "../harness/deadline.ts";
import { type Aim, appOf, type Levels, Model } from "./model.ts";
import type { Threads } from "./threads.ts";

const STEPS = 50;
/** Most threads at a time, and fewer where hubs end with them, so that they do so often. */
const MOST_THREADS = 8, FEW_THREADS = 4;
const LEVELS = [10, 20, 30, 40, 50];
const LOGGERS = ["root", "app", "app.db"];
/** Changes after which all is taken back, since only the last 16 can be rolled back one by one. */
const MOST_CHANGES = 12;

/** One random sequence: what is done to the threads is done to the model, and compared. */
export class Sequence {
  readonly #random: SeededBytes;
  readonly #threads: Threads;
  readonly #ports: PortRange;
  readonly #file: string;
  readonly #model = new Model();
  /** Whether hubs end, with the workers that have started them, since the main thread has none. */
  readonly #hubsEnd: boolean;
  readonly #done: string[] = [];
  #changes = 0;
  #names = 0;

  /** The threads listen on the ports, which are fewer than they, and watch a file. */
  constructor(seed: number, threads: Threads, ports: PortRange, file: string) {
    this.#file = file;
    this.#random = new SeededBytes(seed);
    this.#hubsEnd = seed % 2 === 0;
    this.#threads = threads;
    this.#ports = ports;
  }

  /** Does it all. */
  async run(): Promise<void> {
    await this.#begin(this.#hubsEnd ? "W" : "MainProcess");
    while (this.#done.length < STEPS) {
      if (this.#changes >= MOST_CHANGES) await this.#takeBack("reset", {});
      await this.#step();
      await this.#compare();
    }
  }

  async #step(): Promise<void> {
    const aim = this.#aim();
    switch (this.#random.below(18)) {
      case 0:
      case 1:
      case 2:
        if (this.#model.threads.size >= (this.#hubsEnd ? FEW_THREADS : MOST_THREADS)) {
          return await this.#end();
        }
        return await this.#begin(`W${this.#names++ % 3}-${this.#names}`);
      case 3:
      case 4:
        return await this.#own();
      case 5:
        return await this.#stopOrListen();
      case 6:
      case 7:
        return await this.#takeBack("rollback", aim);
      case 8:
        if (this.#random.below(3) === 0) return await this.#takeBack("reset", aim);
        return await this.#refused();
      case 9:
        return await this.#blink(aim);
      case 10:
        return await this.#whole(aim);
      case 11:
        return await this.#twice();
      case 12:
        return await this.#abort();
      case 13:
        return await this.#scope(aim);
      case 14:
      case 15:
        return await this.#writeFile();
      default:
        return await this.#set(aim, this.#random.below(2) === 0 ? "10m" : undefined);
    }
  }

  async #begin(name: string): Promise<void> {
    this.#note(`begin ${name}`);
    this.#model.begin(name);
    await this.#threads.begin(name, { file: this.#file, app: appOf(name) });
  }

  async #end(): Promise<void> {
    const names = [...this.#model.threads.keys()].filter((one) => one !== "MainProcess");
    // The oldest one has the hub.
    const name = this.#hubsEnd ? names[0] : this.#pick(names);
    if (name === undefined) return;
    this.#note(`end ${name}`);
    const wasListening = this.#model.threads.get(name)!.listens;
    this.#model.end(name);
    await this.#threads.tell(name, { do: "end" });
    if (wasListening || this.#hubsEnd) await this.#untilListening();
  }

  async #own(): Promise<void> {
    const name = this.#pick([...this.#model.threads.keys()])!;
    const logger = this.#pick(LOGGERS)!, level = this.#pick(LEVELS)!;
    this.#note(`${name} sets ${logger} ${level}`);
    this.#model.set(name, logger, level);
    await this.#threads.tell(name, { do: "set", logger: logger === "root" ? "" : logger, level });
  }

  async #stopOrListen(): Promise<void> {
    const silent = [...this.#model.threads.values()].find(({ listens }) => !listens);
    const name = silent?.name ?? this.#pick([...this.#model.threads.keys()])!;
    if (silent === undefined) {
      this.#note(`${name} stops`);
      this.#model.stop(name);
      await this.#threads.tell(name, { do: "stop" });
    } else {
      this.#note(`${name} listens`);
      this.#model.listen(name);
      await this.#threads.listen(name, { file: this.#file, app: appOf(name) });
    }
    await this.#untilListening();
  }

  async #set(aim: Aim, time?: string): Promise<void> {
    const targets = await this.#targets(aim);
    if (targets === undefined) return;
    const levels = this.#levels();
    this.#note(`set ${JSON.stringify(levels)} ${JSON.stringify(aim)} for ${time}`);
    this.#model.change(levels, aim, time !== undefined);
    this.#changes++;
    await set(levels, { ...targets, ...time === undefined ? { forever: true } : { for: time } });
  }

  /** A level for some log calls only. */
  async #scope(aim: Aim): Promise<void> {
    const targets = await this.#targets(aim);
    if (targets === undefined) return;
    this.#note(`scope ${JSON.stringify(aim)}`);
    this.#model.change({}, aim, true, "scope");
    this.#changes++;
    const levels = { root: 5, app: 5, "app.db": 5 };
    await set(levels, { ...targets, for: "10m", lines: 100, where: { user: "7" } });
  }

  /** An override that ends with another change on top of it. */
  async #blink(aim: Aim): Promise<void> {
    const targets = await this.#targets(aim);
    if (targets === undefined) return;
    const levels = this.#levels();
    this.#note(`blink ${JSON.stringify(levels)} ${JSON.stringify(aim)}`);
    const seq = this.#model.change(levels, aim, true);
    await set(levels, { ...targets, for: "500ms", label: "blink" });
    await this.#set(this.#aim(), "10m");
    this.#model.expire(seq);
    await eventually(() => "the end of an override", async () => {
      const all = await status({ ports: this.#ports });
      const isOver = all.every(({ overrides }) =>
        !overrides.some(({ by }) => by.includes("blink"))
      );
      return isOver || undefined;
    });
  }

  async #whole(aim: Aim): Promise<void> {
    const targets = await this.#targets(aim);
    if (targets === undefined) return;
    const level = this.#pick(LEVELS)!;
    this.#note(`whole ${level} ${JSON.stringify(aim)}`);
    this.#model.change({ root: level, app: level, "app.db": level }, aim, false, "whole");
    this.#changes++;
    const atomic = this.#random.below(2) === 0;
    await send(whole(level), { ...targets, atomic });
  }

  /** The watched file says something else, which all that listen have when it is done. */
  async #writeFile(): Promise<void> {
    const before = (await status({ ports: this.#ports })).map(({ file }) => file?.at);
    if (before.length === 0) return;
    const level = this.#random.below(2) === 0 ? this.#pick(LEVELS) : undefined;
    const levels = level === undefined
      ? this.#levels()
      : { root: level, app: level, "app.db": level };
    this.#note(`file ${JSON.stringify(levels)}`);
    this.#model.file(levels);
    const said = level === undefined ? incremental(levels) : JSON.parse(whole(level));
    const label = `file ${this.#done.length}`;
    await Deno.writeTextFile(`${this.#file}~`, JSON.stringify({ ...said, logdial: { label } }));
    await Deno.rename(`${this.#file}~`, this.#file);
    await eventually(() => `what the file says: ${label}`, async () => {
      const all = await status({ ports: this.#ports });
      return all.every(({ file, pending }) => pending === 0 && !before.includes(file?.at)) ||
        undefined;
    });
  }

  /** The same frame twice to each port: one change. */
  async #twice(): Promise<void> {
    if (await this.#targets({}) === undefined) return;
    const levels = this.#levels();
    this.#note(`twice ${JSON.stringify(levels)}`);
    this.#model.change(levels, {}, false);
    this.#changes++;
    const id = crypto.randomUUID();
    for (const { port } of await status({ ports: this.#ports })) {
      if (port === 0) continue;
      await sendConfig(port, { ...incremental(levels), logdial: { id } });
      await sendConfig(port, { ...incremental(levels), logdial: { id } });
    }
  }

  /** What changes nothing. */
  async #refused(): Promise<void> {
    this.#note("refused and checked");
    await set({ root: "LOUD" }, { ports: this.#ports });
    for (const { port } of await status({ ports: this.#ports })) {
      if (port === 0) continue;
      await this.#command(port, { command: "check", config: whole(50) });
      await this.#command(port, { command: "rollback", steps: 60, id: "sixty" });
    }
  }

  async #abort(): Promise<void> {
    this.#note("prepared and aborted");
    const transaction = crypto.randomUUID();
    for (const command of [{ command: "prepare", config: whole(50) }, { command: "abort" }]) {
      for (const { port } of await status({ ports: this.#ports })) {
        if (port > 0) await this.#command(port, { ...command, transaction });
      }
    }
  }

  async #takeBack(what: "rollback" | "reset", aim: Aim): Promise<void> {
    const targets = await this.#targets(aim);
    if (targets === undefined) return;
    const steps = what === "reset" ? Infinity : 1 + this.#random.below(3);
    this.#note(`${what} ${steps} ${JSON.stringify(aim)}`);
    const isDone = this.#model.takeBack(steps, aim);
    if (what === "reset" && Object.keys(aim).length === 0) this.#changes = 0;
    const answers = await (what === "reset" ? reset(targets) : rollback(steps, targets));
    assertEquals(
      answers.every(({ outcome }) => outcome !== "rejected"),
      // One step back from where nothing is in force is no mistake: all stays as it is.
      isDone || steps === 1,
      `${this.#story()}: ${JSON.stringify(answers)}`,
    );
  }

  async #command(port: number, logdial: object): Promise<void> {
    await say(port, encodeFrame(new TextEncoder().encode(JSON.stringify({ logdial }))));
  }

  /** Whom the client means by an aim; undefined if nobody listens. */
  async #targets({ name, app, only }: Aim): Promise<object | undefined> {
    const all = await status({ ports: this.#ports });
    if (all.length === 0) return undefined;
    if (name !== undefined) {
      const isThere = all.some((one) => one.name.startsWith(name.slice(0, -1)));
      return isThere ? { ports: this.#ports, name } : undefined;
    }
    if (app !== undefined) {
      return all.some((one) => one.app === app) ? { ports: this.#ports, app } : undefined;
    }
    if (only === undefined) return { ports: this.#ports };
    const port = all.find((one) => one.name === only)?.port;
    return port === undefined || port === 0 ? undefined : { port };
  }

  #aim(): Aim {
    switch (this.#random.below(7)) {
      case 6:
        return { app: this.#random.below(2) === 0 ? "shop" : "pay" };
      case 0:
      case 1:
        return { name: `W${this.#random.below(3)}*` };
      case 2:
        return { only: this.#pick([...this.#model.threads.keys()])! };
      default:
        return {};
    }
  }

  #levels(): Levels {
    const loggers = LOGGERS.filter(() => this.#random.below(2) === 0);
    const chosen = loggers.length === 0 ? ["root"] : loggers;
    return Object.fromEntries(chosen.map((logger) => [logger, this.#pick(LEVELS)!]));
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[this.#random.below(Math.max(1, from.length))];
  }

  async #untilListening(): Promise<void> {
    const wanted = [...this.#model.threads.values()].filter(({ listens }) => listens)
      .map(({ name }) => name).sort().join();
    await eventually(() => `threads ${wanted}`, async () => {
      const all = await status({ ports: this.#ports });
      return all.map(({ name }) => name).sort().join() === wanted || undefined;
    });
  }

  async #compare(): Promise<void> {
    const levels: Record<string, Levels> = {};
    for (const name of this.#model.threads.keys()) {
      levels[name] = await this.#threads.tell(name, { do: "look" });
    }
    assertEquals(levels, this.#model.levels, this.#story());
  }

  #note(what: string): void {
    this.#done.push(what);
  }

  #story(): string {
    return this.#done.join("\n");
  }
}

function incremental(levels: Levels): object {
  const { root, ...others } = levels;
  const loggers = Object.fromEntries(
    Object.entries(others).map(([name, level]) => [name, { level }]),
  );
  return {
    version: 1,
    incremental: true,
    loggers,
    ...root === undefined ? {} : { root: { level: root } },
  };
}

function whole(level: number): string {
  return JSON.stringify({
    version: 1,
    disable_existing_loggers: false,
    handlers: { none: { class: "logging.NullHandler" } },
    loggers: { app: { level }, "app.db": { level } },
    root: { level, handlers: ["none"] },
  });
}
