import { fitsPattern } from "../../core/text/fits_pattern.ts";

/** Changes that were taken back lately, for threads that come again. */
const MAX_TAKEN_BACK = 1000;
/** How long a frame of a command may come after it has been taken back, in milliseconds. */
const LATE_MS = 10_000;

/** A change that was taken back, until it is sent again, which gives it another place. */
export interface TakenBack {
  readonly id: string;
  readonly seq: number;
  /** Names of the threads from which. */
  readonly names: ReadonlySet<string>;
}

/** What the hub knows of one that it has noted itself, or has been told of. */
interface Noted extends TakenBack {
  /** The threads that had had it by then. */
  readonly had: WeakSet<object>;
  /** When, in milliseconds of this thread's clock. */
  readonly at: number;
}

/**
 * Changes that were taken back, from threads that listen no more as well, by id. A frame of one may
 * still be on its way to a thread that has not had it, when another operator takes it back.
 */
export class TakenBackChanges {
  /** Oldest first. */
  readonly #known = new Map<string, Noted>();
  /** Hears of each. */
  tell: (one: TakenBack) => void = () => {};

  /** All of them, oldest first. */
  get all(): readonly TakenBack[] {
    return [...this.#known.values()].map(({ id, seq, names }) => ({ id, seq, names }));
  }

  /** Notes one, or that it is taken back from others as well; `had` are threads that have had it. */
  note({ id, seq, names }: TakenBack, had: Iterable<object> = []): void {
    const all = this.#known.get(id)?.had ?? new WeakSet();
    for (const thread of had) all.add(thread);
    // Set again, it is the newest.
    this.#known.delete(id);
    this.#known.set(id, { id, seq, names, had: all, at: performance.now() });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_TAKEN_BACK) this.#known.delete(oldest!);
    this.tell({ id, seq, names });
  }

  /** A change that nobody here has had has been taken back elsewhere, and may be on its way. */
  noteElsewhere({ id, seq }: Pick<TakenBack, "id" | "seq">, name: string): void {
    if (!this.#known.has(id)) this.note({ id, seq, names: new Set([name]) });
  }

  /** Names of the threads from which an entry that a thread brings was taken back. */
  namesWithout({ id, seq }: Pick<TakenBack, "id" | "seq">): ReadonlySet<string> {
    const known = this.#known.get(id);
    return known === undefined || known.seq < seq ? new Set() : known.names;
  }

  /** Whether a change comes to a thread for the first time, and was taken back on its way. */
  isLate(id: string, thread: { readonly name: string }): boolean {
    const known = this.#known.get(id);
    return known !== undefined && performance.now() - known.at < LATE_MS &&
      !known.had.has(thread) && fitsAny(thread.name, known.names);
  }
}

/** Whether a name fits one of the patterns. */
export function fitsAny(name: string, patterns: Iterable<string>): boolean {
  for (const pattern of patterns) if (fitsPattern(name, pattern)) return true;
  return false;
}
