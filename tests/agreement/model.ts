import { fitsPattern } from "../../src/core/text/fits_pattern.ts";

/** Level numbers by logger. */
export type Levels = Readonly<Record<string, number>>;

/** Whom a change is for. */
export interface Aim {
  readonly name?: string;
  /** The thread itself, by its name. */
  readonly only?: string;
}

/** A change of the process. */
interface Entry {
  readonly seq: number;
  readonly levels: Levels;
  readonly to: Aim;
  readonly isOverride: boolean;
  /** Whether it is for some log calls only, and leaves levels alone; a whole configuration ends that. */
  readonly kind?: "scope" | "whole";
  readonly except: string[];
}

/** What lies on top of what a thread began with: changes, and what it has set by itself. */
type Layer = { readonly entry: Entry } | { readonly own: Levels };

/** A thread, as it should be. */
class ModelThread {
  readonly name: string;
  listens = true;
  readonly seen = new Set<number>();
  layers: Layer[] = [];
  base: Levels = { root: 20, app: 0, "app.db": 0 };
  /** What it has set by itself since the last change. */
  own: Levels = {};

  constructor(name: string) {
    this.name = name;
  }

  get levels(): Levels {
    return { ...this.#settled(), ...this.own };
  }

  /** Whether a scope is in force. */
  get isScoped(): boolean {
    return this.entries.findLast(({ kind }) => kind !== undefined)?.kind === "scope";
  }

  get entries(): Entry[] {
    return this.layers.flatMap((layer) => "entry" in layer ? layer.entry : []);
  }

  add(entry: Entry): void {
    this.#note();
    this.seen.add(entry.seq);
    const at = this.layers.findIndex((layer) => "entry" in layer && layer.entry.seq > entry.seq);
    this.layers.splice(at < 0 ? this.layers.length : at, 0, { entry });
  }

  remove(isMeant: (entry: Entry) => boolean): void {
    this.#note();
    this.layers = this.layers.filter((layer) => !("entry" in layer && isMeant(layer.entry)));
    if (this.entries.length > 0) return;
    this.base = this.#settled();
    this.layers = [];
  }

  #settled(): Levels {
    const parts = this.layers.map((layer) => "entry" in layer ? layer.entry.levels : layer.own);
    return Object.assign({}, this.base, ...parts);
  }

  #note(): void {
    const settled = this.#settled();
    const own = Object.entries(this.own).filter(([logger, level]) => settled[logger] !== level);
    this.own = {};
    if (own.length === 0) return;
    if (this.entries.length > 0) this.layers.push({ own: Object.fromEntries(own) });
    else this.base = { ...this.base, ...Object.fromEntries(own) };
  }
}

/** What the threads of a process should have come to; see "Changes and threads" in `src/README.md`. */
export class Model {
  readonly threads = new Map<string, ModelThread>();
  #entries: Entry[] = [];
  #undone: { readonly seq: number; readonly name: string | undefined }[] = [];
  #seq = 0;

  /** Levels of all threads by name. */
  get levels(): Record<string, Levels> {
    return Object.fromEntries(
      [...this.threads].map(([name, { levels, isScoped }]) => [
        name,
        { ...levels, ...isScoped ? { scoped: 1 } : {} },
      ]),
    );
  }

  begin(name: string): void {
    this.threads.set(name, new ModelThread(name));
    this.#catchUp(this.threads.get(name)!);
  }

  end(name: string): void {
    this.threads.delete(name);
    this.#clean();
  }

  set(name: string, logger: string, level: number): void {
    const thread = this.threads.get(name)!;
    thread.own = { ...thread.own, [logger]: level };
  }

  stop(name: string): void {
    const thread = this.threads.get(name)!;
    thread.listens = false;
    thread.remove(({ isOverride }) => isOverride);
    this.#clean();
  }

  listen(name: string): void {
    const thread = this.threads.get(name)!;
    thread.listens = true;
    const missed = this.#undone.filter((one) =>
      one.name === undefined || fitsPattern(name, one.name)
    );
    thread.remove(({ seq }) => missed.some((one) => one.seq === seq));
    const news = thread.entries.filter((entry) => !this.#entries.includes(entry));
    this.#entries = [...this.#entries, ...news].sort((a, b) => a.seq - b.seq);
    for (const one of this.threads.values()) if (one.listens) this.#catchUp(one);
  }

  /** A change; returns its number. */
  change(levels: Levels, to: Aim, isOverride: boolean, kind?: Entry["kind"]): number {
    const entry = { seq: ++this.#seq, levels, to, isOverride, kind, except: [] };
    this.#entries.push(entry);
    for (const thread of this.#meant(to)) thread.add(entry);
    this.#clean();
    return entry.seq;
  }

  /** An override's end. */
  expire(seq: number): void {
    for (const thread of this.threads.values()) thread.remove((entry) => entry.seq === seq);
    this.#entries = this.#entries.filter((entry) => entry.seq !== seq);
  }

  /** Takes back the last changes, or all; returns whether there were so many. */
  takeBack(steps: number, to: Aim): boolean {
    const meant = this.#meant(to);
    const seqs = [...new Set(meant.flatMap(({ entries }) => entries.map(({ seq }) => seq)))]
      .sort((a, b) => a - b);
    if (seqs.length < steps) return steps === Infinity && this.takeBack(seqs.length, to);
    const taken = steps === 0 ? [] : seqs.slice(-steps);
    for (const thread of meant) thread.remove(({ seq }) => taken.includes(seq));
    for (const entry of this.#entries.filter(({ seq }) => taken.includes(seq))) {
      if (to.only !== undefined) continue;
      if (to.name !== undefined) entry.except.push(to.name);
      this.#undone.push({ seq: entry.seq, name: to.name });
      if (to.name === undefined || !this.#isHeld(entry)) this.#strike(entry);
    }
    return true;
  }

  #meant({ name, only }: Aim): ModelThread[] {
    return [...this.threads.values()].filter((thread) =>
      thread.listens && (name === undefined || fitsPattern(thread.name, name)) &&
      (only === undefined || thread.name === only)
    );
  }

  #catchUp(thread: ModelThread): void {
    for (const entry of this.#entries) {
      const { to, except, seq } = entry;
      const isMeant = to.only === undefined &&
        [to.name ?? "*"].some((pattern) => fitsPattern(thread.name, pattern)) &&
        !except.some((pattern) => fitsPattern(thread.name, pattern));
      if (isMeant && !thread.seen.has(seq)) thread.add(entry);
    }
  }

  #isHeld(entry: Entry): boolean {
    return [...this.threads.values()].some((one) => one.listens && one.entries.includes(entry));
  }

  #strike(entry: Entry): void {
    this.#entries = this.#entries.filter((one) => one !== entry);
  }

  /** Nobody listens: nothing is kept. */
  #clean(): void {
    if (![...this.threads.values()].some(({ listens }) => listens)) this.#entries = [];
  }
}
