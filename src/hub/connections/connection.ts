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
  /** Since when it is served, or waits for a thread, in milliseconds of this thread's clock. */
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
    // A thread that has just been asked answers soon, however long the request was on its way.
    this.since = performance.now();
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
