import { eventually } from "../harness/deadline.ts";

/** A server that collects what it gets, by TCP or on a Unix socket. */
export class ByteServer implements Disposable {
  /** All bytes so far, of all connections, as text. */
  text = "";
  /** Number of connections so far. */
  connections = 0;
  readonly #listener: Deno.Listener;
  readonly #open = new Set<Deno.Conn>();

  /** Listens on a free port of the loopback, on a given one, or on a Unix socket. */
  constructor(where: number | string = 0) {
    this.#listener = typeof where === "string"
      ? Deno.listen({ transport: "unix", path: where })
      : Deno.listen({ hostname: "127.0.0.1", port: where });
    this.#accept();
  }

  /** The port. */
  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  /** Waits until the text fulfils the condition, and gives it. */
  async until(test: (text: string) => boolean): Promise<string> {
    const what = () => `other bytes than ${JSON.stringify(this.text.slice(-2000))}`;
    return await eventually(what, () => test(this.text) ? this.text : undefined);
  }

  /** Closes the connections. */
  hangUp(): void {
    for (const connection of this.#open) connection.close();
    this.#open.clear();
  }

  /** Closes all. */
  [Symbol.dispose](): void {
    this.#listener.close();
    this.hangUp();
  }

  async #accept(): Promise<void> {
    try {
      for await (const connection of this.#listener) {
        this.connections++;
        this.#open.add(connection);
        this.#read(connection);
      }
    } catch {
      // Closed.
    }
  }

  async #read(connection: Deno.Conn): Promise<void> {
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const count = await connection.read(buffer);
        if (count === null) break;
        this.text += decoder.decode(buffer.subarray(0, count), { stream: true });
      }
      connection.close();
    } catch {
      // Closed by `hangUp`.
    }
    this.#open.delete(connection);
  }
}

/** A UDP socket that collects datagrams as texts. */
export class DatagramServer implements AsyncDisposable {
  readonly messages: string[] = [];
  readonly port: number;
  readonly #socket: import("node:dgram").Socket;

  private constructor(socket: import("node:dgram").Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on("message", (message) => this.messages.push(new TextDecoder().decode(message)));
  }

  /** Listens on a free port of the loopback. */
  static async listen(): Promise<DatagramServer> {
    const { createSocket } = await import("node:dgram");
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    return new DatagramServer(socket);
  }

  /** Waits for a number of messages and gives them. */
  async until(count: number): Promise<string[]> {
    const what = () => `${count} datagrams instead of ${this.messages.length}`;
    return await eventually(what, () => this.messages.length >= count ? this.messages : undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }
}
