import { reasonOf } from "../../core/values/thrown.ts";
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
  type LineRing,
  NEVER,
  NOTING,
  ONLY,
  openLineRing,
  OWN,
  PARTS,
  PILED,
  PULSE,
  putBytes,
  STATE,
  TAIL,
  TAKEN,
  TARGET,
  UNBLOCKED,
  WANTED,
  WRITING,
} from "../../core/shared/line_ring.ts";
import { LOOK_MS, PulseWatch, SILENCE_MS } from "../../core/shared/pulse_watch.ts";
import type { ByteStream } from "../../core/io/byte_stream.ts";
import { writeDiagnostic } from "../../core/io/diagnostics.ts";
import type { StdStream } from "../../core/io/std_stream.ts";
import { type KeptRing, ringKeeper } from "./ring_keeper.ts";
import { writeToPipe } from "./write_to_pipe.ts";
import { PieceWriter } from "../../core/io/piece_writer.ts";

/** Size of a ring: fits the processor's cache, and holds what comes while the hub writes. */
export const RING_BYTES: number = 1 << 20;
/** A thread that writes less never asks for the hub, whose start takes tens of ms. */
const LINES_BEFORE_ASKING = 64;
/** How often the hub is asked again, in seconds, at first and at last. */
const FIRST_PAUSE_S = 0.05, LAST_PAUSE_S = 5;
/** How much of a line that is too long for the ring goes in at a time. */
const PART_BYTES = 1 << 16;
/**
 * What is worth a write of the thread's own, since the bytes then need not go to another
 * processor, or else a call for the hub.
 */
const PILE_BYTES = 1 << 16;

const ENCODER = new TextEncoder();

/** Where texts are encoded whose room in the ring is not sure. */
let scratch = new Uint8Array(0);

/**
 * Thread side of a ring of lines; the hub's side is `RingReader` in `hub/rings`, the words that
 * both look at are in `core/shared/line_ring.ts`.
 *
 * 1. While the ring is `FREE`, the thread writes each line directly. After 64 lines it asks for
 *    a hub through the keeper, and asks again at longer and longer intervals.
 * 2. A hub that has entered the ring writes out what the thread puts in. The thread wakes it
 *    when it sleeps, waits for it when the ring is full, and into files writes piled-up lines
 *    itself (`writeOwn`); into pipes only when it would have to wait for the hub anyway
 *    (`writeRoom`), since nobody can tell whether a pipe has room.
 * 3. A hub that leaves, since the program ends, waits until the ring is empty; a line that comes
 *    then is written by the thread before its log call returns.
 *
 * What may go wrong: the hub dies. Its pulse then stands still, and the thread takes the ring
 * back and writes out what is left (`takeOver`). The write may fail or block; the thread leaves it
 * to the hub to tell that lines are lost, once for all threads. Between a write and the note of it
 * no other thread may take the ring, or a line would come out twice: hence the state `NOTING`.
 */
export class RingWriter implements KeptRing {
  /** The memory that it shares with the hub. */
  readonly ring: LineRing;
  /** Where lines go that do not go through the ring. */
  readonly stream: StdStream;
  readonly #target: ByteStream;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array<SharedArrayBuffer>;
  readonly #size: number;
  #head = 0;
  /** `TAIL` as last seen: there is at least so much room. */
  #tail = 0;
  /** {@linkcode PILE_BYTES}, but less at first, so that V8 sees early what is done then. */
  #pileBytes = 1;
  #direct = 0;
  #pause = FIRST_PAUSE_S;
  /** When to look at the hub next, in seconds since the epoch. */
  #lookAt = 0;
  readonly #watch = new PulseWatch();

  /** Writes to `target`, on which `stream` is the thread's own way. */
  constructor(stream: StdStream, target: ByteStream, size: number = RING_BYTES) {
    this.stream = stream;
    this.#target = target;
    this.ring = openLineRing(size);
    this.#words = this.ring.words;
    this.#bytes = this.ring.bytes;
    this.#size = size;
  }

