import { checkConfig } from "../config/checked_config.ts";
import type { ParsedConfig } from "../config/config_text.ts";
import { writeDiagnostic } from "../core/diagnostics.ts";
import { ConfigError } from "../core/errors.ts";
import {
  type Ack,
  type ChangeError,
  PROTOCOL,
  type ThreadStatus,
  toChangeError,
} from "../wire/message.ts";
import { type Board, LEFT, MAX_BYTES, SERVED } from "./board.ts";
import { claimPort } from "./claim_port.ts";
import { type Change, MAX_WAITING, type Outcome, type Post, type Report } from "./exchange.ts";
import type { AttachOptions } from "./options.ts";

/** How long a status waits for a thread that computes, before the last known one is told. */
const REPORT_TIMEOUT = 50;

/** Longest text that goes to the thread in parsed form too, which is about twice as long. */
const MAX_PARSED = 65_536;

const EMPTY_REPORT: Report = { outcomes: [], levels: {}, changed: null };

/** Hub side of one thread: its port, and the changes on their way to it. */
export class ServedThread {
  /** Name for messages. */
  readonly name: string;
  /** What it asked for. */
  readonly options: AttachOptions;
  readonly #board: Board;
  #listener: Deno.TcpListener | undefined;
  #waiting: Change[] = [];
  /** The last post for the thread, which holds all that waits. */
  #encoded = "";
  /** Changes whose outcome is waited for: the thread forgets earlier ones. */
  readonly #awaited = new Set<number>();

  /** Takes over a thread's board. */
  constructor(name: string, board: Board, options: AttachOptions) {
    this.name = name;
    this.options = options;
    this.#board = board;
  }

  /** The claimed port. */
  get port(): number {
    return this.#board.port;
  }

  /**
   * Claims a port, the one it had before if there was one.
   *
   * @throws {Deno.errors.AddrInUse} All are taken.
   */
  claim(): Deno.TcpListener {
    this.#listener = claimPort(this.options, this.#board.port);
    this.#board.port = this.#listener.addr.port;
    return this.#listener;
  }

  /** Frees the port. */
  release(): void {
    this.#listener?.close();
    this.#listener = undefined;
  }

  /** Tells the thread that its port is free; it may have asked for another hub meanwhile. */
  confirmLeft(): void {
    if (this.#board.state === SERVED) this.#board.state = LEFT;
  }

  /** Shows the thread that the hub lives. */
  beat(): void {
    this.#board.beat();
  }

  /** Puts changes on the board without waiting, for a thread that comes late. */
  post(texts: readonly string[], by: string): void {
    for (const text of texts) this.#enqueue(text, by);
    if (texts.length > 0) this.#publish();
  }

  /** Checks a change, puts it on the board and waits for the thread a little. */
  async change(text: string, by: string): Promise<Ack> {
    try {
      const { parsed, extensions: { label } } = checkConfig(text);
      const { id } = this.#enqueue(text, label === undefined ? by : `${label} (${by})`, parsed);
      this.#publish();
      return this.#acknowledge(await this.#outcome(id), by);
    } catch (error) {
      const reason = toChangeError(error);
      reportRefusal(this.port, by, reason.message);
      return this.refuse(reason);
    }
  }

  /** The answer to something that is not put on the board. */
  refuse(error: ChangeError): Ack {
    return { ...this.#identity(), status: "rejected", generation: this.#board.answered, error };
  }

  /** The answer to a probe. */
  async status(): Promise<ThreadStatus> {
    this.#board.askReport();
    await this.#board.untilReported(REPORT_TIMEOUT);
    this.#prune();
    const { levels, changed } = this.#report();
    const generation = this.#board.answered;
    return { ...this.#identity(), generation, levels, changed, pending: this.#waiting.length };
  }

  #enqueue(text: string, by: string, parsed?: ParsedConfig): Change {
    this.#prune();
    if (this.#waiting.length >= MAX_WAITING) {
      throw new ConfigError(
        `Cannot take the change: ${MAX_WAITING} wait for the thread's next log call already`,
      );
    }
    const last = this.#waiting.at(-1)?.id ?? this.#board.published;
    const change = {
      id: last + 1,
      text,
      parsed: text.length > MAX_PARSED ? undefined : parsed,
      by,
      at: new Date().toISOString(),
    };
    const waiting = [...this.#waiting, change];
    // Control characters grow sixfold in JSON, so the text's own length does not tell.
    const post: Post = { changes: waiting, awaited: Math.min(change.id, ...this.#awaited) };
    const encoded = JSON.stringify(post);
    if (encoded.length > MAX_BYTES / 4) {
      throw new ConfigError("Cannot take the change: those that wait are too large together");
    }
    this.#waiting = waiting;
    this.#encoded = encoded;
    return change;
  }

  #publish(): void {
    this.#board.publish(this.#encoded, this.#waiting.at(-1)!.id);
  }

  #prune(): void {
    const { answered } = this.#board;
    this.#waiting = this.#waiting.filter(({ id }) => id > answered);
  }

  /** What became of a change; undefined while the thread has not answered. */
  async #outcome(id: number): Promise<Outcome | undefined> {
    this.#awaited.add(id);
    const end = performance.now() + this.options.answerTimeout;
    for (let left = this.options.answerTimeout; left > 0; left = end - performance.now()) {
      const { answered } = this.#board;
      if (answered >= id) break;
      await this.#board.untilAnswered(answered, left);
    }
    this.#awaited.delete(id);
    this.#prune();
    return this.#report().outcomes.find((outcome) => outcome.id === id);
  }

  #acknowledge(outcome: Outcome | undefined, by: string): Ack {
    const identity = { ...this.#identity(), generation: this.#board.answered };
    if (outcome === undefined) return { ...identity, status: "pending" };
    const { error, previous, levels } = outcome;
    if (error === undefined) return { ...identity, status: "applied", previous, levels };
    reportRefusal(this.port, by, error.message);
    return { ...identity, status: "rejected", error };
  }

  #identity(): Pick<Ack, "logdial" | "name" | "pid" | "port"> {
    return { logdial: PROTOCOL, name: this.name, pid: Deno.pid, port: this.port };
  }

  #report(): Report {
    const text = this.#board.readOutbox();
    return text === "" ? EMPTY_REPORT : JSON.parse(text) as Report;
  }
}

/** CPython's senders never read the answer, so a refusal is told here too. */
function reportRefusal(port: number, by: string, reason: string): void {
  writeDiagnostic(`logdial: refused a configuration for port ${port} from ${by}: ${reason}\n`);
}
