import { assertEquals } from "@std/assert";
import { ChangeLog } from "../../src/config/apply/change_log.ts";
import { applyConfig } from "../../src/config/apply/configurator.ts";
import { readConfigText } from "../../src/config/text/config_text.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { getLevelName } from "../../src/core/levels.ts";
import { Manager } from "../../src/core/manager.ts";
import type { LogRecord } from "../../src/core/record.ts";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";

const NAMES = ["root", "app", "app.db", "app.db.pool", "app.http"];
const LEVELS = [10, 20, 30, 40, 50];
/** Level of the handler that alerts, and that must never show more than that. */
const ALERT = 40;

/** What has come out of the handler for lines since it was last looked at. */
let lines: LogRecord[] = [];

class LineHandler extends StreamHandler {
  override emit(record: LogRecord): void {
    lines.push(record);
  }
}

const registry = standardRegistry();
registry.registerHandler("test.LineHandler", LineHandler);

/** A level with the lowest one that is shown in spite of handlers. */
interface Set {
  readonly level: number;
  readonly from: number;
}

/** How the model is set up: the loggers by name, and the level of the handler for lines. */
interface State {
  readonly loggers: ReadonlyMap<string, Set>;
  readonly handler: number;
}

/** A change in force. */
interface Layer {
  readonly expiresAt: number | undefined;
  /** Levels by name. */
  readonly levels: ReadonlyMap<string, number>;
  readonly open: boolean;
  /** Level of the new handler of a whole configuration; undefined for a change of levels. */
  readonly handler: number | undefined;
}

/** The nearest level that counts for a logger. */
function effective({ loggers }: State, name: string): Set {
  for (let one = name;; one = one.slice(0, Math.max(0, one.lastIndexOf("."))) || "root") {
    const found = loggers.get(one)!;
    if (found.level !== 0 || one === "root") return found;
  }
}

/** What a change makes of a state. */
function applied(state: State, { levels, open, handler }: Layer): State {
  const loggers = new Map(state.loggers);
  for (const [name, level] of levels) {
    const before = effective(state, name);
    const shows = open && level !== 0 && (level <= before.level || level >= before.from);
    loggers.set(name, { level, from: shows ? level : Infinity });
  }
  return { loggers, handler: handler ?? state.handler };
}

/** The program with what was done to it, and the model of that. */
class Run {
  readonly manager = new Manager();
  readonly alert = new ListHandler(ALERT);
  log = new ChangeLog(this.manager, registry);
  readonly #random: SeededBytes;
  #layers: Layer[] = [];
  #base: State;
  /** What the program has set itself since the last change. */
  #own = new Map<string, number>();
  #now = 0;
  readonly done: string[] = [];

  constructor(random: SeededBytes) {
    this.#random = random;
    const none = { level: 0, from: Infinity };
    const root = { level: 30, from: Infinity };
    const entries = NAMES.map((name): [string, Set] => [name, name === "root" ? root : none]);
    this.#base = { loggers: new Map(entries), handler: 40 };
    for (const name of NAMES) this.manager.getLogger(name);
    applyConfig(this.manager, readConfigText(whole(new Map([["root", 30]]), 40), noName), registry);
    this.#addAlert();
  }

