import type { ByteStream } from "../core/std_stream.ts";
import { PIECE_BYTES, pieceLength } from "../core/shared/line_ring.ts";

const never = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of the bytes, in pieces that can be offered again to a full non-blocking pipe. */
export function writePieces(target: ByteStream, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    const rest = bytes.subarray(at);
    try {
      at += target.writeSync(rest.subarray(0, pieceLength(rest, PIECE_BYTES)));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(never, 0, 0, 1);
    }
  }
}
