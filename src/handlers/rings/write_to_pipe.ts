import type { ByteStream } from "../../core/io/byte_stream.ts";
import { LINE_FEED, PIECE_BYTES, pieceLength, writePiece } from "../../core/io/write_piece.ts";
import { bytesBetween, HEAD, type LineRing, TAIL } from "../../core/shared/line_ring.ts";

/**
 * Writes lines of a ring that its thread has taken to a pipe, until no more than `most` bytes
 * wait; false if it is for the hub to go on.
 *
 * Pieces are of whole lines, so that other threads may write between them. Lines that a pipe does
 * not take whole the hub writes, and keeps other threads away meanwhile. Of a piece that fails
 * nothing is written: the hub will meet with the same, and tell it.
 */
export function writeToPipe(ring: LineRing, target: ByteStream, most: number): boolean {
  const { words } = ring, head = words[HEAD]!;
  for (let tail = words[TAIL]!; ((head - tail) | 0) > most;) {
    const waiting = Math.min((head - tail) | 0, PIECE_BYTES + 1);
    const bytes = bytesBetween(ring, tail, tail + waiting);
    const length = pieceLength(bytes, PIECE_BYTES);
    if (bytes[length - 1] !== LINE_FEED) return false;
    try {
      const written = writePiece(target, bytes.subarray(0, length));
      // No interrupt of the engine's comes between write and note.
      words[TAIL] = tail = (tail + written) | 0;
    } catch {
      return false;
    }
  }
  return true;
}
