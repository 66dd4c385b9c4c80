/** How many texts are kept by default, and how many characters they may have. */
const MOST = 32, LONGEST = 1000;

/**
 * Keeps the values that were made of the last texts; such a value must not change later. A new
 * configuration mostly repeats the texts of the one before, and making a value again is slow.
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

  /** The value of a text, made by `make` unless it is kept; errors of `make` are not kept. */
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
