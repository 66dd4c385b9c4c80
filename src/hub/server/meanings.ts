/** Most commands of a kind whose meanings are remembered. */
const MAX_REMEMBERED = 64;

/** Remembers what commands mean, by their id, so that each means the same for all threads. */
export class Meanings<T> {
  readonly #known = new Map<string, T>();

  /** What the command of that id means, as it was found out for the first thread. */
  of(id: string | undefined, find: () => T): T {
    if (id === undefined) return find();
    const meaning = this.#known.get(id) ?? find();
    this.#known.set(id, meaning);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_REMEMBERED) this.#known.delete(oldest!);
    return meaning;
  }
}
