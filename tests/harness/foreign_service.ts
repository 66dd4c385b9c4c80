/** How a service that is not ours treats its guests. */
export type Manners = "answers HTTP" | "says nothing" | "closes at once" | "reads, then closes";

/** Something else on a port of the range, which remembers what it was sent. */
export class ForeignService implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #manners: Manners;
  readonly #guests = new Set<Deno.TcpConn>();
  readonly #served: Promise<void>[] = [];
  readonly #accepting: Promise<void>;
  #received = "";

  /** Listens on the port. */
  constructor(port: number, manners: Manners) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#manners = manners;
    this.#accepting = this.#accept();
  }

  /** All that it was sent. */
  get received(): string {
    return this.#received;
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
        this.#served.push(this.#serve(guest).catch(() => {}).finally(() => this.#close(guest)));
      }
    } catch {
      // Closed.
    }
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

  readonly #whenClosed = new Map<Deno.TcpConn, () => void>();

  #close(guest: Deno.TcpConn): void {
    if (!this.#guests.delete(guest)) return;
    guest.close();
    this.#whenClosed.get(guest)?.();
  }
}
