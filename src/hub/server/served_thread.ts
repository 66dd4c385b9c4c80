import { writeDiagnostic } from "../../core/io/diagnostics.ts";
import { RecentTexts } from "../../config/text/recent_texts.ts";
import { ConfigError } from "../../core/errors.ts";
import type { TailRequest } from "../../wire/command.ts";
import {
  type Ack,
  type ChangeError,
  PROTOCOL,
  type ThreadStatus,
  toChangeError,
} from "../../wire/message.ts";
import { type Board, LEFT, MAX_BYTES, SERVED } from "../board/board.ts";
import { claimPort } from "./claim_port.ts";
import {
  type Change,
  MAX_WAITING,
  type Order,
  type Outcome,
  type Post,
  type Report,
} from "../board/orders.ts";
import type { HistoryEntry } from "../board/sent_configs.ts";
import type { AttachOptions } from "../board/options.ts";
import { readOrder } from "../board/read_order.ts";
import { TailFeed } from "./tail_feed.ts";
import { decodeText, toBase64 } from "../board/payload_text.ts";
import type { WakeQueue } from "./wake_queue.ts";

/** How long a status waits for a thread that computes, before the last known one is told. */
const REPORT_TIMEOUT = 50;
/** Longest that a sender may have the hub wait for a thread, in milliseconds. */
const MAX_WAIT = 600_000;
/** How often is looked whether a thread that is waited for has ended, in milliseconds. */
const LOOK_MS = 500;

const EMPTY_REPORT: Report = { outcomes: [], levels: {}, changed: null, overrides: [] };

/** What an order has become on the board. */
type Taken = Pick<Change, "order" | "expiresAt">;

/** Hub side of one thread: its port, and the orders on their way to it. */
export class ServedThread {
  /** Name for messages. */
  readonly name: string;
  /** What it asked for. */
  readonly options: AttachOptions;
  /** Those who watch its records. */
  readonly tails: TailFeed;
  readonly #board: Board;
  readonly #onTaken: (taken: Taken) => void;
  readonly #wakes: WakeQueue;
  #listener: Deno.TcpListener | undefined;
  #waiting: Change[] = [];
  /** Orders whose outcome is waited for: the thread forgets earlier ones. */
  readonly #awaited = new Set<number>();
  /** Which texts the thread keeps; one that it has forgotten after all it reads by itself. */
  readonly #kept = new RecentTexts<true>();
  #gone = false;

