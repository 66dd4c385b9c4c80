import {
  ASLEEP,
  AWAKE,
  bytesBetween,
  FAILURE,
  FREE,
  FULL,
  HEAD,
  HELD,
  HURRY,
  kindOf,
  LEAVING,
  type LineRing,
  NEVER,
  NOTING,
  ONLY,
  openLineRing,
  OWN,
  PARTS,
  PULSE,
  STATE,
  TAIL,
  TAKEN,
  TARGET,
  UNBLOCKED,
  WANTED,
  WRITING,
  YOURS,
} from "../../core/shared/line_ring.ts";
import { LINE_FEED, pieceLength } from "../../core/io/write_piece.ts";

const DECODER = new TextDecoder();

/** Longest wait for the next part of a line, in milliseconds. */
const MORE_MS = 100;

/** Hub side of a ring: takes out pieces for as long as the thread leaves it to the hub. */
export class RingReader {
  readonly #ring: LineRing;
  readonly #words: Int32Array<SharedArrayBuffer>;
  /** Bits that are added to each state that the hub sets: `LEAVING`, or none. */
  #leaving = 0;
  /** Where the thread was when the hub last looked. */
  #seen = 0;

  /** Opens a ring; it is the hub's once {@linkcode RingReader.enter} says so. */
  constructor(buffer: SharedArrayBuffer) {
    this.#ring = openLineRing(buffer);
    this.#words = this.#ring.words;
  }

