import { isEndedByFile } from "../../config/apply/kept_changes.ts";
import type { LogEntry } from "../board/orders.ts";
import type { BudgetPools } from "./budget_pools.ts";
import type { FileEntries } from "./file_entries.ts";
import { noteMsLeft } from "./ms_left.ts";
import type { ProcessLog } from "./process_log.ts";
import type { ServedThread } from "./served_thread.ts";
import { readToldList, writeToldList } from "./told_list.ts";

/** The board of a thread, as far as one hub tells another on it. */
type ToldBoard = Pick<ServedThread, "list" | "lines">;

/**
 * What a hub leaves to the one after it, beside what threads tell of themselves: they have forgotten
 * changes that they can take back no more, and do not know of those for others that have ended. It
 * stands on each thread's board, so that it is there whichever threads live on, and whether or not
 * another hub stood by.
 */
export class Heritage {
  readonly #threads: () => Iterable<ServedThread>;
  readonly #log: ProcessLog;
  readonly #files: FileEntries;
  readonly #lines: BudgetPools<ServedThread>;
  /** Whether it will be told in a moment. */
  #isTelling = false;

  /** Tells the heritage to `threads`. */
  constructor(
    threads: () => Iterable<ServedThread>,
    log: ProcessLog,
    files: FileEntries,
    lines: BudgetPools<ServedThread>,
  ) {
    this.#threads = threads;
    this.#log = log;
    this.#files = files;
    this.#lines = lines;
  }

  /**
   * Takes over what a hub that has ended has put on a board, which is that of `thread` if that is here
   * already; returns the changes.
   */
  take(board: ToldBoard, thread?: ServedThread): LogEntry[] {
    const { entries: told, without, file } = readToldList(board.list.read());
    if (file !== null && file.seq > (this.#files.newest?.seq ?? -1)) this.takeFile(file);
    for (const { entry } of told) noteMsLeft(entry);
    const living = new Set(this.living(told.map(({ entry }) => entry)));
    for (const one of told) {
      const isKnown = living.has(one.entry) && this.#lines.inherit(one.entry, board);
      if (!isKnown) continue;
      this.#log.inherit(one, thread && { thread, has: !without.includes(one.entry.id) });
    }
    return [...living];
  }

  /** Takes over what a watched file says, which threads have in force; `thread` is one of them. */
  takeFile(file: LogEntry, thread?: ServedThread): void {
    this.#log.place(file.seq);
    this.#files.inherit(file);
    if (thread !== undefined) this.#files.take(thread, file);
  }

  /** Those of the changes that the watched file has not ended. */
  living(entries: readonly LogEntry[]): LogEntry[] {
    const { newest } = this.#files;
    return entries.filter((entry) => newest === undefined || !isEndedByFile(entry, newest));
  }

  /** Has it told from now on whenever there is something new, once for all that comes at a time. */
  keepTold(): void {
    this.#log.changed = () => {
      if (this.#isTelling) return;
      this.#isTelling = true;
      setTimeout(() => this.tell());
    };
  }

  /**
   * Puts it on the boards of all threads. What a thread is still to get it does not find on that
   * thread's own board: then the next hub gives it to the thread.
   */
  tell(): void {
    this.#isTelling = false;
    const { told } = this.#log, file = this.#files.inForce;
    for (const thread of this.#threads()) {
      const had = new Map(told);
      for (const entry of this.#log.missedBy(thread)) had.delete(entry);
      const without = this.#log.notHadBy(thread).filter((entry) => had.has(entry));
      thread.list.write(writeToldList([...had.values()], without.map(({ id }) => id), file));
    }
  }
}
