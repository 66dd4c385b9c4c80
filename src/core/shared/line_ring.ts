/**
 * The memory of a ring of lines that one thread fills and the hub writes out.
 *
 * Behind a header of words stand the bytes of the lines, which the thread puts in at `HEAD` and
 * the hub takes out at `TAIL`; both count on for ever, and their lowest bits are the place in
 * the ring. Who may write lines out is told by one word, `STATE`, which both sides change by
 * compare and exchange only. So it is always clear who does, also when one of them dies: the
 * hub that starts a write notes in `TARGET` how far it will reach, and a thread that takes the
 * ring from a dead hub counts those bytes as written, since the system has them.
 *
 * What may go wrong: a thread dies while it holds the ring (`TAKEN`), which its lock tells the
 * hub (`HELD`); the hub dies, which its `PULSE` tells the thread; a write fails, which the
 * thread notes in `FAILURE` for the hub to tell.
 *
 * @module
 */

/** Size of the header in bytes. Words that different threads write lie in different cache lines. */
const HEADER_BYTES = 512;
/** Where in the header the text of a failure begins, which reaches to the header's end. */
const FAILURE_AT = 256;

/** Word of the header: up to where the thread has put lines in. */
export const HEAD = 0;
/** Word of the header: a number that is odd while a line too long for the ring comes in parts. */
export const PARTS = 1;
/** Word of the header: who may write lines out, one of the states below. */
export const STATE = 16;
/** Word of the header: up to where lines have been written out. */
export const TAIL = 32;
/** Word of the header: where `TAIL` will be when the write that is under way has ended. */
export const TARGET = 33;
/**
 * Word of the header: the thread waits until fewer than so many bytes are left; 0 if it does not
 * wait.
 */
export const WANTED = 34;
/** Word of the header: a number that counts up while the hub lives. */
export const PULSE = 35;
/**
 * Word of the header: 1 once the hub will hear of the thread's end, by a lock that it holds, or
 * since it is the program's.
 */
export const HELD = 48;
/** Word of the header: when the thread may write out lines itself, one of the three below. */
export const OWN = 49;
/** Word of the header: 1 if the hub has no other ring. */
export const ONLY = 50;
/** Word of the header: length of the text that says why a thread could not write, 0 for none. */
export const FAILURE = 51;
/** Word of the header: 1 if the thread has found that the stream does not block. */
export const UNBLOCKED = 53;
/** Word of the header: 1 if the hub is to write out now, and not to wait for more lines. */
export const HURRY = 52;

/** The thread never writes out lines itself: they would come between the parts of another's. */
export const NEVER = 0;
/** The thread writes lines out when they pile up: its stream will not block. */
export const PILED = 1;
/** The thread writes lines out only when it has to wait for room anyway: a pipe may block. */
export const FULL = 2;

/** The value of `WANTED` when the hub leaves the ring to the thread that waits. */
export const YOURS = -1;

/** State: nobody writes out. The ring is empty, and the thread writes its lines past it. */
export const FREE = 0;
/** State: the hub writes out, and is awake. */
export const AWAKE = 1;
/** State: the hub has given the bytes up to `TARGET` to the operating system. */
export const WRITING = 2;
/** State: the hub writes out, but sleeps until the next line wakes it. */
export const ASLEEP = 3;
/** State: the thread writes out, and gives the ring back soon. */
export const TAKEN = 4;
/** State: the hub begins a write, or notes what it has written, which is over in no time. */
export const NOTING = 5;
/** Added to the hub's states: the hub leaves the ring as soon as that is empty. */
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

/** Puts bytes in at `at`, for which there is room. */
export function putBytes({ bytes: memory }: LineRing, bytes: Uint8Array, at: number): void {
  const from = at & (memory.length - 1), first = Math.min(bytes.length, memory.length - from);
  memory.set(bytes.subarray(0, first), from);
  if (first < bytes.length) memory.set(bytes.subarray(first), 0);
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
