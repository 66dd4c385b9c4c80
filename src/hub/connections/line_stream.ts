import type { Deadlines } from "../../core/runtime/deadlines.ts";

/** Characters that are written at once. */
const PIECE_LENGTH = 1 << 16;
/** Longest time that a reader may take nothing, in milliseconds. */
const STALL_MS = 30_000;

/** Where lines go. */
export interface LineTarget {
  /** Writes some of the bytes, and returns how many. */
  readonly write: (bytes: Uint8Array) => Promise<number>;
  /** Gives up a reader that takes nothing, so that the write that waits for it fails. */
  readonly giveUp: () => void;
}

/** Writes lines, for as long as their reader takes them; between two pieces others are served. */
export async function writeLines(
  target: LineTarget,
  lines: Iterable<string>,
  deadlines: Deadlines,
): Promise<void> {
  let piece = "";
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE_LENGTH) continue;
    await writePiece(target, piece, deadlines);
    piece = "";
  }
  await writePiece(target, piece, deadlines);
}

async function writePiece(
  { write, giveUp }: LineTarget,
  piece: string,
  deadlines: Deadlines,
): Promise<void> {
  const bytes = new TextEncoder().encode(piece);
  for (let at = 0; at < bytes.length;) {
    deadlines.add(giveUp, STALL_MS);
    try {
      at += await write(bytes.subarray(at));
    } finally {
      deadlines.remove(giveUp);
    }
  }
}
