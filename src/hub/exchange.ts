import type { ParsedConfig } from "../config/config_text.ts";
import type { ChangeError, LastChange, Levels } from "../wire/message.ts";

/** A change on its way to a thread. */
export interface Change {
  /** Number on this board, counting up. */
  readonly id: number;
  /** The configuration, INI or JSON. */
  readonly text: string;
  /** What the hub has read from the text, so that threads need not; none of long ones. */
  readonly parsed?: ParsedConfig;
  /** Who sent it. */
  readonly by: string;
  /** ISO time. */
  readonly at: string;
}

/** What the hub puts into a thread's inbox. */
export interface Post {
  /** The changes that the thread has not answered, oldest first. */
  readonly changes: readonly Change[];
  /** Lowest number of a change whose outcome the hub may still wait for. */
  readonly awaited: number;
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
  /** The outcomes that the hub may wait for, oldest first. */
  readonly outcomes: readonly Outcome[];
  readonly levels: Levels;
  readonly changed: LastChange | null;
}

/** Most changes that may wait for one thread. */
export const MAX_WAITING = 64;
