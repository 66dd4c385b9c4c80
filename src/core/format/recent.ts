/** What is made of longer texts is not kept. */
const LONGEST = 1000;
/** Texts that are kept. */
const MOST = 32;

/**
 * Keeps what was made of the last texts, which must not change later. A new configuration
 * mostly repeats the texts of the one before, and code that runs so seldom is slow.
 */
export class Recent<T> {
  readonly #made = new Map<string, T>();

  /** What is made of the text, or was; what `make` throws is not kept. */
  get(text: string, make: () => T): T {
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    const made = make();
    if (text.length > LONGEST) return made;
    if (this.#made.size >= MOST) this.#made.delete(this.#made.keys().next().value!);
    this.#made.set(text, made);
    return made;
  }
}
