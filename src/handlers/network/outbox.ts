import { getRaiseExceptions, writeDiagnostic } from "../../core/io/diagnostics.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { readOrTell, thrownText } from "../../core/values/thrown.ts";
import { flushAtEnd } from "../flush_at_end.ts";
import type { LogSocket } from "./log_socket.ts";

/** Messages that may wait; those beyond are dropped. */
const MAX_MESSAGES = 10_000;
/** Bytes (characters, of text) that may wait. */
const MAX_BYTES = 16 * 1024 * 1024;

/** When to try again after a failure, in seconds; Python's fields. */
export interface Retry {
  /** First pause. */
  readonly retryStart: number;
  /** Longest pause. */
  readonly retryMax: number;
  /** The factor by which each pause is longer than the one before. */
  readonly retryFactor: number;
}

/** What an {@linkcode Outbox} needs to know. */
export interface OutboxOptions<T> extends Retry {
  /** Makes a connection. */
  connect(): Promise<LogSocket<T>>;
  /** Tells of a failure, at most once until something goes out again. */
  report(record: LogRecord, error: unknown): void;
  /** Called when nothing waits any more. */
  onIdle?(): void;
  /** What is at the other end, for messages. */
  readonly name: string;
  /**
   * What happens to a message that could not be sent: it is sent again over a new connection, or it
   * is dropped and the next one is sent, or it is dropped and nothing is sent for a while.
   */
  readonly onFailure: "resend" | "drop" | "pause";
}

interface Message<T> {
  readonly record: LogRecord;
  readonly content: T;
  readonly size: number;
}

/**
 * Messages on their way out, in their order.
 *
 * Deno has no synchronous sockets. So a log call puts its message here; sending begins
 * when the program pauses, and keeps it alive until all is out or the other end fails.
 * What waits for the next try after a failure does not keep it alive, and `Deno.exit`
 * waits for nothing.
 */
export class Outbox<T extends Uint8Array | string> {
  readonly #options: OutboxOptions<T>;
  #waiting: Message<T>[] = [];
  #size = 0;
  #count = 0;
  #running: Promise<void> | undefined;
  #socket: LogSocket<T> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pause = 0;
  #lost: number | undefined;
  #isClosing = false;

  /** Connects when the first message comes. */
  constructor(options: OutboxOptions<T>) {
    this.#options = options;
    flushAtEnd(this);
  }

  /** Takes a message to be sent, unless too many are waiting. */
  push(record: LogRecord, content: T): void {
    this.#isClosing = false;
    if (this.#count >= MAX_MESSAGES || this.#size >= MAX_BYTES) {
      const error = new Error(`${this.#count} messages are waiting for ${this.#name()}`);
      this.#fail(record, error, 1);
      return;
    }
    this.#waiting.push({ record, content, size: content.length });
    this.#count++;
    this.#size += content.length;
    if (this.#timer === undefined) this.#run();
  }

  /** Resolves when everything is out, or waits for the next try after a failure. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Tells what is lost if the program is over. */
  flush(isOver: boolean): void {
    if (isOver) this.#dropAll();
  }

  /** Sends what is there, drops it if that fails, and disconnects. */
  close(): void {
    this.#isClosing = true;
    if (this.#running === undefined) this.#giveUp();
  }

  #run(): void {
    this.#running ??= this.#work();
  }

  /** Never rejects: nobody would hear of it, and the program would end. */
  async #work(): Promise<void> {
    try {
      await this.#sendAll();
    } catch (error) {
      // A subclass may have put anything in the place of the address or of the retry times.
      this.#tell(`cannot send records: ${thrownText(error)}`);
      this.#dropAll();
    }
    if (this.#waiting.length === 0) this.#options.onIdle?.();
    this.#running = undefined;
    // A message may have come after the last look.
    if (this.#waiting.length > 0 && this.#timer === undefined) this.#run();
    else if (this.#isClosing) this.#giveUp();
  }

  async #sendAll(): Promise<void> {
    // Connecting within the log call would make the call wait.
    await undefined;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const [index, message] of batch.entries()) {
        const outcome = await this.#send(message);
        if (outcome === "kept" || outcome === "lost" && this.#options.onFailure === "pause") {
          const rest = batch.slice(outcome === "kept" ? index : index + 1);
          this.#waiting = [...rest, ...this.#waiting];
          this.#retryLater();
          return;
        }
      }
    }
  }

  /** Sends a message; if the connection has gone stale, a new one is made, once. */
  async #send(message: Message<T>): Promise<"sent" | "kept" | "lost"> {
    const { onFailure } = this.#options;
    let isStale = this.#socket !== undefined && onFailure === "resend";
    for (;;) {
      if (this.#socket?.isClosed) this.#disconnect();
      try {
        this.#socket ??= await this.#options.connect();
        await this.#socket.send(message.content);
        this.#forget(message);
        this.#recover();
        return "sent";
      } catch (error) {
        const isLost = this.#socket !== undefined && onFailure !== "resend";
        if (onFailure === "resend") this.#disconnect();
        if (isStale) {
          isStale = false;
          continue;
        }
        if (isLost) this.#forget(message);
        this.#fail(message.record, error, isLost ? 1 : 0);
        return isLost ? "lost" : "kept";
      }
    }
  }

  #forget({ size }: Message<T>): void {
    this.#count--;
    this.#size -= size;
  }

  #fail(record: LogRecord, error: unknown, lost: number): void {
    const isFirst = this.#lost === undefined;
    this.#lost = (this.#lost ?? 0) + lost;
    if (!isFirst) return;
    this.#options.report(record, error);
  }

  #recover(): void {
    this.#pause = 0;
    const lost = this.#lost;
    if (lost === undefined) return;
    this.#lost = undefined;
    this.#tell(`${this.#name()} takes records again; ${lost} were lost`);
  }

  #retryLater(): void {
    const { retryStart, retryMax, retryFactor } = this.#options;
    this.#pause = this.#pause === 0 ? retryStart : Math.min(this.#pause * retryFactor, retryMax);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#run();
    }, this.#pause * 1000);
    Deno.unrefTimer(this.#timer);
  }

  #disconnect(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    try {
      socket?.close();
    } catch {
      // The connection is broken already.
    }
  }

  #giveUp(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#disconnect();
    this.#dropAll();
  }

  #dropAll(): void {
    const lost = this.#count + (this.#lost ?? 0);
    this.#waiting = [];
    this.#size = this.#count = this.#pause = 0;
    this.#lost = undefined;
    if (lost === 0) return;
    const records = lost === 1 ? "1 record" : `${lost} records`;
    this.#tell(`${records} for ${this.#name()} ${lost === 1 ? "was" : "were"} lost`);
  }

  #name(): string {
    return String(readOrTell(this.#options, "name"));
  }

  #tell(text: string): void {
    if (getRaiseExceptions()) writeDiagnostic(`logdial: ${text}\n`);
  }
}
