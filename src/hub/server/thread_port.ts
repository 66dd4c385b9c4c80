import type { AttachOptions } from "../board/attach_options.ts";

/**
 * Listens on the lowest free port.
 *
 * Listening is the only sure test: a connection that looks first is a race, and CPython's
 * sender needs ports without gaps.
 *
 * @throws {Deno.errors.AddrInUse} All are taken.
 */
export function claimPort(
  { hostname, ports: [first, last] }: Pick<AttachOptions, "hostname" | "ports">,
): Deno.TcpListener {
  for (let port = first; port <= last; port++) {
    const listener = tryListen(hostname, port);
    if (listener !== undefined) return listener;
  }
  const range = first === last ? `port ${first} is` : `all ports ${first} to ${last} are`;
  throw new Deno.errors.AddrInUse(`${range} in use or not allowed`);
}

/** Listens on one port; undefined if that is in use or not allowed. */
export function tryListen(hostname: string, port: number): Deno.TcpListener | undefined {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return undefined;
    // Only some of the ports may be allowed.
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
