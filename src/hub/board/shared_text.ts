/** Words of the header: the number of the newest text begun, of the newest whole one, and lengths. */
const BEGUN = 0, WHOLE = 1, LENGTHS = 2;
const HEADER_BYTES = 16;
const INITIAL_BYTES = 16_384;

/** Longest text, in bytes. It is address space and not memory: pages are taken when written. */
export const MAX_TEXT_BYTES: number = 16 << 20;

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();

/** The shared buffers of a text, as they travel between threads. */
export interface SharedTextBuffers {
  /** Numbers and lengths. */
  readonly header: SharedArrayBuffer;
  /** Where texts with even and with odd numbers are. */
  readonly pages: readonly [SharedArrayBuffer, SharedArrayBuffer];
}

/**
 * A text in shared memory that one thread replaces and another one reads, and for which
 * neither ever waits.
 *
 * Texts are numbered and lie in two pages by turns: the writer says which number it begins,
 * fills the page that nobody is pointed to, and then says that the number is whole. What the
 * reader has copied is good unless the writer has meanwhile begun the text after the next
 * one, which lies in the same page: then the reader takes the newer one. A writer that dies
 * half-way leaves the text before as it was.
 */
export class SharedText {
  /** What to send to the other side. */
  readonly buffers: SharedTextBuffers;
  readonly #words: Int32Array;

  /** Opens a text of the other side, or makes an empty one. */
  constructor(buffers: SharedTextBuffers = newBuffers()) {
    this.buffers = buffers;
    this.#words = new Int32Array(buffers.header);
  }

  /**
   * Writer: replaces the text.
   *
   * @throws {RangeError} It is too long, and the one before stays.
   */
  write(text: string): void {
    const bytes = ENCODER.encode(text);
    if (bytes.length > MAX_TEXT_BYTES) {
      throw new RangeError(
        `Cannot share a text of ${bytes.length} bytes: at most ${MAX_TEXT_BYTES} may be`,
      );
    }
    const number = (Atomics.load(this.#words, WHOLE) + 1) | 0;
    const page = this.buffers.pages[number & 1]!;
    // Exchanged and not stored, so that no processor moves what follows before it.
    Atomics.exchange(this.#words, BEGUN, number);
    if (bytes.length > page.byteLength) page.grow(Math.min(MAX_TEXT_BYTES, bytes.length * 2));
    new Uint8Array(page).set(bytes);
    Atomics.store(this.#words, LENGTHS + (number & 1), bytes.length);
    Atomics.store(this.#words, WHOLE, number);
  }

  /** Reader: the newest whole text. */
  read(): string {
    for (;;) {
      const number = Atomics.load(this.#words, WHOLE), page = number & 1;
      const length = Atomics.load(this.#words, LENGTHS + page);
      const bytes = new Uint8Array(this.buffers.pages[page]!, 0, length).slice();
      // Adds nothing, but no processor moves the copying behind it.
      const begun = Atomics.add(this.#words, BEGUN, 0);
      if (((begun - number) | 0) <= 1) return DECODER.decode(bytes);
    }
  }
}

function newBuffers(): SharedTextBuffers {
  const page = () => new SharedArrayBuffer(INITIAL_BYTES, { maxByteLength: MAX_TEXT_BYTES });
  return { header: new SharedArrayBuffer(HEADER_BYTES), pages: [page(), page()] };
}
