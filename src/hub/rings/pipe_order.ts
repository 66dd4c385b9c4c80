/** Words of the header: the state, and the bytes of the order or of the text of a failure. */
const STATE = 0, LENGTH = 1;
const HEADER_BYTES = 8;

/** States: given by the hub, and what became of it; 0 before the first order. */
const GIVEN = 1, WRITTEN = 2, FAILED = 3, BROKEN = 4;

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();

/** Memory in which the hub tells the pipe thread what to write: a message takes thrice as long. */
export interface PipeOrder {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

/** What became of an order. */
export interface PipeThreadAnswer {
  /** Message of the error, if it failed. */
  readonly error?: string;
  readonly isBroken?: boolean;
}

/** Opens an order on memory of the other side, or makes one of at most so many bytes. */
export function openPipeOrder(from: SharedArrayBuffer | number): PipeOrder {
  const buffer = typeof from === "number" ? new SharedArrayBuffer(HEADER_BYTES + from) : from;
  return {
    words: new Int32Array(buffer, 0, HEADER_BYTES / 4),
    bytes: new Uint8Array(buffer, HEADER_BYTES),
  };
}

/** Hub: has the bytes written; resolves when they are, or when that has failed. */
export async function giveOrder(
  { words, bytes: memory }: PipeOrder,
  bytes: Uint8Array<ArrayBufferLike>,
): Promise<PipeThreadAnswer> {
  memory.set(bytes);
  words[LENGTH] = bytes.length;
  turn(words, GIVEN);
  const state = await untilDone(words);
  if (state === WRITTEN) return {};
  // A copy, since a decoder takes no shared memory.
  const error = DECODER.decode(memory.slice(0, words[LENGTH]));
  return { isBroken: state === BROKEN, error };
}

/** What an order has come to. */
async function untilDone(words: Int32Array<SharedArrayBuffer>): Promise<number> {
  for (;;) {
    const result = Atomics.waitAsync(words, STATE, GIVEN);
    if (result.async) await result.value;
    const state = Atomics.load(words, STATE);
    // The pipe thread may be late in waking the hub for the order before, and do it only now.
    if (state !== GIVEN) return state;
  }
}

/** Pipe thread: blocks until there is an order; gives its bytes. */
export function awaitOrder({ words, bytes }: PipeOrder): Uint8Array<SharedArrayBuffer> {
  for (;;) {
    const state = Atomics.load(words, STATE);
    if (state === GIVEN) return bytes.subarray(0, words[LENGTH]);
    Atomics.wait(words, STATE, state);
  }
}

/** Pipe thread: tells the hub what became of the order. */
export function endOrder(
  { words, bytes }: PipeOrder,
  { error, isBroken = false }: PipeThreadAnswer,
): void {
  if (error === undefined) return turn(words, WRITTEN);
  words[LENGTH] = ENCODER.encodeInto(error, bytes).written;
  turn(words, isBroken ? BROKEN : FAILED);
}

function turn(words: Int32Array<SharedArrayBuffer>, state: number): void {
  Atomics.store(words, STATE, state);
  Atomics.notify(words, STATE);
}
