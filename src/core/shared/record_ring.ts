/**
 * Records that are kept until newer ones need their place: one thread writes them, others may
 * look at any time, also when the writer hangs or has ended.
 *
 * Behind a header of words stand the records, each with a head of its own: the length of its text
 * in bytes, its level, when it was logged, and its number. Positions count on for ever, and their
 * lowest bits are the place in the ring; a record never goes over the ring's end, where a negative
 * length tells how much is left free.
 *
 * Nobody waits. The writer first moves `FIRST` past what it will overwrite, then writes, then says
 * by `HEAD` that the record is there. The reader copies what lies between the two, looks at
 * `FIRST` again, and throws away what lies before that: so no record is ever torn. A writer that
 * dies half-way leaves all that `HEAD` tells of whole.
 *
 * @module
 */

/** Words of the header, which only the writer changes. */
const FIRST = 0, HEAD = 1, OVERWRITTEN = 2;
const HEADER_BYTES = 64;
/** Bytes of a record's head, and the places of its parts, in words or in doubles. */
const RECORD_HEAD = 24, LEVEL = 1, TIME = 1, NUMBER = 4;
/** Records begin at multiples of this. */
const ALIGNMENT = 8;
/** Most bytes that a character takes. */
const BYTES_OF_CHARACTER = 3;
/** The part of the ring that is given up at once, so that this is not done for each record. */
const FREED_SHARE = 64;
/** Longest text, in UTF-16 units: its line in UTF-8 has less than the MiB that senders read of one. */
const MAX_LENGTH = 1 << 18;
/** How often a reader tries to copy what the writer overwrites at the same time. */
const MAX_TRIES = 20;

const ENCODER = new TextEncoder();

/** A record as it was kept. */
export interface KeptRecord {
  /** Level number. */
  readonly levelno: number;
  /** When it was logged, in milliseconds since the epoch. */
  readonly time: number;
  /** The record's number, which counts up over all rings that one thread fills together. */
  readonly number: number;
  /** Its text in UTF-8. */
  readonly text: Uint8Array;
}

/** What a ring held at one moment. */
export interface KeptRecords {
  /** The records, the oldest first. */
  readonly records: readonly KeptRecord[];
  /** How many records before these have been overwritten. */
  readonly overwritten: number;
}

/** Bytes that a ring of that size takes. */
function ringBytes(size: number): number {
  return HEADER_BYTES + size;
}

/** The writer's side of a ring. */
export class RecordRing {
  /** What to send to those who read. */
  readonly buffer: SharedArrayBuffer;
  /** Longest text that fits whatever its characters are, and can be sent, in UTF-16 units. */
  readonly maxLength: number;
  readonly #words: Int32Array;
  /** The records' heads, as words and as doubles. */
  readonly #heads: Int32Array;
  readonly #times: Float64Array;
  readonly #size: number;
  #first = 0;
  #head = 0;

  /** Makes a ring of `size` bytes, a power of 2. */
  constructor(size: number) {
    if ((size & (size - 1)) !== 0) {
      throw new RangeError(`Cannot make a ring of ${size} bytes: it must be a power of 2`);
    }
    this.buffer = new SharedArrayBuffer(ringBytes(size));
    this.#size = size;
    // With the free bytes at the ring's end, a record then takes half of the ring at most.
    const fitting = Math.floor((size / 4 - RECORD_HEAD) / BYTES_OF_CHARACTER);
    this.maxLength = Math.min(fitting, MAX_LENGTH);
    this.#words = new Int32Array(this.buffer, 0, HEADER_BYTES / 4);
    this.#heads = new Int32Array(this.buffer, HEADER_BYTES);
    this.#times = new Float64Array(this.buffer, HEADER_BYTES);
  }

