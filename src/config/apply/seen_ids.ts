/** Most ids that are remembered. */
const MOST = 1000;

/** The ids of the changes that a thread has had, so that the hub does not give them to it again. */
export class SeenIds {
  readonly #ids = new Set<string>();

  /** All of them, oldest first. */
  get all(): readonly string[] {
    return [...this.#ids];
  }

  /** Adds an id; if there are too many, the oldest is forgotten. */
  add(id: string): void {
    this.#ids.add(id);
    if (this.#ids.size <= MOST) return;
    const [oldest] = this.#ids;
    this.#ids.delete(oldest!);
  }
}
