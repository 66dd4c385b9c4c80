import type { AttachOptions } from "../board/attach_options.ts";

/**
 * Makes sure that at least one of the ports may be listened on; in a terminal Deno asks.
 *
 * @throws {Error} It may not, with the flag to add.
 */
export function requireListenPermission(
  { hostname, ports: [first, last] }: Pick<AttachOptions, "hostname" | "ports">,
): void {
  for (let port = first; port <= last; port++) {
    const { state } = Deno.permissions.querySync({ name: "net", host: `${hostname}:${port}` });
    if (state === "granted") return;
  }
  // For the host as a whole, so that one answer is enough.
  const { state } = Deno.permissions.requestSync({ name: "net", host: hostname });
  if (state === "granted") return;
  throw new Error(`the program may not listen, add --allow-net=${hostname}`);
}
