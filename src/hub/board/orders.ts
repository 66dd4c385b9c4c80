import type { ChangeError, LastChange, Levels, Override } from "../../wire/message.ts";
import type { Command, TailRequest } from "../../wire/command.ts";

/** What the hub asks of a thread beside what frames ask. */
export type Order =
  | Command
  /** A payload that the program's own function has to let through first, in base64. */
  | { readonly kind: "raw"; readonly payload: string }
  /** Take back the overrides whose time is up. */
  | { readonly kind: "expire" }
  /** Log that somebody was turned away. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Copy these records to the tail ring; none ends it. */
  | { readonly kind: "taps"; readonly taps: readonly Tap[] };

/** Records that somebody wants to see. */
export interface Tap {
  /** Lowest level number. */
  readonly level: number;
  /** Logger at or below which, empty for all. */
  readonly logger: string;
}

/** An order on its way to a thread. */
export interface Change {
  /** Number on this board, counting up. */
  readonly id: number;
  readonly order: Order;
  /** What the hub has read from the text of a change, in JSON, so that threads need not; none of long ones. */
  readonly parsed?: string;
  /** Who sent it. */
  readonly by: string;
  /** ISO time. */
  readonly at: string;
  /** When it is to be taken back, in milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** What the hub puts into a thread's inbox. */
export interface Post {
  /** The orders that the thread has not answered, oldest first. */
  readonly changes: readonly Change[];
  /** Lowest number of an order whose outcome the hub may still wait for. */
  readonly awaited: number;
}

/** What became of one order. */
export interface Outcome {
  readonly id: number;
  readonly previous: Levels;
  readonly levels: Levels;
  /** What was asked for, for commands that ask. */
  readonly result?: unknown;
  /** Why it was rejected. */
  readonly error?: ChangeError;
  /** What a payload that the hub could not read turned out to be. */
  readonly read?: Pick<Change, "order" | "expiresAt">;
  /** A tail in such a payload. */
  readonly tail?: TailRequest;
}

/** What a thread shows in its outbox. */
export interface Report {
  /** The outcomes that the hub may wait for, oldest first. */
  readonly outcomes: readonly Outcome[];
  readonly levels: Levels;
  readonly changed: LastChange | null;
  readonly overrides: readonly Override[];
}

/** Most orders that may wait for one thread. */
export const MAX_WAITING = 64;

/** Whether a logger is the named one or below it; the empty name is above all. */
export function isAtOrBelow(logger: string, parent: string): boolean {
  return parent === "" || logger === parent || logger.startsWith(`${parent}.`);
}
