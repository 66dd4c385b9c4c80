import { ByteRing } from "../../core/shared/byte_ring.ts";
import { newSharedCounts } from "../../core/loggers/record_counts.ts";
import { newBudgetSlots } from "./budget_slots.ts";
import { MAX_TEXT_BYTES, SharedText, type SharedTextBuffers } from "./shared_text.ts";

/** Words of a board's header. */
const STATE = 0,
  PORT = 1,
  PUBLISHED = 2,
  ANSWERED = 3,
  ASKED = 4,
  REPORTED = 5,
  HEARTBEAT = 6,
  WAKING = 7,
  CALLED = 8,
  TAKEN = 9,
  NUMBER = 10,
  OF_MAIN = 11,
  ENDED = 12;
const HEADER_BYTES = 64;
/** Records that may wait for those who watch; memory is taken when they come. */
const TAIL_BYTES = 1 << 18;
/** Longest text of an inbox or outbox, in bytes. */
export const MAX_BYTES: number = MAX_TEXT_BYTES;
/** Most characters of an inbox or outbox, with some room: each takes up to three bytes. */
export const MAX_CHARACTERS: number = MAX_BYTES / 4;

/** States of a board; {@linkcode BEGUN} while a hub is about to serve it. */
export const FREE = 0, SERVED = 1, REFUSED = 2, LEFT = 3, BEGUN = 4;

/** The shared buffers of a board, as they travel between threads. */
export interface BoardBuffers {
  /** State, port and numbers. */
  readonly header: SharedArrayBuffer;
  /** Written by the thread. */
  readonly outbox: SharedTextBuffers;
  /** Written by the hub. */
  readonly inbox: SharedTextBuffers;
  /** What the next hub has to know if this one ends, written by the hub; see `heritage.ts`. */
  readonly list: SharedTextBuffers;
  /** A ring of records for those who watch, written by the thread. */
  readonly tail: SharedArrayBuffer;
  /** Lines that the thread may log thanks to changes; see `budget_slots.ts`. */
  readonly lines: SharedArrayBuffer;
  /** How many records the thread has written; see `core/loggers/record_counts.ts`. */
  readonly counts: SharedArrayBuffer;
  /** The word that the thread's loggers look at; see `core/levels/signal.ts`. */
  readonly signal: SharedArrayBuffer;
}

/**
 * Shared memory between one thread and the hub.
 *
 * 1. The hub writes all unanswered orders into the inbox, raises `PUBLISHED`, turns the signal and
 *    wakes the thread.
 * 2. The thread, at its next log call or at once if it is idle, reads the inbox, raises `TAKEN`,
 *    carries out what is newer than `ANSWERED`, writes the outcomes and its status into the outbox,
 *    raises `ANSWERED` and wakes the hub.
 * 3. To ask for a status alone, the hub raises `ASKED` and turns the signal; the thread answers by
 *    setting `REPORTED` to it.
 *
 * Neither ever waits for the other to have read or written (see `SharedText`), so that neither can
 * hang the other. What may go wrong: the thread computes and never comes to it, then the order
 * stays in the inbox and is `pending`; the hub dies, then `HEARTBEAT` stands still, and the thread
 * offers the same board to the next hub, which goes on from `ANSWERED`.
 */
export class Board {
  /** What to send to the other side. */
  readonly buffers: BoardBuffers;
  /** The hub's: changes of the process, for the hub after it; empty if no hub has written any. */
  readonly list: SharedText;
  readonly #words: Int32Array;
  readonly #signal: Int32Array;
  readonly #inbox: SharedText;
  readonly #outbox: SharedText;

  /** Opens a board on buffers from the other side, or on new ones around a signal and counts. */
  constructor(
    buffers: BoardBuffers | SharedArrayBuffer,
    counts: SharedArrayBuffer = newSharedCounts(),
  ) {
    this.buffers = buffers instanceof SharedArrayBuffer ? newBuffers(buffers, counts) : buffers;
    this.#words = new Int32Array(this.buffers.header);
    this.#inbox = new SharedText(this.buffers.inbox);
    this.#outbox = new SharedText(this.buffers.outbox);
    this.list = new SharedText(this.buffers.list);
    this.#signal = new Int32Array(this.buffers.signal);
  }

