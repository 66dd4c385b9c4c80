import { LOOK_MS, PulseWatch } from "../../core/shared/pulse_watch.ts";
import type { RingRequest } from "../rings/ring_writeout.ts";

/** Longest wait of a thread for a hub to come up, in milliseconds. */
export const START_TIMEOUT_MS = 10_000;

/** Words of the memory that a hub shares with who started it. */
const REASON = 0, WRITEOUT = 1, PULSE = 2, COMMAND = 3, DONE = 4, ENDING = 5;
const WORDS = 16;
/** Where the reason begins, in bytes, and how many there are for it. */
export const REASON_AT: number = WORDS * 4;
const REASON_BYTES = 2048;

/** States of the writing out of rings. */
const COMING = 0, UP = 1, FORBIDDEN = 2;

/** What a hub that writes out rings is given by the main thread. */
export interface WriteoutStart {
  /** The signal listeners of the main thread; see `countSignalListeners`. */
  readonly listeners: SharedArrayBuffer;
  /** Rings to begin with. */
  readonly rings: readonly RingRequest[];
}

/** Shared memory between a hub and the thread that started it. */
export class HubControl {
  /** What to send to the other side. */
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;

  /** Opens that of the other side, or makes one. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(REASON_AT + REASON_BYTES)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, WORDS);
  }

  /** Why the hub could not start, undefined if nothing is known. */
  get failure(): string | undefined {
    const length = Atomics.load(this.#words, REASON);
    if (length === 0) return undefined;
    return new TextDecoder().decode(new Uint8Array(this.buffer, REASON_AT, length).slice());
  }

  /** Whether the hub has yet to find out whether it is to write out rings. */
  get isComing(): boolean {
    return Atomics.load(this.#words, WRITEOUT) === COMING;
  }

  /** A number that counts up while the hub lives. */
  get pulse(): number {
    return Atomics.load(this.#words, PULSE);
  }

  /** Hub: whether the main thread may end at any moment, and no ring is to be taken on. */
  get isEnding(): boolean {
    return Atomics.load(this.#words, ENDING) === 1;
  }

  /** Hub: begins to write out rings, unless the program ends already. */
  beginWriteout(): boolean {
    return Atomics.compareExchange(this.#words, WRITEOUT, COMING, UP) === COMING;
  }

  /** Hub: says that another hub writes out rings. */
  renounceWriteout(): void {
    Atomics.compareExchange(this.#words, WRITEOUT, COMING, FORBIDDEN);
  }

  /** Hub: shows that it lives. */
  beat(): void {
    Atomics.add(this.#words, PULSE, 1);
  }

  /** Hub: runs `leave` whenever it is told to. */
  async obey(leave: () => Promise<void>): Promise<never> {
    for (let done = 0;;) {
      const result = Atomics.waitAsync(this.#words, COMMAND, done);
      if (result.async) await result.value;
      const told = Atomics.load(this.#words, COMMAND);
      // It may be woken for what it has done already.
      if (told === done) continue;
      done = told;
      await leave();
      Atomics.store(this.#words, DONE, done);
      Atomics.notify(this.#words, DONE);
    }
  }

  /**
   * Main, as the program ends: blocks until the hub has written all rings and given them back, or
   * is found dead. The hub takes on no ring until `goOn`.
   */
  leaveRings(): void {
    Atomics.store(this.#words, ENDING, 1);
    // A hub that has not begun to write out has no rings, and must not begin now.
    if (Atomics.compareExchange(this.#words, WRITEOUT, COMING, FORBIDDEN) !== UP) return;
    const command = Atomics.add(this.#words, COMMAND, 1) + 1;
    Atomics.notify(this.#words, COMMAND);
    const watch = new PulseWatch(this.pulse);
    for (;;) {
      const done = Atomics.load(this.#words, DONE);
      if (done === command) return;
      if (Atomics.wait(this.#words, DONE, done, LOOK_MS) !== "timed-out") continue;
      if (watch.isSilent(this.pulse)) return;
    }
  }

  /** Main: the program has not ended after all, so the hub may take on rings again. */
  goOn(): void {
    Atomics.store(this.#words, ENDING, 0);
  }
}