  /** `<stdout>` or `<stderr>`. */
  get name(): string {
    return this.stream.name;
  }

  /** Whether the thread writes directly. */
  get isFree(): boolean {
    return Atomics.load(this.#words, STATE) === FREE;
  }

  /** Whether it is the only one of the process, and all of it is written. */
  get isAllWritten(): boolean {
    return Atomics.load(this.#words, ONLY) !== 0 &&
      Atomics.load(this.#words, TAIL) === this.#head;
  }

  /** Takes the text, whole; `time` in seconds since the epoch. */
  write(text: string, time: number): void {
    // The hub that has entered the ring since would tell it a second time.
    if (this.stream.isBroken) return;
    const head = this.#head;
    const at = head & (this.#size - 1);
    const room = this.#size - Math.max(at, (head - this.#tail) | 0);
    // A plain read: what is put into a ring that the hub has just left is seen below. One call for
    // all that is rare, since V8 throws compiled code away at the first call that it has not seen.
    if (text.length * 3 > room || time >= this.#lookAt || this.#words[STATE] === FREE) {
      return this.#writeOtherwise(text, time);
    }
    this.#publish(head + ENCODER.encodeInto(text, this.#bytes.subarray(at)).written);
  }

  /** Blocks until all lines are written. */
  flush(): void {
    this.#awaitFill(0);
  }

  /** Writes out by itself what waits, unless only the hub may. */
  writeOwn(): void {
    if (Atomics.load(this.#words, TAIL) === this.#head || !this.#take(PILED)) return;
    try {
      this.#writeWaiting((bytes) => this.#target.writeSync(bytes));
    } catch (error) {
      // What has come out is not known, and must not come again.
      this.#fail(error);
    }
    this.#rewind();
    this.#turn(AWAKE);
  }

  /** Takes the ring from a hub that is gone. */
  takeOver(): void {
    for (;;) {
      const state = Atomics.load(this.#words, STATE);
      if (state === FREE) return;
      // The hub lives after all, and is done in a moment.
      if (kindOf(state) === NOTING) continue;
      if (Atomics.compareExchange(this.#words, STATE, state, TAKEN) !== state) continue;
      this.#words[ONLY] = 0;
      // What the operating system has, it writes, even if who gave it has ended.
      if (kindOf(state) === WRITING) this.#words[TAIL] = this.#words[TARGET]!;
      return this.#writeOut();
    }
  }

  /** The text of a line that does not just go into the ring. */
  #writeOtherwise(text: string, time: number): void {
    if (time >= this.#lookAt) this.#look();
    if (this.#words[STATE] === FREE) this.#writeDirectly(text);
    else this.#writeCarefully(text);
  }

  #writeDirectly(text: string): void {
    this.stream.write(text);
    if (this.stream.isNonBlocking) this.#words[UNBLOCKED] = 1;
    if (++this.#direct === LINES_BEFORE_ASKING) this.#look();
  }

  /** Near the ring's end, or where there may be no room. */
  #writeCarefully(text: string): void {
    if (text.length * 3 > this.#size / 2) return this.#writeLong(text);
    if (scratch.length < text.length * 3) scratch = new Uint8Array(text.length * 3 + 1024);
    const { written } = ENCODER.encodeInto(text, scratch);
    if (!this.#put(scratch.subarray(0, written))) this.#writeDirectly(text);
  }

  /** A text that is too long for the ring. */
  #writeLong(text: string): void {
    // Where threads write by themselves, the text goes out at once: others would write between its
    // parts.
    while (this.#words[OWN] === PILED) {
      this.#awaitFill(0);
      if (this.#take(PILED)) {
        try {
          this.stream.write(text);
        } catch (error) {
          this.#fail(error);
        }
        return this.#turn(AWAKE);
      }
      // In these states the hub is not writing, or will not be in a moment: the ring can be taken
      // then.
      const state = Atomics.load(this.#words, STATE);
      if (state !== AWAKE && state !== NOTING && state !== ASLEEP) break;
    }
    this.#writeInParts(text);
  }

  /** Puts a text in part by part, between which the hub writes nothing else. */
  #writeInParts(text: string): void {
    if (scratch.length < PART_BYTES) scratch = new Uint8Array(PART_BYTES);
    const part = scratch.subarray(0, Math.min(PART_BYTES, this.#size / 2));
    Atomics.add(this.#words, PARTS, 1);
    try {
      for (let rest = text; rest !== "";) {
        const { read, written } = ENCODER.encodeInto(rest, part);
        if (!this.#put(part.subarray(0, written))) return this.#writeDirectly(rest);
        rest = rest.slice(read);
        Atomics.notify(this.#words, HEAD);
      }
    } finally {
      Atomics.add(this.#words, PARTS, 1);
      Atomics.notify(this.#words, HEAD);
    }
  }

  /**
   * Puts bytes in, after a wait if there is no room; false if meanwhile nobody writes the ring out
   * any more.
   */
  #put(bytes: Uint8Array): boolean {
    this.#tail = Atomics.load(this.#words, TAIL);
    if (((this.#head - this.#tail) | 0) + bytes.length > this.#size) {
      // It waits until half of the ring is free, so that there is not a pause for every piece that
      // is written.
      this.#awaitFill(this.#size / 2);
      if (this.#words[STATE] === FREE) return false;
    }
    putBytes(this.ring, bytes, this.#head);
    this.#publish(this.#head + bytes.length);
    return true;
  }

  #publish(head: number): void {
    this.#head = head | 0;
    Atomics.store(this.#words, HEAD, this.#head);
    const state = Atomics.load(this.#words, STATE);
    const isPiled = ((this.#head - this.#tail) | 0) >= this.#pileBytes;
    if (isPiled || (state !== AWAKE && state !== WRITING)) this.#attend(state);
  }

  /** Writes out lines itself if really so many wait, or has the hub do so. */
  #relieve(): void {
    this.#pileBytes = Math.min(PILE_BYTES, this.#pileBytes + PILE_BYTES / 64);
    this.#tail = Atomics.load(this.#words, TAIL);
    if (((this.#head - this.#tail) | 0) < PILE_BYTES) return;
    const when = this.#words[OWN];
    if (when === PILED) this.writeOwn();
    else if (when === NEVER) this.#hurry();
  }

  /** Asks the hub not to wait for more lines. */
  #hurry(): void {
    if (this.#words[HURRY] !== 0) return;
    Atomics.store(this.#words, HURRY, 1);
    Atomics.notify(this.#words, HURRY);
  }

  /** Goes back to the ring's first bytes, which are still in the processor's cache. */
  #rewind(): void {
    this.#head = this.#tail = (this.#head + this.#size - 1) & -this.#size;
    // In this order: between the two nothing waits.
    Atomics.store(this.#words, TAIL, this.#tail);
    Atomics.store(this.#words, HEAD, this.#head);
  }

  /** Notes why lines are lost, which the hub tells once for all threads; the hub writes on. */
  #fail(error: unknown): void {
    const { written } = ENCODER.encodeInto(reasonOf(error), this.ring.failure);
    this.#words[OWN] = NEVER;
    Atomics.store(this.#words, FAILURE, written);
  }

  /** Takes the ring if the thread may write itself then, and the hub is not at it. */
  #take(when: number): boolean {
    // The hub has to hear of it if the thread ends meanwhile.
    if (this.#words[OWN] !== when || this.#words[HELD] === 0) return false;
    const state = Atomics.load(this.#words, STATE);
    if (state !== AWAKE && state !== ASLEEP) return false;
    if (Atomics.compareExchange(this.#words, STATE, state, TAKEN) !== state) return false;
    if (Atomics.load(this.#words, OWN) === when) return true;
    // The hub has forbidden it just then, and may not have seen that the ring is taken.
    this.#turn(AWAKE);
    return false;
  }

  /** Makes room by writing to a pipe by itself, unless only the hub may. */
  #writeRoom(most: number): void {
    if (!this.#take(FULL)) return;
    if (!writeToPipe(this.ring, this.#target, most)) this.#words[OWN] = NEVER;
    this.#turn(AWAKE);
  }

  /** Wakes the hub, relieves it, or takes its place, as its state asks. */
  #attend(state: number): void {
    switch (state) {
      case AWAKE:
      case WRITING:
        return this.#relieve();
      case NOTING:
        return;
      case ASLEEP:
        return this.#wake();
      case FREE:
        // The hub left as the line was put in; it may also have noticed and come back.
        if (Atomics.compareExchange(this.#words, STATE, FREE, TAKEN) === FREE) this.#writeOut();
        return;
      default:
        // The hub wants to leave, and it can only when nothing comes after.
        this.#awaitFill(0);
    }
  }

  #wake(): void {
    if (Atomics.compareExchange(this.#words, STATE, ASLEEP, AWAKE) !== ASLEEP) return;
    Atomics.notify(this.#words, STATE);
  }

  /** Blocks until no more than `most` bytes wait, or the ring is nobody's. */
  #awaitFill(most: number): void {
    this.writeOwn();
    const watch = new PulseWatch(this.#pulse);
    for (;;) {
      Atomics.store(this.#words, WANTED, most + 1);
      this.#writeRoom(most);
      this.#tail = Atomics.load(this.#words, TAIL);
      const state = Atomics.load(this.#words, STATE);
      if (((this.#head - this.#tail) | 0) <= most) break;
      if (state === FREE || state === ASLEEP) {
        this.#attend(state);
        continue;
      }
      this.#hurry();
      if (Atomics.wait(this.#words, WANTED, most + 1, LOOK_MS) === "timed-out") {
        if (watch.isSilent(this.#pulse)) this.#giveUp();
      }
    }
    Atomics.store(this.#words, WANTED, 0);
  }

  /** Looks now and then whether there is a hub, or still is. */
  check(): void {
    if (this.isFree) this.#watch.reset();
    else if (this.#watch.isSilent(this.#pulse)) this.#giveUp();
  }

  get #pulse(): number {
    return Atomics.load(this.#words, PULSE);
  }

  #look(): void {
    this.check();
    if (this.#words[STATE] !== FREE) {
      this.#pause = FIRST_PAUSE_S;
      this.#lookAt = Date.now() / 1000 + SILENCE_MS / 4000;
      return;
    }
    this.#lookAt = Date.now() / 1000 + this.#pause;
    if (this.#direct < LINES_BEFORE_ASKING) return;
    if (ringKeeper()?.ask(this) !== true) this.#lookAt = Infinity;
    this.#pause = Math.min(LAST_PAUSE_S, this.#pause * 2);
  }

  #giveUp(): void {
    this.takeOver();
    this.#watch.reset();
    ringKeeper()?.lost();
  }

  /** Writes out a ring that is `TAKEN`, and lets it be nobody's. */
  #writeOut(): void {
    try {
      const writer = new PieceWriter(this.#target, this.stream.isNonBlocking);
      this.#writeWaiting((bytes) => writer.writeNext(bytes));
    } catch (error) {
      // Of a reader that has gone away, the next line that is written directly tells.
      if (!(error instanceof Deno.errors.BrokenPipe)) {
        writeDiagnostic(`logdial: lines for ${this.name} were lost: ${error}\n`);
      }
    }
    this.#tail = this.#head;
    Atomics.store(this.#words, TAIL, this.#head);
    this.#turn(FREE);
  }

  /** Has `write` take what waits, or as much of it as it does at a time, and notes that. */
  #writeWaiting(write: (bytes: Uint8Array) => number): void {
    for (let tail = this.#words[TAIL]!; tail !== this.#head;) {
      const waiting = bytesBetween(this.ring, tail, this.#head);
      // No interrupt of the engine's comes between write and note.
      this.#words[TAIL] = tail = (tail + write(waiting)) | 0;
    }
  }

  #turn(state: number): void {
    Atomics.store(this.#words, STATE, state);
    Atomics.notify(this.#words, STATE);
  }
}
