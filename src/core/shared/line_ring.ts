/** Bytes before the ring's own; words that different threads write are far apart. */
const HEADER_BYTES = 512;
/** Where in the header the text of a failure stands, up to the header's end. */
const FAILURE_AT = 256;

/** Words of the header: where the writer is, */
export const HEAD = 0;
/** one of the states below, */
export const STATE = 16;
/** how far the ring has been written out, */
export const TAIL = 32;
/** where it will be after the write under way, */
export const TARGET = 33;
/** at how many waiting bytes, plus one, the thread wants to be woken; 0 for not at all, */
export const WANTED = 34;
/** a number that counts up while the hub lives, */
export const PULSE = 35;
/** whether the thread holds the lock that ends with it, */
export const HELD = 48;
/** whether the thread may write out itself what has piled up, since that does not block it, */
export const OWN = 49;
/** whether the hub has no other ring, */
export const ONLY = 50;
/** length of the text that says why the thread could not write, 0 for none, */
export const FAILURE = 51;
/** and a number that is odd while a line comes in parts, since it is long. */
export const PARTS = 1;

/**
 * States. Who may write out what is in the ring is always clear, so that nothing is lost or
 * written twice when one side takes over from the other. Nobody does: the thread writes past
 * the ring, which is empty.
 */
export const FREE = 0;
/** The hub does, and is at it. */
export const AWAKE = 1;
/** The hub does, and the bytes up to `TARGET` are with the operating system. */
export const WRITING = 2;
/** The hub does, and wants to be woken by the next line. */
export const ASLEEP = 3;
/** The thread does, and gives it back soon. */
export const TAKEN = 4;
/** The hub begins to write, or takes note of what it has written; over in no time. */
export const NOTING = 5;
/** Added to the hub's states: it lets go of the ring as soon as that is empty. */
export const LEAVING = 8;

/** The state without {@linkcode LEAVING}. */
export function kindOf(state: number): number {
  return state & 7;
}

/** A queue of lines in shared memory: one thread puts them in, the hub writes them out. */
export interface LineRing {
  /** What to send to the other side. */
  readonly buffer: SharedArrayBuffer;
  /** The header. */
  readonly words: Int32Array<SharedArrayBuffer>;
  /** The lines; a power of 2 of bytes. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** The text of a failure. */
  readonly failure: Uint8Array<SharedArrayBuffer>;
}

/** Opens a ring on a buffer of the other side, or makes one of `size` bytes, a power of 2. */
export function openLineRing(from: SharedArrayBuffer | number): LineRing {
  const buffer = typeof from === "number" ? new SharedArrayBuffer(HEADER_BYTES + from) : from;
  const bytes = new Uint8Array(buffer, HEADER_BYTES);
  if ((bytes.length & (bytes.length - 1)) !== 0) {
    throw new RangeError(`Cannot make a ring of ${bytes.length} bytes: it must be a power of 2`);
  }
  const words = new Int32Array(buffer, 0, FAILURE_AT / 4);
  const failure = new Uint8Array(buffer, FAILURE_AT, HEADER_BYTES - FAILURE_AT);
  return { buffer, words, bytes, failure };
}

/** The bytes from `start` to `end`; a copy where they go over the ring's end. */
export function bytesBetween(
  { bytes }: LineRing,
  start: number,
  end: number,
): Uint8Array<ArrayBufferLike> {
  const length = (end - start) >>> 0;
  const at = start & (bytes.length - 1);
  const first = bytes.length - at;
  if (length <= first) return bytes.subarray(at, at + length);
  const copy = new Uint8Array(length);
  copy.set(bytes.subarray(at));
  copy.set(bytes.subarray(0, length - first), first);
  return copy;
}
