import { readRequest } from "../../src/wire/frame.ts";
import { Guests } from "./guests.ts";

/** Writes on a connection, for as long as it likes; ends when the other side has closed it. */
export type Speech = string | ((conn: Deno.TcpConn, request: Uint8Array) => Promise<void>);

/** Somebody on a port of the range who knows the protocol, and means no good. */
export class Squatter implements AsyncDisposable {
  readonly #guests: Guests;
  readonly #probe: Speech;
  readonly #frame: Speech;
  /** How many frames it was sent. */
  frames = 0;

  /** Listens on the port; says `probe` to probes and `frame` to frames. */
  constructor(port: number, probe: Speech, frame: Speech = "") {
    this.#probe = probe;
    this.#frame = frame;
    this.#guests = new Guests(port, (guest) => this.#serve(guest));
  }

  /** Closes its port and its connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#guests[Symbol.asyncDispose]();
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
}
