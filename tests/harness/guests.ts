import { holdThread } from "../fixtures/hold_thread.ts";

/** A listener of a test's own, with the connections that come to it until it is disposed of. */
export class Guests implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #serve: (guest: Deno.TcpConn) => Promise<void>;
  readonly #closed: (guest: Deno.TcpConn) => void;
  readonly #present = new Set<Deno.TcpConn>();
  readonly #served: Promise<void>[] = [];
  readonly #accepting: Promise<void>;

  /** Serves each connection to the port and closes it; then calls `closed`. */
  constructor(
    port: number,
    serve: (guest: Deno.TcpConn) => Promise<void>,
    closed: (guest: Deno.TcpConn) => void = () => {},
  ) {
    this.#listener = listenOn(port);
    this.#serve = serve;
    this.#closed = closed;
    this.#accepting = this.#accept();
  }

  /** Closes its port and its connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const guest of [...this.#present]) this.#close(guest);
    await this.#accepting;
    await Promise.all(this.#served);
  }

  async #accept(): Promise<void> {
    try {
      for await (const guest of this.#listener) {
        this.#present.add(guest);
        // What a guest does not want to hear any more ends its connection.
        this.#served.push(this.#serve(guest).catch(() => {}).finally(() => this.#close(guest)));
      }
    } catch {
      // Closed.
    }
  }

  #close(guest: Deno.TcpConn): void {
    if (!this.#present.delete(guest)) return;
    guest.close();
    this.#closed(guest);
  }
}

/**
 * Listens on a port of the test's own. It may have closed it just now, and a program that another
 * test starts holds a copy of what was open until its first instruction: of that nobody tells.
 */
function listenOn(port: number): Deno.TcpListener {
  for (let tries = 1;; tries++) {
    try {
      return Deno.listen({ hostname: "127.0.0.1", port });
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse) || tries === 100) throw error;
      holdThread(10);
    }
  }
}
