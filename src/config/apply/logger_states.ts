import type { LoggerState } from "./logger_state.ts";

/** States of loggers by name; undefined stands for a logger that did not exist. */
export type Differences = ReadonlyMap<string, LoggerState | undefined>;

/**
 * The states of a thread's loggers at one moment. Moments form a chain: the newest knows all
 * loggers, and each older one only what differed from the next. So many moments take little memory,
 * however many loggers there are.
 */
export class LoggerStates {
  /** All loggers; only the newest has them. */
  #all: Map<string, LoggerState> | undefined;
  /** The next moment; the newest has none. */
  #next: LoggerStates | undefined;
  /** The states that differed from those of the next moment. */
  #differences = new Map<string, LoggerState | undefined>();

  private constructor(all: Map<string, LoggerState>) {
    this.#all = all;
  }

  /** A first moment, without loggers. */
  static none(): LoggerStates {
    return new LoggerStates(new Map());
  }

  /** The logger of that name, undefined if there was none. */
  get(name: string): LoggerState | undefined {
    for (let one: LoggerStates = this;; one = one.#next) {
      if (one.#next === undefined) return one.#all!.get(name);
      if (one.#differences.has(name)) return one.#differences.get(name);
    }
  }

  /** Whether there was a logger of that name. */
  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** A function that does what `get` does, faster for many names; valid until a moment is added. */
  lookUp(): (name: string) => LoggerState | undefined {
    const { all, older } = this.#view();
    return (name) => older.has(name) ? older.get(name) : all.get(name);
  }

  /** The loggers by name. */
  *[Symbol.iterator](): Generator<[name: string, state: LoggerState]> {
    const { all, older } = this.#view();
    for (const [name, now] of all) {
      const state = older.has(name) ? older.get(name) : now;
      if (state !== undefined) yield [name, state];
    }
    for (const [name, state] of older) {
      if (state !== undefined && !all.has(name)) yield [name, state];
    }
  }

  /** The states that differed from those of the newest moment, by name. */
  get differences(): Differences {
    return this.#view().older;
  }

  /** How many loggers the newest moment knows. */
  get size(): number {
    return this.#newest().#all!.size;
  }

  /**
   * Adds a moment after this one, which is the newest, with the states that differ. Without any no
   * moment is added, and this one is returned.
   */
  next(changes: Differences): LoggerStates {
    if (changes.size === 0) return this;
    const all = this.#all!;
    for (const [name, state] of changes) {
      this.#differences.set(name, all.get(name));
      if (state === undefined) all.delete(name);
      else all.set(name, state);
    }
    this.#all = undefined;
    this.#next = new LoggerStates(all);
    return this.#next;
  }

  /**
   * Forgets the moments after this one that are not `wanted`, so that memory does not grow with every
   * change.
   */
  keepOnly(wanted: ReadonlySet<LoggerStates>): void {
    let one: LoggerStates = this;
    for (let next = one.#next; next !== undefined; next = one.#next) {
      // The newest has no differences, and is always wanted.
      if (next.#next === undefined || wanted.has(next)) one = next;
      else one.#skipNext(next, next.#next);
    }
  }

  /** Takes over what the next moment knows, which may still be used to reach those after it. */
  #skipNext(skipped: LoggerStates, next: LoggerStates): void {
    this.#next = next;
    for (const [name, state] of skipped.#differences) {
      const known = this.#differences.has(name) ? this.#differences.get(name) : state;
      if (known === next.get(name)) this.#differences.delete(name);
      else this.#differences.set(name, known);
    }
  }

  #newest(): LoggerStates {
    let newest: LoggerStates = this;
    while (newest.#next !== undefined) newest = newest.#next;
    return newest;
  }

  /** All loggers of the newest moment, and the states that differed in this one. */
  #view(): { all: ReadonlyMap<string, LoggerState>; older: Differences } {
    const older = new Map<string, LoggerState | undefined>();
    for (let one: LoggerStates | undefined = this; one !== undefined; one = one.#next) {
      for (const [name, state] of one.#differences) if (!older.has(name)) older.set(name, state);
    }
    return { all: this.#newest().#all!, older };
  }
}