  /** Takes over a thread's board, to wake it by `wakes`; `onTaken` hears of what it has not rejected. */
  constructor(
    name: string,
    board: Board,
    options: AttachOptions,
    wakes: WakeQueue,
    onTaken: (taken: Taken) => void,
  ) {
    this.#wakes = wakes;
    this.#onTaken = onTaken;
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
      if (expiresAt !== undefined) this.scheduleExpiry(expiresAt);
    }
  }

  /** Takes overrides back when their time is up. */
  scheduleExpiry(expiresAt: number): void {
    this.#later(expiresAt - Date.now(), { kind: "expire" });
  }

  /** Tells the thread that somebody was turned away. */
  tellRefusal(reason: string, by: string): void {
    // A thread that does not come to it is not to be swamped.
    this.#prune();
    if (this.#waiting.length < MAX_WAITING) this.#post({ kind: "refused", reason }, by);
  }

  /** Checks what a frame asks for, puts it on the board and waits for the thread a little. */
  async request(payload: Uint8Array, by: string): Promise<{ ack: Ack } | TailRequest> {
    try {
      if (this.options.verifies) return await this.#passOn(payload, by);
      const read = readOrder(decodeText(payload), by, this.options.maxOverride);
      if ("kind" in read) return read;
      const { order, expiresAt, parsed, wait } = read;
      this.#checkRoom();
      const change = this.#post(order, read.by, {
        expiresAt,
        parsed: this.#isNew(order) ? parsed : undefined,
      });
      const { answerTimeout } = this.options;
      let outcome = await this.#outcome(change.id, answerTimeout);
      if (outcome?.error === undefined) this.#follow(change, wait);
      outcome ??= await this.#outcome(change.id, Math.min(wait, MAX_WAIT) - answerTimeout);
      return { ack: this.#acknowledge(outcome, change) };
    } catch (error) {
      const reason = toChangeError(error);
      reportRefusal(this.port, by, reason.message);
      this.tellRefusal(reason.message, by);
      return { ack: this.refuse(reason) };
    }
  }

  /** Leaves the reading to the thread, whose program wants to see the payload first. */
  async #passOn(payload: Uint8Array, by: string): Promise<{ ack: Ack } | TailRequest> {
    this.#checkRoom();
    const change = this.#post({ kind: "raw", payload: toBase64(payload) }, by);
    const outcome = await this.#outcome(change.id, this.options.answerTimeout);
    if (outcome === undefined) void this.#followLate(change);
    else if (outcome.read !== undefined) this.#follow(outcome.read);
    if (outcome?.tail !== undefined) return outcome.tail;
    return { ack: this.#acknowledge(outcome, { ...change, ...outcome?.read }) };
  }

  /** What a payload was is known only when the thread has read it. */
  async #followLate({ id }: Change): Promise<void> {
    const outcome = await this.#outcome(id, Infinity);
    if (outcome?.read !== undefined) this.#follow(outcome.read);
  }

  /** Sees to what comes later of an order that was not rejected. */
  #follow(taken: Taken, wait = 0): void {
    const { order, expiresAt } = taken;
    if (order.kind === "prepare") {
      this.#later(this.options.prepareTimeout + wait, {
        kind: "abort",
        transaction: order.transaction,
      });
    }
    if (expiresAt !== undefined && order.kind !== "check") this.scheduleExpiry(expiresAt);
    this.#onTaken(taken);
  }

  /** The answer to something that is not put on the board. */
  refuse(error: ChangeError): Ack {
    return { ...this.#identity(), status: "rejected", generation: this.#board.answered, error };
  }

  /** The answer to a probe; a quick one tells what the thread has shown last. */
  async status(isQuick: boolean): Promise<ThreadStatus> {
    if (!isQuick) {
      this.#board.askReport();
      await this.#board.untilReported(REPORT_TIMEOUT);
    }
    this.#prune();
    const { levels, changed, overrides } = this.#report();
    const generation = this.#board.answered;
    const pending = this.#waiting.length;
    const { app } = this.options;
    return { ...this.#identity(), app, generation, levels, changed, pending, overrides };
  }

  #post(order: Order, by: string, more: Pick<Change, "expiresAt" | "parsed"> = {}): Change {
    this.#prune();
    // What the hub itself asks for over and over need be done once, after all the rest.
    const isAgain = ({ order: { kind } }: Change) =>
      kind === order.kind && (kind === "expire" || kind === "taps");
    this.#waiting = this.#waiting.filter((change) => !isAgain(change));
    const change = {
      id: this.#board.published + 1,
      order,
      by,
      at: new Date().toISOString(),
      ...more,
    };
    const changes = [...this.#waiting, change];
    const post: Post = { changes, awaited: Math.min(change.id, ...this.#awaited) };
    const encoded = JSON.stringify(post);
    // A character takes up to three bytes; there is room beside for what the hub itself asks.
    const isLong = order.kind === "raw" || "text" in order;
    if (isLong && encoded.length > MAX_BYTES / 4) {
      throw new ConfigError("Cannot take the change: those that wait are too large together");
    }
    this.#waiting = changes;
    this.#board.publish(encoded, change.id);
    this.#wakes.add(this.#board);
    return change;
  }

  /** Whether the thread has to read a text that it does not know. */
  #isNew(order: Order): boolean {
    let isNew = false;
    if (order.kind === "change") this.#kept.get(order.text, () => isNew = true);
    return isNew;
  }

  #checkRoom(): void {
    this.#prune();
    if (this.#waiting.length < MAX_WAITING) return;
    throw new ConfigError(
      `Cannot take the change: ${MAX_WAITING} wait for the thread's next log call already`,
    );
  }

  /** Gives an order after a while, unless the thread has ended by then. */
  #later(milliseconds: number, order: Order): void {
    const timer = setTimeout(() => {
      if (!this.#gone) this.#post(order, "hub");
    }, Math.max(0, milliseconds));
    // On a thread of the program's own it must not keep the program alive.
    Deno.unrefTimer(timer);
  }

  #prune(): void {
    const { answered } = this.#board;
    this.#waiting = this.#waiting.filter(({ id }) => id > answered);
  }

  /** What became of an order; undefined while the thread has not answered. */
  async #outcome(id: number, patience: number): Promise<Outcome | undefined> {
    this.#awaited.add(id);
    const end = performance.now() + patience;
    for (let left = patience; left > 0 && !this.#gone; left = end - performance.now()) {
      const { answered } = this.#board;
      if (answered >= id) break;
      await this.#board.untilAnswered(answered, Math.min(left, LOOK_MS));
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
