/**
 * Lines that a thread may still log thanks to changes that may bring out so many, in shared memory,
 * so that a thread that computes draws on them and the hub can give more, or take some back.
 *
 * Each change has a slot by its place in the order of the process, for which the hub chooses one
 * whose slot is free: changes that are over leave gaps between those in force. The hub leases some
 * of the change's lines to each thread. The thread takes one after the other; it asks for more when
 * half of them are gone, and waits for an answer when all are. The hub keeps on all boards how many
 * lines it could still lease (`POOL`), and writes that before it leases any: so a hub that takes
 * over knows a number that is not too high, wherever the last one has ended.
 *
 * @module
 */

/** Words of a slot. */
const SEQ = 0, LEFT = 1, LEASE = 2, ASKED = 3, POOL = 4, OVER = 5;
const WORDS = 6;
/** A thread has so many slots: as many as it can have overrides. */
export const SLOTS = 64;
/** Where the slots begin; before them stands how often the thread has asked. */
const FIRST = 2;

/** Shared memory for the slots of one thread. */
export function newBudgetSlots(): SharedArrayBuffer {
  return new SharedArrayBuffer((FIRST + SLOTS * WORDS) * 4);
}

/** Whether two changes would have the same slot. */
export function isSameSlot(seq: number, other: number): boolean {
  return seq % SLOTS === other % SLOTS;
}

/** One change's lines on one thread. */
export class BudgetSlot {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #seq: number;

  /** The slot of the change of that place. */
  constructor(buffer: SharedArrayBuffer, seq: number) {
    this.#words = new Int32Array(buffer);
    this.#at = FIRST + (seq % SLOTS) * WORDS;
    this.#seq = seq;
  }

  /** Whether the lines here are that change's. */
  get isOurs(): boolean {
    return Atomics.load(this.#words, this.#at + SEQ) === this.#seq;
  }

  /** Lines that the thread may log without asking. */
  get left(): number {
    return this.isOurs ? Math.max(0, Atomics.load(this.#words, this.#at + LEFT)) : 0;
  }

  /** Lines that the hub could still lease. */
  get pool(): number {
    return this.isOurs ? Atomics.load(this.#words, this.#at + POOL) : 0;
  }

  /** Whether there will be no more. */
  get isOver(): boolean {
    return !this.isOurs || Atomics.load(this.#words, this.#at + OVER) === 1;
  }

  /** Thread: takes a line, and asks for more at half; false if none is left. */
  take(): boolean {
    const words = this.#words, at = this.#at + LEFT;
    if (words[this.#at + SEQ] !== this.#seq) return false;
    for (;;) {
      const left = Atomics.load(words, at);
      if (left <= 0) return false;
      if (Atomics.compareExchange(words, at, left, left - 1) !== left) continue;
      if ((left - 1) * 2 < words[this.#at + LEASE]!) this.#askEarly();
      return true;
    }
  }

  /** Thread: gives a line back that it has taken, unless there will be no more for anybody. */
  giveBack(): void {
    if (!this.isOver) Atomics.add(this.#words, this.#at + LEFT, 1);
  }

  /** Thread: asks for more lines. */
  ask(): void {
    Atomics.store(this.#words, this.#at + ASKED, 1);
    Atomics.add(this.#words, 0, 1);
    Atomics.notify(this.#words, 0);
  }

  /** Thread: blocks until there are lines again, or none will come, or for `ms`. */
  waitForMore(ms: number): void {
    const end = performance.now() + ms;
    for (let wait = ms; wait > 0 && this.left === 0 && !this.isOver;) {
      Atomics.wait(this.#words, this.#at + LEFT, 0, wait);
      wait = end - performance.now();
    }
  }

  /** Hub: gives the thread lines to begin with. */
  begin(lines: number, pool: number): void {
    const words = this.#words, at = this.#at;
    Atomics.store(words, at + LEFT, 0);
    Atomics.store(words, at + ASKED, 0);
    Atomics.store(words, at + OVER, 0);
    Atomics.store(words, at + POOL, pool);
    Atomics.store(words, at + SEQ, this.#seq);
    this.give(lines);
  }

  /** Hub: gives more lines. */
  give(lines: number): void {
    const words = this.#words, at = this.#at;
    Atomics.store(words, at + LEASE, lines);
    Atomics.store(words, at + ASKED, 0);
    Atomics.add(words, at + LEFT, lines);
    Atomics.notify(words, at + LEFT);
  }

  /** Hub: takes lines back, half of them or all, and returns how many. */
  collect(half: boolean): number {
    const words = this.#words, at = this.#at + LEFT;
    if (!this.isOurs) return 0;
    for (;;) {
      const left = Atomics.load(words, at);
      if (left <= 0) return 0;
      const taken = half ? Math.ceil(left / 2) : left;
      if (Atomics.compareExchange(words, at, left, left - taken) === left) return taken;
    }
  }

  /** Hub: says how many lines it could still lease. */
  showPool(lines: number): void {
    if (this.isOurs) Atomics.store(this.#words, this.#at + POOL, lines);
  }

  /** Hub: says that there will be no more. */
  end(): void {
    if (!this.isOurs) return;
    Atomics.store(this.#words, this.#at + OVER, 1);
    Atomics.notify(this.#words, this.#at + LEFT);
  }

  /** Hub: whether the thread waits for more, or soon will, and how many it was given last. */
  get asked(): number | undefined {
    const isAsked = this.isOurs && Atomics.load(this.#words, this.#at + ASKED) === 1;
    return isAsked ? Atomics.load(this.#words, this.#at + LEASE) : undefined;
  }

  #askEarly(): void {
    const words = this.#words, at = this.#at;
    if (words[at + POOL] !== 0 && words[at + ASKED] === 0) this.ask();
  }
}

/** Hub: how often the thread has asked. */
export function timesAsked(buffer: SharedArrayBuffer): number {
  return Atomics.load(new Int32Array(buffer), 0);
}

/** Hub: resolves when the thread asks again, or `wakeAsker` is called. */
export async function untilAsked(buffer: SharedArrayBuffer, times: number): Promise<void> {
  const result = Atomics.waitAsync(new Int32Array(buffer), 0, times);
  if (result.async) await result.value;
}

/** Hub: lets whoever waits by {@linkcode untilAsked} look again. */
export function wakeAsker(buffer: SharedArrayBuffer): void {
  Atomics.notify(new Int32Array(buffer), 0);
}
