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

  /** Loses the next message in which there is that text, and no other that comes with it. */
  swallow(text: string): void {
    this.#swallowed = text;
  }

  /** Whether that message has come. */
  get hasSwallowed(): boolean {
    return this.#swallowed === undefined;
  }

  /** What is let through, and how much of what is lost is still to come. */
  #swallow(bytes: Uint8Array): { readonly passed: readonly Uint8Array[]; readonly lost: number } {
    const message = this.#swallowed === undefined ? undefined : findMessage(bytes, this.#swallowed);
    if (message === undefined) return { passed: [bytes], lost: 0 };
    this.#swallowed = undefined;
    const { start, end } = message;
    const passed = [bytes.subarray(0, start), bytes.subarray(end)];
    return { passed, lost: Math.max(0, end - bytes.length) };
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
      for (let skipped = 0;;) {
        const count = await from.read(chunk);
        if (count === null) break;
        if (this.#isCut) await this.#healed.promise;
        const bytes = chunk.subarray(Math.min(skipped, count), count);
        skipped -= count - bytes.length;
        const { passed, lost } = this.#swallow(bytes);
        skipped += lost;
        for (const part of passed) {
          for (let at = 0; at < part.length;) at += await to.write(part.subarray(at));
        }
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

/** Where the message of NATS' protocol is in which there is that text: a line, and what it announces. */
function findMessage(
  bytes: Uint8Array,
  text: string,
): { readonly start: number; readonly end: number } | undefined {
  const said = new TextDecoder("latin1").decode(bytes);
  for (const { 0: line, 1: size, index: start } of said.matchAll(/^H?(?:PUB|MSG) .* (\d+)\r\n/gm)) {
    const end = start + line.length + Number(size) + "\r\n".length;
    if (said.slice(start, end).includes(text)) return { start, end };
  }
  return undefined;
}
