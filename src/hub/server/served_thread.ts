import { queueDiagnostic } from "../../core/io/diagnostic_queue.ts";
import { RecentTexts } from "../../config/text/recent_texts.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import {
  type Ack,
  CAN,
  type ChangeError,
  PROTOCOL,
  type Sender,
  type ThreadStatus,
  toChangeError,
} from "../../wire/message.ts";
import { toldName } from "../../wire/told_texts.ts";
import { type Board, LEFT, MAX_CHARACTERS, SERVED } from "../board/board.ts";
import { threadRecords } from "../board/told_records.ts";
import { appliedOrPending, type Ends } from "./applied_or_pending.ts";
import {
  type Change,
  isOfHub,
  isRefusal,
  isRepeatedBy,
  type LogEntry,
  MAX_REFUSALS,
  MAX_WAITING,
  type Order,
  type Outcome,
  type Post,
  type Report,
} from "../board/orders.ts";
import type { AttachOptions } from "../board/attach_options.ts";
import { readReport } from "../board/shared_answers.ts";
import { Deadlines } from "./deadlines.ts";
import { hubInstance } from "./hub_instance.ts";
import { msUntil } from "../board/ms_until.ts";
import { TailFeed } from "./tail_feed.ts";
import { ThreadPort } from "./thread_port.ts";
import { toBase64 } from "../board/payload_text.ts";
import type { WakeQueue } from "./wake_queue.ts";

/** How long a status waits for a thread that computes, before the last known one is told. */
const REPORT_TIMEOUT = 50;
/** How often is looked whether a thread that is waited for has ended, in milliseconds. */
const LOOK_MS = 500;
/** When overrides are looked at again whose time is up and which a thread still has, in milliseconds. */
const AGAIN_MS = 1000;

/** Who asks for what nobody has sent. */
export const HUB: Sender = { by: "hub" };

/** What is said for a thread that has not come to an order and never will. */
const GONE = "The thread has ended meanwhile, or listens no more";

/** Longest reason of a refusal that is told, as the history keeps it. */
const MAX_REASON = 1000;

/** Who was turned away, and why. */
interface Refused {
  readonly what: string;
  readonly reason: string;
  readonly sender: Sender;
}

const EMPTY_REPORT: Report = { outcomes: [], levels: {}, changed: null, overrides: [], notes: {} };

/**
 * Hub side of one thread: its port, if it has one, and the orders on their way to it. Orders
 * wait on the board until the thread comes to them; each says later what has become of it.
 */
export class ServedThread {
  /** Name for messages. */
  readonly name: string;
  /** What it asked for. */
  readonly options: AttachOptions;
  /** Ids of the changes that it had before it came. */
  readonly seen: ReadonlySet<string>;
  /** When it came, in milliseconds of this thread's clock. */
  readonly since: number = performance.now();
  /** Those who watch its records. */
  readonly tails: TailFeed;
  /** Lines that the process may still log thanks to a change, by its id. */
  linesLeft: (id: string) => number | undefined = () => undefined;
  readonly #board: Board;
  readonly #wakes: WakeQueue;
  readonly #port: ThreadPort;
  #waiting: Change[] = [];
  /** The last one who was turned away and of whom the thread has not been told, and how many were. */
  #untold: Refused & { readonly count: number } | undefined;
  /** Orders whose outcome is waited for: the thread forgets earlier ones. */
  readonly #awaited = new Set<number>();
  /** Texts that the thread has read and so need not be sent in parsed form again. */
  readonly #kept = new RecentTexts<true>();
  readonly #deadlines = new Deadlines();
  /** When the next override ends, in milliseconds since the epoch. */
  #nextExpiry = Infinity;
  /** What throws away a configuration that is held ready, by its transaction. */
  readonly #aborts = new Map<string, () => void>();
  #gone = false;

