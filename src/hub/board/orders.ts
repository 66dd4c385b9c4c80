import type { ChangeRequest } from "../../config/apply/change_request.ts";
import { fitsPattern } from "../../core/text/fits_pattern.ts";
import { asksOnly } from "../../wire/asked_for.ts";
import type { Aim, Command } from "../../wire/command.ts";
import type {
  ChangeError,
  ChangeNotes,
  LastChange,
  Levels,
  Override,
  Sender,
} from "../../wire/message.ts";

/** A change of the process, as all its threads and the hub know it. */
export interface LogEntry extends ChangeRequest, Omit<Sender, "id"> {
  /** Whom it is for, if not for all threads. */
  readonly to?: Aim;
  /** The keys by which threads have let it in; threads that have no key add none. */
  readonly keys: readonly string[];
  /**
   * The payload in base64 where a program's `verify` has read something else in it: that of a
   * thread that starts late wants to see it too.
   */
  readonly payload?: string;
  /**
   * How many milliseconds were left until `expiresAt` when this was told: the clock by which that
   * was said may be set back, and the hub that knew may end.
   */
  readonly msLeft?: number;
}

/** What the hub asks of a thread: what frames ask of it, and more. */
export type Order =
  | Exclude<Command, { readonly kind: "change" | "rollback" | "reset" | "commit" }>
  /** Apply a change; one with a payload only if the program's own function lets that through. */
  | { readonly kind: "change"; readonly entry: LogEntry }
  /** Put what is held ready in force, as this change; on a board it has no text, which is held too. */
  | { readonly kind: "commit"; readonly transaction: string; readonly entry: LogEntry }
  /** Take back the changes of these ids. */
  | { readonly kind: "rollback"; readonly ids: readonly string[] }
  /** Take back all changes up to this place in the order of the process. */
  | { readonly kind: "reset"; readonly seq: number }
  /** Let the program's own function look at a payload in base64; its text is the result. */
  | { readonly kind: "verify"; readonly payload: string }
  /**
   * Take back the overrides whose time is up by the hub's clock, in milliseconds since the epoch:
   * a program may have set its own to a time of its choice, as tests do. Those of `due` are up as
   * well: that clock has been set back meanwhile.
   */
  | { readonly kind: "expire"; readonly now: number; readonly due: readonly number[] }
  /** Take back the change of this id, whose lines are spent. */
  | { readonly kind: "spent"; readonly id: string }
  /** Log that somebody was turned away, who asked for this. */
  | { readonly kind: "refused"; readonly what: string; readonly reason: string }
  /** Start a hub that stands by, in case that this one ends. */
  | { readonly kind: "stand by" }
  /** Copy these records to the tail ring; none ends it. */
  | { readonly kind: "taps"; readonly taps: readonly Tap[] }
  /** End what only the hub before this one knew of: see `Inbox.letGo`. */
  | { readonly kind: "let go" };

/** Records that somebody wants to see. */
export interface Tap {
  /** Lowest level number. */
  readonly level: number;
  /** Name of the logger whose records are wanted, with those below it; empty for all. */
  readonly logger: string;
}

/** An order on a thread's board, with who has sent it. */
export interface PostedOrder {
  /** Number on this board, counting up. */
  readonly id: number;
  readonly order: Order;
  readonly sender: Sender;
  /** ISO time. */
  readonly at: string;
}

/** What the hub puts into a thread's inbox. */
export interface Post {
  /**
   * The orders that the thread has not answered, oldest first. The key has kept its name for threads
   * that have loaded another version.
   */
  readonly changes: readonly PostedOrder[];
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
  /** What else a change has brought about. */
  readonly notes?: ChangeNotes;
  /** Why it was rejected. */
  readonly error?: ChangeError;
  /** Whether there was nothing to do. */
  readonly unchanged?: boolean;
}

/** What a thread shows in its outbox. */
export interface Report {
  /** The outcomes that the hub may wait for, oldest first. */
  readonly outcomes: readonly Outcome[];
  readonly levels: Levels;
  readonly changed: LastChange | null;
  readonly overrides: readonly Override[];
  /** Ids of changes that it can take back no more, though nobody has taken them back. */
  readonly lost?: readonly string[];
  /** Numbers of the levels that the program has named; undefined if there are none. */
  readonly ownLevels?: Readonly<Record<string, number>>;
  /** What is opened, silent, disabled, recorded and bridged now. */
  readonly notes: Pick<ChangeNotes, "opened" | "silent" | "disabled" | "recorder" | "bridged">;
}

/** Most orders of senders that may wait for one thread. */
export const MAX_WAITING = 64;

/** Most orders that tell of refusals and wait: these take no places of senders' orders. */
export const MAX_REFUSALS = 8;

/** Most outcomes that a thread keeps for the hub, those of the hub's own orders included. */
export const MAX_OUTCOMES: number = 2 * MAX_WAITING;

/** Whether an order changes nothing, so that it is of no use once its sender has gone. */
export function isQuestion({ kind }: Order): boolean {
  return asksOnly(kind);
}

/** Kinds of orders that are always short: those that the hub gives by itself, and commits. */
const SHORT: ReadonlySet<Order["kind"]> = new Set([
  "commit",
  "expire",
  "spent",
  "taps",
  "refused",
  "abort",
  "stand by",
  "let go",
]);

/** Whether there is always room for such an order. */
export function isShort({ kind }: Order): boolean {
  return SHORT.has(kind);
}

/** Whether an order tells of somebody who was turned away. */
export function isRefusal({ order }: PostedOrder): boolean {
  return order.kind === "refused";
}

/** Whether `next` makes an earlier order needless: both do the same, or `next` replaces it. */
export function isRepeatedBy(order: Order, next: Order): boolean {
  const { kind } = order;
  if (kind !== next.kind) return false;
  return kind === "expire" || kind === "taps" || kind === "stand by" ||
    isOfFile(order) && isOfFile(next);
}

/** Whether an order is what a watched file says. */
export function isOfFile(order: Order): boolean {
  return order.kind === "change" && order.entry.file !== undefined;
}

/** Whether a logger is the named one or below it; the root is above all, as is the empty name. */
export function isAtOrBelow(logger: string, parent: string): boolean {
  return parent === "" || parent === "root" || logger === parent || logger.startsWith(`${parent}.`);
}

/** Whether a thread is one of those that a sender means. */
export function isMeant(
  { name, app, port }: { readonly name: string; readonly app: string; readonly port: number },
  to: Aim | undefined,
): boolean {
  if (to?.port !== undefined && to.port !== port) return false;
  if (to?.app !== undefined && !fitsPattern(app, to.app)) return false;
  return to?.name === undefined || fitsPattern(name, to.name);
}
