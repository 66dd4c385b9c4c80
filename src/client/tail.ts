import { answersOfEach } from "./answers_of_each.ts";
import { checkOptions, isText, type OptionRules } from "../core/errors/check_options.ts";
import { checkLevel, type Level } from "../core/levels/levels.ts";
import { pause } from "../core/runtime/pause.ts";
import { reasonOf } from "../core/values/thrown.ts";
import { isGone } from "../wire/is_gone.ts";
import { closeQuietly, connect, writeAll } from "./ports/connect.ts";
import {
  forEachTarget,
  nobodyWho,
  NoTargetError,
  type Target,
  TARGET_RULES,
  type Targets,
} from "./targets.ts";
import { readLines } from "./read_lines.ts";
import { commandText, encodeRequest } from "./request.ts";
import { scanDefaults } from "./ports/scan.ts";
import { parseTailLine, type TailFailure, type TailLine } from "./tail_line.ts";
import { TailQueue } from "./tail_queue.ts";

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

/** How often is looked for threads that have started since, in milliseconds. */
const LOOK_MS = 1000;
/** What is said of a thread that is followed again, or of another one in its place. */
const MAY_MISS = "records in between may be missing";
/** How long is looked whether nobody is left, before the tail ends, and the pause before each look. */
const LAST_MS = 3000, LAST_LOOK_MS = 500;

/**
 * Streams the records of the threads that are meant, down to a level lower than their own,
 * without a line more in their output. Threads that start meanwhile are followed within a
 * second. It ends some seconds after all threads have ended, if nobody comes meanwhile, or by
 * `signal`.
 *
 * @throws {NoTargetError} Nobody has the `name`, `pid` or `app` that is meant, or nobody listens.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
 * @throws {Error} All threads that are meant refuse, or cannot be followed; with the last reason.
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
export async function* tail(options: TailOptions = {}): AsyncGenerator<TailLine> {
  checkOptions("tail", options, OPTION_RULES);
  const connections = new TailConnections(options);
  const close = () => connections.close();
  options.signal?.addEventListener("abort", close, { once: true });
  try {
    if (options.signal?.aborted) return;
    connections.begin();
    const timer = setInterval(() => connections.lookAgain(), LOOK_MS);
    try {
      yield* connections.lines;
    } finally {
      clearInterval(timer);
    }
  } finally {
    options.signal?.removeEventListener("abort", close);
    close();
  }
}

/** The connections of a tail. */
class TailConnections {
  readonly lines: TailQueue = new TailQueue();
  readonly #options: TailOptions;
  readonly #request: object;
  readonly #conns = new Set<Deno.TcpConn>();
  /** Ports that are followed, or about to be. */
  readonly #followed = new Set<number>();
  /** The threads that have been followed so far; see `identityOf`. */
  readonly #known = new Set<string>();
  /** Threads that have failed, which are not tried again; another one may come to the port of one. */
  readonly #failed = new Set<string>();
  #looking: Promise<void> | undefined;
  #isClosed = false;
  /**
   * Failures until all ports have been asked: then they become lines of the tail; if nobody is
   * followed, the last of them becomes its error. Undefined from then on.
   */
  #unsaid: TailFailure[] | undefined = [];

  constructor(options: TailOptions) {
    this.#options = options;
    const level = checkLevel(options.level ?? "DEBUG");
    this.#request = { command: "tail", level, logger: options.logger ?? "" };
  }

