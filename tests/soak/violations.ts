/** Most that are told one by one. */
const MAX_TOLD = 30;

/** What has gone against a promise. */
export class Violations {
  readonly #told: string[] = [];
  #count = 0;

  /** How many. */
  get count(): number {
    return this.#count;
  }

  /** The first of them. */
  get told(): readonly string[] {
    return this.#told;
  }

  /** Notes one. */
  add(what: string): void {
    this.#count++;
    if (this.#told.length < MAX_TOLD) this.#told.push(what.slice(0, 1000));
  }
}
