import type { ByteStream } from "../core/io/byte_stream.ts";
import { pieceLength } from "../core/shared/line_ring.ts";
import { PIECE_BYTES, writePiece } from "../core/io/write_piece.ts";

/** Writes all of the bytes, in pieces that can be offered again to a full non-blocking pipe. */
export function writePieces(target: ByteStream, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeNextPiece(target, bytes.subarray(at));
}

/** Writes the first of such pieces, and returns how many bytes of it were taken. */
export function writeNextPiece(target: ByteStream, bytes: Uint8Array): number {
  return writePiece(target, bytes.subarray(0, pieceLength(bytes, PIECE_BYTES)));
}
