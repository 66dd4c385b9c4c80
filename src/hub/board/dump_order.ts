/** Asks the hub to write a dump. */
export interface DumpOrder {
  /** Why, for people. */
  readonly dump: string;
  /** Whose records alone, as the `id` with which it attached. */
  readonly of?: string;
  /** A word that tells what has become of it; see `answerOnce`. */
  readonly word?: SharedArrayBuffer;
}
