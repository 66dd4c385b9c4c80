import { LOOPBACK } from "./attach_options.ts";
import { netHost } from "../../core/io/net_host.ts";
import { pause } from "../../core/runtime/pause.ts";
import { isGone } from "../../wire/is_gone.ts";

/** After how long a connection is tried again that could not be opened, in milliseconds. */
const RETRY_MS = 100;

/**
 * How a hub hears of a thread's end, and a thread of its hub's: the thread listens on a port of its
 * own on which nobody ever talks, and the hub connects to it. Whoever ends, by whatever end, breaks
 * the connection, also where the other one computes and nothing else could tell.
 *
 * @module
 */

/** Where a thread's link is. */
export interface LiveLink {
  readonly hostname: string;
  readonly port: number;
}

/** A listener that nobody ever talks on: its connections break when the thread ends. */
export function openLiveLink(): Deno.TcpListener | undefined {
  for (const hostname of LOOPBACK) {
    // The user has been asked already whether the program may listen: here Deno must not ask again.
    const { state } = Deno.permissions.querySync({ name: "net", host: netHost(hostname, 0) });
    if (state === "prompt") continue;
    try {
      const listener = Deno.listen({ hostname, port: 0 });
      listener.unref();
      return listener;
    } catch (error) {
      // The program may listen on single ports only, or the host has no address of this kind.
      const isForbidden = error instanceof Deno.errors.NotCapable;
      const isNoAddress = error instanceof Deno.errors.AddrNotAvailable ||
        (error as { code?: unknown }).code === "EAFNOSUPPORT";
      if (!isForbidden && !isNoAddress) throw error;
    }
  }
  // Without a link nobody notices the thread's end.
  return undefined;
}

/** Hub: resolves when the thread has ended; never where the hub cannot know. */
export async function untilLinkBreaks(link: LiveLink): Promise<void> {
  const conn = await connected(link);
  if (conn === undefined) return;
  try {
    const scratch = new Uint8Array(1);
    while (await conn.read(scratch) !== null);
  } catch {
    // The connection was reset: the thread has ended.
  } finally {
    // A connection whose read rejects is still open.
    conn.close();
  }
}

/** A connection to the link; undefined if the thread has ended. */
async function connected({ hostname, port }: LiveLink): Promise<Deno.TcpConn | undefined> {
  for (;;) {
    try {
      return await Deno.connect({ hostname, port });
    } catch (error) {
      // The worker that has started the hub may not connect there: the hub never hears of the end.
      if (error instanceof Deno.errors.NotCapable) return await new Promise<never>(() => {});
      // Other errors, such as too many open files, do not mean that the thread has ended.
      if (isGone(error) || error instanceof Deno.errors.ConnectionRefused) return undefined;
      await pause(RETRY_MS);
    }
  }
}
