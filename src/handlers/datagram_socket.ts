import type { LogSocket, SocketAddress } from "./log_socket.ts";

/** The part of Deno's unstable API that Unix datagrams need. */
interface UnstableDatagrams {
  listenDatagram?(options: { transport: "unixpacket"; path: string }): {
    send(
      message: Uint8Array,
      to: { transport: "unixpacket"; path: string },
    ): Promise<number>;
    close(): void;
  };
}

/** Whether this program can send datagrams to Unix sockets: `--unstable-net`. */
export function hasUnixDatagrams(): boolean {
  return typeof (Deno as UnstableDatagrams).listenDatagram === "function";
}

/** Makes a socket that sends datagrams by UDP or to a Unix socket. */
export async function openDatagrams(address: SocketAddress): Promise<LogSocket> {
  return typeof address === "string" ? openUnix(address) : await openUdp(...address);
}

function openUnix(path: string): LogSocket {
  const { listenDatagram } = Deno as UnstableDatagrams;
  if (listenDatagram === undefined) {
    throw new Deno.errors.NotSupported(
      `datagrams to the Unix socket ${path} need deno run --unstable-net`,
    );
  }
  // The system chooses a name, which leaves no file behind.
  const socket = listenDatagram({ transport: "unixpacket", path: "" });
  return {
    isClosed: false,
    send: async (message) => {
      await socket.send(message, { transport: "unixpacket", path });
    },
    close: () => socket.close(),
  };
}

async function openUdp(host: string, port: number): Promise<LogSocket> {
  // Loaded when it is needed: most programs send no datagrams. Deno's own are unstable.
  const { createSocket } = await import("node:dgram");
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  // Before the first send, else it has no effect; what is being sent keeps the program alive.
  socket.unref();
  socket.on("error", () => {}); // Told to the callback of `send` as well.
  return {
    isClosed: false,
    send: (message) =>
      new Promise((resolve, reject) => {
        socket.send(message, port, host, (error) => error ? reject(error) : resolve());
      }),
    close: () => socket.close(),
  };
}
