import { ByteRing } from "../../core/shared/byte_ring.ts";

/** Words of a board's header. */
const STATE = 0,
  PORT = 1,
  PUBLISHED = 2,
  ANSWERED = 3,
  ASKED = 4,
  REPORTED = 5,
  HEARTBEAT = 6,
  WAKING = 7;
const INBOX = 8, OUTBOX = 12;
/** Words of a slot, from its first. */
const LOCK = 0, LENGTH = 1;
const HEADER_BYTES = 64;
const INITIAL_BYTES = 16_384;
/** Records that may wait for those who watch; memory is taken when they come. */
const TAIL_BYTES = 1 << 18;
/** Address space, not memory: pages are taken when they are written. */
export const MAX_BYTES: number = 16 << 20;

/** States of a board. */
export const FREE = 0, SERVED = 1, REFUSED = 2, LEFT = 3;

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();

/** The two shared buffers of a board, as they travel between threads. */
export interface BoardBuffers {
  /** Header and outbox: written by the thread. */
  readonly outbox: SharedArrayBuffer;
  /** Written by the hub. */
  readonly inbox: SharedArrayBuffer;
  /** A ring of records for those who watch, written by the thread. */
  readonly tail: SharedArrayBuffer;
  /** The word that the thread's loggers look at; see `core/signal.ts`. */
  readonly signal: SharedArrayBuffer;
}

/**
 * Shared memory between one thread and the hub: the hub puts changes into the inbox and
 * turns the signal, the thread puts answers and its status into the outbox.
 */
export class Board {
  /** What to send to the other side. */
  readonly buffers: BoardBuffers;
  readonly #words: Int32Array;
  readonly #signal: Int32Array;

  /** Opens a board on buffers from the other side, or on new ones around a signal. */
  constructor(buffers: BoardBuffers | SharedArrayBuffer) {
    this.buffers = buffers instanceof SharedArrayBuffer ? newBuffers(buffers) : buffers;
    this.#words = new Int32Array(this.buffers.outbox, 0, HEADER_BYTES / 4);
    this.#signal = new Int32Array(this.buffers.signal);
  }

  /** {@linkcode FREE}, {@linkcode SERVED}, {@linkcode REFUSED} or {@linkcode LEFT}. */
  get state(): number {
    return Atomics.load(this.#words, STATE);
  }

  set state(state: number) {
    Atomics.store(this.#words, STATE, state);
    Atomics.notify(this.#words, STATE);
  }

  /** The claimed port, 0 for none. */
  get port(): number {
    return Atomics.load(this.#words, PORT);
  }

  set port(port: number) {
    Atomics.store(this.#words, PORT, port);
  }

  /** Number of the newest change in the inbox. */
  get published(): number {
    return Atomics.load(this.#words, PUBLISHED);
  }

  /** Number of the newest change that the thread has answered. */
  get answered(): number {
    return Atomics.load(this.#words, ANSWERED);
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

  /** Hub: puts the unanswered changes up to number `published` into the inbox; wakes nobody. */
  publish(text: string, published: number): void {
    this.#write(this.buffers.inbox, INBOX, 0, text);
    Atomics.store(this.#words, PUBLISHED, published);
    // One that computes sees this at its next log call.
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

  /** Hub: asks for a fresh status. */
  askReport(): void {
    Atomics.add(this.#words, ASKED, 1);
    Atomics.add(this.#signal, 0, 1);
    this.wake();
  }

  /** Thread: what is in the inbox. */
  readInbox(): string {
    return this.#read(this.buffers.inbox, INBOX, 0);
  }

  /** Hub: what is in the outbox. */
  readOutbox(): string {
    return this.#read(this.buffers.outbox, OUTBOX, HEADER_BYTES);
  }

  /** Thread: answers all changes up to `answered`, and shows its status. */
  answer(text: string, answered: number): void {
    const asked = Atomics.load(this.#words, ASKED);
    this.#write(this.buffers.outbox, OUTBOX, HEADER_BYTES, text);
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
    const reported = Atomics.load(this.#words, REPORTED);
    if (reported === Atomics.load(this.#words, ASKED)) return;
    await settled(Atomics.waitAsync(this.#words, REPORTED, reported, ms));
  }

  /** Thread: blocks until the hub has changed the state from `state`, or for `ms`. */
  waitWhile(state: number, ms: number): boolean {
    return Atomics.wait(this.#words, STATE, state, ms) !== "timed-out";
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

  #write(buffer: SharedArrayBuffer, slot: number, offset: number, text: string): void {
    const bytes = ENCODER.encode(text);
    this.#locked(slot, () => {
      const needed = offset + bytes.length;
      if (needed > buffer.byteLength) buffer.grow(Math.min(MAX_BYTES, needed * 2));
      new Uint8Array(buffer, offset).set(bytes);
      this.#words[slot + LENGTH] = bytes.length;
    });
  }

  #read(buffer: SharedArrayBuffer, slot: number, offset: number): string {
    const bytes = this.#locked(
      slot,
      () => new Uint8Array(buffer, offset, this.#words[slot + LENGTH]).slice(),
    );
    return DECODER.decode(bytes);
  }

  /** Runs `copy` while the other side keeps off; both only ever copy inside. */
  #locked<T>(slot: number, copy: () => T): T {
    while (Atomics.compareExchange(this.#words, slot + LOCK, 0, 1) !== 0) {
      // A side that died inside would hold the lock for ever; a copy takes no such time.
      if (Atomics.wait(this.#words, slot + LOCK, 1, 500) === "timed-out") break;
    }
    try {
      return copy();
    } finally {
      Atomics.store(this.#words, slot + LOCK, 0);
      Atomics.notify(this.#words, slot + LOCK);
    }
  }
}

function newBuffers(signal: SharedArrayBuffer): BoardBuffers {
  const make = () => new SharedArrayBuffer(INITIAL_BYTES, { maxByteLength: MAX_BYTES });
  return { outbox: make(), inbox: make(), tail: new ByteRing(TAIL_BYTES).buffer, signal };
}

/** Waits for what `Atomics.waitAsync` returned, which may be there at once. */
async function settled(result: ReturnType<typeof Atomics.waitAsync>): Promise<void> {
  if (result.async) await result.value;
}
