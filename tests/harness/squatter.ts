import { readRequest } from "../../src/wire/frame.ts";

/** Says something on a connection, for as long as it likes; ends when the guest has gone. */
export type Speech = string | ((conn: Deno.TcpConn, request: Uint8Array) => Promise<void>);

/** Somebody on a port of the range who knows the protocol, and means no good. */
export class Squatter implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #probe: Speech;
  readonly #frame: Speech;
  readonly #guests = new Set<Deno.TcpConn>();
  readonly #served: Promise<void>[] = [];
  readonly #accepting: Promise<void>;
  /** How many frames it was sent. */
  frames = 0;

  /** Listens on the port; says `probe` to probes and `frame` to frames. */
  constructor(port: number, probe: Speech, frame: Speech = "") {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#probe = probe;
    this.#frame = frame;
    this.#accepting = this.#accept();
  }

  /** Closes its port and its connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const guest of [...this.#guests]) this.#close(guest);
    await this.#accepting;
    await Promise.all(this.#served);
  }

  async #accept(): Promise<void> {
    try {
      for await (const guest of this.#listener) {
        this.#guests.add(guest);
        // What a guest does not want to hear any more ends its connection.
        this.#served.push(this.#serve(guest).catch(() => {}).finally(() => this.#close(guest)));
      }
    } catch {
      // Closed.
    }
  }

  async #serve(guest: Deno.TcpConn): Promise<void> {
    const request = await readRequest(guest, 1 << 20);
    const isFrame = request.kind === "frame";
    if (isFrame) this.frames++;
    const speech = isFrame ? this.#frame : this.#probe;
    const payload = isFrame ? request.payload : new TextEncoder().encode("!\n");
    if (typeof speech !== "string") return await speech(guest, payload);
    const bytes = new TextEncoder().encode(speech);
    for (let at = 0; at < bytes.length;) at += await guest.write(bytes.subarray(at));
  }

  #close(guest: Deno.TcpConn): void {
    if (this.#guests.delete(guest)) guest.close();
  }
}
