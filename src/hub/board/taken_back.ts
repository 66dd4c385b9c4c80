/** Changes that were taken back lately, for threads that come again. */
const MAX_TAKEN_BACK = 1000;

/** A change that was taken back, until it is sent again, which gives it another place. */
export interface TakenBack {
  readonly id: string;
  readonly seq: number;
  /** Names of the threads from which. */
  readonly names: ReadonlySet<string>;
}

/** What was taken back, from threads that listen no more as well. */
export class TakenBackChanges {
  /** By id, oldest first. */
  readonly #known = new Map<string, TakenBack>();
  /** Hears of each. */
  tell: (one: TakenBack) => void = () => {};

  /** All of them, oldest first. */
  get all(): readonly TakenBack[] {
    return [...this.#known.values()];
  }

  /** Notes one, or that it is taken back from others as well. */
  note(one: TakenBack): void {
    // Set again, it is the newest.
    this.#known.delete(one.id);
    this.#known.set(one.id, one);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_TAKEN_BACK) this.#known.delete(oldest!);
    this.tell(one);
  }

  /** Names of the threads from which an entry that a thread brings was taken back. */
  namesWithout({ id, seq }: { readonly id: string; readonly seq: number }): ReadonlySet<string> {
    const known = this.#known.get(id);
    return known === undefined || known.seq < seq ? new Set() : known.names;
  }
}
