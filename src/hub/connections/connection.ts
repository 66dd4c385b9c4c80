import { pause } from "../../core/runtime/pause.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { type Readable, readRequest, type Request } from "../../wire/frame.ts";
import { isGone } from "../../wire/is_gone.ts";
import {
  type Ack,
  type ChangeError,
  encodeMessage,
  type ThreadStatus,
} from "../../wire/message.ts";
import type { TailRequest } from "../../wire/command.ts";
import type { Deadlines } from "../../core/runtime/deadlines.ts";
import type { ListenLimits } from "../board/attach_options.ts";
import { writeLines } from "./line_stream.ts";
import { type TailSource, TailStream } from "./tail_stream.ts";
import type { WakeQueue } from "./wake_queue.ts";

/** Bytes of a refused request that are still read, so that its sender can read the answer. */
const LINGER_BYTES = 65_536;
const LINGER_MS = 200;

/** Most tails of the process at a time, and the share of its connections that they may take. */
const MAX_TAILS = 32, TAIL_SHARE = 1 / 4;
/** Most dumps of the process at a time. */
const MAX_DUMPS = 4;

/** How long a peer may take to ask until it is the first to give way, and until it may have to. */
const SLOW_MS = 1000, SOON_MS = 100;
/**
 * Longest wait of a new connection until others are done, in milliseconds, and how often it looks at
 * least: after a hub has been kept from its processor, all others may be about to be done.
 */
const ROOM_MS = 200, FEWEST_LOOKS = 10;

/** Records to be sent until the peer leaves. */
export interface TailAnswer {
  /** Which ones. */
  readonly request: TailRequest;
  /** Where they come from. */
  readonly source: TailSource;
}

/** What the recorders hold, to be sent as lines. */
export interface DumpAnswer {
  readonly lines: () => Iterable<string>;
}

/** An answer that is more than one line. */
export type LinesAnswer = TailAnswer | DumpAnswer;

/** What a connection asks of the thread that it leads to. */
export interface RequestHandler {
  /** Limits of the listener. */
  readonly options: ListenLimits;
  /**
   * Carries out what a frame asks for; a dump is answered by lines, a tail by lines without end.
   * When `hurry` resolves, no thread is waited for any longer.
   *
   * @throws {Error} It is not signed as it has to be.
   */
  request(
    payload: Uint8Array<ArrayBuffer>,
    by: string,
    hurry: Promise<void>,
  ): Promise<Ack | LinesAnswer>;
  /** The answer to a request that is not carried out. */
  refuse(error: ChangeError): Ack;
  /** Answers a probe; a quick one without asking the thread. */
  status(isQuick: boolean): Promise<ThreadStatus>;
}

/** One connection: one request, one answer. */
export class Connection {
  /** Tails that are open on any connection of the process. */
  static #tails = 0;
  /** Dumps that are being read; each holds a copy of what there is. */
  static #dumps = 0;
  readonly #conn: Deno.TcpConn;
  readonly #handler: RequestHandler;
  readonly #by: string;
  readonly #deadlines: Deadlines;
  readonly #wakes: WakeQueue;
  #closed = false;
  /** Rejects when the connection is closed: in Deno 2.9.0 a write that is under way never ends. */
  readonly #end = Promise.withResolvers<never>();
  /** Whether the peer is being told that it has to give way; it gets no other answer. */
  #isEvicted = false;
  /** Resolves when others want the connection that waits for a thread. */
  readonly #hurry = Promise.withResolvers<void>();
  /** Whether the request has arrived whole, so that it is worth finishing. */
  busy = false;
  /** Whether it has been answered, and only lets the peer read that. */
  isAnswered = false;
  /** Whether it waits for a thread, and has not been told to hurry. */
  isWaiting = false;
  /** Since when it is served, in milliseconds of this thread's clock. */
  since: number = performance.now();
  /** The peer's address and the port, as a text. */
  readonly way: string;

  /** Takes over the connection. */
  constructor(
    conn: Deno.TcpConn,
    handler: RequestHandler,
    deadlines: Deadlines,
    wakes: WakeQueue,
  ) {
    this.#deadlines = deadlines;
    this.#wakes = wakes;
    this.#conn = conn;
    this.#handler = handler;
    this.#end.promise.catch(() => {});
    const { hostname, port } = conn.remoteAddr;
    this.#by = `${hostname}:${port}`;
    this.way = `${hostname} ${conn.localAddr.port}`;
  }