  /** Takes over a thread's board, to wake it by `wakes`. */
  constructor(
    name: string,
    board: Board,
    options: AttachOptions,
    wakes: WakeQueue,
    seen: ReadonlySet<string>,
  ) {
    this.seen = seen;
    this.#wakes = wakes;
    this.name = toldName(name);
    this.options = options;
    this.#board = board;
    this.#port = new ThreadPort(board, options);
    this.tails = new TailFeed(board.buffers.tail, (taps) => {
      this.tell({ kind: "taps", taps });
    });
  }

  /** The claimed port, 0 for a thread that has none of its own. */
  get port(): number {
    return this.#board.port;
  }

  /** Lines that it may log thanks to changes. */
  get lines(): SharedArrayBuffer {
    return this.#board.buffers.lines;
  }

  /** Whether it has ended, or listens no more. */
  get isGone(): boolean {
    return this.#gone;
  }

  /** Claims the port again that it had before; undefined if there was none, or it is taken. */
  reclaim(): Deno.TcpListener | undefined {
    return this.#port.reclaim();
  }

  /**
   * Claims a port.
   *
   * @throws {Deno.errors.AddrInUse} All are taken.
   */
  claim(): Deno.TcpListener {
    return this.#port.claim();
  }

  /** Takes no more orders, and frees the port; returns whether there was one. */
  release(): boolean {
    this.#gone = true;
    this.#deadlines.clear();
    this.tails.close();
    return this.#port.free();
  }

