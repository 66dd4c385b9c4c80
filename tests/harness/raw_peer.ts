import { encodeFrame } from "../../src/wire/frame.ts";
import { isGone } from "../../src/wire/is_gone.ts";
import { type Ack, parseAck } from "../../src/wire/message.ts";
import { within } from "./deadline.ts";

/** A connection that writes what a test wants, in the pieces that it wants. */
export class RawPeer implements Disposable {
  readonly #conn: Deno.TcpConn;
  #closed = false;

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    conn.setNoDelay(true);
  }

  /** Connects to a port of this machine. */
  static async connect(port: number): Promise<RawPeer> {
    return new RawPeer(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Writes some bytes, whole. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
  }

  /** Says that there is no more to come. */
  async endWriting(): Promise<void> {
    await this.#conn.closeWrite().catch(() => {}); // The other side has closed already.
  }

  /** Reads all that the other side sends until it closes or resets the connection. */
  async readAll(): Promise<string> {
    return await within(this.#read(), () => "the answer, or the end of the connection");
  }

  /** Waits until the other side has sent something, and reads some of it. */
  async readSome(): Promise<void> {
    await within(this.#conn.read(new Uint8Array(4096)), () => "something to read");
  }

  /** Closes at once, with whatever is unread. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
  }

  async #read(): Promise<string> {
    const decoder = new TextDecoder();
    const chunk = new Uint8Array(4096);
    let text = "";
    for (;;) {
      const count = await this.#conn.read(chunk).catch((error) => {
        if (isGone(error)) return null;
        throw error;
      });
      if (count === null) return text;
      text += decoder.decode(chunk.subarray(0, count), { stream: true });
    }
  }
}

/** Writes the pieces one by one, half-closes and gives the whole answer. */
export async function say(port: number, ...pieces: Uint8Array[]): Promise<string> {
  using peer = await RawPeer.connect(port);
  for (const piece of pieces) await peer.write(piece);
  await peer.endWriting();
  return await peer.readAll();
}

/** How long a listener is asked to wait for a thread, which may be slow on a loaded machine. */
const PATIENCE = "10s";

/**
 * Sends a configuration and gives the answer, which must be an ack. A test that wants to see
 * that a thread is `pending` gives a shorter `wait`.
 */
export async function sendConfig(
  port: number,
  config: string | object,
  { wait = PATIENCE }: { readonly wait?: string } = {},
): Promise<Ack> {
  const text = withWait(config, wait);
  return readAck(await say(port, encodeFrame(new TextEncoder().encode(text))));
}

/** The configuration with the wait in it, if it is one, as text. */
function withWait(config: string | object, wait: string): string {
  if (typeof config === "string") {
    const isConf = config.includes("[loggers]") && !config.includes("[logdial]");
    return isConf ? `${config}\n[logdial]\nwait = ${wait}\n` : config;
  }
  if (!("version" in config)) return JSON.stringify(config);
  const { logdial = {} } = config as { logdial?: object };
  return JSON.stringify({ ...config, logdial: { wait, ...logdial } });
}

/** The ack in an answer, which must be one. */
export function readAck(answer: string): Ack {
  const ack = parseAck(answer);
  if (ack === undefined) throw new Error(`Not an ack: ${JSON.stringify(answer)}`);
  return ack;
}
