import { nodeModule } from "../../core/runtime/node_modules.ts";
import { requirePermissions } from "../require_permissions.ts";
import type { LogSocket, SocketAddress } from "./log_socket.ts";
import { datagramPermissions, streamPermissions } from "./needed_permissions.ts";

/** The part of Deno's unstable API that Unix datagrams need. */
interface UnstableDatagrams {
  listenDatagram?(options: UnixAddress): UnixDatagrams;
}

interface UnixAddress {
  readonly transport: "unixpacket";
  readonly path: string;
}

interface UnixDatagrams {
  send(message: Uint8Array, to: UnixAddress): Promise<number>;
  close(): void;
}

/** Whether this program can send datagrams to Unix sockets: `--unstable-net`. */
export function hasUnixDatagrams(): boolean {
  return typeof (Deno as UnstableDatagrams).listenDatagram === "function";
}

/** Makes a socket that sends datagrams by UDP or to a Unix socket. */
// deno-lint-ignore require-await -- what it throws is to be a rejection
export async function openDatagrams(address: SocketAddress): Promise<LogSocket> {
  return typeof address === "string" ? openUnix(address) : openUdp(...address);
}

function openUnix(path: string): LogSocket {
  const { listenDatagram } = Deno as UnstableDatagrams;
  if (listenDatagram === undefined) {
    throw new Deno.errors.NotSupported(
      `datagrams to the Unix socket ${path} need deno run --unstable-net`,
    );
  }
  const socket = openUnnamed(listenDatagram);
  return {
    isClosed: false,
    send: async (message) => {
      await socket.send(message, { transport: "unixpacket", path });
    },
    close: () => socket.close(),
  };
}

/** Makes a socket that leaves no file behind. */
function openUnnamed(listen: (address: UnixAddress) => UnixDatagrams): UnixDatagrams {
  const transport = "unixpacket";
  try {
    // The system chooses a name outside the file system.
    return listen({ transport, path: "" });
  } catch (error) {
    // Deno allows such names only with all permissions.
    if (!/empty path/i.test(String(error))) throw error;
  }
  const path = `/tmp/logdial-${Deno.pid}-${crypto.randomUUID()}.sock`;
  const socket = listen({ transport, path });
  Deno.removeSync(path);
  return socket;
}

function openUdp(host: string, port: number): LogSocket {
  // Node's socket binds at the first message, and throws where nobody can catch it.
  requirePermissions(datagramPermissions([host, port]));
  const socket = nodeModule("node:dgram").createSocket(host.includes(":") ? "udp6" : "udp4");
  // It has no effect after the first send. What is being sent still keeps the program alive.
  socket.unref();
  socket.on("error", () => {}); // The callback of `send` hears of the error as well.
  return {
    isClosed: false,
    send: (message) =>
      new Promise((resolve) => {
        socket.send(message, port, host, (error) => {
          if (error) resolve(whyNotSent(error, host, port));
          else resolve();
        });
      }),
    close: () => socket.close(),
  };
}

/**
 * Why a datagram did not go out. Permission for a name lets it be looked up, and what is sent takes
 * that for the address: node's socket fails without it, and does not say so.
 */
function whyNotSent(error: Error, host: string, port: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    nodeModule("node:dns").lookup(host, { family: 4 }, (failure, address) => {
      try {
        if (failure === null) requirePermissions(streamPermissions([address, port]));
        reject(error);
      } catch (refusal) {
        reject(refusal);
      }
    });
  });
}
