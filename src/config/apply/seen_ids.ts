/** Most ids that are remembered. */
const MOST = 1000;

/** Ids of the changes that a thread has had, so that it is not given them again. */
export class SeenIds {
  readonly #ids = new Set<string>();

  /** All of them, oldest first. */
  get all(): readonly string[] {
    return [...this.#ids];
  }

  /** Remembers one, and forgets the oldest of too many. */
  add(id: string): void {
    this.#ids.add(id);
    if (this.#ids.size <= MOST) return;
    const [oldest] = this.#ids;
    this.#ids.delete(oldest!);
  }
}
