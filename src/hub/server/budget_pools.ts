import { ConfigError } from "../../core/errors/config_error.ts";
import { queueDiagnostic } from "../../core/io/diagnostic_queue.ts";
import type { LogEntry } from "../board/orders.ts";
import {
  BudgetSlot,
  isSameSlot,
  SLOTS,
  timesAsked,
  untilAsked,
  wakeAsker,
} from "../board/budget_slots.ts";

/** Fewest lines that are leased at a time, unless fewer are left. */
const LEAST_LEASE = 64;
/** Part of all lines that a thread gets to begin with, all threads together. */
const FIRST_SHARE = 4;

/** The part of a thread that this file needs. */
export interface LineTaker {
  /** Its line slots. */
  readonly lines: SharedArrayBuffer;
}

/** The lines of one change. */
interface Pool<Thread> {
  readonly id: string;
  readonly seq: number;
  /** Lines that no thread has leased. */
  left: number;
  readonly slots: Map<Thread, BudgetSlot>;
}

/**
 * Hub side of changes that may bring out so many lines in the process: leases the lines to its
 * threads, and takes them back from those that have no use for them; see `board/budget_slots.ts`.
 *
 * When no thread has any left the change is over: the thread that has asked takes it back at once,
 * and `onSpent` lets the others do so.
 */
export class BudgetPools<Thread extends LineTaker> {
  readonly #pools = new Map<string, Pool<Thread>>();
  readonly #watched = new Set<Thread>();
  readonly #onSpent: (id: string) => void;
  readonly #isInForce: (id: string) => boolean;
  readonly #countThreads: () => number;
  /** Whether lines can be leased: a thread that is its own hub could not answer itself. */
  readonly canLease: boolean;

  /** `onSpent` hears of a change that has no lines left, `isInForce` tells which are not over. */
  constructor(
    onSpent: (id: string) => void,
    isInForce: (id: string) => boolean,
    countThreads: () => number,
    canLease: boolean,
  ) {
    this.#onSpent = onSpent;
    this.#isInForce = isInForce;
    this.#countThreads = countThreads;
    this.canLease = canLease;
  }

