import { countForgotten, isEndedByFile } from "../../config/apply/kept_changes.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import type { Aim } from "../../wire/command.ts";
import type { LogEntry } from "../board/orders.ts";
import { isSameChange, isSameSender, joinChanges } from "../board/same_change.ts";
import { addName, aimedName, ALL, fitsAny, TakenBackChanges } from "../board/taken_back.ts";
import { foldIncremental } from "./fold_changes.ts";
import {
  countingStill,
  isBase,
  isForEver,
  isForLate,
  isHeld,
  type Kept,
  lengthOf,
  type NewEntry,
  newKept,
  type Taker,
} from "./kept_entry.ts";
import { msUntil, withMsLeft } from "./ms_left.ts";
import { type ToldEntry, writeToldEntry } from "./told_list.ts";

export type { NewEntry } from "./kept_entry.ts";

/** So many changes are always kept; more only if threads can take them back or will need them. */
const ENOUGH_ENTRIES = 64;
/** Most changes that are kept, some 16 for each of 29 threads, and most characters of them. */
const MAX_ENTRIES = 512, MAX_LENGTH = 1 << 22;
/** Most changes that one thread has turned away of which the ids are remembered. */
const MAX_TURNED_AWAY = 64;

/**
 * The changes that the process was sent and that are in force, oldest first, with the threads
 * that took each. From it threads that start late get what they have missed, and a rollback
 * means the same changes for all.
 *
 * 1. `note` makes an entry when a change is posted to its first thread, or finds the one that
 *    others have already: the same text from the same sender, by its id or, without an id, the
 *    newest. Any other change of a known id is one of its own, and gets another id.
 * 2. `refuse` strikes a thread off; an entry that all threads refuse goes. `turnAway` remembers
 *    what a thread has refused before there was an entry, so that it does not come to it late.
 * 3. `missedBy` and `take` give a thread that starts what was meant for all, or for its name.
 * 4. `takeBack` ends entries by their ids, for all threads or for some; an override ends by itself.
 *
 * What may go wrong: senders without ids, as CPython's, send one text to port after port, which
 * must count once; a hub dies, and the next one learns the list from what its threads have in force
 * (`adopt`) and from what the hub before has told (`inherit`); the list grows without end, so that
 * old entries are folded into one (`#shorten`).
 */
export class ProcessLog {
  #kept: Kept[] = [];
  readonly #takenBack: TakenBackChanges;
  #lastSeq = 0;
  /** Ids of the changes that each thread has turned away before they had a place here, newest last. */
  readonly #turnedAway = new WeakMap<Taker, Set<string>>();
  /** An upper bound of the characters of all entries; counted anew only when it is too high. */
  #length = 0;
  readonly #linesPlace: (first: number) => number;
  /** Is called when there is something new to be told by {@linkcode ProcessLog.told}. */
  changed: () => void = () => {};

  /**
   * `linesPlace` finds a place, from `first` on, for a change that may log so many lines, or throws
   * if there is none. `takenBack` is what the hub before has told of that.
   */
  constructor(
    linesPlace: (first: number) => number,
    takenBack: TakenBackChanges = new TakenBackChanges(),
  ) {
    this.#linesPlace = linesPlace;
    this.#takenBack = takenBack;
    for (const { seq } of takenBack.all) this.place(seq);
  }

  /** Place of the newest entry that there ever was. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /**
   * The entry of a change that goes to a thread. A change with an id has the entry of that id, if
   * the same sender has made that. A change without an id, as CPython's senders send it to one port
   * after the other, has the newest entry with that text and sender, unless the thread already has
   * that entry or a newer one. Any other change gets a new entry.
   *
   * @throws {ConfigError} It has been taken back on its way to the thread.
   */
  note(change: NewEntry, taker: Taker): LogEntry {
    if (change.id !== undefined && this.#takenBack.isLate(change.id, taker)) {
      throw new ConfigError("Cannot apply the change: it has been taken back meanwhile");
    }
    const kept = this.#find(change, taker) ?? this.#add(change);
    kept.takers.add(taker);
    const { id, seq } = kept.entry;
    kept.entry = { ...joinChanges(kept.entry, change), id, seq };
    this.changed();
    return kept.entry;
  }

