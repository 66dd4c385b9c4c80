import { MAX_LINE } from "./answer_line.ts";

/**
 * Reads the lines that a listener sends until it closes the connection, as many at once as have
 * come; what it has sent of a line that does not end is dropped.
 *
 * @throws {Error} A line is too long.
 */
export async function* readLines(
  conn: Pick<Deno.TcpConn, "read">,
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(65_536);
  let rest = "", length = 0;
  for (let got = await conn.read(chunk); got !== null; got = await conn.read(chunk)) {
    // Only the new part is searched, so that a line that comes byte by byte does not cost the
    // square of its length.
    const parts = decoder.decode(chunk.subarray(0, got), { stream: true }).split("\n");
    length = parts.length > 1 ? 0 : length + got;
    parts[0] = rest + parts[0];
    rest = parts.pop()!;
    if (length > MAX_LINE) throw new Error("its answer is too long");
    yield parts;
  }
}
