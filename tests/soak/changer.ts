import type { PortRange } from "../../src/hub/board/attach_options.ts";
import { reset } from "../../src/client/commands.ts";
import { rollback } from "../../src/client/rollback.ts";
import type { Delivery } from "../../src/client/request.ts";
import { send } from "../../src/client/send.ts";
import type { SendOptions } from "../../src/client/send_options.ts";
import { status } from "../../src/client/status.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";
import { eventually } from "../harness/deadline.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import type { LineChecker } from "./line_checker.ts";
import { type Levels, RandomConfigs, type SoakConfig } from "./random_config.ts";
import { SOAK_LOGGER } from "./soak_task.ts";
import type { Violations } from "./violations.ts";

/** What is known of a thread. */
interface Known {
  readonly levels: Levels;
  /** What its lines begin with; undefined if that is not known. */
  readonly tag: number | undefined;
}

/** Longest wait for an answer: threads compute, and the machine has other work. */
const PATIENCE_MS = 20_000;
/** For how long a worker may be given what it has missed as it came; see `ProcessChanges`. */
const YOUNG_MS = 5000;
/** Longest that all threads may take to get a change ready. */
const ATOMIC_WAIT_MS = 3000;

/** Sends changes of all kinds, and compares what is said about them with what happens. */
export class Changer {
  /** Acks by outcome. */
  readonly acks: Record<string, number> = {};
  /** Changes by kind. */
  readonly sent: Record<string, number> = {};
  readonly #ports: PortRange;
  readonly #lasting: readonly string[];
  readonly #checker: LineChecker;
  readonly #violations: Violations;
  readonly #random: SeededBytes;
  readonly #configs: RandomConfigs;
  #known = new Map<string, Known>();
  /** The last changes, for what is told of violations. */
  readonly #last: string[] = [];
  /** When each thread was first seen, in milliseconds of this thread's clock. */
  readonly #firstSeen = new Map<string, number>();

  /** Threads in `lasting` must answer always. */
  constructor(
    { ports, lasting, checker, violations, seed }: {
      readonly ports: PortRange;
      readonly lasting: readonly string[];
      readonly checker: LineChecker;
      readonly violations: Violations;
      readonly seed: number;
    },
  ) {
    this.#ports = ports;
    this.#lasting = lasting;
    this.#checker = checker;
    this.#violations = violations;
    this.#random = new SeededBytes(seed);
    this.#configs = new RandomConfigs(seed + 1);
  }