  /** The next place behind all entries; or `seq`, behind which the next places will be. */
  place(seq: number = this.#lastSeq + 1): number {
    this.#lastSeq = Math.max(this.#lastSeq, seq);
    return seq;
  }

  /** Strikes off the entries that a watched file has ended: those before it that were to stay. */
  endByFile(file: LogEntry): void {
    this.#noteForgotten();
    this.#strike(this.#kept.filter(({ entry }) => isEndedByFile(entry, file)));
    this.changed();
  }

  /** Whether a change is in force, or on its way, at a place after this one. */
  has(id: string, after: number = -Infinity): boolean {
    return this.#kept.some(({ entry }) => entry.id === id && entry.seq > after);
  }

  /** The entry of this id, if a thread has it in force, or it is on its way there. */
  entryOf(id: string, taker: Taker): LogEntry | undefined {
    return this.#kept.find((kept) => kept.entry.id === id && isHeld(kept, taker))?.entry;
  }

  /** Notes that a thread has refused an entry. */
  refuse(id: string, taker: Taker): void {
    const kept = this.#kept.find(({ entry }) => entry.id === id);
    if (kept === undefined) return;
    kept.refusers.add(taker);
    if (kept.takers.delete(taker) && kept.takers.size === 0) this.#strike([kept]);
    this.changed();
  }

  /**
   * Notes that a thread has turned a change away that has no place here yet. Other threads may
   * still give it one; it must not come to this thread then, whose refusal the sender has heard.
   */
  turnAway(id: string, taker: Taker): void {
    const ids = this.#turnedAway.get(taker) ?? new Set();
    this.#turnedAway.set(taker, ids);
    ids.add(id);
    const [oldest] = ids;
    if (ids.size > MAX_TURNED_AWAY) ids.delete(oldest!);
    this.changed();
  }