  /**
   * The first place in the order of the process, from `first` on, whose slot no change in force has.
   *
   * @throws {ConfigError} All slots are taken.
   */
  freePlace(first: number): number {
    for (let seq = first; seq < first + SLOTS; seq++) if (!this.#isTaken(seq)) return seq;
    throw new ConfigError(
      `Cannot take the change: ${SLOTS} that may log so many lines are in force already, ` +
        "roll one back before",
    );
  }

  /**
   * Leases lines of a change to a thread that is about to get it.
   *
   * @throws {ConfigError} Its slot is taken, by a change that came from a hub that has ended.
   */
  lease({ id, seq, lines }: LogEntry, thread: Thread): void {
    if (lines === undefined) return;
    const pool = this.#pools.get(id) ?? this.#open({ id, seq, left: lines, slots: new Map() });
    if (pool.slots.has(thread)) return;
    const share = this.canLease ? lines / (FIRST_SHARE * this.#countThreads()) : lines;
    this.#join(pool, thread).begin(0, pool.left);
    this.#give(pool, thread, Math.max(LEAST_LEASE, Math.ceil(share)));
    this.#watch(thread);
  }

  /** Takes over the lines that a hub that has ended leased to a thread, and those it still had. */
  adopt(entries: readonly LogEntry[], thread: Thread): void {
    for (const entry of entries) {
      const slot = new BudgetSlot(thread.lines, entry.seq);
      if (entry.lines === undefined || !slot.isOurs) continue;
      if (this.#pools.get(entry.id)?.slots.has(thread) || !this.inherit(entry, thread)) continue;
      const pool = this.#pools.get(entry.id)!;
      pool.slots.set(thread, slot);
      this.#answer(pool, thread);
      this.#watch(thread);
    }
  }

  /**
   * Takes over the lines of a change that a hub that has ended could still lease, as a thread's board
   * tells; returns whether it is known how many.
   */
  inherit({ id, seq, lines }: LogEntry, board: LineTaker): boolean {
    const slot = new BudgetSlot(board.lines, seq), known = this.#pools.get(id);
    if (lines === undefined || !slot.isOurs) return lines === undefined || known !== undefined;
    if (known === undefined && this.#isTaken(seq)) return false;
    const pool = known ?? this.#open({ id, seq, left: slot.pool, slots: new Map() });
    this.#setLeft(pool, Math.min(pool.left, slot.pool));
    return true;
  }

  /** Lines that the process may still log thanks to a change. */
  left(id: string): number | undefined {
    const pool = this.#pools.get(id);
    if (pool === undefined) return undefined;
    return [...pool.slots.values()].reduce((sum, slot) => sum + slot.left, pool.left);
  }

  /** Takes back, for others, the lines that a thread that has ended did not log. */
  leave(thread: Thread): void {
    for (const pool of this.#pools.values()) {
      const lines = pool.slots.get(thread)?.collect(false) ?? 0;
      pool.slots.delete(thread);
      if (lines > 0) this.#setLeft(pool, pool.left + lines);
    }
    this.#watched.delete(thread);
    wakeAsker(thread.lines);
  }

  #open(pool: Pool<Thread>): Pool<Thread> {
    for (const { id } of [...this.#pools.values()]) {
      if (!this.#isInForce(id)) this.#pools.delete(id);
    }
    if (this.#isTaken(pool.seq)) {
      throw new ConfigError("Cannot take the change: another one has its lines");
    }
    this.#pools.set(pool.id, pool);
    return pool;
  }

  #isTaken(seq: number): boolean {
    return [...this.#pools.values()].some((pool) =>
      isSameSlot(seq, pool.seq) && this.#isInForce(pool.id)
    );
  }

  #join(pool: Pool<Thread>, thread: Thread): BudgetSlot {
    const slot = new BudgetSlot(thread.lines, pool.seq);
    pool.slots.set(thread, slot);
    return slot;
  }

  #give(pool: Pool<Thread>, thread: Thread, wanted: number): void {
    const lines = Math.min(pool.left, wanted);
    this.#setLeft(pool, pool.left - lines);
    pool.slots.get(thread)?.give(lines);
  }

  #setLeft(pool: Pool<Thread>, lines: number): void {
    pool.left = lines;
    for (const slot of pool.slots.values()) slot.showPool(lines);
  }

  #watch(thread: Thread): void {
    if (!this.canLease || this.#watched.has(thread)) return;
    this.#watched.add(thread);
    this.#answerAll(thread).catch((error) => {
      queueDiagnostic(`logdial: lines could not be leased: ${error}\n`);
    }).finally(() => this.#watched.delete(thread));
  }

  async #answerAll(thread: Thread): Promise<void> {
    while (this.#watched.has(thread)) {
      const times = timesAsked(thread.lines);
      for (const pool of [...this.#pools.values()]) this.#answer(pool, thread);
      await untilAsked(thread.lines, times);
    }
  }

  #answer(pool: Pool<Thread>, thread: Thread): void {
    const slot = pool.slots.get(thread), last = slot?.asked;
    if (slot === undefined || last === undefined) return;
    // A thread that still has lines gets none of others'.
    if (pool.left === 0 && slot.left > 0) return;
    if (pool.left === 0) this.#collect(pool, slot);
    if (pool.left > 0) return this.#give(pool, thread, Math.max(LEAST_LEASE, 2 * last));
    for (const one of pool.slots.values()) one.end();
    this.#pools.delete(pool.id);
    this.#onSpent(pool.id);
  }

  /** Takes lines back from the other threads: half of what each has. */
  #collect(pool: Pool<Thread>, asking: BudgetSlot): void {
    let lines = 0;
    for (const slot of pool.slots.values()) if (slot !== asking) lines += slot.collect(true);
    if (lines > 0) this.#setLeft(pool, pool.left + lines);
  }
}
