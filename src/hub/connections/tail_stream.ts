import type { TailRequest } from "../../wire/command.ts";
import type { Deadlines } from "../../core/runtime/deadlines.ts";
import type { TailFeed, Watcher } from "./tail_feed.ts";

/** Lines that may wait for a slow reader; more are dropped and counted. */
const MAX_WAITING = 2000;
/** Characters that may wait. */
const MAX_LENGTH = 1 << 20;
/** Longest wait for a reader to take the last lines of threads that have ended, in milliseconds. */
const LAST_MS = 500;
/** Longest time that a reader may take nothing while something waits for it, in milliseconds. */
const STALL_MS = 30_000;

/** Where the records of a tail come from: threads that come and go. */
export interface TailSource {
  /** The feeds of the threads that there are now. */
  feeds(): readonly TailFeed[];
  /** Resolves when the feeds are no longer the same. */
  changed(): Promise<void>;
  /** Resolves when no more feeds will come. */
  readonly ended: Promise<void>;
}

/** A connection on which records go out until its reader leaves. */
export class TailStream implements Watcher {
  /** Lowest level number. */
  readonly level: number;
  /** Name of the logger whose records are wanted, with those below it; empty for all. */
  readonly logger: string;
  readonly #conn: Pick<Deno.TcpConn, "read" | "write">;
  #waiting: string[] = [];
  #dropped = 0;
  #length = 0;
  #isWriting = false;
  #writing: Promise<void> | undefined;
  #end = () => {};
  /** Resolves when the reader has taken nothing for too long. */
  readonly #stalled: Promise<void> = new Promise((resolve) => this.#end = resolve);
  readonly #deadlines: Deadlines;

  /** Writes what `request` asks for to `conn`. */
  constructor(
    conn: Pick<Deno.TcpConn, "read" | "write">,
    { level, logger }: TailRequest,
    deadlines: Deadlines,
  ) {
    this.#conn = conn;
    this.#deadlines = deadlines;
    this.level = level;
    this.logger = logger;
  }

  /** Runs until the reader closes the connection or its source ends. */
  async run(source: TailSource): Promise<void> {
    const feeds = new Set<TailFeed>();
    let isOver = false;
    const over = Promise.race([
      source.ended.then(() => this.#flush()),
      this.#stalled,
      readToEnd(this.#conn, new Uint8Array(64)),
    ]).finally(() => isOver = true);
    try {
      while (!isOver) {
        const changed = source.changed();
        const now = source.feeds();
        for (const feed of now) if (!feeds.has(feed)) feed.add(this);
        for (const feed of feeds) if (!now.includes(feed)) feed.remove(this);
        feeds.clear();
        for (const feed of now) feeds.add(feed);
        await Promise.race([over, changed]);
      }
    } finally {
      for (const feed of feeds) feed.remove(this);
    }
  }

  /** Takes a line, or counts it as dropped if too many wait. */
  push(line: string): void {
    if (this.#waiting.length >= MAX_WAITING || this.#length + line.length > MAX_LENGTH) {
      this.#dropped++;
    } else {
      this.#waiting.push(line);
      this.#length += line.length;
    }
    if (!this.#isWriting) this.#writing = this.#write();
  }

  /** Gives the reader a little time to take the last lines. */
  async #flush(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, LAST_MS));
    await Promise.race([this.#writing, late]);
    clearTimeout(timer);
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#waiting.length > 0 || this.#dropped > 0) {
        const lines = this.#waiting;
        this.#waiting = [];
        this.#length = 0;
        if (this.#dropped > 0) lines.push(JSON.stringify({ dropped: this.#dropped }));
        this.#dropped = 0;
        const bytes = new TextEncoder().encode(`${lines.join("\n")}\n`);
        for (let at = 0; at < bytes.length;) at += await this.#writeSome(bytes.subarray(at));
      }
    } catch {
      // The reader has gone: `run` sees that by its read, and ends the tail.
    } finally {
      // This is set here and not by whoever awaits the promise: a line in between would be left.
      this.#isWriting = false;
    }
  }

  /** Writes some of the bytes. A reader that takes none is given up: others want its place. */
  async #writeSome(bytes: Uint8Array): Promise<number> {
    this.#deadlines.add(this.#end, STALL_MS);
    try {
      return await this.#conn.write(bytes);
    } finally {
      this.#deadlines.remove(this.#end);
    }
  }
}

async function readToEnd(conn: Pick<Deno.TcpConn, "read">, scratch: Uint8Array): Promise<void> {
  while (await conn.read(scratch) !== null);
}
