import type { ByteStream } from "./byte_stream.ts";
import { PIECE_BYTES, pieceLength, writePiece } from "./write_piece.ts";

/**
 * Writes lines to a pipe that other threads write to as well.
 *
 * A piece has whole lines and is short, so that other processes' lines do not come into the middle of
 * one. A line that is longer than a piece goes as a whole as well: Deno's streams have a lock for
 * which the threads of the process wait. Only if the pipe has shown that it does not block, the line
 * goes in parts, which can be offered again.
 */
export class PieceWriter {
  readonly #target: ByteStream;
  #isNonBlocking: boolean;
  readonly #onFull = () => void (this.#isNonBlocking = true);

  /** Writes to `target`; `isNonBlocking` if it is known already not to block. */
  constructor(target: ByteStream, isNonBlocking = false) {
    this.#target = target;
    this.#isNonBlocking = isNonBlocking;
  }

  /** Whether the pipe has refused bytes since it was full. */
  get isNonBlocking(): boolean {
    return this.#isNonBlocking;
  }

  /** Writes all of the bytes. */
  writeAll(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += this.writeNext(bytes.subarray(at));
  }

  /** Writes the next piece of the bytes, and returns how many of them were taken. */
  writeNext(bytes: Uint8Array): number {
    const length = pieceLength(bytes, PIECE_BYTES, !this.#isNonBlocking);
    return writePiece(this.#target, bytes.subarray(0, length), this.#onFull);
  }
}
