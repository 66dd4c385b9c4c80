import type { ByteStream } from "../core/byte_stream.ts";
import { pieceLength } from "../core/shared/line_ring.ts";
import { PIECE_BYTES, writePiece } from "../core/write_piece.ts";

/** Writes all of the bytes, in pieces that can be offered again to a full non-blocking pipe. */
export function writePieces(target: ByteStream, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    const rest = bytes.subarray(at);
    at += writePiece(target, rest.subarray(0, pieceLength(rest, PIECE_BYTES)));
  }
}
