import { reasonOf } from "../core/errors.ts";
import { isGone } from "../wire/is_gone.ts";

/** How one request to a port ended. */
export type Reply =
  /** Nobody listens there. */
  | { readonly kind: "refused" }
  /** The listener closed; `text` is all that it said, maybe nothing. */
  | { readonly kind: "closed"; readonly text: string }
  /** The listener neither answered nor closed in time. */
  | { readonly kind: "timeout" }
  /** It could not be reached. */
  | { readonly kind: "failed"; readonly reason: string };

/** Longest answer that is read, so that a foreign service cannot fill the memory. */
const MAX_ANSWER = 1 << 20;

/** Writes a request to a port, says that it is all, and reads the answer. */
export async function exchange(
  hostname: string,
  port: number,
  request: Uint8Array,
  timeout: number,
): Promise<Reply> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let conn: Deno.TcpConn | undefined;
  const late = new Promise<Reply>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "timeout" }), timeout);
  });
  const talk = async (): Promise<Reply> => {
    try {
      conn = await Deno.connect({ hostname, port });
      return { kind: "closed", text: await converse(conn, request) };
    } catch (error) {
      return describeFailure(error);
    }
  };
  try {
    return await Promise.race([talk(), late]);
  } finally {
    clearTimeout(timer);
    close(conn);
  }
}

async function converse(conn: Deno.TcpConn, request: Uint8Array): Promise<string> {
  for (let at = 0; at < request.length;) at += await conn.write(request.subarray(at));
  await conn.closeWrite();
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(16_384);
  let text = "";
  while (text.length < MAX_ANSWER) {
    let count: number | null;
    try {
      count = await conn.read(chunk);
    } catch (error) {
      // CPython closes with our request unread, which resets the connection.
      if (isGone(error)) break;
      throw error;
    }
    if (count === null) break;
    text += decoder.decode(chunk.subarray(0, count), { stream: true });
  }
  return text;
}

function describeFailure(error: unknown): Reply {
  if (error instanceof Deno.errors.ConnectionRefused) return { kind: "refused" };
  // Reset before or while the request went out: it closed without a word.
  if (isGone(error)) return { kind: "closed", text: "" };
  return { kind: "failed", reason: reasonOf(error) };
}

function close(conn: Deno.TcpConn | undefined): void {
  try {
    conn?.close();
  } catch (error) {
    // Already closed by a reset.
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
