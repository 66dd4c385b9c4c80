import { netHost } from "../core/io/net_host.ts";
import { LOOPBACK } from "../hub/board/attach_options.ts";

/**
 * Where the program may not connect to all of the ports, Deno is asked once for the whole host: in a
 * terminal it would ask the user for each of them, or complain in the middle of a screen.
 *
 * @returns Whether the program may connect to at least one of them.
 */
export function requestPermission(hostname: string | undefined, ports: readonly number[]): boolean {
  const [host] = hostname === undefined ? LOOPBACK : [hostname];
  const wanted = (port?: number) => ({ name: "net", host: netHost(host, port) }) as const;
  const isGranted = (port?: number) => Deno.permissions.querySync(wanted(port)).state === "granted";
  try {
    if (isGranted() || ports.every(isGranted)) return true;
    return Deno.permissions.requestSync(wanted()).state === "granted" || ports.some(isGranted);
  } catch {
    // It is no name of a host that Deno knows; whoever connects is told so.
    return true;
  }
}
