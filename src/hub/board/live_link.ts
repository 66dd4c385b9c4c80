import { LOOPBACK } from "./attach_options.ts";
import { netHost } from "../../core/io/net_host.ts";

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

/** Hub: resolves when the thread has ended. */
export async function untilLinkBreaks({ hostname, port }: LiveLink): Promise<void> {
  let link: Deno.TcpConn | undefined;
  try {
    link = await Deno.connect({ hostname, port });
    const scratch = new Uint8Array(1);
    while (await link.read(scratch) !== null);
  } catch {
    // Refused or reset: the thread has ended.
  } finally {
    // A connection whose read rejects is still open.
    link?.close();
  }
}
