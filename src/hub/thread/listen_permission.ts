import { LOOPBACK } from "../board/attach_options.ts";
import { withoutDenial } from "../../core/io/permission_flag.ts";
import { netHost } from "../../core/io/net_host.ts";

/**
 * Makes sure that at least one of the ports may be listened on: of the address that is asked for,
 * or of any loopback one; in a terminal Deno asks.
 *
 * @throws {Error} It may not, with the flag to add.
 */
export function requireListenPermission(
  hostname: string | undefined,
  [first, last]: readonly [first: number, last: number],
): void {
  const hosts = hostname === undefined ? LOOPBACK : [hostname];
  for (const one of hosts) {
    for (let port = first; port <= last; port++) {
      const { state } = Deno.permissions.querySync({ name: "net", host: netHost(one, port) });
      if (state === "granted") return;
    }
  }
  // For the host as a whole, so that one answer is enough.
  const host = netHost(hosts[0]!);
  // Before Deno asks: an answer can deny it, too.
  const denial = withoutDenial([{ name: "net", host }]);
  const { state } = Deno.permissions.requestSync({ name: "net", host });
  if (state === "granted") return;
  throw new Error(`the program may not listen, add --allow-net=${host}${denial}`);
}
