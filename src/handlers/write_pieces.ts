import { PIECE_BYTES, pieceLength } from "../core/shared/line_ring.ts";

const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes all of the bytes, in pieces that can be offered again if a non-blocking pipe is full.
 *
 * Nothing is said of a reader that has gone away: the next line that is written directly will.
 */
export function writePieces(target: typeof Deno.stdout, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    const rest = bytes.subarray(at);
    try {
      at += target.writeSync(rest.subarray(0, pieceLength(rest, PIECE_BYTES)));
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) return;
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(never, 0, 0, 1);
    }
  }
}
