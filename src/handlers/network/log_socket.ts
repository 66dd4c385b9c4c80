import { limitTime } from "./time_limit.ts";

/**
 * A connection, or another way to send messages.
 *
 * @example
 * ```ts
 * import { type LogSocket, SocketHandler } from "@logdial/logging";
 *
 * class TracedHandler extends SocketHandler {
 *   override makeSocket(): Promise<LogSocket> {
 *     console.log("connecting");
 *     return super.makeSocket();
 *   }
 * }
 * const handler = new TracedHandler("localhost", 9020);
 * ```
 */
export interface LogSocket<T = Uint8Array> {
  /** Whether the other end has closed it. */
  readonly isClosed: boolean;
  /** Sends one message, whole. */
  send(message: T): Promise<void>;
  /** Gives it up. */
  close(): void;
}

/**
 * Where to connect to: a host and a port, or the path of a Unix socket.
 *
 * @internal
 */
export type SocketAddress = readonly [host: string, port: number] | string;

/** Text of an address for messages. */
export function describeAddress(address: SocketAddress): string {
  return typeof address === "string" ? address : `${address[0]}:${address[1]}`;
}

/**
 * Connects by TCP or to a Unix socket; `timeout` in milliseconds is that of connecting
 * and of sending one message.
 */
export async function connectStream(address: SocketAddress, timeout: number): Promise<LogSocket> {
  if (typeof address === "string") {
    return new StreamSocket(await Deno.connect({ transport: "unix", path: address }), timeout);
  }
  const [hostname, port] = address;
  const limit = limitTime(timeout, () => timedOut("connecting", timeout));
  try {
    return new StreamSocket(
      await Deno.connect({ hostname, port, signal: limit.signal }),
      timeout,
    );
  } finally {
    limit.end();
  }
}

class StreamSocket implements LogSocket {
  isClosed = false;
  readonly #connection: Deno.TcpConn | Deno.UnixConn;
  readonly #timeout: number;

  constructor(connection: Deno.TcpConn | Deno.UnixConn, timeout: number) {
    this.#connection = connection;
    this.#timeout = timeout;
    // Waiting for the other end to close must not keep the program alive.
    connection.unref();
    this.#awaitEnd();
  }

  async send(message: Uint8Array): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.close();
    }, this.#timeout);
    try {
      for (let at = 0; at < message.length;) {
        at += await this.#connection.write(message.subarray(at));
      }
    } catch (error) {
      throw isLate ? timedOut("sending", this.#timeout) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    try {
      this.#connection.close();
    } catch {
      // The connection has gone already.
    }
  }

  /** Reads and ignores what comes: without reading, a broken connection would not be noticed. */
  async #awaitEnd(): Promise<void> {
    const buffer = new Uint8Array(1024);
    try {
      while (await this.#connection.read(buffer) !== null);
    } catch {
      // The connection was reset, or closed by us.
    }
    this.close();
  }
}

function timedOut(what: string, milliseconds: number): Error {
  return new Deno.errors.TimedOut(`${what} took longer than ${milliseconds} ms`);
}
