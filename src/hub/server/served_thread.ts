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
import { ackOf, type Ends } from "./ack_of.ts";
import {
  isQuestion,
  isRefusal,
  isRepeatedBy,
  isShort,
  type LogEntry,
  MAX_REFUSALS,
  type Order,
  type Outcome,
  type Post,
  type PostedOrder,
  type Report,
} from "../board/orders.ts";
import type { AttachOptions } from "../board/attach_options.ts";
import { readReport } from "../board/shared_answers.ts";
import { Deadlines } from "../../core/runtime/deadlines.ts";
import { hubInstance } from "./hub_instance.ts";
import { withMsLeft } from "./ms_left.ts";
import { OverrideEnds } from "./override_ends.ts";
import { requirePlace } from "../board/places.ts";
import { TailFeed } from "../connections/tail_feed.ts";
import { tellFailure } from "../connections/tell_failure.ts";
import type { ThreadPort } from "./thread_port.ts";
import { toBase64 } from "../board/payload_text.ts";
import type { WakeQueue } from "../connections/wake_queue.ts";

/** How long a status waits for a thread that computes, before the last known one is told. */
const REPORT_TIMEOUT = 50;
/** How often the hub looks whether a thread for which it waits has ended, in milliseconds. */
const LOOK_MS = 500;

/** The sender of orders that the hub gives by itself. */
export const HUB: Sender = { by: "hub" };

/** The error of an order to which the thread has not come and never will. */
const GONE = "The thread has ended meanwhile, or listens no more";

