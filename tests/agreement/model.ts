import { fitsPattern } from "../../src/core/text/fits_pattern.ts";

/** Level numbers by logger. */
export type Levels = Readonly<Record<string, number>>;

/** Whom a change is for. */
export interface Aim {
  readonly name?: string;
  /** Name of the program. */
  readonly app?: string;
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
  readonly except: Aim[];
}

/** What a watched file says. */
interface FileEntry {
  readonly seq: number;
  readonly levels: Levels;
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
  /** What the watched file has said last here, what lies below it, and what was set since then. */
  file: FileEntry | undefined;
  #below: Levels = {};
  #ownSince: Levels = {};
  /** Loggers whose level below all layers is the file's. */
  #ofFile = new Set<string>();

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

  /** The file takes the place of what it said before, and of all that was to stay. */
  begin(file: FileEntry): void {
    this.#note();
    if (this.file === undefined) {
      this.#below = this.base;
      this.#ownSince = Object.assign(
        {},
        ...this.layers.map((layer) => "own" in layer ? layer.own : {}),
      );
    }
    this.file = file;
    this.base = { ...this.#below, ...this.#ownSince, ...file.levels };
    this.#ofFile = new Set(Object.keys(file.levels));
    this.layers = this.layers.filter((layer) => "entry" in layer && !isOver(layer.entry, file));
  }

  remove(isMeant: (entry: Entry) => boolean): void {
    this.#note();
    this.layers = this.layers.filter((layer) => !("entry" in layer && isMeant(layer.entry)));
    if (this.entries.length > 0) return;
    this.base = this.#settled();
    for (const layer of this.layers) if ("own" in layer) this.#noteInBase(layer.own);
    this.layers = [];
  }

  #settled(): Levels {
    const parts = this.layers.map((layer) => "entry" in layer ? layer.entry.levels : layer.own);
    return Object.assign({}, this.base, ...parts);
  }

  #note(): void {
    const settled = this.#settled();
    // One that it sets to what it has set already is no news.
    const own = Object.entries(this.own).filter(([logger, level]) =>
      settled[logger] !== level || this.#isFromOutside(logger)
    );
    this.own = {};
    if (own.length === 0) return;
    if (this.file !== undefined) Object.assign(this.#ownSince, Object.fromEntries(own));
    if (this.entries.length > 0) this.layers.push({ own: Object.fromEntries(own) });
    else {
      this.base = { ...this.base, ...Object.fromEntries(own) };
      this.#noteInBase(Object.fromEntries(own));
    }
  }

  #noteInBase(own: Levels): void {
    for (const logger of Object.keys(own)) this.#ofFile.delete(logger);
  }

  /** Whether a change or the file has set the level that counts. */
  #isFromOutside(logger: string): boolean {
    const layer = this.layers.findLast((one) =>
      logger in ("entry" in one ? one.entry.levels : one.own)
    );
    return layer === undefined ? this.#ofFile.has(logger) : "entry" in layer;
  }
}

/** The program of a thread: those of two kinds of workers are of others than all the rest. */
export function appOf(name: string): string {
  return { W0: "shop", W1: "pay" }[name.slice(0, 2)] ?? "";
}

/** Whether a change is for a thread of that name, where it is not for one alone. */
function isAimedAt(thread: string, { name = "*", app = "*" }: Aim): boolean {
  return fitsPattern(thread, name) && fitsPattern(appOf(thread), app);
}

/** Whether a file ends a change. */
function isOver({ seq, isOverride }: Entry, file: FileEntry): boolean {
  return !isOverride && seq < file.seq;
}

/** What the threads of a process should have come to; see "Changes and threads" in `src/README.md`. */
export class Model {
  readonly threads = new Map<string, ModelThread>();
  #entries: Entry[] = [];
  #undone: { readonly seq: number; readonly to: Aim }[] = [];
  #seq = 0;
  #file: FileEntry | undefined;

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
    // With nobody who could tell, it is read as if for the first time.
    if (!this.#isHeard && this.#file !== undefined) this.#readFile(this.#file.levels);
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
    if (!this.#isHeard && this.#file !== undefined) {
      if (thread.file?.levels === this.#file.levels) this.#file = thread.file;
      else this.#readFile(this.#file.levels);
    }
    thread.listens = true;
    const missed = this.#undone.filter(({ to }) => isAimedAt(name, to));
    thread.remove(({ seq }) => missed.some((one) => one.seq === seq));
    if (this.#file !== undefined && thread.file !== this.#file) thread.begin(this.#file);
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

  /** A watched file says something else. */
  file(levels: Levels): void {
    this.#readFile(levels);
    for (const thread of this.threads.values()) if (thread.listens) thread.begin(this.#file!);
  }

  #readFile(levels: Levels): void {
    const file = { seq: ++this.#seq, levels };
    this.#file = file;
    this.#entries = this.#entries.filter((entry) => !isOver(entry, file));
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
    if (seqs.length < steps && steps !== Infinity) return false;
    // All goes back beyond what no thread has any more, and late ones would begin with.
    const taken = steps === Infinity
      ? [...seqs, ...this.#entries.map(({ seq }) => seq)]
      : seqs.slice(-steps);
    for (const thread of meant) thread.remove(({ seq }) => taken.includes(seq));
    for (const entry of this.#entries.filter(({ seq }) => taken.includes(seq))) {
      if (to.only !== undefined) continue;
      const isForAll = to.name === undefined && to.app === undefined;
      if (!isForAll) entry.except.push(to);
      this.#undone.push({ seq: entry.seq, to });
      if (isForAll || !this.#isHeld(entry)) this.#strike(entry);
    }
    return true;
  }

  #meant(to: Aim): ModelThread[] {
    return [...this.threads.values()].filter(({ listens, name }) =>
      listens && isAimedAt(name, to) && (to.only === undefined || name === to.only)
    );
  }

  #catchUp(thread: ModelThread): void {
    if (this.#file !== undefined && thread.file !== this.#file) thread.begin(this.#file);
    for (const entry of this.#entries) {
      const { to, except, seq } = entry;
      const isMeant = to.only === undefined && isAimedAt(thread.name, to) &&
        !except.some((one) => isAimedAt(thread.name, one));
      if (isMeant && !thread.seen.has(seq)) thread.add(entry);
    }
  }

  #isHeld(entry: Entry): boolean {
    return [...this.threads.values()].some((one) => one.listens && one.entries.includes(entry));
  }

  #strike(entry: Entry): void {
    this.#entries = this.#entries.filter((one) => one !== entry);
  }

  get #isHeard(): boolean {
    return [...this.threads.values()].some(({ listens }) => listens);
  }

  /** Nobody listens: nothing is kept. */
  #clean(): void {
    if (!this.#isHeard) this.#entries = [];
  }
}
