/** Words of the header. */
const HEAD = 0, TAIL = 1, DROPPED = 2, SLEEPING = 3;
const HEADER_BYTES = 64;

/**
 * A queue of bytes in shared memory with one writing and one reading thread.
 *
 * The writer publishes whole texts only: what the reader sees ends where a text ends, or
 * in the middle of one only because the buffer does.
 */
export class ByteRing {
  /** What to send to the other thread. */
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #mask: number;

  /** Opens a ring on a buffer of the other thread, or makes one of `size` bytes, a power of 2. */
  constructor(from: SharedArrayBuffer | number) {
    this.buffer = typeof from === "number" ? new SharedArrayBuffer(HEADER_BYTES + from) : from;
    this.#words = new Int32Array(this.buffer, 0, HEADER_BYTES / 4);
    this.#bytes = new Uint8Array(this.buffer, HEADER_BYTES);
    this.#mask = this.#bytes.length - 1;
    if ((this.#bytes.length & this.#mask) !== 0) {
      throw new RangeError(
        `Cannot make a ring of ${this.#bytes.length} bytes: it must be a power of 2`,
      );
    }
  }

  /** Bytes that wait to be read. */
  get waiting(): number {
    return (Atomics.load(this.#words, HEAD) - Atomics.load(this.#words, TAIL)) >>> 0;
  }

  /** Texts that did not fit, since the last time this was asked. */
  takeDropped(): number {
    return Atomics.exchange(this.#words, DROPPED, 0);
  }

  /** Writer: puts the bytes in, or counts them as dropped if they do not fit now. */
  offer(bytes: Uint8Array): boolean {
    if (bytes.length > this.#bytes.length - this.waiting) {
      Atomics.add(this.#words, DROPPED, 1);
      return false;
    }
    const head = this.#words[HEAD]!;
    const at = head & this.#mask;
    const first = Math.min(bytes.length, this.#bytes.length - at);
    this.#bytes.set(bytes.subarray(0, first), at);
    if (first < bytes.length) this.#bytes.set(bytes.subarray(first), 0);
    Atomics.store(this.#words, HEAD, (head + bytes.length) | 0);
    if (Atomics.load(this.#words, SLEEPING) !== 0) Atomics.notify(this.#words, HEAD);
    return true;
  }

  /** Reader: takes out all that waits, as a copy. */
  take(): Uint8Array<ArrayBuffer> {
    const count = this.waiting;
    const taken = new Uint8Array(count);
    const tail = this.#words[TAIL]!;
    const at = tail & this.#mask;
    const first = Math.min(count, this.#bytes.length - at);
    taken.set(this.#bytes.subarray(at, at + first));
    if (first < count) taken.set(this.#bytes.subarray(0, count - first), first);
    Atomics.store(this.#words, TAIL, (tail + count) | 0);
    return taken;
  }

  /** Reader: resolves when something waits, or after `ms`. */
  async untilFilled(ms: number): Promise<void> {
    Atomics.store(this.#words, SLEEPING, 1);
    const head = Atomics.load(this.#words, HEAD);
    if (head === Atomics.load(this.#words, TAIL)) {
      const result = Atomics.waitAsync(this.#words, HEAD, head, ms);
      if (result.async) await result.value;
    }
    Atomics.store(this.#words, SLEEPING, 0);
  }
}
