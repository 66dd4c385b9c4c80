import { MAX_LINE } from "./answer_line.ts";

/**
 * Reads the lines that a listener sends until it closes the connection, as many at once as have
 * come. An unfinished line at the end is dropped; a line that is too long is replaced by `instead`.
 *
 * @throws {Error} A line is too long, and there is no `instead`.
 */
export async function* readLines<T = never>(
  conn: Pick<Deno.TcpConn, "read">,
  instead?: T,
): AsyncGenerator<readonly (string | T)[]> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(65_536);
  let rest = "", length = 0, isLong = false;
  for (let got = await conn.read(chunk); got !== null; got = await conn.read(chunk)) {
    // Only the new part is searched, so that a line that comes byte by byte does not cost the
    // square of its length.
    const parts: (string | T)[] = decoder.decode(chunk.subarray(0, got), { stream: true })
      .split("\n");
    const last = parts.pop() as string;
    if (parts.length > 0) {
      // The rest of a line that was too long is no line of its own.
      if (isLong) parts.shift();
      else parts[0] = `${rest}${parts[0]}`;
      isLong = false;
      rest = last;
      length = 0;
    } else if (!isLong) {
      rest += last;
      length += got;
    }
    if (length > MAX_LINE) {
      if (instead === undefined) throw new Error("its answer is too long");
      parts.push(instead);
      isLong = true;
      rest = "";
      length = 0;
    }
    yield parts;
  }
}
