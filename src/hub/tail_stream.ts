import type { TailRequest } from "../wire/command.ts";
import type { TailFeed, Watcher } from "./tail_feed.ts";

/** Lines that may wait for a slow reader; more are dropped and counted. */
const MAX_WAITING = 2000;

/** A connection on which records go out until its reader leaves. */
export class TailStream implements Watcher {
  /** Lowest level number. */
  readonly level: number;
  /** Logger at or below which, empty for all. */
  readonly logger: string;
  readonly #conn: Deno.TcpConn;
  #waiting: string[] = [];
  #dropped = 0;
  #writing = false;

  /** Writes what `request` asks for to `conn`. */
  constructor(conn: Deno.TcpConn, { level, logger }: TailRequest) {
    this.#conn = conn;
    this.level = level;
    this.logger = logger;
  }

  /** Runs until the reader closes the connection or the thread ends. */
  async run(feed: TailFeed): Promise<void> {
    feed.add(this);
    try {
      const scratch = new Uint8Array(64);
      await Promise.race([feed.ended, readToEnd(this.#conn, scratch)]);
    } finally {
      feed.remove(this);
    }
  }

  /** Takes a line, or counts it as dropped if too many wait. */
  push(line: string): void {
    if (this.#waiting.length >= MAX_WAITING) this.#dropped++;
    else this.#waiting.push(line);
    if (!this.#writing) void this.#write();
  }

  async #write(): Promise<void> {
    this.#writing = true;
    try {
      while (this.#waiting.length > 0) {
        const lines = this.#waiting;
        this.#waiting = [];
        if (this.#dropped > 0) lines.push(JSON.stringify({ dropped: this.#dropped }));
        this.#dropped = 0;
        const bytes = new TextEncoder().encode(`${lines.join("\n")}\n`);
        for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
      }
    } catch {
      // The reader has gone: the read side notices as well and ends the tail.
    } finally {
      this.#writing = false;
    }
  }
}

async function readToEnd(conn: Deno.TcpConn, scratch: Uint8Array): Promise<void> {
  while (await conn.read(scratch) !== null);
}
