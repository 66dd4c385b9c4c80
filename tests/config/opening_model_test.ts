import { assertEquals } from "@std/assert";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { applyConfig } from "../../src/config/apply/configurator.ts";
import { readConfigText } from "../../src/config/text/config_text.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { getLevelName } from "../../src/core/levels/levels.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
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
  /** Whether a change has set it. */
  readonly isOutside?: boolean;
}

/** How the model is set up: the loggers by name, and the level of the handler for lines. */
interface State {
  readonly loggers: ReadonlyMap<string, Set>;
  readonly handler: number;
}

/** A change in force, or what the program has set between two of them. */
type Layer = Outside | { readonly own: ReadonlyMap<string, number> };

/** A change in force. */
interface Outside {
  readonly id: string;
  readonly expiresAt: number;
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

/** What a layer makes of a state. */
function applied(state: State, layer: Layer): State {
  const loggers = new Map(state.loggers);
  if ("own" in layer) {
    for (const [name, level] of layer.own) loggers.set(name, { level, from: Infinity });
    return { ...state, loggers };
  }
  const { levels, open, handler } = layer;
  for (const [name, level] of levels) {
    const before = effective(state, name);
    const shows = open && level !== 0 && (level <= before.level || level >= before.from);
    loggers.set(name, { level, from: shows ? level : Infinity, isOutside: true });
  }
  return { loggers, handler: handler ?? state.handler };
}

/** What should be in force. */
class Model {
  layers: Layer[] = [];
  /** What the program has set since the last change. */
  readonly own = new Map<string, number>();
  #base: State;

  constructor(base: State) {
    this.#base = base;
  }

  get outside(): Outside[] {
    return this.layers.flatMap((layer) => "own" in layer ? [] : layer);
  }

  get state(): State {
    return applied(this.#settled, { own: this.own });
  }

  get #settled(): State {
    return this.layers.reduce(applied, this.#base);
  }

  add(layer: Outside): void {
    this.#noteOwn();
    this.layers.push(layer);
  }

  remove(isMeant: (layer: Outside) => boolean): void {
    if (!this.outside.some(isMeant)) return;
    this.#noteOwn();
    this.layers = this.layers.filter((layer) => "own" in layer || !isMeant(layer));
    if (this.outside.length > 0) return;
    this.#base = this.#settled;
    this.layers = [];
  }

  #noteOwn(): void {
    const { loggers } = this.#settled;
    // One that it sets to what it has set already is no news.
    const own = [...this.own].filter(([name, level]) => {
      const settled = loggers.get(name)!;
      return settled.isOutside || level !== settled.level;
    });
    this.layers.push({ own: new Map(own) });
    this.own.clear();
    if (this.outside.length > 0) return;
    this.#base = this.#settled;
    this.layers = [];
  }
}

/** The program with what was done to it, and the model of that. */
class Run {
  readonly manager = new Manager();
  readonly alert = new ListHandler(ALERT);
  readonly log = new ReversibleChanges(this.manager, registry);
  readonly model: Model;
  readonly #random: SeededBytes;
  readonly #done: string[] = [];
  #seq = 0;
  #now = 0;

  constructor(random: SeededBytes) {
    this.#random = random;
    this.log.policy = { isGuarded: true, wireHandlers: [] };
    for (const name of NAMES) this.manager.getLogger(name);
    const entries = NAMES.map((name): [string, Set] => {
      return [name, { level: name === "root" ? 30 : 0, from: Infinity }];
    });
    this.model = new Model({ loggers: new Map(entries), handler: 40 });
    applyConfig(this.manager, readConfigText(whole(new Map([["root", 30]]), 40), noName), registry);
  }

  step(): void {
    const { model } = this;
    // What is too old for a rollback is another story.
    const choice = model.outside.length > 12 ? 5 : this.#pick([0, 0, 0, 0, 1, 2, 2, 3, 4, 5]);
    if (choice <= 1) return this.#change(choice === 1);
    if (choice === 2) return this.#setOwn();
    if (choice === 3) {
      this.#now += this.#pick([1, 2, 4]);
      this.#done.push(`now is ${this.#now}`);
      this.log.expire(this.#now);
      return model.remove(({ expiresAt }) => expiresAt <= this.#now);
    }
    if (choice === 4) {
      const steps = 1 + this.#random.below(3);
      const ids = model.outside.slice(-steps).map(({ id }) => id);
      this.#done.push(`rollback ${ids}`);
      this.log.takeBack(ids);
      return model.remove(({ id }) => ids.includes(id));
    }
    this.#done.push("reset");
    this.log.reset(this.#seq);
    model.remove(() => true);
  }

  check(): void {
    // The program has it, and sees that it stays.
    this.manager.root.addHandler(this.alert);
    const { state } = this.model;
    for (const name of NAMES) {
      const { level, from } = effective(state, name);
      const isShown = from >= Math.min(state.handler, ALERT);
      const wanted = LEVELS.filter((one) =>
        one >= level && (one >= state.handler || (!isShown && one >= from))
      );
      lines = [];
      this.alert.records.length = 0;
      for (const one of LEVELS) this.manager.getLogger(name).log(one, "text");
      const told = () => `${name} after ${this.#done.join("; ")}`;
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
    const seq = ++this.#seq, id = `change ${seq}`;
    this.#done.push(`${id}: ${text} until ${expiresAt}`);
    this.log.apply({ id, seq, text, by: "somebody", at: "2026-11-22T00:00:00Z", expiresAt });
    this.model.add({ id, expiresAt: expiresAt ?? Infinity, levels, open, handler });
  }

  #setOwn(): void {
    const name = this.#pick(NAMES), level = this.#pick(LEVELS);
    this.#done.push(`program sets ${name} to ${level}`);
    this.manager.getLogger(name).setLevel(level);
    this.model.own.set(name, level);
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
  for (let seed = 1; seed <= 60; seed++) {
    const run = new Run(new SeededBytes(seed));
    run.check();
    for (let step = 0; step < 25; step++) {
      run.step();
      run.check();
    }
  }
});
