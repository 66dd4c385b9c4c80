/** Texts that are kept, and the longest that is, unless the maker says otherwise. */
const MOST = 32, LONGEST = 1000;

/**
 * Keeps what was made of the last texts, which must not change later. A new configuration
 * mostly repeats the texts of the one before, and code that runs so seldom is slow.
 */
export class Recent<T> {
  readonly #made = new Map<string, T>();
  readonly #most: number;
  readonly #longest: number;

  /** Keeps so many texts of at most so many characters. */
  constructor(most: number = MOST, longest: number = LONGEST) {
    this.#most = most;
    this.#longest = longest;
  }

  /** What is made of the text, or was; what `make` throws is not kept. */
  get(text: string, make: (text: string) => T): T {
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (text.length > this.#longest) return made;
    if (this.#made.size >= this.#most) this.#made.delete(this.#made.keys().next().value!);
    this.#made.set(text, made);
    return made;
  }
}
