import { LOOPBACK, type PortRange } from "../board/attach_options.ts";
import { neededFlags } from "../../core/io/permission_flag.ts";
import { netHost } from "../../core/io/net_host.ts";

/**
 * Makes sure that the program may listen on at least one of the ports: of the given address or, if
 * none is given, of a loopback address. In a terminal Deno asks the user.
 *
 * @throws {Error} The program may not listen; with the flag to add.
 */
export function requireListenPermission(
  hostname: string | undefined,
  ports: PortRange,
): void {
  const hosts = hostname === undefined ? LOOPBACK : [hostname];
  if (mayListen(hosts, ports)) return;
  // Deno is asked for all ports of the host, so that one answer is enough.
  const host = netHost(hosts[0]!);
  // Made before Deno asks, since the user's answer may change what is denied.
  const flags = neededFlags([{ name: "net", host }]);
  const { state } = Deno.permissions.requestSync({ name: "net", host });
  if (state === "granted") return;
  throw new Error(`the program may not listen, add ${flags}`);
}

/** Whether the program may listen on at least one of the ports, on one of the hosts. */
export function mayListen(hosts: readonly string[], [first, last]: PortRange): boolean {
  for (const host of hosts) {
    for (let port = first; port <= last; port++) {
      const { state } = Deno.permissions.querySync({ name: "net", host: netHost(host, port) });
      if (state === "granted") return true;
    }
  }
  return false;
}