  /** Keeps a record, whose text has `maxLength` units at most. */
  write(levelno: number, time: number, number: number, text: string): void {
    const needed = RECORD_HEAD + text.length * BYTES_OF_CHARACTER;
    const mask = this.#size - 1;
    let at = this.#head & mask;
    const left = this.#size - at;
    if (left < needed) {
      this.#makeRoom(left + needed);
      this.#heads[at >> 2] = -left;
      this.#head = (this.#head + left) | 0;
      at = 0;
    } else if (((this.#head + needed - this.#first) >>> 0) > this.#size) this.#makeRoom(needed);
    // Takes less time than `subarray`.
    const place = new Uint8Array(
      this.buffer,
      HEADER_BYTES + RECORD_HEAD + at,
      needed - RECORD_HEAD,
    );
    const { written } = ENCODER.encodeInto(text, place);
    const word = at >> 2;
    this.#heads[word] = written;
    this.#heads[word + LEVEL] = levelno;
    this.#heads[word + NUMBER] = number;
    this.#times[(at >> 3) + TIME] = time;
    this.#head = (this.#head + aligned(RECORD_HEAD + written)) | 0;
    Atomics.store(this.#words, HEAD, this.#head);
  }

  /** Counts records as overwritten that another ring has lost, whose records this one takes over. */
  countOverwritten(count: number): void {
    this.#words[OVERWRITTEN]! += count;
  }

  /** Gives up the oldest records, so that so many bytes are free. */
  #makeRoom(needed: number): void {
    const mask = this.#size - 1;
    let first = this.#first;
    const wanted = this.#head + needed;
    if (((wanted - first) >>> 0) <= this.#size) return;
    const end = wanted + Math.min(this.#size / FREED_SHARE, this.#size - needed);
    while (((end - first) >>> 0) > this.#size) {
      const length = this.#heads[(first & mask) >> 2]!;
      first = (first + stepOf(length)) | 0;
      if (length >= 0) this.#words[OVERWRITTEN]!++;
    }
    this.#first = first;
    // Exchanged and not stored, so that no processor moves what follows before it.
    Atomics.exchange(this.#words, FIRST, first);
  }
}

/** Whether one ring's records, as numbered by their writer, come before another's. */
export function compareNumbers(a: KeptRecord, b: KeptRecord): number {
  return (a.number - b.number) | 0;
}

/** Looks at a ring of another thread: all records that are there, each whole. */
export function readRecordRing(buffer: SharedArrayBuffer): KeptRecords {
  const words = new Int32Array(buffer, 0, HEADER_BYTES / 4);
  const bytes = new Uint8Array(buffer, HEADER_BYTES);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const first = Atomics.load(words, FIRST), head = Atomics.load(words, HEAD);
    const length = (head - first) >>> 0;
    // The writer has gone round between the two looks.
    if (length > bytes.length) continue;
    const copy = copyOf(bytes, first, length);
    // Adds nothing, but no processor moves the copying behind it.
    const gone = (Atomics.add(words, FIRST, 0) - first) >>> 0;
    if (gone > length) continue;
    return { records: recordsIn(copy, gone), overwritten: Atomics.load(words, OVERWRITTEN) };
  }
  return { records: [], overwritten: Atomics.load(words, OVERWRITTEN) };
}

function copyOf(bytes: Uint8Array, first: number, length: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(length);
  const at = first & (bytes.length - 1);
  const straight = Math.min(length, bytes.length - at);
  copy.set(bytes.subarray(at, at + straight));
  if (straight < length) copy.set(bytes.subarray(0, length - straight), straight);
  return copy;
}

function recordsIn(copy: Uint8Array<ArrayBuffer>, from: number): KeptRecord[] {
  const heads = new Int32Array(copy.buffer), times = new Float64Array(copy.buffer);
  const records: KeptRecord[] = [];
  for (let at = from; at < copy.length;) {
    const word = at >> 2;
    const length = heads[word]!;
    if (length >= 0) {
      const start = at + RECORD_HEAD;
      records.push({
        levelno: heads[word + LEVEL]!,
        time: times[(at >> 3) + TIME]!,
        number: heads[word + NUMBER]!,
        text: copy.subarray(start, start + length),
      });
    }
    at += stepOf(length);
  }
  return records;
}

/** From one record to the next, or over what is left free at the ring's end. */
function stepOf(length: number): number {
  return length < 0 ? -length : aligned(RECORD_HEAD + length);
}

function aligned(bytes: number): number {
  return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
}
