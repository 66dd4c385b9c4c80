import { Guests } from "./guests.ts";

/** How a service that is not ours treats its guests. */
export type Manners = "answers HTTP" | "says nothing" | "closes at once" | "reads, then closes";

/** Something else on a port of the range, which remembers what it was sent. */
export class ForeignService implements AsyncDisposable {
  readonly #guests: Guests;
  readonly #manners: Manners;
  readonly #whenClosed = new Map<Deno.TcpConn, () => void>();
  #received = "";

  /** Listens on the port. */
  constructor(port: number, manners: Manners) {
    this.#manners = manners;
    this.#guests = new Guests(
      port,
      (guest) => this.#serve(guest),
      (guest) => this.#whenClosed.get(guest)?.(),
    );
  }

  /** All that it was sent. */
  get received(): string {
    return this.#received;
  }

  /** Closes its port and its connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#guests[Symbol.asyncDispose]();
  }

  async #serve(guest: Deno.TcpConn): Promise<void> {
    if (this.#manners === "closes at once") return;
    const chunk = new Uint8Array(4096);
    for (;;) {
      const count = await guest.read(chunk);
      if (count === null) break;
      this.#received += new TextDecoder().decode(chunk.subarray(0, count));
    }
    if (this.#manners === "answers HTTP") {
      await guest.write(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
    }
    if (this.#manners !== "says nothing") return;
    await new Promise<void>((resolve) => this.#whenClosed.set(guest, resolve));
  }
}
