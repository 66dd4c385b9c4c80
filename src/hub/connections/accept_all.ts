import { pause } from "../../core/runtime/pause.ts";

/** Pause after a failure to accept, in milliseconds. */
const RETRY_MS = 10;

/** Gives each connection that comes to `take`; resolves once the listener is closed. */
export async function acceptAll(
  listener: Deno.TcpListener,
  take: (conn: Deno.TcpConn) => void,
): Promise<void> {
  for (;;) {
    let conn: Deno.TcpConn;
    try {
      conn = await listener.accept();
    } catch (error) {
      if (error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted) {
        return;
      }
      // There may be too many open files: a connection that ends makes room.
      await pause(RETRY_MS);
      continue;
    }
    take(conn);
  }
}
