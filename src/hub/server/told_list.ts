import { MAX_CHARACTERS } from "../board/board.ts";
import type { LogEntry } from "../board/orders.ts";

/** A change of the process, as a hub tells it to the hub after it. */
export interface ToldEntry {
  readonly entry: LogEntry;
  /** Names of the threads from which it has been taken back, threads to come included. */
  readonly except: readonly string[];
}

/** What stands on the board of a thread for the next hub; see `heritage.ts`. */
export interface ToldList {
  /** The changes that the thread has had, or that are not for it, oldest first. */
  readonly entries: readonly ToldEntry[];
  /** Ids of those that are for it, and that it does not have: it has refused them, for instance. */
  readonly without: readonly string[];
  /** What a watched file says, if there is one. */
  readonly file: LogEntry | null;
}

/** The text of an entry; what has been parsed of it is long, and the next hub parses it anew. */
export function writeToldEntry({ entry: { parsed: _, ...entry }, except }: ToldEntry): string {
  return JSON.stringify({ entry, except });
}

/**
 * The text of a list of such entries. Of one that is too long nothing is told: then threads tell the
 * next hub of what they can still take back.
 */
export function writeToldList(
  entries: readonly string[],
  without: readonly string[],
  file: LogEntry | undefined,
): string {
  const { parsed: _, ...rest } = file ?? {};
  const others = JSON.stringify({ without, file: file ? rest : null });
  const text = `{"entries":[${entries.join()}],${others.slice(1)}`;
  return text.length > MAX_CHARACTERS ? "" : text;
}

/** The list that a hub has put on a board; an empty one if none has. */
export function readToldList(text: string): ToldList {
  return text === "" ? { entries: [], without: [], file: null } : JSON.parse(text) as ToldList;
}
