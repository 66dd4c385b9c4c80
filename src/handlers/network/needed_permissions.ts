import { netHost } from "../../core/io/net_host.ts";
import type { SocketAddress } from "./log_socket.ts";

/** What it takes to connect to an address. */
export function streamPermissions(address: SocketAddress): Deno.PermissionDescriptor[] {
  if (typeof address === "string") return unixPermissions(address);
  const [host, port] = address;
  return [{ name: "net", host: netHost(host, port) }];
}

/** What it takes to send datagrams to an address: by UDP, the port to send from counts too. */
export function datagramPermissions(address: SocketAddress): Deno.PermissionDescriptor[] {
  if (typeof address === "string") return unixPermissions(address);
  const [host, port] = address;
  const own = host.includes(":") ? "[::]:0" : "0.0.0.0:0";
  // A name is looked up, which takes permission for the host as a whole; and where it leads to is
  // sent to, of which only this one is known ahead.
  const isName = !host.includes(":") && /[^\d.]/.test(host);
  const there = isName ? [host] : [netHost(host, port)];
  if (host === "localhost") there.push(netHost("127.0.0.1", port));
  return [own, ...there].map((host) => ({ name: "net", host }));
}

function unixPermissions(path: string): Deno.PermissionDescriptor[] {
  return [
    { name: "read", path },
    { name: "write", path },
    { name: "net", host: `unix:${path}` },
  ];
}
