import type { Recorded } from "./recordings.ts";

/** How far a file has the records of threads. */
export interface Dumped {
  readonly path: string;
  /** The number of the last record in the file, by the id of the thread. */
  readonly numbers: readonly (readonly [id: string, number: number])[];
}

/**
 * Remembers which records have been written to files, so that none is written twice. A hub that stands
 * by hears of it, since the hub that has written may end.
 */
export class DumpedRecords {
  readonly #numbers = new Map<string, Map<string, number>>();
  /** Is called with what has been written. */
  tell: (dumped: Dumped) => void = () => {};

  /** How far each file is. */
  get all(): readonly Dumped[] {
    return [...this.#numbers].map(([path, numbers]) => ({ path, numbers: [...numbers] }));
  }

  /** Notes that a file has records. */
  note(dumped: Dumped): void {
    const { path, numbers } = dumped;
    this.#numbers.set(path, new Map([...this.#numbers.get(path) ?? [], ...numbers]));
    this.tell(dumped);
  }

  /** Forgets all threads but those of which records are kept: a program may have any number of others. */
  keepOnly(kept: Iterable<Recorded>): void {
    const ids = new Set(Array.from(kept, ({ thread }) => thread.id));
    for (const numbers of this.#numbers.values()) {
      for (const id of numbers.keys()) if (!ids.has(id)) numbers.delete(id);
    }
  }

  /** The number of the last record of a thread in a file; undefined if there is none. */
  lastOf(path: string, id: string): number | undefined {
    return this.#numbers.get(path)?.get(id);
  }
}
