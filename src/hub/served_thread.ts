import { writeDiagnostic } from "../core/diagnostics.ts";
import { ConfigError } from "../core/errors.ts";
import { readFrameText, type TailRequest } from "../wire/command.ts";
import {
  type Ack,
  type ChangeError,
  PROTOCOL,
  type ThreadStatus,
  toChangeError,
} from "../wire/message.ts";
import { type Board, LEFT, MAX_BYTES, SERVED } from "./board.ts";
import { claimPort } from "./claim_port.ts";
import {
  type Change,
  MAX_WAITING,
  type Order,
  type Outcome,
  type Post,
  type Report,
} from "./exchange.ts";
import { type HistoryEntry } from "./history.ts";
import type { AttachOptions } from "./options.ts";
import { overrideTime } from "./override_policy.ts";
import { TailFeed } from "./tail_feed.ts";

/** How long a status waits for a thread that computes, before the last known one is told. */
const REPORT_TIMEOUT = 50;
/** How long a prepared change waits for its sender to go on. */
const PREPARED_TIMEOUT = 30_000;

/** Longest text that goes to the thread in parsed form too, which is about twice as long. */
const MAX_PARSED = 65_536;

const EMPTY_REPORT: Report = { outcomes: [], levels: {}, changed: null, overrides: [] };

/** The answer to a frame, and what it became on the board if it got there. */
export interface Answered {
  readonly ack: Ack;
  readonly change?: Change;
}

/** Hub side of one thread: its port, and the orders on their way to it. */
export class ServedThread {
  /** Name for messages. */
  readonly name: string;
  /** What it asked for. */
  readonly options: AttachOptions;
  /** Those who watch its records. */
  readonly tails: TailFeed;
  readonly #board: Board;
  #listener: Deno.TcpListener | undefined;
  #waiting: Change[] = [];
  /** Orders whose outcome is waited for: the thread forgets earlier ones. */
  readonly #awaited = new Set<number>();
  #gone = false;

  /** Takes over a thread's board. */
  constructor(name: string, board: Board, options: AttachOptions) {
    this.name = name;
    this.options = options;
    this.#board = board;
    this.tails = new TailFeed(board.buffers.tail, (taps) => {
      this.#post({ kind: "taps", taps }, "hub");
    });
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
    this.#gone = true;
    this.tails.close();
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

  /** Gives a thread that comes late what the process was sent before. */
  catchUp(entries: readonly HistoryEntry[]): void {
    for (const { text, expiresAt } of entries) {
      this.#post({ kind: "change", text }, "an earlier change of the process", { expiresAt });
    }
  }

  /** Takes overrides back when their time is up. */
  scheduleExpiry(expiresAt: number): void {
    this.#later(expiresAt - Date.now(), { kind: "expire" });
  }

  /** Tells the thread that somebody was turned away. */
  tellRefusal(reason: string, by: string): void {
    this.#post({ kind: "refused", reason }, by);
  }

  /** Checks what a frame asks for, puts it on the board and waits for the thread a little. */
  async request(text: string, by: string): Promise<Answered | TailRequest> {
    try {
      const { command, extensions, parsed } = readFrameText(text);
      if (command.kind === "tail") return command;
      const { label } = extensions;
      const time = "text" in command
        ? overrideTime(command.text, extensions, this.options.maxOverride)
        : undefined;
      const who = label === undefined ? by : `${label} (${by})`;
      const change = this.#post(command, who, {
        expiresAt: time === undefined ? undefined : Date.now() + time,
        parsed: text.length > MAX_PARSED ? undefined : parsed,
      });
      if (command.kind === "prepare") {
        this.#later(PREPARED_TIMEOUT, { kind: "abort", transaction: command.transaction });
      }
      return { ack: this.#acknowledge(await this.#outcome(change.id), change), change };
    } catch (error) {
      const reason = toChangeError(error);
      reportRefusal(this.port, by, reason.message);
      return { ack: this.refuse(reason) };
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
    const { levels, changed, overrides } = this.#report();
    const generation = this.#board.answered;
    const pending = this.#waiting.length;
    const { app } = this.options;
    return { ...this.#identity(), app, generation, levels, changed, pending, overrides };
  }

  #post(order: Order, by: string, more: Pick<Change, "expiresAt" | "parsed"> = {}): Change {
    this.#prune();
    if (this.#waiting.length >= MAX_WAITING) {
      throw new ConfigError(
        `Cannot take the change: ${MAX_WAITING} wait for the thread's next log call already`,
      );
    }
    const last = this.#waiting.at(-1)?.id ?? this.#board.published;
    const change = { id: last + 1, order, by, at: new Date().toISOString(), ...more };
    const changes = [...this.#waiting, change];
    const post: Post = { changes, awaited: Math.min(change.id, ...this.#awaited) };
    const encoded = JSON.stringify(post);
    // A character takes up to three bytes.
    if (encoded.length > MAX_BYTES / 4) {
      throw new ConfigError("Cannot take the change: those that wait are too large together");
    }
    this.#waiting = changes;
    this.#board.publish(encoded, change.id);
    if (more.expiresAt !== undefined) this.scheduleExpiry(more.expiresAt);
    return change;
  }

  /** Gives an order after a while, unless the thread has ended by then. */
  #later(milliseconds: number, order: Order): void {
    const timer = setTimeout(() => {
      if (!this.#gone) this.#post(order, "hub");
    }, Math.max(0, milliseconds));
    // On a thread of the program's own it must not keep the program alive.
    Deno.unrefTimer(Number(timer));
  }

  #prune(): void {
    const { answered } = this.#board;
    this.#waiting = this.#waiting.filter(({ id }) => id > answered);
  }

  /** What became of an order; undefined while the thread has not answered. */
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

  #acknowledge(outcome: Outcome | undefined, { by, expiresAt, order }: Change): Ack {
    const until = expiresAt === undefined ? undefined : new Date(expiresAt).toISOString();
    const identity = { ...this.#identity(), generation: this.#board.answered };
    if (outcome === undefined) return { ...identity, status: "pending", until };
    const { error, previous, levels, result } = outcome;
    if (error === undefined) {
      return { ...identity, status: "applied", previous, levels, until, result };
    }
    if (order.kind === "change") reportRefusal(this.port, by, error.message);
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
