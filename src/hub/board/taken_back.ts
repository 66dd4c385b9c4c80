import type { Aim } from "../../wire/command.ts";
import { fitsPattern } from "../../core/text/fits_pattern.ts";

/** How many changes that were taken back are remembered, for threads that come again. */
const MAX_TAKEN_BACK = 1000;
/** How long after a change was taken back one of its frames may still come, in milliseconds. */
const LATE_MS = 10_000;
/** The name that stands for all threads. */
export const ALL = "*";
/** Most names and patterns of threads from which one change has been taken back. */
const MAX_NAMES = 16;

/** A change that was taken back. Sent again, it gets another place, and is one no more. */
export interface TakenBack {
  readonly id: string;
  readonly seq: number;
  /** The threads from which it was taken back, each as {@linkcode aimedName} says it. */
  readonly names: ReadonlySet<string>;
  /** How many milliseconds ago that was, where it is told later. */
  readonly age?: number;
}

/** A thread to which changes come. */
export interface Receiver {
  readonly name: string;
  /** Name of its program. */
  readonly app?: string;
  /** Ids of the changes that it had before it came to this hub. */
  readonly seen: ReadonlySet<string>;
}

/** A change that was taken back, as the hub has noted it or has been told of it. */
interface Noted extends TakenBack {
  /** The threads that had got the change by then. */
  readonly had: WeakSet<object>;
  /** When it was noted, in milliseconds of this thread's clock. */
  readonly at: number;
}

/**
 * Changes that were taken back, by id, also from threads that listen no more. When an operator
 * takes a change back, a frame of it may still be on its way to a thread that has not got it.
 */
export class TakenBackChanges {
  /** The changes by id, the oldest first. */
  readonly #known = new Map<string, Noted>();
  /** Is called with each change that is noted. */
  tell: (one: TakenBack) => void = () => {};

  /** All changes that were taken back, the oldest first. */
  get all(): readonly TakenBack[] {
    const now = performance.now();
    return [...this.#known.values()]
      .map(({ id, seq, names, at }) => ({ id, seq, names, age: now - at }));
  }

  /** Notes a change, or more threads from which it was taken back; `had` are those that got it. */
  note({ id, seq, names, age = 0 }: TakenBack, had: Iterable<object> = []): void {
    const all = this.#known.get(id)?.had ?? new WeakSet();
    for (const thread of had) all.add(thread);
    // Deleted and set again, it becomes the newest.
    this.#known.delete(id);
    this.#known.set(id, { id, seq, names, had: all, at: performance.now() - age });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_TAKEN_BACK) this.#known.delete(oldest!);
    this.tell({ id, seq, names });
  }

  /** Notes a change that was taken back elsewhere; unknown here, it may still be on its way. */
  noteElsewhere({ id, seq }: Pick<TakenBack, "id" | "seq">, name: string): void {
    if (!this.#known.has(id)) this.note({ id, seq, names: new Set([name]) });
  }

  /** Names of the threads from which an entry that a thread brings was taken back. */
  namesWithout({ id, seq }: Pick<TakenBack, "id" | "seq">): ReadonlySet<string> {
    const known = this.#known.get(id);
    return known === undefined || known.seq < seq ? new Set() : known.names;
  }

  /**
   * Whether a change comes to a thread for the first time, and was taken back on its way. What
   * threads had from a hub that has ended they tell themselves.
   */
  isLate(id: string, thread: Receiver): boolean {
    const known = this.#known.get(id);
    return known !== undefined && performance.now() - known.at < LATE_MS &&
      !known.had.has(thread) && !thread.seen.has(id) && fitsAny(thread, known.names);
  }
}

/** Stands between the names of threads and their program's. */
const OF = "\0";

/** Whom a sender means who means no single port, as one text: a pattern of names, and the program's. */
export function aimedName({ name = ALL, app }: Aim): string {
  return app === undefined ? name : `${name}${OF}${app}`;
}

/** Whether one of those that {@linkcode aimedName} gave means a thread. */
export function fitsAny(
  { name, app = "" }: Pick<Receiver, "name" | "app">,
  aimed: Iterable<string>,
): boolean {
  for (const one of aimed) {
    const [pattern, program] = one.split(OF);
    if (fitsPattern(name, pattern!) && (program === undefined || fitsPattern(app, program))) {
      return true;
    }
  }
  return false;
}

/** Adds a name; too many become the one for all, since senders may name threads in endless ways. */
export function addName(names: Set<string>, name: string): void {
  names.add(names.size < MAX_NAMES || names.has(name) ? name : ALL);
}
