import type { Deadlines } from "./deadlines.ts";

/** Characters that are written at once. */
const PIECE_LENGTH = 1 << 16;
/** Longest time that a reader may take nothing, in milliseconds. */
const STALL_MS = 30_000;

/** Writes lines, for as long as their reader takes them; between two pieces others are served. */
export async function writeLines(
  conn: Pick<Deno.TcpConn, "write" | "close">,
  lines: Iterable<string>,
  deadlines: Deadlines,
): Promise<void> {
  let piece = "";
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE_LENGTH) continue;
    await writePiece(conn, piece, deadlines);
    piece = "";
  }
  await writePiece(conn, piece, deadlines);
}

async function writePiece(
  conn: Pick<Deno.TcpConn, "write" | "close">,
  piece: string,
  deadlines: Deadlines,
): Promise<void> {
  const bytes = new TextEncoder().encode(piece);
  const stall = () => conn.close();
  for (let at = 0; at < bytes.length;) {
    deadlines.add(stall, STALL_MS);
    try {
      at += await conn.write(bytes.subarray(at));
    } finally {
      deadlines.remove(stall);
    }
  }
}