  /** Follows the threads that are meant, each as soon as it has answered. */
  begin(): void {
    this.lines.begin();
    const fail = (error: unknown) => {
      if (!this.#isClosed) this.lines.fail(error);
    };
    this.#looking = this.#look().then(() => this.#tellUnsaid(), fail).finally(() => {
      this.#looking = undefined;
      this.#endFirst();
    });
  }

  /** Notes that all ports have been asked once: from now on each failure is a line of its own. */
  #endFirst(): void {
    if (this.#unsaid === undefined) return;
    this.#unsaid = undefined;
    this.lines.end();
  }

  #tellUnsaid(): void {
    const unsaid = this.#unsaid ?? [];
    const last = this.#followed.size > 0 ? undefined : unsaid.pop();
    for (const one of unsaid) this.lines.push(one);
    if (last !== undefined) this.lines.fail(cannotTail(last));
  }

  /**
   * Follows the threads that are meant and not followed yet.
   *
   * @throws {NoTargetError} There are none, with who is there instead.
   */
  async #look(): Promise<void> {
    const isFollowed = (port: number) => this.#followed.has(port);
    const { done, skipped } = await forEachTarget(this.#options, (target) => {
      const { status } = target;
      const isTried = this.#isClosed || this.#failed.has(identityOf(target));
      if (status !== undefined && !isTried) this.#follow(target);
      return status !== undefined;
    }, isFollowed);
    if (done.includes(true)) return;
    throw nobodyWho("tail", done.length, skipped, this.#options);
  }

  /** Follows those that have come since; it is no error that there is nobody new. */
  lookAgain(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return this.#looking ??= this.#lookForNew().finally(() => this.#looking = undefined);
  }

  async #lookForNew(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      // A listener that has ended since it answered the probe is no error either.
      const isNobody = error instanceof NoTargetError ||
        error instanceof Deno.errors.ConnectionRefused || isGone(error);
      if (!isNobody) this.lines.fail(error);
    }
  }

  /** Ends all. */
  close(): void {
    this.#isClosed = true;
    this.#endFirst();
    for (const conn of this.#conns) closeQuietly(conn);
    this.lines.close();
  }

  #follow(target: Target): void {
    this.#followed.add(target.port);
    this.lines.begin();
    void this.#followToEnd(target).finally(() => this.lines.end());
  }

  async #followToEnd(target: Target): Promise<void> {
    try {
      await this.#read(target);
    } catch (error) {
      const hasEnded = isGone(error) || error instanceof Deno.errors.ConnectionRefused;
      if (!this.#isClosed && !hasEnded) return this.#fail(target, reasonOf(error));
    }
    this.#followed.delete(target.port);
    await this.#lookForNext();
  }

  #fail(target: Target, failure: string): void {
    const { port } = target;
    this.#failed.add(identityOf(target));
    this.#followed.delete(port);
    const failed = { port, failure };
    if (this.#followed.size > 0) this.lines.push(failed);
    else if (this.#unsaid !== undefined) this.#unsaid.push(failed);
    else this.lines.fail(cannotTail(failed));
  }

  /**
   * Where nobody is followed any more, only the hub may have ended: the next one serves the same threads
   * within two seconds. Or they have given up a reader that took nothing, which reads on now.
   */
  async #lookForNext(): Promise<void> {
    const begun = performance.now();
    while (this.#followed.size === 0 && performance.now() - begun < LAST_MS) {
      await pause(LAST_LOOK_MS);
      if (this.#isClosed) return;
      await this.lookAgain();
    }
  }

  #noteFollowed(target: Target): void {
    const { port } = target, thread = identityOf(target);
    if (this.#known.has(thread)) this.lines.push({ port, failure: MAY_MISS, isAgain: true });
    this.#known.add(thread);
  }

  /** Tells which threads refuse that follow another one, of which the tail shows nothing. */
  async #tellRefusing(target: Target): Promise<void> {
    const { port } = target;
    const answers = await answersOfEach(target, this.#options);
    const refusing = answers.filter(({ outcome }) => outcome === "rejected");
    // Where all refuse, the tail itself has failed.
    if (this.#isClosed || refusing.length === answers.length) return;
    for (const { via, name, error } of refusing) {
      if (via === undefined) continue;
      this.lines.push({ port, failure: `${name}: ${error?.message}` });
    }
  }

  async #read(target: Target): Promise<void> {
    const { hostname } = scanDefaults(this.#options);
    const { port } = target;
    const conn = await connect(hostname, port);
    this.#conns.add(conn);
    try {
      // Closed while it was being opened.
      if (this.#isClosed) return;
      const text = commandText(this.#request, target, this.#options);
      await writeAll(conn, await encodeRequest(text, target, this.#options));
      this.#noteFollowed(target);
      if (target.status?.followers !== undefined) {
        // If it has gone meanwhile, the tail ends by that.
        this.#tellRefusing(target).catch(() => {});
      }
      await follow(conn, port, this.lines);
    } finally {
      closeQuietly(conn);
      this.#conns.delete(conn);
    }
  }
}

/** Tells a thread from another one that comes to its port. */
function identityOf({ port, status }: Target): string {
  return `${port} ${status?.pid} ${status?.name}`;
}

function cannotTail({ port, failure }: TailFailure): Error {
  return new Error(`Cannot tail port ${port}: ${failure}`);
}

/**
 * Reads lines until the thread ends or the connection is closed here.
 *
 * @throws {Error} The thread refuses, or what it says is not what a tail says.
 */
async function follow(conn: Deno.TcpConn, port: number, lines: TailQueue): Promise<void> {
  for await (const parts of readLines(conn)) {
    for (const part of parts) lines.push({ ...parseTailLine(part), port });
    // A listener that sends faster than the lines are taken has to wait, so that our memory does
    // not fill.
    await lines.untilTaken();
  }
}
