import type { ChangeError, LastChange, Levels } from "../wire/message.ts";

/** A change on its way to a thread. */
export interface Change {
  /** Number on this board, counting up. */
  readonly id: number;
  /** The configuration, INI or JSON. */
  readonly text: string;
  /** Who sent it. */
  readonly by: string;
  /** ISO time. */
  readonly at: string;
}

/** What became of one change. */
export interface Outcome {
  readonly id: number;
  readonly previous: Levels;
  readonly levels: Levels;
  /** Why it was rejected. */
  readonly error?: ChangeError;
}

/** What a thread shows in its outbox. */
export interface Report {
  /** The last outcomes, oldest first. */
  readonly outcomes: readonly Outcome[];
  readonly levels: Levels;
  readonly changed: LastChange | null;
}

/** Most changes that may wait for one thread. */
export const MAX_WAITING = 64;
