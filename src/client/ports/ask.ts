import { giveUpAfter } from "../../core/runtime/give_up_after.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { isGone } from "../../wire/is_gone.ts";
import { closeQuietly, connectWhenFree, writeAll } from "./connect.ts";

/** How one request to a port ended. */
export type Reply =
  /** Nobody listens there. */
  | { readonly kind: "refused" }
  /** The listener sent a line, `text`, or closed before the line's end, maybe with nothing. */
  | { readonly kind: "said"; readonly text: string }
  /** The listener sent more than the longest answer. */
  | { readonly kind: "endless" }
  /** The listener neither answered nor closed in time. */
  | { readonly kind: "timeout" }
  /** The listener could not be reached. */
  | { readonly kind: "failed"; readonly reason: string };

/** Most bytes of a stranger's answer that are read, so that it cannot fill the memory. */
const MAX_ANSWER = 1 << 20;
/** Most bytes of an answer of a thread that has told who it is. */
export const MAX_KNOWN_ANSWER: number = 16 << 20;

/**
 * Writes a request to a port, closes its side for writing, and reads one line of answer. All together
 * takes no longer than `timeout`, however slowly the listener answers, unless this thread stands still.
 */
export async function ask(
  hostname: string | undefined,
  port: number,
  request: Uint8Array,
  timeout: number,
  /** Most bytes of the answer. */
  most: number = MAX_ANSWER,
): Promise<Reply> {
  let conn: Deno.TcpConn | undefined;
  let isOver = false;
  /** Why there is no connection yet, if that is the asker's own matter. */
  let shortage: Reply | undefined;
  const { promise: late, resolve } = Promise.withResolvers<Reply>();
  const stopWaiting = giveUpAfter(timeout, () => resolve(shortage ?? { kind: "timeout" }));
  const talk = async (): Promise<Reply> => {
    try {
      conn = await connectWhenFree(hostname, port, (error) => {
        shortage = describeFailure(error);
        return !isOver;
      });
      shortage = undefined;
      if (isOver) closeQuietly(conn);
      return await converse(conn, request, most);
    } catch (error) {
      return describeFailure(error);
    }
  };
  try {
    return await Promise.race([talk(), late]);
  } finally {
    isOver = true;
    stopWaiting();
    closeQuietly(conn);
  }
}

async function converse(
  conn: Deno.TcpConn,
  request: Uint8Array,
  most: number,
): Promise<Reply> {
  try {
    await writeAll(conn, request);
    await conn.closeWrite();
  } catch (error) {
    // Of a request that is too long, the listener may have said so before it closed.
    if (!isGone(error)) throw error;
  }
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(16_384);
  let text = "";
  for (let left = most; left > 0;) {
    const count = await readSome(conn, chunk);
    if (count === null) return { kind: "said", text };
    left -= count;
    const bytes = chunk.subarray(0, count), end = bytes.indexOf(0x0a);
    if (end < 0) text += decoder.decode(bytes, { stream: true });
    else return { kind: "said", text: text + decoder.decode(bytes.subarray(0, end)) };
  }
  return { kind: "endless" };
}

async function readSome(conn: Deno.TcpConn, into: Uint8Array): Promise<number | null> {
  try {
    return await conn.read(into);
  } catch (error) {
    // CPython closes with our request unread, which resets the connection.
    if (isGone(error)) return null;
    throw error;
  }
}

function describeFailure(error: unknown): Reply {
  if (error instanceof Deno.errors.ConnectionRefused) return { kind: "refused" };
  // The connection was reset before or while the request went out: the listener sent nothing.
  if (isGone(error)) return { kind: "said", text: "" };
  return { kind: "failed", reason: reasonOf(error) };
}
