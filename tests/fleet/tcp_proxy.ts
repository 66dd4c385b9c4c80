import { PortBlock } from "../harness/port_block.ts";

/** A way to a server that can be cut: then nothing comes through, and nobody is told so. */
export class TcpProxy implements AsyncDisposable {
  readonly #ports = PortBlock.claim(1);
  readonly #listener: Deno.TcpListener;
  readonly #target: number;
  readonly #conns = new Set<Deno.TcpConn>();
  #isCut = false;
  #healed = Promise.withResolvers<void>();
  #swallowed: string | undefined;

  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: this.#ports.first });
    void this.#accept();
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#ports.first}`;
  }

  /** Lets nothing through any more. */
  cut(): void {
    this.#isCut = true;
    this.#healed = Promise.withResolvers();
  }

  /** Lets all through again. */
  heal(): void {
    this.#isCut = false;
    this.#healed.resolve();
  }

  /** Loses the next message to the server in which there is that text. */
  swallow(text: string): void {
    this.#swallowed = text;
  }

  /** Whether that message has come. */
  get hasSwallowed(): boolean {
    return this.#swallowed === undefined;
  }

  #swallows(bytes: Uint8Array): boolean {
    if (this.#swallowed === undefined) return false;
    if (!new TextDecoder().decode(bytes).includes(this.#swallowed)) return false;
    this.#swallowed = undefined;
    return true;
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener) void this.#join(near);
  }

  async #join(near: Deno.TcpConn): Promise<void> {
    this.#conns.add(near);
    if (this.#isCut) await this.#healed.promise;
    try {
      const far = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      this.#conns.add(far);
      await Promise.all([this.#pass(near, far), this.#pass(far, near)]);
    } catch {
      // One side has gone, as the other will notice.
      this.#close(near);
    }
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    try {
      const chunk = new Uint8Array(65_536);
      for (;;) {
        const count = await from.read(chunk);
        if (count === null) break;
        if (this.#isCut) await this.#healed.promise;
        if (this.#swallows(chunk.subarray(0, count))) continue;
        for (let at = 0; at < count;) at += await to.write(chunk.subarray(at, count));
      }
    } finally {
      this.#close(from);
      this.#close(to);
    }
  }

  #close(conn: Deno.TcpConn): void {
    if (!this.#conns.delete(conn)) return;
    conn.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.heal();
    this.#listener.close();
    for (const conn of this.#conns) this.#close(conn);
    this.#ports[Symbol.dispose]();
    return Promise.resolve();
  }
}
