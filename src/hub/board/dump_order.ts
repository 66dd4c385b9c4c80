/** What has become of a dump that is waited for. */
export const DUMP_HEARD = 1, DUMP_WRITTEN = 2;

/** Asks the hub to write a dump. */
export interface DumpOrder {
  /** Why, for people. */
  readonly dump: string;
  /** Whose records alone, as the `id` with which it attached. */
  readonly of?: string;
  /** A word that becomes {@linkcode DUMP_HEARD}, then {@linkcode DUMP_WRITTEN}. */
  readonly word?: SharedArrayBuffer;
}
