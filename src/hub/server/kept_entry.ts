import type { LogEntry } from "../board/orders.ts";
import type { SaidChange } from "../board/same_change.ts";
import { aimedName, fitsAny } from "../board/taken_back.ts";
import { isWhole, leavesLoggers, setsRecording } from "./fold_changes.ts";

/** The part of a thread that the list of changes needs. */
export interface Taker {
  /** Name of the thread. */
  readonly name: string;
  /** Name of its program. */
  readonly app?: string;
  /** Ids of the changes that it had before it came. */
  readonly seen: ReadonlySet<string>;
  /** Ids of the changes that it can take back no more, though nobody has taken them back. */
  readonly lost?: ReadonlySet<string>;
}

/** What a sender says of a change, before it has its place. */
export interface NewEntry extends SaidChange {
  /** The id that its sender gives it. */
  readonly id: string | undefined;
}

/** An entry with what has become of it. */
export interface Kept {
  entry: LogEntry;
  /** The change as its first sender has said it. */
  readonly said: NewEntry;
  /** Whether it is a whole configuration. */
  readonly isWhole: boolean;
  /** Whether it leaves the loggers that it does not name as they are. */
  readonly leavesLoggers: boolean;
  /** Whether it says what is recorded. */
  readonly setsRecording: boolean;
  /** The threads that have it, or will once they come to it. */
  readonly takers: Set<Taker>;
  /** Those of the takers that have forgotten how to take the change back. */
  readonly forgetters: Set<Taker>;
  /** The threads that have refused it, or from which it has been taken back. */
  readonly refusers: Set<Taker>;
  /** Threads from which it has been taken back, threads to come included; see `aimedName`. */
  readonly except: Set<string>;
}

/**
 * Tells which entries before a whole configuration count beside it: it leaves what is recorded as it
 * is, unless it says that itself, and maybe the levels of loggers that it does not name.
 */
export function countingStill(all: readonly Kept[]): (kept: Kept, at: number) => boolean {
  const recorded = all.findLastIndex((kept) => kept.setsRecording && isBase(kept));
  const levels = all.findLastIndex((kept) => isBase(kept) && !kept.leavesLoggers);
  return ({ isWhole, setsRecording }, at) =>
    (setsRecording && at >= recorded) || (!isWhole && at >= levels);
}

/** Whether a thread has a change in force, or soon will. */
export function isHeld({ entry, takers }: Kept, taker: Taker): boolean {
  return takers.has(taker) && taker.lost?.has(entry.id) !== true;
}

/** Whether a thread that starts now is to have the entry. */
export function isForLate({ entry: { to }, except }: Kept, late: Taker): boolean {
  if (to?.port !== undefined) return false;
  return (to === undefined || fitsAny(late, [aimedName(to)])) && !fitsAny(late, except);
}

/** How many characters an entry takes. */
export function lengthOf({ entry: { text, payload = "" } }: Kept): number {
  return text.length + payload.length;
}

/** An entry that no thread has yet. */
export function newKept(entry: LogEntry, said: NewEntry, except: Iterable<string> = []): Kept {
  const none = () => new Set<Taker>();
  return {
    entry,
    said,
    isWhole: isWhole(entry.text),
    leavesLoggers: leavesLoggers(entry.text),
    setsRecording: setsRecording(entry.text),
    takers: none(),
    forgetters: none(),
    refusers: none(),
    except: new Set(except),
  };
}

/** Whether the entry is for all threads, and does not end by itself. */
export function isForEver({ entry, except }: Kept): boolean {
  return entry.expiresAt === undefined && entry.to === undefined && except.size === 0;
}

/** Whether late threads may begin with the entry. */
export function isBase(kept: Kept): boolean {
  return kept.isWhole && isForEver(kept);
}
