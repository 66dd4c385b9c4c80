import { netHost } from "../../core/io/net_host.ts";
import { LOOPBACK } from "../../hub/board/attach_options.ts";

/**
 * Where the program may not connect to all of the ports, Deno is asked once for the whole host: in a
 * terminal it would ask the user for each of them, or complain in the middle of a screen.
 *
 * @returns The first port to which the program may not connect, undefined if it may to all.
 */
export function requestPermission(
  hostname: string | undefined,
  ports: readonly number[],
): number | undefined {
  const [host] = hostname === undefined ? LOOPBACK : [hostname];
  const wanted = (port?: number) => ({ name: "net", host: netHost(host, port) }) as const;
  const isGranted = (port?: number) => Deno.permissions.querySync(wanted(port)).state === "granted";
  const missing = () => ports.find((port) => !isGranted(port));
  try {
    if (isGranted() || missing() === undefined) return undefined;
    Deno.permissions.requestSync(wanted());
    return missing();
  } catch {
    // It is no name of a host that Deno knows; whoever connects is told so.
    return undefined;
  }
}