  /** Tells the thread that its port is free; it may have asked for another hub meanwhile. */
  confirmLeft(): void {
    if (this.#board.state === SERVED) this.#board.state = LEFT;
  }

  /** Shows the thread that the hub lives, and looks whether overrides are due. */
  beat(): void {
    this.#board.beat();
    // A timer knows nothing of a clock that is put forward, nor of a machine that sleeps.
    if (Date.now() < this.#nextExpiry) return;
    this.#deadlines.remove(this.#expire);
    this.#expire();
  }

  /**
   * Gives a thread what the process was sent and it has not had. Its own key and `verify`
   * count for that too: what they would not let in it does not get. `refused` hears of what
   * it refuses.
   */
  catchUp(entries: readonly LogEntry[], refused: (entry: LogEntry) => void): void {
    const { key, verifies } = this.options;
    for (const entry of entries) {
      if (key !== undefined && !entry.keys.includes(key)) {
        refused(entry);
        continue;
      }
      const payload = verifies
        ? entry.payload ?? toBase64(new TextEncoder().encode(entry.text))
        : undefined;
      const change = this.give({ kind: "change", entry: { ...entry, payload } }, entry);
      this.outcome(change, Infinity).then((outcome) => {
        if (outcome?.error !== undefined) refused(entry);
      }).catch(tellFailure);
      if (entry.expiresAt !== undefined) this.scheduleExpiry(entry.expiresAt);
    }
  }

  /** Gives a thread what a watched file says; undefined if it leaves before, or gets a newer one. */
  async giveFile(entry: LogEntry): Promise<Outcome | undefined> {
    try {
      return await this.outcome(this.give({ kind: "change", entry }, entry), Infinity);
    } catch (error) {
      return { id: 0, previous: {}, levels: {}, error: toChangeError(error) };
    }
  }

  /**
   * Takes overrides back when their time is up. Only the next end is remembered here: the
   * thread knows the rest, and each is no more than one of its 64.
   */
  scheduleExpiry(expiresAt: number): void {
    const left = msUntil(expiresAt);
    if (left >= msUntil(this.#nextExpiry) || this.#gone) return;
    this.#nextExpiry = expiresAt;
    this.#deadlines.add(this.#expire, Math.max(0, left));
  }

  readonly #expire = (): void => {
    // A clock that has been set back meanwhile has no override last longer, and ends no other.
    const due = [...this.#ends(), this.#nextExpiry].filter((end) => msUntil(end) <= 0);
    this.#nextExpiry = Infinity;
    this.#takeBackExpired(due).catch(tellFailure);
  };

  async #takeBackExpired(due: readonly number[]): Promise<void> {
    const change = this.tell({ kind: "expire", now: Date.now(), due });
    if (change === undefined) return this.scheduleExpiry(Date.now() + AGAIN_MS);
    await this.outcome(change, Infinity);
    for (const end of this.#ends()) {
      // One that was due already the thread could not take back.
      this.scheduleExpiry(due.includes(end) ? Date.now() + AGAIN_MS : end);
    }
  }

  /** When the thread's overrides end. */
  readonly #ends = () => this.#report().overrides.map(({ until }) => Date.parse(until));

  /** Throws away what is held ready for a transaction after so many milliseconds. */
  abortLater(transaction: string, milliseconds: number): void {
    this.keepNoLonger(transaction);
    const abort = () => {
      this.#aborts.delete(transaction);
      this.tell({ kind: "abort", transaction });
    };
    this.#aborts.set(transaction, abort);
    this.#deadlines.add(abort, milliseconds);
  }

  /** A transaction is over. */
  keepNoLonger(transaction: string): void {
    const abort = this.#aborts.get(transaction);
    if (abort !== undefined) this.#deadlines.remove(abort);
    this.#aborts.delete(transaction);
  }

  /**
   * Tells the thread that somebody was turned away, who asked for a change or for something else.
   * A thread that does not come to it is not swamped: of those that are too many it hears later.
   */
  tellRefusal(reason: string, sender: Sender, what = "change"): void {
    if (this.#gone) return;
    this.#prune();
    const last = this.#waiting.filter(isRefusal)[MAX_REFUSALS - 1];
    const told = { what, reason: reason.slice(0, MAX_REASON), sender };
    if (last === undefined) return this.#tellRefused(told);
    if (this.#untold === undefined) this.#tellUntold(last).catch(tellFailure);
    this.#untold = { ...told, count: (this.#untold?.count ?? 0) + 1 };
  }

  /** Tells how many there were more, once the thread has come to the last one that it was told of. */
  async #tellUntold(last: Change): Promise<void> {
    await this.outcome(last, Infinity);
    const { count, reason, ...rest } = this.#untold!;
    this.#untold = undefined;
    const many = `(the last of ${count} more while the thread computed)`;
    if (!this.#gone) this.#tellRefused({ ...rest, reason: `${reason} ${many}` });
  }

  #tellRefused({ what, reason, sender }: Refused): void {
    this.tell({ kind: "refused", what, reason }, sender);
  }

  /**
   * Makes sure that one more order of a sender can wait.
   *
   * @throws {ConfigError} Too many do.
   */
  requireRoom(): void {
    if (this.#pending < MAX_WAITING) return;
    throw new ConfigError(
      `Cannot take the change: ${MAX_WAITING} wait for the thread's next log call already`,
    );
  }

  /** How many orders of senders wait, without those who were turned away. */
  get #pending(): number {
    this.#prune();
    const isAsked = (change: Change) => change.sender.by !== HUB.by && !isRefusal(change);
    return this.#waiting.filter(isAsked).length;
  }

  /** The answer to something that is not put on the board. */
  refuse(error: ChangeError): Ack {
    return { ...this.identity, status: "rejected", generation: this.#board.answered, error };
  }

  /** The answer to an order, by what has become of it; undefined while the thread has not come to it. */
  acknowledge(outcome: Outcome | undefined, ends: Ends = {}): Ack {
    // It will never come to it.
    if (outcome === undefined && this.#gone) return this.refuse({ message: GONE });
    const answerer = { ...this.identity, generation: this.#board.answered };
    return appliedOrPending(answerer, outcome, ends);
  }

  /** The answer to a probe; a quick one tells what the thread has shown last. */
  async status(isQuick: boolean): Promise<ThreadStatus> {
    if (!isQuick) await this.askReport();
    // Before the report, which the thread may show anew meanwhile: what does not wait is in it.
    const generation = this.#board.answered, pending = this.#pending;
    const { levels, changed, overrides: known, notes } = this.#report();
    const overrides = known.map((one) =>
      one.id === undefined ? one : { ...one, linesLeft: this.linesLeft(one.id) }
    );
    const app = toldName(this.options.app);
    const instance = hubInstance();
    const status = { ...this.identity, app, instance, generation, levels, changed };
    const written = threadRecords(this.#board.buffers.counts);
    return { ...status, pending, overrides, can: CAN, written, ...notes };
  }

  /** Has the thread tell anew how it is, and waits for that unless it computes. */
  async askReport(): Promise<void> {
    this.#board.askReport();
    await this.#board.untilReported(REPORT_TIMEOUT);
  }

  /** Numbers of the levels that the program has named, as told last. */
  get ownLevels(): Readonly<Record<string, number>> {
    return this.#report().ownLevels ?? {};
  }

  /** Who it is, for messages. */
  get identity(): Pick<Ack, "logdial" | "name" | "pid" | "port"> {
    return { logdial: PROTOCOL, name: this.name, pid: Deno.pid, port: this.port };
  }

  /**
   * Puts an order on the board; what the hub has read of a change goes with it, unless the
   * thread knows that text.
   *
   * @throws {ConfigError} Those that wait are too large together.
   */
  give(order: Order, { by, label, user, reason, id: ofChange }: Sender): Change {
    this.#prune();
    // What the hub itself asks for over and over need be done once, after all the rest.
    this.#waiting = this.#waiting.filter((change) => !isRepeatedBy(change.order, order));
    const id = this.#board.published + 1;
    const sender = { by, label, user, reason, id: ofChange };
    const change = { id, order: this.#shorten(order), sender, at: new Date().toISOString() };
    const changes = [...this.#waiting, change];
    const post: Post = { changes, awaited: Math.min(change.id, ...this.#awaited) };
    const encoded = JSON.stringify(post);
    // There is room beside for what the hub itself asks.
    if (!isOfHub(order) && encoded.length > MAX_CHARACTERS) {
      throw new ConfigError("Cannot take the change: those that wait are too large together");
    }
    this.#waiting = changes;
    this.#board.publish(encoded, change.id);
    this.#wakes.add(this.#board);
    return change;
  }

  /** Has an order wait no longer; the thread may come to it all the same until it is given another. */
  withdraw({ id }: Change): void {
    this.#waiting = this.#waiting.filter((change) => change.id !== id);
  }

  /** Gives what nobody waits for: what goes wrong must not end the hub. */
  tell(order: Order, sender: Sender = HUB): Change | undefined {
    try {
      return this.give(order, sender);
    } catch (error) {
      queueDiagnostic(`logdial: ${this.name} cannot be told to ${order.kind}: ${error}\n`);
      return undefined;
    }
  }

  /** Whether the thread has come to an order, and may still be at it. */
  isAt({ id }: Change): boolean {
    return this.#board.taken >= id;
  }

  /** What became of an order; undefined if the thread has not answered it by then. */
  async outcome({ id }: Change, patience: number): Promise<Outcome | undefined> {
    this.#awaited.add(id);
    await this.#untilAnswered(id, patience);
    this.#awaited.delete(id);
    this.#prune();
    return this.#report().outcomes.find((outcome) => outcome.id === id);
  }

  async #untilAnswered(id: number, patience: number): Promise<void> {
    const end = performance.now() + patience;
    for (let left = patience; left > 0 && !this.#gone; left = end - performance.now()) {
      const { answered } = this.#board;
      if (answered >= id) return;
      await this.#board.untilAnswered(answered, Math.min(left, LOOK_MS));
    }
  }

  #shorten(order: Order): Order {
    if (order.kind !== "change" || order.entry.parsed === undefined) return order;
    let isNew = false;
    this.#kept.get(order.entry.text, () => isNew = true);
    if (isNew) return order;
    const { parsed: _, ...entry } = order.entry;
    return { ...order, entry };
  }

  #prune(): void {
    const { answered } = this.#board;
    this.#waiting = this.#waiting.filter(({ id }) => id > answered);
  }

  #report(): Report {
    const text = this.#board.readOutbox();
    return text === "" ? EMPTY_REPORT : readReport(text);
  }
}

/** What goes wrong after an answer was given is nobody's to catch, and must not end the hub. */
export function tellFailure(error: unknown): void {
  queueDiagnostic(`logdial: a change could not be followed: ${error}\n`);
}
