/** How many commands are remembered; the oldest are forgotten first. */
const MAX_REMEMBERED = 64;

/**
 * Remembers something of commands, by their id: what each one means, so that it means the same for
 * all threads, or which threads have got it.
 */
export class CommandMemory<T> {
  readonly #known = new Map<string, T>();

  /** What is remembered of the command of that id, undefined for nothing. */
  find(id: string): T | undefined {
    return this.#known.get(id);
  }

  /** What is remembered of the command of that id; for the first thread that gets it, it is made. */
  of(id: string | undefined, make: () => T): T {
    if (id === undefined) return make();
    const known = this.#known.get(id) ?? make();
    this.#known.set(id, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_REMEMBERED) this.#known.delete(oldest!);
    return known;
  }
}
