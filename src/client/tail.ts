import { checkLevel, type Level } from "../core/levels.ts";
import type { ChangeError } from "../wire/message.ts";
import { NoTargetError } from "./no_target_error.ts";
import { encodeRequest } from "./request.ts";
import { scanDefaults } from "./scan.ts";
import { selectTargets, type Target, type Targets } from "./targets.ts";

/** Options of {@linkcode tail}. */
export interface TailOptions extends Targets {
  /** Lowest level to see. @default "DEBUG" */
  level?: Level;
  /** Logger at or below which to see records. @default all */
  logger?: string;
  /** Ends the tail. */
  signal?: AbortSignal;
}

/** A record as a tail shows it. */
export interface TailRecord {
  /** Port of the thread. */
  readonly port: number;
  /** ISO time. */
  readonly time: string;
  /** Name of the level. */
  readonly level: string;
  /** Number of the level. */
  readonly levelno: number;
  /** Name of the logger. */
  readonly logger: string;
  /** The message with its arguments merged in. */
  readonly message: string;
  /** Name of the thread. */
  readonly thread: string;
  /** Process id. */
  readonly pid: number;
  /** Module of the log call. */
  readonly module: string;
  /** Function of the log call. */
  readonly funcName: string;
  /** Line of the log call. */
  readonly lineno: number;
  /** The error's stack. */
  readonly error?: string;
}

/** Records that were lost because they came faster than they could be shown. */
export interface TailGap {
  /** Port of the thread. */
  readonly port: number;
  /** How many. */
  readonly dropped: number;
}

/**
 * Streams the records of the threads that are meant, down to a level lower than their own,
 * without a line more in their output. It ends when all threads have ended, or by `signal`.
 *
 * @throws {Error} A target that nobody is, or a host that cannot be reached.
 *
 * @example
 * ```ts
 * import { tail } from "@logdial/logging/client";
 *
 * for await (const record of tail({ logger: "app.db" })) {
 *   if ("message" in record) console.log(record.time, record.thread, record.message);
 * }
 * ```
 */
export async function* tail(options: TailOptions = {}): AsyncGenerator<TailRecord | TailGap> {
  const selection = await selectTargets(options);
  const targets = selection.targets.filter(({ status }) => status !== undefined);
  if (targets.length === 0) throw new NoTargetError("Cannot tail: nobody listens");
  const level = checkLevel(options.level ?? "DEBUG");
  const payload = JSON.stringify({
    logdial: { command: "tail", level, logger: options.logger ?? "" },
  });
  const lines = new LineQueue(targets.length);
  const conns = await Promise.all(targets.map((target) => open(target, payload, options)));
  const close = () => conns.forEach((conn) => closeQuietly(conn));
  options.signal?.addEventListener("abort", close, { once: true });
  if (options.signal?.aborted) close();
  for (const [index, conn] of conns.entries()) void follow(conn, targets[index]!.port, lines);
  try {
    yield* lines;
  } finally {
    options.signal?.removeEventListener("abort", close);
    close();
  }
}

async function open(target: Target, payload: string, options: TailOptions): Promise<Deno.TcpConn> {
  const { hostname } = scanDefaults(options);
  const conn = await Deno.connect({ hostname, port: target.port });
  const frame = await encodeRequest(payload, options.key);
  for (let at = 0; at < frame.length;) at += await conn.write(frame.subarray(at));
  return conn;
}

/** Reads lines until the thread ends or the connection is closed here. */
async function follow(conn: Deno.TcpConn, port: number, lines: LineQueue): Promise<void> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(65_536);
  let rest = "";
  try {
    for (let count = await conn.read(chunk); count !== null; count = await conn.read(chunk)) {
      const parts = (rest + decoder.decode(chunk.subarray(0, count), { stream: true })).split("\n");
      rest = parts.pop()!;
      for (const part of parts) {
        const line = JSON.parse(part) as TailRecord | TailGap | {
          status: string;
          error?: ChangeError;
        };
        if ("status" in line) {
          throw new Error(`Cannot tail port ${port}: ${line.error?.message ?? line.status}`);
        }
        lines.push({ ...line, port });
      }
    }
    lines.end();
  } catch (error) {
    const isClosed = error instanceof Deno.errors.BadResource ||
      error instanceof Deno.errors.Interrupted || error instanceof Deno.errors.ConnectionReset;
    lines.end(isClosed ? undefined : error);
  }
}

/** Lines of several connections in the order of their arrival. */
class LineQueue implements AsyncIterable<TailRecord | TailGap> {
  #lines: (TailRecord | TailGap)[] = [];
  #open: number;
  #failure: { error: unknown } | undefined;
  #wake = () => {};

  constructor(open: number) {
    this.#open = open;
  }

  push(line: TailRecord | TailGap): void {
    this.#lines.push(line);
    this.#wake();
  }

  end(error?: unknown): void {
    this.#open--;
    if (error !== undefined) this.#failure = { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TailRecord | TailGap> {
    for (;;) {
      const lines = this.#lines;
      this.#lines = [];
      yield* lines;
      if (this.#lines.length > 0) continue;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#open === 0) return;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}

function closeQuietly(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