  /** {@linkcode FREE}, {@linkcode BEGUN}, {@linkcode SERVED}, {@linkcode REFUSED}, {@linkcode LEFT}. */
  get state(): number {
    return Atomics.load(this.#words, STATE);
  }

  set state(state: number) {
    Atomics.store(this.#words, STATE, state);
    Atomics.notify(this.#words, STATE);
  }

  /** Whether a hub is about to serve the thread. */
  get isBegun(): boolean {
    return this.state === BEGUN;
  }

  /** Whether the thread still waits for a hub to serve it. */
  get isUnserved(): boolean {
    const { state } = this;
    return state === FREE || state === BEGUN;
  }

  /**
   * Hub: begins to serve the thread; not if another hub does, or it does not ask any more.
   * `isOfMain` says whether the main thread has started the hub.
   */
  begin(isOfMain = false): boolean {
    if (Atomics.compareExchange(this.#words, STATE, FREE, BEGUN) !== FREE) return false;
    Atomics.store(this.#words, OF_MAIN, Number(isOfMain));
    Atomics.store(this.#words, ENDED, 0);
    return true;
  }

  /** Whether the main thread has started the last hub that has served the thread. */
  get isOfMain(): boolean {
    return Atomics.load(this.#words, OF_MAIN) === 1;
  }

  /** Whether the last hub that has served the thread has found out that the program has ended. */
  get hasProgramEnded(): boolean {
    return Atomics.load(this.#words, ENDED) === 1;
  }

  /** Hub: says that the program has ended, so that nobody starts another hub. */
  endProgram(): void {
    Atomics.store(this.#words, ENDED, 1);
  }

  /** Thread: asks again, if a hub has begun to serve it; that hub has ended meanwhile. */
  askAgain(): void {
    Atomics.compareExchange(this.#words, STATE, BEGUN, FREE);
  }

  /** Thread: asks no more, if no hub has begun to serve it; returns whether that is so. */
  giveUp(): boolean {
    return Atomics.compareExchange(this.#words, STATE, FREE, LEFT) === FREE;
  }

  /** The claimed port, 0 for none. */
  get port(): number {
    return Atomics.load(this.#words, PORT);
  }

  set port(port: number) {
    Atomics.store(this.#words, PORT, port);
  }

  /** Hub: says which of several main threads it is, from 1 on. */
  set number(number: number) {
    Atomics.store(this.#words, NUMBER, number);
  }

  /** Thread: which of them it is; 0 if no hub has said so since it was last asked. */
  takeNumber(): number {
    return Atomics.exchange(this.#words, NUMBER, 0);
  }

  /** Number of the newest order in the inbox. */
  get published(): number {
    return Atomics.load(this.#words, PUBLISHED);
  }

  /** Number of the newest order that the thread has answered. */
  get answered(): number {
    return Atomics.load(this.#words, ANSWERED);
  }

  /** Number of the newest order that the thread has come to, so that it is answered soon. */
  get taken(): number {
    return Atomics.load(this.#words, TAKEN);
  }

  set taken(taken: number) {
    Atomics.store(this.#words, TAKEN, taken);
  }

  /** Whether the hub waits for a status. */
  get reportWanted(): boolean {
    return Atomics.load(this.#words, ASKED) !== Atomics.load(this.#words, REPORTED);
  }

  /** Counts up while the hub lives. */
  get heartbeat(): number {
    return Atomics.load(this.#words, HEARTBEAT);
  }

  /** Value of the signal word. */
  get signal(): number {
    return Atomics.load(this.#signal, 0);
  }

  /** Hub: shows that it lives. */
  beat(): void {
    Atomics.add(this.#words, HEARTBEAT, 1);
  }

  /**
   * Hub: puts the unanswered orders up to number `published` into the inbox; wakes nobody.
   *
   * @throws {RangeError} They are too long together, and what was there before stays.
   */
  publish(text: string, published: number): void {
    this.#inbox.write(text);
    Atomics.store(this.#words, PUBLISHED, published);
    // A thread that computes sees the signal at its next log call.
    Atomics.add(this.#signal, 0, 1);
  }

  /** Hub: whether it is waking other threads together with this one. */
  set wakesOthers(on: boolean) {
    Atomics.store(this.#words, WAKING, Number(on));
  }

  /** Hub: wakes the thread if it sleeps. */
  wake(): void {
    Atomics.notify(this.#signal, 0);
  }

  /** Hub: tells a thread that was served by a hub that has ended to attach to this one. */
  callBack(): void {
    Atomics.store(this.#words, CALLED, 1);
    this.turn();
  }

  /** Thread: whether it has been called since it was last asked. */
  takeCall(): boolean {
    return Atomics.exchange(this.#words, CALLED, 0) === 1;
  }

  /** Hub: makes the thread look at its board, at its next log call or at once if it is idle. */
  turn(): void {
    Atomics.add(this.#signal, 0, 1);
    this.wake();
  }

  /** Hub: asks for a fresh status. */
  askReport(): void {
    Atomics.add(this.#words, ASKED, 1);
    this.turn();
  }

  /** Thread: what is in the inbox. */
  readInbox(): string {
    return this.#inbox.read();
  }

  /** Hub: what is in the outbox. */
  readOutbox(): string {
    return this.#outbox.read();
  }

  /** Thread: answers all orders up to `answered`, and shows its status. */
  answer(text: string, answered: number): void {
    const asked = Atomics.load(this.#words, ASKED);
    this.#outbox.write(text);
    Atomics.store(this.#words, ANSWERED, answered);
    Atomics.store(this.#words, REPORTED, asked);
    Atomics.notify(this.#words, ANSWERED);
    Atomics.notify(this.#words, REPORTED);
  }

  /** Hub: resolves when the thread has answered more than `answered`, or after `ms`. */
  async untilAnswered(answered: number, ms: number): Promise<void> {
    await settled(Atomics.waitAsync(this.#words, ANSWERED, answered, ms));
  }

  /** Hub: resolves when the thread has shown its status, or after `ms`. */
  async untilReported(ms: number): Promise<void> {
    const asked = Atomics.load(this.#words, ASKED), end = performance.now() + ms;
    for (let left = ms; left > 0; left = end - performance.now()) {
      const reported = Atomics.load(this.#words, REPORTED);
      if (((reported - asked) | 0) >= 0) return;
      // The hub may be woken for a status that it has seen already.
      await settled(Atomics.waitAsync(this.#words, REPORTED, reported, left));
    }
  }

  /** Thread: blocks until the hub has changed the state from `state`, or for `ms`. */
  waitWhile(state: number, ms: number): void {
    const end = performance.now() + ms;
    for (let left = ms; left > 0; left = end - performance.now()) {
      // Woken, it looks again: a hub that is asked twice sets the same state twice.
      if (Atomics.wait(this.#words, STATE, state, left) !== "ok") return;
    }
  }

  /** Thread: blocks until a hub has answered, or for `ms`. */
  waitUnserved(ms: number): void {
    this.waitWhile(FREE, ms);
    this.waitWhile(BEGUN, ms);
  }

  /** Thread: resolves when the hub has turned the signal away from `seen`; undefined if it has. */
  untilTurned(seen: number): Promise<unknown> | undefined {
    const result = Atomics.waitAsync(this.#signal, 0, seen);
    return result.async ? result.value : undefined;
  }

  /** Thread: lets the hub wake the others, if it is at it; blocks for `ms` at most. */
  letOthersWake(ms: number): void {
    Atomics.wait(this.#words, WAKING, 1, ms);
  }
}

function newBuffers(signal: SharedArrayBuffer, counts: SharedArrayBuffer): BoardBuffers {
  return {
    header: new SharedArrayBuffer(HEADER_BYTES),
    outbox: new SharedText().buffers,
    inbox: new SharedText().buffers,
    list: new SharedText().buffers,
    tail: new ByteRing(TAIL_BYTES).buffer,
    lines: newBudgetSlots(),
    counts,
    signal,
  };
}

/** Waits for what `Atomics.waitAsync` returned, which may be there at once. */
async function settled(result: ReturnType<typeof Atomics.waitAsync>): Promise<void> {
  if (result.async) await result.value;
}