/** Longest reason of a refusal that the thread is told, in characters: the history keeps no more. */
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
  /** Name of its program for messages. */
  readonly app: string;
  /** What it asked for. */
  readonly options: AttachOptions;
  /** Ids of the changes that it had before it came. */
  readonly seen: ReadonlySet<string>;
  /** Ids of changes that it can take back no more, as a status has told last. */
  lost: ReadonlySet<string> = new Set();
  /** When it came, in milliseconds of this thread's clock. */
  readonly since: number = performance.now();
  /** Those who watch its records. */
  readonly tails: TailFeed;
  /** Lines that the process may still log thanks to a change, by its id. */
  linesLeft: (id: string) => number | undefined = () => undefined;
  readonly #board: Board;
  readonly #wakes: WakeQueue;
  readonly #port: ThreadPort;
  #waiting: PostedOrder[] = [];
  /** The last refusal of which the thread has not been told, and how many such there are. */
  #untold: Refused & { readonly count: number } | undefined;
  /** Orders for whose outcomes the hub waits; the thread forgets the outcomes of earlier ones. */
  readonly #awaited = new Set<number>();
  /** Texts that the thread has got in parsed form already, so that it needs only the text again. */
  readonly #kept = new RecentTexts<true>();
  readonly #deadlines = new Deadlines();
  readonly #ends: OverrideEnds = new OverrideEnds(
    this.#deadlines,
    () => this.#report().overrides.map(({ until }) => Date.parse(until)),
    (due) => this.#takeBackExpired(due),
  );
  /** Functions that throw away what the thread holds ready, by transaction. */
  readonly #aborts = new Map<string, () => void>();
  #gone = false;

  /** Takes over the board of a thread that is reached on `port`, to wake it by `wakes`. */
  constructor(name: string, port: ThreadPort, wakes: WakeQueue, seen: ReadonlySet<string>) {
    this.seen = seen;
    this.#wakes = wakes;
    this.name = toldName(name);
    this.options = port.options;
    this.app = toldName(port.options.app);
    this.#board = port.board;
    this.#port = port;
    this.tails = new TailFeed(port.board.buffers.tail, (taps) => {
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

  /** The changes of the process on its board, which hubs tell each other; see `heritage.ts`. */
  get list(): Board["list"] {
    return this.#board.list;
  }

  /** Whether it has ended, or listens no more. */
  get isGone(): boolean {
    return this.#gone;
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
    this.#port.confirmFree();
    if (this.#board.state === SERVED) this.#board.state = LEFT;
  }

  /** Shows the thread that the hub lives, and looks whether overrides are due. */
  beat(): void {
    this.#board.beat();
    this.#ends.look();
  }

  /**
   * Gives a thread the changes of the process that it has not had. The thread's own key and
   * `verify` count for these too: it does not get what they would not let in. `refused` hears of
   * what the thread refuses.
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
      const posted = this.give({ kind: "change", entry: { ...entry, payload } }, entry);
      this.outcome(posted, Infinity).then((outcome) => {
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

  /** Takes overrides back when their time is up. */
  scheduleExpiry(expiresAt: number): void {
    if (!this.#gone) this.#ends.add(expiresAt);
  }

  async #takeBackExpired(due: readonly number[]): Promise<boolean> {
    const posted = this.tell({ kind: "expire", now: Date.now(), due });
    if (posted !== undefined) await this.outcome(posted, Infinity);
    return posted !== undefined;
  }

  /** Has the thread drop the change that it holds ready for a transaction, after a time. */
  abortLater(transaction: string, milliseconds: number): void {
    this.keepNoLonger(transaction);
    const abort = () => {
      this.#aborts.delete(transaction);
      this.tell({ kind: "abort", transaction });
    };
    this.#aborts.set(transaction, abort);
    this.#deadlines.add(abort, milliseconds);
  }

  /** Forgets a transaction that is over. */
  keepNoLonger(transaction: string): void {
    const abort = this.#aborts.get(transaction);
    if (abort !== undefined) this.#deadlines.remove(abort);
    this.#aborts.delete(transaction);
  }

  /**
   * Tells the thread that a sender was turned away, and what that asked for. A thread that computes
   * hears of a few refusals and, when it has come to those, how many more there were.
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

  /** Tells how many more refusals there were, once the thread has come to `last`. */
  async #tellUntold(last: PostedOrder): Promise<void> {
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
   * Makes sure that one more order of a sender can wait, with a text of so many characters.
   *
   * @throws {ConfigError} Too many wait.
   */
  requireRoom(sender: Sender, length: number): void {
    requirePlace(this.#pending, sender, length);
  }

  /** The orders of senders that wait; the hub's own and refusals do not count. */
  get #pending(): PostedOrder[] {
    this.#prune();
    return this.#waiting.filter((posted) => posted.sender.by !== HUB.by && !isRefusal(posted));
  }

  /** The answer to something that is not put on the board. */
  refuse(error: ChangeError): Ack {
    return { ...this.identity, status: "rejected", generation: this.#board.answered, error };
  }

  /** The answer to an order, by what has become of it; undefined while the thread has not come to it. */
  acknowledge(outcome: Outcome | undefined, ends: Ends = {}): Ack {
    // The thread will never come to the order.
    if (outcome === undefined && this.#gone) return this.refuse({ message: GONE });
    return ackOf({ ...this.identity, generation: this.#board.answered }, outcome, ends);
  }

  /** The answer to a probe; a quick one tells what the thread has shown last. */
  async status(isQuick: boolean): Promise<ThreadStatus> {
    if (!isQuick) await this.askReport();
    // These are read before the report, which the thread may renew meanwhile: so whatever does not
    // count as pending is in the report.
    const generation = this.#board.answered;
    const pending = this.#pending.filter(({ order }) => !isQuestion(order)).length;
    const { levels, changed, overrides: known, lost, notes } = this.#report();
    this.lost = new Set(lost);
    const overrides = known.map((one) =>
      one.id === undefined ? one : { ...one, linesLeft: this.linesLeft(one.id) }
    );
    const instance = hubInstance();
    const status = { ...this.identity, app: this.app, instance, generation, levels, changed };
    const written = threadRecords(this.#board.buffers.counts);
    return { ...status, pending, overrides, can: CAN, written, ...notes };
  }

  /** Has the thread tell anew how it is, and waits for that, so many milliseconds at most. */
  async askReport(most: number = REPORT_TIMEOUT): Promise<void> {
    this.#board.askReport();
    await this.#board.untilReported(most);
  }

  /** Numbers of the levels that the program has named, as told last. */
  get levelsOfProgram(): Readonly<Record<string, number>> {
    return this.#report().ownLevels ?? {};
  }

  /** Who it is, for messages. */
  get identity(): Pick<Ack, "logdial" | "name" | "pid" | "port"> {
    return { logdial: PROTOCOL, name: this.name, pid: Deno.pid, port: this.port };
  }

  /**
   * Puts an order on the board; what the hub has read of a change goes with it, unless the
   * thread knows that text. `isAwaited` has the outcome kept until somebody asks for it.
   *
   * @throws {ConfigError} Those that wait are too large together.
   */
  give(order: Order, from: Sender, isAwaited = false): PostedOrder {
    const { by, label, user, reason, id: ofChange } = from;
    this.#prune();
    // An order that the hub repeats need be carried out once, after all that wait.
    this.#waiting = this.#waiting.filter((posted) => !isRepeatedBy(posted.order, order));
    const id = this.#board.published + 1;
    const sender = { by, label, user, reason, id: ofChange };
    const posted = { id, order: this.#toldOrder(order), sender, at: new Date().toISOString() };
    const changes = [...this.#waiting, posted];
    const post: Post = { changes, awaited: Math.min(id, ...this.#awaited) };
    const encoded = JSON.stringify(post);
    // Short orders have room beside the others.
    if (!isShort(order) && encoded.length > MAX_CHARACTERS) {
      throw new ConfigError("Cannot take the change: those that wait are too large together");
    }
    this.#waiting = changes;
    if (isAwaited) this.#awaited.add(id);
    this.#board.publish(encoded, id);
    this.#wakes.add(this.#board);
    return posted;
  }

  /** Lets an order wait no longer; until another one is posted, the thread may still come to it. */
  withdraw({ id }: PostedOrder): void {
    this.#awaited.delete(id);
    this.#waiting = this.#waiting.filter((posted) => posted.id !== id);
  }

  /** Gives an order that nobody waits for; a failure is told on stderr and does not end the hub. */
  tell(order: Order, sender: Sender = HUB): PostedOrder | undefined {
    try {
      return this.give(order, sender);
    } catch (error) {
      queueDiagnostic(`logdial: ${this.name} cannot be told to ${order.kind}: ${error}\n`);
      return undefined;
    }
  }

  /** Whether the thread has come to an order, and may still be at it. */
  isAt({ id }: PostedOrder): boolean {
    return this.#board.taken >= id;
  }

  /**
   * The outcome of an order; undefined if the thread does not answer in time or before `hurry`. Then
   * it may come at any moment, and is kept until it is asked for again, or the order is withdrawn.
   */
  async outcome(
    { id }: PostedOrder,
    patience: number,
    hurry?: Promise<void>,
  ): Promise<Outcome | undefined> {
    this.#awaited.add(id);
    await this.#untilAnswered(id, patience, hurry);
    this.#prune();
    // This is read before the report: so whatever counts as answered is in the report.
    const isAnswered = this.#board.answered >= id;
    const outcome = this.#report().outcomes.find((outcome) => outcome.id === id);
    if (isAnswered || outcome !== undefined) this.#awaited.delete(id);
    return outcome;
  }

  async #untilAnswered(id: number, patience: number, hurry?: Promise<void>): Promise<void> {
    let end = performance.now() + patience;
    const hurried = hurry?.then(() => void (end = -Infinity)) ?? new Promise<void>(() => {});
    for (let left = patience; left > 0 && !this.#gone; left = end - performance.now()) {
      const { answered } = this.#board;
      if (answered >= id) return;
      const answer = this.#board.untilAnswered(answered, Math.min(left, LOOK_MS));
      await Promise.race([answer, hurried]);
    }
  }

  /** The order as the thread is told it: with what is left of an override, and no known parts. */
  #toldOrder(order: Order): Order {
    if (!("entry" in order)) return order;
    const entry = withMsLeft(order.entry);
    if (order.kind === "commit") return { ...order, entry: { ...entry, text: "" } };
    return this.#shorten(entry === order.entry ? order : { ...order, entry });
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