  /** Forgets a thread that has ended, and what was for it alone. */
  leave(taker: Taker): void {
    for (const { takers, forgetters, refusers } of this.#kept) {
      for (const threads of [takers, forgetters, refusers]) threads.delete(taker);
    }
    this.#strike(
      this.#kept.filter(({ entry, takers }) => entry.to?.port !== undefined && takers.size === 0),
    );
  }

  /** Forgets everything, since nobody listens any more. */
  clear(): void {
    this.#kept = [];
  }

  /** What a thread is to have and has not had, oldest first. */
  missedBy(taker: Taker): LogEntry[] {
    this.#expire();
    // Changes before a whole configuration matter only as far as a rollback reaches.
    const from = Math.min(
      Math.max(0, this.#kept.findLastIndex(isBase)),
      countForgotten(this.#kept.map(({ entry }) => entry)),
    );
    const isStill = countingStill(this.#kept);
    const turnedAway = this.#turnedAway.get(taker);
    const isTurnedAway = ({ entry, said }: Kept) =>
      turnedAway?.has(entry.id) || turnedAway?.has(said.id ?? "");
    return this.#kept.filter((kept, at) =>
      (at >= from || isStill(kept, at)) && !kept.takers.has(taker) &&
      !taker.seen.has(kept.entry.id) && !kept.refusers.has(taker) &&
      !isTurnedAway(kept) && isForLate(kept, taker)
    ).map(({ entry }) => entry);
  }

  /** Notes that a thread gets entries. */
  take(taker: Taker, entries: readonly LogEntry[]): void {
    for (const kept of this.#kept) {
      if (entries.includes(kept.entry)) kept.takers.add(taker);
    }
    this.changed();
  }

  /** The entries of a thread that can be taken back, oldest first. */
  entriesOf(taker: Taker): LogEntry[] {
    this.#expire();
    return this.#reachedBy(taker).map(({ entry }) => entry);
  }

  /**
   * Ids of the entries that a rollback can take back from all those of the threads that have them,
   * oldest first.
   */
  idsOf(takers: readonly Taker[]): string[] {
    this.#expire();
    this.#noteForgotten();
    const reached = new Set(takers.flatMap((taker) => this.#reachedBy(taker)));
    const isForgotten = ({ forgetters }: Kept) => takers.some((taker) => forgetters.has(taker));
    return this.#kept.filter((kept) => reached.has(kept) && !isForgotten(kept))
      .map(({ entry }) => entry.id);
  }

  /**
   * Takes changes back from these threads, and from all others that `to` means, now and later. If
   * `to` is undefined, the sender may be taking them back from one thread after the other: an entry
   * that no thread has any more is gone.
   */
  takeBack(
    isMeant: (entry: LogEntry) => boolean,
    takers: readonly Taker[],
    to: Aim | undefined,
  ): void {
    this.#noteForgotten();
    const meant = this.#kept.filter(({ entry }) => isMeant(entry));
    for (const { entry, takers: having, forgetters, refusers, except } of meant) {
      const had = [...having];
      for (const taker of takers) {
        having.delete(taker);
        forgetters.delete(taker);
        refusers.add(taker);
      }
      if (to === undefined || to.port !== undefined) continue;
      addName(except, aimedName(to));
      this.#takenBack.note({ id: entry.id, seq: entry.seq, names: except }, had);
    }
    this.changed();
    const isForAll = to !== undefined && Object.values(to).every((one) => one === undefined);
    this.#strike(meant.filter(({ entry, takers, refusers }) => {
      if (to?.port !== undefined && entry.to?.port === undefined) return false;
      if (takers.size > 0 && !isForAll) return false;
      // A thread that does not listen now may bring the entry again.
      const { id, seq } = entry;
      if (to === undefined) this.#takenBack.note({ id, seq, names: new Set([ALL]) }, refusers);
      return true;
    }));
  }

  /** Notes changes taken back from all threads, or from those that are meant, in any process. */
  noteTakenBack(ids: readonly string[], aim: Aim): void {
    for (const id of ids) {
      if (this.has(id)) continue;
      this.#takenBack.noteElsewhere({ id, seq: this.#lastSeq }, aimedName(aim));
    }
  }

  /**
   * Takes over the entries that a thread has kept from a hub that has ended; returns the ids of
   * those that have been taken back while the thread did not listen.
   */
  adopt(entries: readonly LogEntry[], taker: Taker): string[] {
    const missed: string[] = [];
    for (const entry of entries) {
      const except = this.#takenBack.namesWithout(entry);
      if (fitsAny(taker, except)) {
        missed.push(entry.id);
        continue;
      }
      const known = this.#kept.find((kept) => kept.entry.id === entry.id);
      if (known === undefined) {
        this.#insert({ ...newKept(entry, entry, except), takers: new Set([taker]) });
        continue;
      }
      known.takers.add(taker);
      known.forgetters.delete(taker);
      known.entry = { ...joinChanges(known.entry, entry), seq: known.entry.seq };
    }
    this.changed();
    return missed;
  }

  /** What the hub after this one has to know that threads may have forgotten, as it is told. */
  get told(): Map<LogEntry, string> {
    const told = this.#kept.filter(({ entry }) => entry.to?.port === undefined);
    return new Map(told.map(({ entry, except }) => [
      entry,
      writeToldEntry({ entry: withMsLeft(entry), except: [...except] }),
    ]));
  }

  /** What is for a thread, and what that does not have, whether or not it is still to have it. */
  notHadBy(taker: Taker): LogEntry[] {
    return this.#kept.filter((kept) => isForLate(kept, taker) && !kept.takers.has(taker))
      .map(({ entry }) => entry);
  }

  /**
   * Takes over an entry that a hub that has ended has told, and of which threads that have forgotten
   * it tell no more; `on` tells on whose board it was, and whether that thread `has` it.
   */
  inherit(
    { entry, except }: ToldEntry,
    on: { readonly thread: Taker; readonly has: boolean } | undefined,
  ): void {
    const names = new Set([...except, ...this.#takenBack.namesWithout(entry)]);
    if (names.has(ALL)) return;
    const known = this.#kept.find((kept) => kept.entry.id === entry.id);
    const kept = known ?? this.#insert(newKept(entry, entry, names));
    if (on === undefined || !isForLate(kept, on.thread)) return;
    if (!on.has) return void kept.refusers.add(on.thread);
    kept.takers.add(on.thread);
    kept.forgetters.add(on.thread);
  }

  #find(change: NewEntry, taker: Taker): Kept | undefined {
    this.#expire();
    const { id, text } = change;
    if (id !== undefined) {
      return this.#kept.find(({ said }) => said.id === id && isSameChange(said, change));
    }
    const at = this.#kept.findLastIndex(({ entry }) =>
      entry.text === text && isSameSender(entry, change)
    );
    const hasNewer = this.#kept.slice(Math.max(0, at)).some(({ takers }) => takers.has(taker));
    return hasNewer ? undefined : this.#kept[at];
  }

  #add(said: NewEntry): Kept {
    const id = said.id === undefined || this.has(said.id) ? crypto.randomUUID() : said.id;
    const next = this.#lastSeq + 1;
    const seq = said.lines === undefined ? next : this.#linesPlace(next);
    const entry = { ...said, id, seq };
    return this.#insert(newKept(entry, said));
  }

  #insert(kept: Kept): Kept {
    const { seq } = kept.entry;
    this.#lastSeq = Math.max(this.#lastSeq, seq);
    const before = this.#kept.findLastIndex(({ entry }) => entry.seq <= seq);
    this.#kept.splice(before + 1, 0, kept);
    this.#length += lengthOf(kept);
    if (this.#isTooLarge()) {
      const needed = this.#reached().add(kept);
      while (this.#isTooLarge() && this.#shorten(needed));
    }
    return kept;
  }

  #strike(struck: readonly Kept[]): void {
    if (struck.length === 0) return;
    this.#kept = this.#kept.filter((kept) => !struck.includes(kept));
    this.changed();
  }

  #expire(): void {
    const over = this.#kept.filter(({ entry: { expiresAt } }) =>
      expiresAt !== undefined && msUntil(expiresAt) <= 0
    );
    if (over.length > 0) this.#noteForgotten();
    this.#strike(over);
  }

  /** The entries that a thread has and can take back, oldest first. */
  #reachedBy(taker: Taker): Kept[] {
    const had = this.#kept.filter((kept) => isHeld(kept, taker) && !kept.forgetters.has(taker));
    return had.slice(countForgotten(had.map(({ entry }) => entry)));
  }

  /** The threads that have any entry. */
  #takers(): Set<Taker> {
    return new Set(this.#kept.flatMap(({ takers }) => [...takers]));
  }

  /** Notes what threads have forgotten: it stays so when a thread has fewer changes later. */
  #noteForgotten(): void {
    for (const taker of this.#takers()) {
      const reached = new Set(this.#reachedBy(taker));
      for (const kept of this.#kept) {
        if (isHeld(kept, taker) && !reached.has(kept)) kept.forgetters.add(taker);
      }
    }
  }

  #isTooLarge(): boolean {
    return this.#kept.length > ENOUGH_ENTRIES || this.#isTooLong();
  }

  #isTooLong(): boolean {
    if (this.#length <= MAX_LENGTH) return false;
    this.#length = this.#kept.reduce((sum, kept) => sum + lengthOf(kept), 0);
    return this.#kept.length > 1 && this.#length > MAX_LENGTH;
  }

  /** The entries that any thread can take back. */
  #reached(): Set<Kept> {
    return new Set([...this.#takers()].flatMap((taker) => this.#reachedBy(taker)));
  }

  /**
   * Makes room by one entry; returns whether it could. Neither what is `needed` nor what threads
   * that come late begin with is changed by it, unless there is far too much.
   */
  #shorten(needed: ReadonlySet<Kept>): boolean {
    const base = this.#kept.findLastIndex(isBase);
    const isStill = countingStill(this.#kept);
    const isOver = (kept: Kept, at: number) =>
      !needed.has(kept) &&
      (kept.entry.to?.port !== undefined || at < base && !isStill(kept, at));
    const over = this.#kept.findIndex(isOver);
    if (over >= 0) return this.#kept.splice(over, 1).length > 0;
    const old = countForgotten(this.#kept.map(({ entry }) => entry));
    for (let at = 0; at + 1 < old; at++) {
      const [first, second] = [this.#kept[at]!, this.#kept[at + 1]!];
      if (needed.has(first) || needed.has(second)) continue;
      if (!isForEver(first) || !isForEver(second)) continue;
      const text = foldIncremental(first.entry, second.entry);
      if (text === undefined) continue;
      const { parsed: _, ...entry } = second.entry;
      this.#kept.splice(at, 2, { ...second, entry: { ...entry, text } });
      return true;
    }
    if (this.#kept.length <= MAX_ENTRIES && !this.#isTooLong()) return false;
    // Entries before a whole configuration are needed at most for a rollback.
    return this.#kept.splice(base > 0 ? 0 : base + 1, 1).length > 0;
  }
}
