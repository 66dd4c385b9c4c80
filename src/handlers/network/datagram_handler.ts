import { openDatagrams } from "./datagram_socket.ts";
import type { LogSocket } from "./log_socket.ts";
import { datagramPermissions } from "./needed_permissions.ts";
import { SocketHandler } from "./socket_handler.ts";

/**
 * Sends records by UDP, or as datagrams to a Unix socket if `port` is null, the JSON of
 * one in each (`logging.handlers.DatagramHandler`).
 *
 * All else is as of {@linkcode SocketHandler}; a record that cannot be sent is dropped.
 * Unix sockets need `deno run --unstable-net`.
 *
 * @example
 * ```ts
 * import { DatagramHandler, DEFAULT_UDP_LOGGING_PORT, getLogger } from "@logdial/logging";
 *
 * getLogger().addHandler(new DatagramHandler("localhost", DEFAULT_UDP_LOGGING_PORT));
 * ```
 */
export class DatagramHandler extends SocketHandler {
  /** Makes a socket for datagrams. */
  override makeSocket(): Promise<LogSocket> {
    return openDatagrams(this.address);
  }

  /** The permission to send datagrams to the address. */
  override requiredPermissions(): readonly Deno.PermissionDescriptor[] {
    return datagramPermissions(this.address);
  }

  /** The record is dropped, as datagrams are elsewhere on their way. */
  protected override get onFailure(): "drop" {
    return "drop";
  }
}