  /** Where the thread is now. */
  get head(): number {
    return Atomics.load(this.#words, HEAD);
  }

  /** Where the thread is now, and whether a line ends there. */
  get place(): { readonly head: number; readonly isEnd: boolean } {
    for (;;) {
      const parts = Atomics.load(this.#words, PARTS);
      const { head } = this;
      if (parts === Atomics.load(this.#words, PARTS)) return { head, isEnd: parts % 2 === 0 };
    }
  }

  /** Whether what is in the ring is the hub's to write. */
  get isOurs(): boolean {
    const kind = kindOf(Atomics.load(this.#words, STATE));
    return kind !== FREE && kind !== TAKEN;
  }

  /** Resolves when the thread has gone on from `head`, or after a while. */
  async untilMore(head: number): Promise<void> {
    const result = Atomics.waitAsync(this.#words, HEAD, head, MORE_MS);
    if (result.async) await result.value;
  }

  /** Bytes up to `head` that are not written. */
  waitingBefore(head: number): number {
    return Math.max(0, (head - Atomics.load(this.#words, TAIL)) | 0);
  }

  /** Whether the thread holds a lock that will tell the hub of the thread's end. */
  get hasLock(): boolean {
    return Atomics.load(this.#words, HELD) !== 0;
  }

  /** Whether the thread has the ring for itself. */
  get isFree(): boolean {
    return Atomics.load(this.#words, STATE) === FREE;
  }

  /** Whether the ring is to be left. */
  get isLeaving(): boolean {
    return this.#leaving !== 0;
  }

  /** Shows the thread that the hub lives. */
  beat(): void {
    Atomics.add(this.#words, PULSE, 1);
  }

  /** Resolves when the thread asks the hub to hurry, or after `hearNoMore`. */
  async untilHurried(): Promise<void> {
    const result = Atomics.waitAsync(this.#words, HURRY, 0);
    if (result.async) await result.value;
  }

  /** Begins to hear anew whether the thread asks the hub to hurry. */
  calm(): void {
    Atomics.store(this.#words, HURRY, 0);
  }

  /** Ends what waits for the thread to ask the hub to hurry. */
  hearNoMore(): void {
    Atomics.store(this.#words, HURRY, 1);
    Atomics.notify(this.#words, HURRY);
  }

  /** Says when the thread may write out lines itself: `NEVER`, `PILED` or `FULL`. */
  letWrite(when: number): void {
    Atomics.store(this.#words, OWN, when);
  }

  /** Whether the thread has found that the stream does not block. */
  get isNonBlocking(): boolean {
    return Atomics.load(this.#words, UNBLOCKED) !== 0;
  }

  /** Whether the thread is writing out itself. */
  get isTaken(): boolean {
    return Atomics.load(this.#words, STATE) === TAKEN;
  }

  /** Whether the thread, which waits for room, is about to write out itself. */
  get #isWanted(): boolean {
    return this.#leaving === 0 && Atomics.load(this.#words, WANTED) !== 0 &&
      Atomics.load(this.#words, OWN) === FULL && this.hasLock;
  }

  /** Why the thread could not write itself what it has dropped then; undefined if it could. */
  takeFailure(): string | undefined {
    const length = Atomics.exchange(this.#words, FAILURE, 0);
    // A copy, since a decoder takes no shared memory.
    return length === 0 ? undefined : DECODER.decode(this.#ring.failure.slice(0, length));
  }

  /** Says whether the hub has no other ring. */
  tellOnly(isOnly: boolean): void {
    Atomics.store(this.#words, ONLY, isOnly ? 1 : 0);
  }

  /** Goes on where a thread that has ended was writing itself. */
  inherit(): void {
    Atomics.store(this.#words, WANTED, 0);
    this.#turn(TAKEN, AWAKE);
  }

  /** Bytes that the thread has put in since the last time this was asked, if it may write itself. */
  takeFlood(): number {
    const { head } = this;
    const count = (head - this.#seen) | 0;
    this.#seen = head;
    return Atomics.load(this.#words, OWN) === FULL && this.hasLock ? count : 0;
  }

  /** Takes the ring from the thread, which has none of its lines in it. */
  enter(): boolean {
    if (!this.#turn(FREE, AWAKE)) return false;
    this.#leaving = 0;
    return true;
  }

  /**
   * Begins to write a piece of what was there when the thread was at `head`: whole lines of `most`
   * bytes together, or of a longer line a part, or all of it where `isWhole` says so.
   */
  begin(head: number, most: number, isWhole = false): Uint8Array<ArrayBufferLike> | undefined {
    for (;;) {
      const start = Atomics.load(this.#words, TAIL);
      const waiting = (head - start) | 0;
      if (waiting <= 0 || this.#isWanted) return undefined;
      let bytes = bytesBetween(this.#ring, start, start + Math.min(waiting, most + 1));
      let length = pieceLength(bytes, most);
      if (isWhole && bytes[length - 1] !== LINE_FEED) {
        bytes = bytesBetween(this.#ring, start, head);
        length = pieceLength(bytes, most, true);
      }
      if (!this.#turn(AWAKE | this.#leaving, NOTING)) return undefined;
      if (this.#words[TAIL] !== start) {
        // The thread has written itself meanwhile.
        Atomics.store(this.#words, STATE, AWAKE | this.#leaving);
        continue;
      }
      this.#words[TARGET] = start + length;
      Atomics.store(this.#words, STATE, WRITING | this.#leaving);
      return bytes.subarray(0, length);
    }
  }

  /** Ends the writing of a piece of which `count` bytes are written. */
  end(count: number): void {
    if (!this.#turn(WRITING | this.#leaving, NOTING)) return; // The thread took the hub for dead.
    const tail = (this.#words[TAIL]! + count) | 0;
    Atomics.store(this.#words, TAIL, tail);
    Atomics.store(this.#words, STATE, AWAKE | this.#leaving);
    const wanted = Atomics.load(this.#words, WANTED);
    if (wanted === 0) return;
    if (this.#isWanted) Atomics.store(this.#words, WANTED, YOURS);
    else if (((this.head - tail) | 0) < wanted) Atomics.store(this.#words, WANTED, 0);
    else return;
    Atomics.notify(this.#words, WANTED);
  }

  /** Asks the thread to put in no more than one line, so that the ring can be left. */
  leaveSoon(): void {
    if (this.#leaving !== 0) return;
    for (;;) {
      const state = Atomics.load(this.#words, STATE);
      if (state === FREE) return;
      // The thread must not begin again, or the hub might never find the ring free.
      if (state === TAKEN) return this.letWrite(NEVER);
      const next = (state === ASLEEP ? AWAKE : state) | LEAVING;
      if (!this.#turn(state, next)) continue;
      this.#leaving = LEAVING;
      Atomics.notify(this.#words, STATE);
      return;
    }
  }

  /** Leaves the ring to the thread, if it is empty; returns whether it was. */
  leave(): boolean {
    if (!this.#turn(AWAKE | this.#leaving, FREE)) return this.isFree;
    if (this.waitingBefore(this.head) === 0 || !this.#turn(FREE, AWAKE)) {
      Atomics.notify(this.#words, WANTED);
      return true;
    }
    this.#leaving = 0;
    return false;
  }

  /** Goes to sleep if there is nothing to do; `wake` is called when there is. */
  sleep(wake: () => void): boolean {
    let state = Atomics.load(this.#words, STATE);
    if (state === FREE) return true;
    if (state === AWAKE) {
      if (!this.#turn(AWAKE, ASLEEP)) return false;
      state = ASLEEP;
      if (this.waitingBefore(this.head) > 0 && this.#turn(ASLEEP, AWAKE)) return false;
    }
    // A thread turns the ring by itself where this hub is asleep, or where the thread has taken it.
    if (state !== ASLEEP && kindOf(state) !== TAKEN) return false;
    const result = Atomics.waitAsync(this.#words, STATE, state);
    if (!result.async) return false;
    void result.value.then(wake);
    return true;
  }

  #turn(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, STATE, from, to) === from;
  }
}
