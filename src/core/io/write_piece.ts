import type { ByteStream } from "./byte_stream.ts";

/**
 * Longest piece that a pipe takes whole or not at all (`PIPE_BUF`), so that one refused by a
 * non-blocking pipe can be offered again without writing anything twice.
 */
export const PIECE_BYTES = 4096;

/** How long to wait before a full pipe is tried again, in milliseconds. */
const RETRY_MS = 1;

const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes some of the bytes and returns how many. Blocks the thread while a non-blocking pipe
 * is full, since a log call is synchronous; `onFull` hears of each time that it was.
 */
export function writePiece(target: ByteStream, piece: Uint8Array, onFull?: () => void): number {
  for (;;) {
    try {
      return target.writeSync(piece);
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      onFull?.();
      Atomics.wait(never, 0, 0, RETRY_MS);
    }
  }
}