  step(): void {
    const choice = this.#pick([0, 0, 0, 0, 1, 2, 3, 4, 5, 6]);
    // What the program sets under several changes belongs to another test.
    const isOwnWaiting = this.#own.size > 0;
    if (choice <= 1 && !isOwnWaiting) return this.#change(choice === 1);
    if (choice === 2 && this.#layers.length < 2) return this.#setOwn();
    if (choice === 3) return this.#expire();
    if (choice === 4 && this.#layers.length > 0) {
      const steps = 1 + this.#random.below(this.#layers.length);
      this.done.push(`rollback ${steps}`);
      this.log.rollback(isOwnWaiting ? this.#layers.length : steps);
      return this.#remain(isOwnWaiting ? [] : this.#layers.slice(0, -steps));
    }
    if (choice === 5 && !isOwnWaiting) {
      this.done.push("reset");
      this.log.reset();
      this.#remain([]);
    }
  }

  check(): void {
    let state = this.#base;
    for (const layer of this.#layers) state = applied(state, layer);
    for (const [name, level] of this.#own) {
      state = { ...state, loggers: new Map(state.loggers).set(name, { level, from: Infinity }) };
    }
    for (const name of NAMES) {
      const { level, from } = effective(state, name);
      const isShown = from >= Math.min(state.handler, ALERT);
      const wanted = LEVELS.filter((one) =>
        one >= level && (one >= state.handler || (!isShown && one >= from))
      );
      lines = [];
      this.alert.records.length = 0;
      for (const one of LEVELS) this.manager.getLogger(name).log(one, "text");
      const told = () => `${name} after ${this.done.join("; ")}`;
      const shown = lines.map(({ levelno }) => levelno);
      if (String(shown) !== String(wanted)) assertEquals(shown, wanted, told());
      const alerts = LEVELS.filter((one) => one >= level && one >= ALERT);
      const alerted = this.alert.records.map(({ levelno }) => levelno);
      if (String(alerted) !== String(alerts)) assertEquals(alerted, alerts, `alert: ${told()}`);
    }
  }

  #change(isWhole: boolean): void {
    const names = isWhole ? NAMES : NAMES.filter(() => this.#random.below(10) < 4);
    const levels = new Map(names.map((name) => [name, this.#pick([...LEVELS, 0])]));
    // A root without a level is another story.
    if (levels.get("root") === 0) levels.set("root", 10);
    const handler = isWhole ? this.#pick(LEVELS) : undefined;
    const open = !isWhole && this.#random.below(10) < 8;
    const expiresAt = this.#random.below(2) === 0
      ? this.#now + this.#pick([1, 2, 5, 9])
      : undefined;
    const text = isWhole ? whole(levels, handler!) : incremental(levels, open);
    this.done.push(`${text} until ${expiresAt}`);
    this.log.apply({ text, by: "somebody", at: "2026-11-22T00:00:00Z", expiresAt });
    this.#layers.push({ expiresAt, levels, open, handler });
    if (isWhole) this.#addAlert();
  }

  #setOwn(): void {
    const name = this.#pick(NAMES), level = this.#pick(LEVELS);
    const before = this.manager.getLogger(name).level;
    // One that is set to what it is already cannot be told from one that is not set.
    if (this.#layers.length > 0 && (level === before || this.#own.has(name))) return;
    // What it sets while nothing is in force is what there is to go back to.
    if (this.#layers.length === 0) this.log = new ChangeLog(this.manager, registry);
    this.done.push(`program sets ${name} to ${level}`);
    this.manager.getLogger(name).setLevel(level);
    if (this.#layers.length > 0) this.#own.set(name, level);
    else {
      const loggers = new Map(this.#base.loggers).set(name, { level, from: Infinity });
      this.#base = { ...this.#base, loggers };
    }
  }

  #expire(): void {
    this.#now += this.#own.size > 0 ? 10 : this.#pick([1, 2, 4]);
    this.done.push(`now is ${this.#now}`);
    this.log.expire(this.#now);
    const rest = this.#layers.filter(({ expiresAt = Infinity }) => expiresAt > this.#now);
    if (rest.length < this.#layers.length) this.#remain(rest);
  }

  #remain(layers: Layer[]): void {
    this.#layers = layers;
    const loggers = new Map(this.#base.loggers);
    for (const [name, level] of this.#own) loggers.set(name, { level, from: Infinity });
    this.#base = { ...this.#base, loggers };
    if (this.#own.size > 0) this.log = new ChangeLog(this.manager, registry);
    this.#own.clear();
    this.#addAlert();
  }

  /** The program has it, and sees that it stays. */
  #addAlert(): void {
    this.manager.root.addHandler(this.alert);
  }

  #pick<T>(of: readonly T[]): T {
    return of[this.#random.below(of.length)]!;
  }
}

function noName(): undefined {
  return undefined;
}

function loggersPart(levels: ReadonlyMap<string, number>): Record<string, { level: string }> {
  const named = [...levels].filter(([name]) => name !== "root");
  return Object.fromEntries(named.map(([name, level]) => [name, { level: getLevelName(level) }]));
}

function incremental(levels: ReadonlyMap<string, number>, open: boolean): string {
  const root = levels.has("root") ? { root: { level: levels.get("root") } } : {};
  const loggers = loggersPart(levels);
  return JSON.stringify({ version: 1, incremental: true, loggers, ...root, logdial: { open } });
}

function whole(levels: ReadonlyMap<string, number>, handler: number): string {
  return JSON.stringify({
    version: 1,
    disable_existing_loggers: false,
    handlers: { lines: { class: "test.LineHandler", level: handler } },
    loggers: loggersPart(levels),
    root: { level: levels.get("root"), handlers: ["lines"] },
  });
}

Deno.test("whatever comes over and under openings, what shows is as in the model", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const run = new Run(new SeededBytes(seed));
    run.check();
    for (let step = 0; step < 25; step++) {
      run.step();
      run.check();
    }
  }
});