  /** Reads the request, answers it, and closes; it never throws. */
  async serve(): Promise<void> {
    try {
      const request = await this.#read();
      if (this.#isEvicted) return;
      this.busy = true;
      const answer = await this.#answer(request);
      if (answer !== undefined && "source" in answer) {
        await this.#tail(answer);
      } else if (answer !== undefined && "lines" in answer) {
        await this.#dump(answer);
      } else if (answer !== undefined) await this.#write(answer);
      this.isAnswered = true;
      if (request.kind === "refused") await this.#takeIn();
    } catch (error) {
      // A peer that goes away needs no answer; CPython's senders do so by design.
      if (!this.#closed && !isGone(error)) throw error;
    } finally {
      // An evicted peer is still being told so; `evict` closes the connection after that.
      if (!this.#isEvicted) this.close();
    }
  }

  /** Serves a tail. Tails last, so only a few may be open: the rest is for those who turn levels. */
  async #tail({ request, source }: TailAnswer): Promise<void> {
    const { maxConnections } = this.#handler.options;
    const most = Math.min(MAX_TAILS, Math.ceil(maxConnections * TAIL_SHARE));
    if (Connection.#tails >= most) {
      const message =
        `Cannot tail: ${most} tails of this process are open already, the most there may be`;
      return await this.#write(this.#handler.refuse({ message }));
    }
    Connection.#tails++;
    try {
      await new TailStream(this.#conn, request, this.#deadlines).run(source);
    } finally {
      Connection.#tails--;
    }
  }

  async #dump({ lines }: DumpAnswer): Promise<void> {
    if (Connection.#dumps >= MAX_DUMPS) {
      const message = `Cannot dump: ${MAX_DUMPS} dumps of this process are being read already`;
      return await this.#write(this.#handler.refuse({ message }));
    }
    Connection.#dumps++;
    try {
      const target = {
        write: (bytes: Uint8Array) => this.#send(bytes),
        giveUp: () => this.close(),
      };
      await writeLines(target, lines(), this.#deadlines);
    } finally {
      Connection.#dumps--;
    }
  }

  /** Turns the peer away, to make room for others; one that has been answered hears no more. */
  async evict(): Promise<void> {
    if (this.isAnswered) return this.close();
    this.#isEvicted = true;
    const { maxConnections } = this.#handler.options;
    const message = `Cannot serve: there are more than ${maxConnections} connections`;
    try {
      await this.#conn.write(encodeMessage(this.#handler.refuse({ message })));
    } catch (error) {
      if (!isGone(error)) throw error;
    } finally {
      this.close();
    }
  }

  /** Ends its wait for a thread, since others want the connection; false if it does not wait. */
  hurry(): boolean {
    const { isWaiting } = this;
    this.isWaiting = false;
    if (isWaiting) this.#hurry.resolve();
    return isWaiting;
  }

  /** Closes the connection, whatever it is doing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
    this.#end.reject(new Deno.errors.Interrupted("the connection is closed"));
  }

  /** Writes some of the bytes and gives how many; fails when the connection is closed meanwhile. */
  #send(bytes: Uint8Array): Promise<number> {
    return Promise.race([this.#conn.write(bytes), this.#end.promise]);
  }

  async #read(): Promise<Request> {
    const { maxBytes, readTimeout } = this.#handler.options;
    const reading = readRequest(this.#conn, maxBytes);
    // When the time is up, the read goes on until the connection closes; its failure is of no use.
    reading.catch(() => {});
    const { promise: late, resolve } = Promise.withResolvers<Request>();
    const timeOut = () => {
      resolve({ kind: "refused", reason: `it did not arrive within ${readTimeout} ms` });
    };
    this.#deadlines.add(timeOut, readTimeout);
    this.#wakes.expect(this);
    try {
      return await Promise.race([reading, late]);
    } finally {
      this.#deadlines.remove(timeOut);
      this.#wakes.settle(this);
    }
  }

  async #answer(request: Request): Promise<Ack | ThreadStatus | LinesAnswer | undefined> {
    switch (request.kind) {
      case "nothing":
        return undefined;
      case "probe":
        return await this.#handler.status(request.isQuick);
      case "refused":
        return this.#handler.refuse({ message: `Cannot read the request: ${request.reason}` });
      case "frame":
        return await this.#change(request.payload);
    }
  }

  async #change(payload: Uint8Array<ArrayBuffer>): Promise<Ack | LinesAnswer> {
    this.isWaiting = true;
    try {
      return await this.#handler.request(payload, this.#by, this.#hurry.promise);
    } catch (error) {
      const reason = reasonOf(error);
      return this.#handler.refuse({ message: `Cannot take the change: ${reason}` });
    } finally {
      this.isWaiting = false;
    }
  }

  /** Writes the answer; a peer that does not take it in time does without. */
  async #write(answer: Ack | ThreadStatus): Promise<void> {
    const bytes = encodeMessage(answer);
    const timeOut = () => this.close();
    this.#deadlines.add(timeOut, this.#handler.options.readTimeout);
    try {
      for (let at = 0; at < bytes.length;) at += await this.#send(bytes.subarray(at));
    } finally {
      this.#deadlines.remove(timeOut);
    }
  }

  /** Reads what is left: to close with bytes unread would reset the connection, and its answer. */
  async #takeIn(): Promise<void> {
    await this.#conn.closeWrite();
    await readToEnd(this.#conn);
  }
}

/** How many new connections wait until others are done. */
let incoming = 0;

/**
 * Adds a connection to those that are served. If these are too many, one of them gives way, and
 * `evicted` is called with each that is turned away; else the new one waits until others are done.
 * Returns false if there is no room before long.
 */
export async function takeIn(
  connection: Connection,
  connections: Set<Connection>,
  most: number,
  evicted: (ended: Promise<void>) => void,
): Promise<boolean> {
  const end = performance.now() + ROOM_MS;
  for (let looks = 0; connections.size >= most; looks++) {
    const isOver = (performance.now() > end && looks >= FEWEST_LOOKS) || incoming >= most;
    const one = whoGivesWay(connections, isOver);
    if (one === undefined && isOver) return false;
    if (one === undefined || one.hurry()) {
      incoming++;
      await pause(1);
      incoming--;
      continue;
    }
    connections.delete(one);
    evicted(one.evict());
  }
  // Others that come in this very moment must not take it for one that has said nothing for long.
  connection.since = performance.now();
  connections.add(connection);
  return true;
}

/**
 * The connection that gives way to a new one: one that has been answered. Else it is of the largest
 * group from one address to one port, so that whoever floods a port keeps nobody from another port.
 * Of that group it is the oldest that is slow in asking; else the oldest that has waited for a thread
 * for a moment; else the oldest that has not asked for a moment. Once it is urgent, a moment may have
 * any length.
 */
export function whoGivesWay(
  connections: Iterable<Connection>,
  isUrgent = false,
): Connection | undefined {
  const all = [...connections];
  const answered = all.find(({ isAnswered }) => isAnswered);
  if (answered !== undefined) return answered;
  const now = performance.now();
  const isSilent = (ms: number) => ({ busy, since }: Connection) => !busy && now - since > ms;
  const hasWaited = (ms: number) => (one: Connection) => one.isWaiting && now - one.since > ms;
  const groups = [...Map.groupBy(all, ({ way }) => way).values()];
  const crowd = Math.max(...groups.map(({ length }) => length)) / 2;
  for (const group of groups.sort((a, b) => b.length - a.length)) {
    if (group.length < crowd && !isUrgent) return undefined;
    const least = isUrgent ? 0 : SOON_MS;
    const one = group.find(isSilent(SLOW_MS)) ?? group.find(hasWaited(least)) ??
      group.find(isSilent(least));
    if (one !== undefined) return one;
  }
  return undefined;
}

/** Reads on until the peer closes, within limits. */
async function readToEnd(conn: Readable): Promise<void> {
  const scratch = new Uint8Array(4096);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => timer = setTimeout(() => resolve(null), LINGER_MS));
  try {
    for (let left = LINGER_BYTES; left > 0;) {
      const reading = conn.read(scratch);
      reading.catch(() => {});
      const count = await Promise.race([reading, late]);
      if (count === null) return;
      left -= count;
    }
  } finally {
    clearTimeout(timer);
  }
}