  /** One change, with all that comes of it. */
  async change(): Promise<void> {
    const dice = this.#random.below(100);
    if (dice < 35) return await this.#apply("whole", this.#configs.whole());
    if (dice < 50) return await this.#refuse();
    if (dice < 65) return await this.#apply("incremental", this.#configs.incremental());
    if (dice < 75) return await this.#override();
    if (dice < 85) {
      return await this.#apply("atomic", this.#configs.whole(), {
        atomic: true,
        wait: ATOMIC_WAIT_MS,
      });
    }
    if (dice < 93) return await this.#single();
    if (dice < 97) return await this.#goBack("rollback");
    return await this.#goBack("reset");
  }

  /** Goes back to what the program had set up, so that nothing is held for a rollback. */
  async clear(): Promise<void> {
    await this.#goBack("reset");
  }

  /** A configuration that stays, to all threads or to those of a name. */
  async #apply(kind: string, config: SoakConfig, options: SendOptions = {}): Promise<void> {
    await this.#verify(await this.#send(kind, config, options), config);
  }

  /** Sends it; gives the names of the threads that have not answered yet. */
  async #send(kind: string, config: SoakConfig, options: SendOptions): Promise<Set<string>> {
    this.#count(kind);
    this.#checker.expectNothing();
    const deliveries = await send(config.text, { ...this.#targets, ...options });
    if (options.name === undefined) this.#checkAllTold(kind, deliveries);
    return this.#takeAcks(kind, deliveries, config);
  }

  /** One that is refused by all, and changes nothing on any. */
  async #refuse(): Promise<void> {
    this.#count("refused");
    const text = this.#configs.invalid();
    const threads = (await status(this.#targets)).filter(({ name }) => this.#isLasting(name));
    const acks = await Promise.all(threads.map(({ port }) => sendConfig(port, text)));
    for (const { name, status, error } of acks) {
      this.#countAck(status);
      if (status === "applied") this.#violations.add(`${name} has applied ${text}`);
      if (status === "rejected" && !error?.message) {
        this.#violations.add(`${name} has not told why it refused ${text}`);
      }
    }
    // What is known holds throughout: the lines tell.
    await this.#verify(new Set());
  }

  /** One that is taken back by itself. */
  async #override(): Promise<void> {
    const config = this.#random.below(2) === 0
      ? this.#configs.whole()
      : this.#configs.incremental();
    const before = new Map(this.#known);
    await this.#send("override", config, { for: `${500 + this.#random.below(2000)}ms` });
    await eventually("the end of an override", async () => {
      const all = await status(this.#targets);
      // A thread that has not come to it yet does not tell of it either.
      const isOver = all.every(({ overrides, pending }) => overrides.length + pending === 0);
      return isOver ? true : undefined;
    });
    this.#known = before;
    await this.#verify(new Set());
    for (const [name, known] of this.#known) this.#expect(name, known);
  }

  async #single(): Promise<void> {
    const name = this.#lasting[this.#random.below(this.#lasting.length)]!;
    await this.#apply("to one thread", this.#configs.whole(), { name });
  }

  async #goBack(kind: "rollback" | "reset"): Promise<void> {
    this.#count(kind);
    this.#checker.expectNothing();
    const deliveries = await (kind === "reset" ? reset(this.#targets) : rollback(1, this.#targets));
    this.#checkAllTold(kind, deliveries);
    await this.#verify(this.#takeAcks(kind, deliveries));
  }

  /** Keeps what acks say, and gives the names of those that are pending. */
  #takeAcks(kind: string, deliveries: readonly Delivery[], config?: SoakConfig): Set<string> {
    const pending = new Set<string>();
    const lasting = this.#lasting.map((name) => this.#known.get(name));
    for (const { name, outcome, previous, levels, error, until } of deliveries) {
      if (name === undefined) continue;
      this.#countAck(outcome);
      const before = this.#known.get(name);
      if (outcome === "applied") {
        if (before !== undefined) this.#compare(name, "was", before.levels, previous!, lasting);
        const tag = config && (config.tag ?? before?.tag);
        this.#learn(name, { levels: levels!, tag }, config, until);
      } else if (outcome === "unchanged") {
        // It has nothing of what was taken back.
        if (before !== undefined) this.#expect(name, before);
      } else if (outcome === "pending") pending.add(name);
      else if (outcome === "rejected" && this.#isTrueRefusal(kind, name, error?.message)) {
        if (before !== undefined) this.#expect(name, before);
      } else {
        this.#known.delete(name);
        const isWrong = outcome === "rejected" || this.#isLasting(name);
        if (isWrong) this.#violations.add(`${kind}: ${name} ${outcome} ${error?.message}`);
      }
    }
    return pending;
  }

  /** What status says is what was said before; those that were pending are done by now. */
  async #verify(pending: ReadonlySet<string>, config?: SoakConfig): Promise<void> {
    const threads = await this.#untilAnswered();
    const names = new Set(threads.map(({ name }) => name));
    for (const name of this.#lasting) {
      if (!names.has(name)) this.#violations.add(`${name} does not answer`);
    }
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name);
    for (const { name, levels } of threads) {
      const before = this.#known.get(name);
      if (pending.has(name)) {
        this.#countAck("pending, then applied");
        this.#learn(name, { levels, tag: config && (config.tag ?? before?.tag) }, config);
      } else if (before === undefined) this.#learn(name, { levels, tag: undefined });
      else this.#compare(name, "is", before.levels, levels);
    }
  }

  /** The status of all once nothing waits. */
  async #untilAnswered(): Promise<readonly ThreadStatus[]> {
    return await eventually("every thread to have answered", async () => {
      const threads = await status(this.#targets);
      return threads.every(({ pending }) => pending === 0) ? threads : undefined;
    });
  }

  #learn(name: string, known: Known, config?: SoakConfig, until?: string): void {
    this.#known.set(name, known);
    if (!this.#firstSeen.has(name)) this.#firstSeen.set(name, performance.now());
    this.#expect(name, known, until);
    const { root, soak } = config ?? {};
    const { levels } = known;
    const own = soak === "NOTSET" ? undefined : soak;
    const isAsAsked = (root === undefined || levels.root === root) &&
      (soak === undefined || levels[SOAK_LOGGER] === own);
    if (isAsAsked) return;
    this.#violations.add(`${name} is at ${JSON.stringify(levels)} after ${config!.text}`);
  }

  #expect(name: string, { levels, tag }: Known, until?: string): void {
    if (this.#isYoung(name)) return;
    const level = levels[SOAK_LOGGER] ?? levels.root!;
    this.#checker.expect(name, level, tag, until === undefined ? Infinity : Date.parse(until));
  }

  /** `lasting` is what was known then of the threads that last. */
  #compare(
    name: string,
    verb: string,
    known: Levels,
    told: Levels,
    lasting = this.#lasting.map((other) => this.#known.get(other)),
  ): void {
    if (sorted(known) === sorted(told)) return;
    const offered = this.#isYoung(name) &&
      lasting.find((other) => other !== undefined && sorted(other.levels) === sorted(told));
    if (offered) return this.#learn(name, offered);
    const ages = `${
      Math.round(performance.now() - this.#firstSeen.get(name)!)
    } ms after it was seen`;
    const after = this.#last.slice(-3).join(", then ");
    this.#violations.add(
      `${name} ${verb} at ${sorted(told)}, known ${sorted(known)}, ${ages}; changes: ${after}`,
    );
  }

  /**
   * Whether a worker has come so lately that it may be given a change which its sender did not know
   * to send it: it is then as those that last.
   */
  #isYoung(name: string): boolean {
    const since = this.#firstSeen.get(name) ?? performance.now();
    return !this.#isLasting(name) && performance.now() - since < YOUNG_MS;
  }

  #checkAllTold(kind: string, deliveries: readonly Delivery[]): void {
    const told = new Set(deliveries.map(({ name }) => name));
    for (const name of this.#lasting) {
      if (!told.has(name)) this.#violations.add(`${kind}: nothing told of ${name}`);
    }
  }

  get #targets(): { ports: PortRange; timeout: number } {
    return { ports: this.#ports, timeout: PATIENCE_MS };
  }

  #isLasting(name: string): boolean {
    return this.#lasting.includes(name);
  }

  #count(kind: string): void {
    this.#last.push(kind);
    this.sent[kind] = (this.sent[kind] ?? 0) + 1;
  }

  #countAck(outcome: string): void {
    this.acks[outcome] = (this.acks[outcome] ?? 0) + 1;
  }

  /** Whether a good change may be refused like that, and without effect. */
  #isTrueRefusal(kind: string, name: string, message = ""): boolean {
    if (message.startsWith("Cannot serve: there are more than")) return true;
    if (message.startsWith("The thread has ended meanwhile")) return !this.#isLasting(name);
    if (kind !== "atomic") return false;
    // One that took over the port of a thread that had prepared, and has ended.
    const isNew = /^Cannot commit: transaction \S+ is not prepared$/.test(message);
    return message.startsWith("Not applied: ") || (isNew && !this.#isLasting(name));
  }
}

function sorted(levels: Levels): string {
  return JSON.stringify(Object.entries(levels).sort());
}
