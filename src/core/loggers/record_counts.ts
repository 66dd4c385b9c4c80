import { CRITICAL, ERROR, INFO, WARNING } from "../levels/levels.ts";

/**
 * The levels by which records are counted, by their built-in names. A record of another level counts
 * for the next lower one of these, and below DEBUG for DEBUG.
 */
export const COUNTED_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;
/** The seconds over which a rate is taken, the present one included. */
const RATE_SECONDS = 10;

const LEVELS = COUNTED_LEVELS.length;
/** Number of slots; each holds one second, and how many records there were before it. */
const SLOTS = 16;
/** Where the numbers begin, of 8 bytes each; before them stands the second of each slot. */
const NUMBERS_AT = SLOTS * 4;
const SINCE = 0, TOTALS = 1, BEFORE = TOTALS + LEVELS;
const BYTES = NUMBERS_AT + (BEFORE + SLOTS * LEVELS) * 8;
/** What a slot without a second says; no clock shows it. */
const NO_SECOND = -1;
/**
 * So many of a thread's first records ask the clock though they need not: V8 throws compiled code
 * away at the first branch that it has not seen, and has seen this one before it compiles.
 */
let asksLeft = 64;

/** Shared memory for counts, so that others read them while their thread computes. */
export function newSharedCounts(): SharedArrayBuffer {
  return new SharedArrayBuffer(BYTES);
}

/**
 * How many records have been written, by level, in all and in the last seconds. To count a record is
 * to add 1. The first record of a second notes how many there were before; the difference to that is
 * the number since. So no timer is needed.
 *
 * @internal
 */
export class RecordCounts {
  readonly #seconds: Int32Array;
  readonly #numbers: Float64Array;
  readonly #thread: RecordCounts | undefined;
  /** The numbers of all the thread's records. */
  readonly #all: Float64Array;
  #second = NO_SECOND;
  /** Begin and end of the present second: its records are counted without asking the clock. */
  #begin = Infinity;
  #end = -Infinity;

  /** Begins at 0; records of a logger count for `thread` as well. */
  constructor(thread?: RecordCounts, buffer: ArrayBufferLike = new ArrayBuffer(BYTES)) {
    this.#seconds = new Int32Array(buffer, 0, SLOTS).fill(NO_SECOND);
    this.#numbers = new Float64Array(buffer, NUMBERS_AT);
    this.#numbers[SINCE] = Date.now();
    this.#thread = thread;
    this.#all = thread === undefined ? this.#numbers : thread.#numbers;
  }

  /**
   * Counts a record by its level and its time in seconds. The time is believed if it is in the
   * present second; else the clock is asked.
   */
  count(levelno: number, created: number): void {
    // A record factory of the program's own may have put anything there.
    const isNow = typeof created === "number" && created >= this.#begin && created < this.#end;
    if (!isNow) this.#askClock();
    const at = TOTALS + placeOf(levelno);
    this.#numbers[at]!++;
    this.#all[at]!++;
  }

  #askClock(): void {
    const second = Math.floor(Date.now() / 1000);
    this.#beginSecond(second);
    if (this.#thread !== undefined) this.#thread.#beginSecond(second);
    this.#begin = second;
    if (asksLeft > 0) asksLeft--;
    else this.#end = second + 1;
  }

  #beginSecond(second: number): void {
    if (second === this.#second) return;
    const numbers = this.#numbers;
    if (second < this.#second) {
      // The clock was set back: the seconds counted until then tell nothing of the present ones.
      this.#seconds.fill(NO_SECOND);
      numbers[SINCE] = second * 1000;
    }
    this.#second = second;
    const slot = second % SLOTS, at = BEFORE + slot * LEVELS;
    for (let level = 0; level < LEVELS; level++) numbers[at + level] = numbers[TOTALS + level]!;
    // The second is stored last, so that other threads that see it find the numbers that belong to it.
    Atomics.store(this.#seconds, slot, second);
  }

  /** The counts at `now`, in milliseconds since the epoch. */
  read(now: number): CountedRecords {
    return readCounts(this.#numbers.buffer, now);
  }
}

/** Numbers of records by level, in the order of {@linkcode COUNTED_LEVELS}. */
export interface CountedRecords {
  /** Since counting began. */
  readonly total: readonly number[];
  /** In the last seconds. */
  readonly recent: readonly number[];
  /** How many seconds these are, at least 1, for the rate. */
  readonly seconds: number;
}

/** The counts in a thread's shared memory at `now`, in milliseconds since the epoch. */
export function readCounts(buffer: ArrayBufferLike, now: number): CountedRecords {
  const seconds = new Int32Array(buffer, 0, SLOTS);
  const numbers = new Float64Array(buffer, NUMBERS_AT);
  const first = Math.floor(now / 1000) - RATE_SECONDS + 1;
  const earliest = earliestFrom(seconds, first);
  const before = BEFORE + (earliest % SLOTS) * LEVELS;
  const total = Array.from({ length: LEVELS }, (_, level) => numbers[TOTALS + level]!);
  const recent = earliest === Infinity
    ? total.map(() => 0)
    : total.map((count, level) => Math.max(0, count - numbers[before + level]!));
  const since = Math.max(first * 1000, numbers[SINCE]!);
  return { total, recent, seconds: Math.max(1, (now - since) / 1000) };
}

/** The earliest second from `first` on in which something was counted. */
function earliestFrom(seconds: Int32Array, first: number): number {
  let earliest = Infinity;
  for (let slot = 0; slot < SLOTS; slot++) {
    const second = Atomics.load(seconds, slot);
    if (second >= first && second < earliest) earliest = second;
  }
  return earliest;
}

/** The place of a level number in {@linkcode COUNTED_LEVELS}. */
function placeOf(levelno: number): number {
  if (levelno < INFO) return 0;
  if (levelno < WARNING) return 1;
  if (levelno < ERROR) return 2;
  return levelno < CRITICAL ? 3 : 4;
}
