import type { ChangeError } from "../../wire/message.ts";
import type { LogEntry } from "../board/orders.ts";
import type { Taker } from "./kept_entry.ts";

/** Hears what becomes of an entry of the file. */
export interface FileAnswer {
  /** A thread has put it in force. */
  taken(): void;
  /** A thread has refused it. */
  refused(error: ChangeError): void;
}

/** An entry with what has become of it. */
interface Kept {
  readonly entry: LogEntry;
  readonly answer: FileAnswer | undefined;
  /** The threads that have it, or will once they come to it. */
  readonly takers: Set<Taker>;
  /** The threads that have refused it. */
  readonly refusers: Set<Taker>;
  /** Whether a thread has it in force. */
  isTaken: boolean;
}

/**
 * What the watched file of the process says, which lies below all changes of the process log: the
 * newest that a thread has in force, and what is on its way to them.
 */
export class FileEntries {
  #kept: Kept[] = [];

  /** What the file has said last. */
  get newest(): LogEntry | undefined {
    return this.#kept.at(-1)?.entry;
  }

  /** The newest of the file's entries that a thread has in force. */
  get inForce(): LogEntry | undefined {
    return this.#kept.findLast(({ isTaken }) => isTaken)?.entry;
  }

  /** Adds what the file says now. */
  add(entry: LogEntry, answer: FileAnswer | undefined): void {
    this.#kept.push({ entry, answer, takers: new Set(), refusers: new Set(), isTaken: false });
    this.#kept.sort((a, b) => a.entry.seq - b.entry.seq);
  }

  /** What a thread is to have and has not had, oldest first. */
  missedBy(taker: Taker): LogEntry[] {
    return this.#kept.filter(({ entry, takers, refusers }) =>
      !takers.has(taker) && !refusers.has(taker) && !taker.seen.has(entry.id)
    ).map(({ entry }) => entry);
  }

  /** Notes that a thread is given an entry. */
  take(taker: Taker, { id }: LogEntry): void {
    this.#find(id)?.takers.add(taker);
  }

  /** Notes that a thread has put an entry in force, which ends the entries before. */
  accept({ id, seq }: LogEntry): void {
    const kept = this.#find(id);
    if (kept === undefined) return;
    kept.isTaken = true;
    kept.answer?.taken();
    this.#kept = this.#kept.filter(({ entry }) => entry.seq >= seq);
  }

  /** Notes that a thread refuses an entry; if none has it, the entry before stays the newest. */
  refuse(taker: Taker, { id }: LogEntry, error: ChangeError): void {
    const kept = this.#find(id);
    if (kept === undefined) return;
    kept.refusers.add(taker);
    kept.answer?.refused(error);
    if (!kept.takers.delete(taker) || kept.takers.size > 0) return;
    this.#kept = this.#kept.filter((one) => one !== kept);
  }

  /** Takes over an entry that threads have in force from a hub that has ended. */
  inherit(entry: LogEntry): void {
    if (this.#find(entry.id) === undefined) this.add(entry, undefined);
    this.accept(entry);
  }

  /** Forgets a thread that has ended. */
  leave(taker: Taker): void {
    for (const { takers, refusers } of this.#kept) {
      takers.delete(taker);
      refusers.delete(taker);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#kept = [];
  }

  #find(id: string): Kept | undefined {
    return this.#kept.find(({ entry }) => entry.id === id);
  }
}
