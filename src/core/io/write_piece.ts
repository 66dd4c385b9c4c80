import type { ByteStream } from "./byte_stream.ts";

/**
 * Longest piece that a pipe takes whole or not at all (`PIPE_BUF`), so that one refused by a
 * non-blocking pipe can be offered again without writing anything twice.
 */
export const PIECE_BYTES = 4096;

/** How long to wait before a full pipe is tried again, in milliseconds. */
const RETRY_MS = 1;

/** The byte with which a line ends. */
export const LINE_FEED = 10;

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

/**
 * Length of the next piece of at most `most` bytes: whole lines, or of a longer line a part, or all
 * of it where `isWhole` says so.
 */
export function pieceLength(bytes: Uint8Array, most: number, isWhole = false): number {
  if (bytes.length <= most) return bytes.length;
  const end = bytes.lastIndexOf(LINE_FEED, most - 1) + 1;
  if (end > 0) return end;
  return isWhole ? bytes.indexOf(LINE_FEED, most) + 1 || bytes.length : most;
}

/** Whether every line is whole, and none longer than a piece. */
export function areShortLines(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    at += pieceLength(bytes.subarray(at), PIECE_BYTES);
    if (bytes[at - 1] !== LINE_FEED) return false;
  }
  return true;
}
