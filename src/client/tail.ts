import { checkOptions, isText, type OptionRules } from "../core/check_options.ts";
import { checkLevel, type Level } from "../core/levels.ts";
import { isGone } from "../wire/is_gone.ts";
import type { ChangeError } from "../wire/message.ts";
import { NoTargetError } from "./no_target_error.ts";
import { encodeRequest } from "./request.ts";
import { scanDefaults } from "./scan.ts";
import { selectTargets, type Target, TARGET_RULES, type Targets } from "./targets.ts";

/** Options of {@linkcode tail}. */
export interface TailOptions extends Targets {
  /** Lowest level to see. @default "DEBUG" */
  level?: Level;
  /** Logger at or below which to see records. @default all */
  logger?: string;
  /** Ends the tail. */
  signal?: AbortSignal;
}

const OPTION_RULES: OptionRules<TailOptions> = {
  ...TARGET_RULES,
  level: (value) => typeof value === "number" ? undefined : isText(value),
  logger: isText,
  signal: (value) => value instanceof AbortSignal ? undefined : "an AbortSignal",
};

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

/** How often is looked for threads that have started since, in milliseconds. */
const LOOK_MS = 1000;

/**
 * Streams the records of the threads that are meant, down to a level lower than their own,
 * without a line more in their output. Threads that start meanwhile are followed within a
 * second. It ends when all threads have ended, or by `signal`.
 *
 * @throws {Error} A target that nobody is, or a host that cannot be reached.
 * @throws {TypeError} An unknown option, or one of another type.
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
  checkOptions("tail", options, OPTION_RULES);
  const followers = new Followers(options);
  const close = () => followers.close();
  options.signal?.addEventListener("abort", close, { once: true });
  try {
    if (!await followers.look()) throw new NoTargetError("Cannot tail: nobody listens");
    if (options.signal?.aborted) close();
    const timer = setInterval(() => followers.lookAgain(), LOOK_MS);
    try {
      yield* followers.lines;
    } finally {
      clearInterval(timer);
    }
  } finally {
    options.signal?.removeEventListener("abort", close);
    close();
  }
}

/** The connections of a tail. */
class Followers {
  readonly lines: LineQueue = new LineQueue();
  readonly #options: TailOptions;
  readonly #payload: string;
  readonly #conns = new Map<number, Deno.TcpConn>();
  #isLooking = false;
  #isClosed = false;

  constructor(options: TailOptions) {
    this.#options = options;
    const level = checkLevel(options.level ?? "DEBUG");
    this.#payload = JSON.stringify({
      logdial: { command: "tail", level, logger: options.logger ?? "" },
    });
  }

  /** Follows the threads that are meant and not followed yet; returns whether there are any. */
  async look(): Promise<boolean> {
    const { targets } = await selectTargets(this.#options, (port) => this.#conns.has(port));
    const found = targets.filter(({ status }) => status !== undefined);
    await Promise.all(found.map((target) => this.#follow(target)));
    return found.length > 0;
  }

  /** As {@linkcode Followers.look}, where it is no error that there is nobody new. */
  async lookAgain(): Promise<void> {
    if (this.#isLooking || this.#isClosed) return;
    this.#isLooking = true;
    try {
      await this.look();
    } catch (error) {
      // One that has ended between its answer and ours is nobody either.
      const isNobody = error instanceof NoTargetError ||
        error instanceof Deno.errors.ConnectionRefused || isGone(error);
      if (!isNobody) this.lines.fail(error);
    } finally {
      this.#isLooking = false;
    }
  }

  /** Ends all. */
  close(): void {
    this.#isClosed = true;
    for (const conn of this.#conns.values()) closeQuietly(conn);
  }

  async #follow(target: Target): Promise<void> {
    const { port } = target;
    const conn = await open(target, this.#payload, this.#options);
    if (this.#isClosed) return closeQuietly(conn);
    this.#conns.set(port, conn);
    this.lines.begin();
    void follow(conn, port, this.lines).finally(() => {
      closeQuietly(conn);
      this.#conns.delete(port);
    });
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
  } catch (error) {
    const isClosed = error instanceof Deno.errors.BadResource ||
      error instanceof Deno.errors.Interrupted || isGone(error);
    if (!isClosed) lines.fail(error);
  } finally {
    lines.end();
  }
}

/** Lines of several connections in the order of their arrival. */
class LineQueue implements AsyncIterable<TailRecord | TailGap> {
  #lines: (TailRecord | TailGap)[] = [];
  #open = 0;
  #failure: { error: unknown } | undefined;
  #wake = () => {};

  begin(): void {
    this.#open++;
  }

  push(line: TailRecord | TailGap): void {
    this.#lines.push(line);
    this.#wake();
  }

  end(): void {
    this.#open--;
    this.#wake();
  }

  fail(error: unknown): void {
    this.#failure = { error };
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
