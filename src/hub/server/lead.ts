import { inAnyCase, NOTSET } from "../../core/levels/levels.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import type { Aim, DumpRequest, LinesRequest } from "../../wire/command.ts";
import {
  type Ack,
  type ChangeError,
  type Sender,
  type ThreadStatus,
  toChangeError,
} from "../../wire/message.ts";
import { areLetInTo, type Guards, type ListenLimits } from "../board/attach_options.ts";
import { isMeant, isQuestion, type Order, type PostedOrder } from "../board/orders.ts";
import { endsRecording } from "../board/ends_recording.ts";
import { decodeText, toBase64 } from "../board/payload_text.ts";
import { type FrameOrder, type ReadFrame, readOrder } from "../board/read_order.ts";
import type { LinesAnswer, RequestHandler } from "../connections/connection.ts";
import type { ProcessChanges } from "./process_changes.ts";
import type { Gate } from "./gate.ts";
import { reportRefusal } from "./refusals.ts";
import type { ServedThread } from "./served_thread.ts";
import { tellFailure } from "../connections/tell_failure.ts";
import { type AwaitedRequest, waitForAnswer } from "./wait_for_answer.ts";
import type { TailSource } from "../connections/tail_stream.ts";

/** How long a thread is waited for that is asked which levels the program has named, in milliseconds. */
const NAMES_TIMEOUT = 500;

/** A thread, with the gate that lets senders in to it. */
export interface GuardedThread {
  readonly thread: ServedThread;
  readonly gate: Gate;
}

/** A payload on its way to one thread. */
interface Delivery extends AwaitedRequest {
  /** Without its signature. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Keys by which it was let in. */
  readonly keys: readonly string[];
  /** Who sent it. */
  readonly by: string;
}

/** A request for lines, and the guards of the thread that has let its sender in. */
interface LinesPart {
  readonly kind: "lines";
  readonly request: LinesRequest;
  readonly to: Aim | undefined;
  readonly letInBy: Guards;
}

/** What one thread has answered to a frame. */
type Part =
  | { readonly kind: "ack"; readonly ack: Ack }
  | LinesPart
  | { readonly kind: "unmeant" };

/** The lines of a dump that threads have let in; the hub knows what is recorded. */
export type MakeDump = (
  request: DumpRequest,
  to: Aim | undefined,
  letInBy: readonly Guards[],
) => Iterable<string>;

/** Forgets records of threads that have ended, of those that a sender let in by `letInBy` may read. */
export type ForgetEnded = (to: Aim | undefined, letInBy: Guards) => void;

/**
 * What a port leads to: the thread that listens there and, if it is the first of its process,
 * those that have no port of their own and follow it. A frame goes to all of them whom its
 * sender means, each lets it in by its own key and `verify`, and they are waited for together.
 */
export class Lead implements RequestHandler {
  readonly #leader: GuardedThread;
  readonly #followers: () => readonly GuardedThread[];
  readonly #changes: ProcessChanges;
  readonly #changed: () => Promise<void>;
  readonly #dump: MakeDump;
  readonly #forget: ForgetEnded;

  /** `followers` tells who follows the leader now, `changed` when others may. */
  constructor(
    leader: GuardedThread,
    followers: () => readonly GuardedThread[],
    changes: ProcessChanges,
    changed: () => Promise<void>,
    dump: MakeDump,
    forget: ForgetEnded,
  ) {
    this.#dump = dump;
    this.#forget = forget;
    this.#changed = changed;
    this.#leader = leader;
    this.#followers = followers;
    this.#changes = changes;
  }

  /** Limits of the listener. */
  get options(): ListenLimits {
    return this.#leader.thread.options;
  }

  /** Carries out what a frame asks for; when `hurry` resolves, it waits for no thread. */
  async request(
    payload: Uint8Array<ArrayBuffer>,
    by: string,
    hurry: Promise<void>,
  ): Promise<Ack | LinesAnswer> {
    const letIn = admission(payload, by, this.#leader.thread.port);
    const [first, ...rest] = await Promise.all(
      [this.#leader, ...this.#followers()].map((one) => this.#deliver(one, letIn, by, hurry)),
    );
    const parts = [first!, ...rest];
    const asked = parts.filter((part) => part.kind === "lines");
    if (asked.length > 0) return this.#linesOf(asked[0]!, asked.map(({ letInBy }) => letInBy));
    const acks = rest.flatMap((part) => part.kind === "ack" ? part.ack : []);
    const ack = first!.kind === "ack" ? first!.ack : this.#unmeant();
    return acks.length === 0 ? ack : { ...ack, followers: acks };
  }

  /** The answer to a request that is not carried out. */
  refuse(error: ChangeError): Ack {
    return this.#leader.thread.refuse(error);
  }

  /** Answers a probe. */
  async status(isQuick: boolean): Promise<ThreadStatus> {
    const threads = [this.#leader, ...this.#followers()].map(({ thread }) => thread);
    const [first, ...followers] = await Promise.all(threads.map(async (thread) => ({
      ...await thread.status(isQuick),
      changes: this.#changes.log.entriesOf(thread).map(({ id, at, by }) => ({ id, at, by })),
      file: this.#changes.fileStatus(),
    })));
    return followers.length === 0 ? first! : { ...first!, followers };
  }

  #linesOf({ request, to }: LinesPart, letInBy: readonly Guards[]): LinesAnswer {
    // A dump is told by the hub, since the thread that is meant may have ended.
    if (request.kind === "dump") return { lines: () => this.#dump(request, to, letInBy) };
    return { request, source: this.#sourceOf(to, letInBy) };
  }

  /**
   * The records of the threads that a tail means and may read, also of threads that come to follow
   * the leader later.
   */
  #sourceOf(to: Aim | undefined, letInBy: readonly Guards[]): TailSource {
    const { thread } = this.#leader;
    return {
      feeds: () =>
        [thread, ...this.#followers().map(({ thread }) => thread)]
          .filter((one) => areLetInTo(one.options, letInBy) && isMeant(one, to))
          .map(({ tails }) => tails),
      changed: this.#changed,
      ended: thread.tails.ended,
    };
  }

  /** The leader's answer where only others are meant. */
  #unmeant(): Ack {
    const ack = this.#leader.thread.acknowledge({ id: 0, previous: {}, levels: {} });
    const { previous: _, levels: __, ...rest } = ack;
    return { ...rest, unchanged: true, meant: false };
  }

  async #deliver(
    { thread, gate }: GuardedThread,
    letIn: (thread: ServedThread, gate: Gate) => Promise<Uint8Array<ArrayBuffer>>,
    by: string,
    hurry: Promise<void>,
  ): Promise<Part> {
    try {
      const { key } = thread.options;
      const keys = key === undefined ? [] : [key];
      const since = performance.now();
      const payload = await letIn(thread, gate);
      return await this.#read({ thread, payload, keys, by, since, hurry });
    } catch (error) {
      return { kind: "ack", ack: thread.refuse({ message: reasonOf(error) }) };
    }
  }

  async #read(delivery: Delivery): Promise<Part> {
    const { thread, payload, by } = delivery;
    try {
      if (thread.options.verifies) return await this.#verify(delivery);
      return await this.#carryOut(delivery, decodeText(payload));
    } catch (error) {
      return refuse(delivery, error, { sender: { by } });
    }
  }

  /** Lets the program's own function see the payload before anyone reads it. */
  async #verify(delivery: Delivery): Promise<Part> {
    const { thread, payload, by } = delivery;
    const order = { kind: "verify", payload: toBase64(payload) } as const;
    thread.requireRoom({ by }, order.payload.length);
    const posted = thread.give(order, { by });
    const outcome = await waitForAnswer(delivery, posted);
    if (outcome === undefined) {
      this.#verifyLater(delivery, posted).catch(tellFailure);
      return { kind: "ack", ack: thread.acknowledge(undefined) };
    }
    if (outcome.error !== undefined) {
      this.#turnAway(delivery);
      reportRefusal(thread.port, by, outcome.error.message);
      return { kind: "ack", ack: thread.acknowledge(outcome) };
    }
    return await this.#carryOut(delivery, String(outcome.result));
  }

  /** Goes on once the thread has verified the payload; its sender was told that it is pending. */
  async #verifyLater(delivery: Delivery, posted: PostedOrder): Promise<void> {
    const { thread, by } = delivery;
    const outcome = await thread.outcome(posted, Infinity);
    if (outcome?.error !== undefined) this.#turnAway(delivery);
    if (outcome === undefined || outcome.error !== undefined) return;
    try {
      await this.#carryOut(delivery, String(outcome.result));
    } catch (error) {
      thread.tellRefusal(toChangeError(error).message, { by });
    }
  }

  /** Notes that the program's `verify` has refused a change, so that no other thread passes it on. */
  #turnAway({ thread, payload, by }: Delivery): void {
    try {
      const { order } = readOrder(decodeText(payload), by, thread.options);
      if ("kind" in order || order.id === undefined) return;
      this.#changes.log.turnAway(order.id, thread);
    } catch {
      // Only the program's function can read the payload: then the hub does not know its id.
    }
  }

  async #carryOut(delivery: Delivery, text: string): Promise<Part> {
    const { thread, by } = delivery;
    const { order: asked, to } = await readFor(thread, text, by);
    const isDump = "kind" in asked && asked.kind === "dump";
    if (!isDump && !isMeant(thread, to)) return { kind: "unmeant" };
    if ("kind" in asked) return { kind: "lines", request: asked, to, letInBy: thread.options };
    if (this.#changes.isLateFor(thread, asked.command)) return { kind: "unmeant" };
    try {
      return await this.#order(delivery, asked, to);
    } catch (error) {
      return refuse(delivery, error, { sender: asked.sender, what: asked.command.kind });
    }
  }

  async #order(delivery: Delivery, asked: FrameOrder, to: Aim | undefined): Promise<Part> {
    const { thread, payload, keys, by } = delivery;
    const { command, sender } = asked;
    // A prepared change must be put in force on all threads or none, also if this one is flooded.
    if (!this.#changes.mayCommit(thread, command)) thread.requireRoom(sender, payload.length);
    const raw = thread.options.verifies ? toBase64(payload) : undefined;
    const order = this.#changes.orderFor(thread, { order: asked, to, keys, payload: raw });
    const posted = this.#give(thread, order, sender);
    const outcome = await waitForAnswer(delivery, posted, asked.wait, (soon) => {
      if (soon?.error !== undefined) return;
      seeToEnd(thread, order, asked);
      if ("entry" in order && endsRecording(order.entry.text)) this.#forget(to, thread.options);
    });
    if (outcome === undefined) {
      // Questions to a thread that hangs must not pile up, and so keep changes from it.
      if (isQuestion(order)) thread.withdraw(posted);
      else this.#settleLater(thread, order, posted).catch(tellFailure);
    } else if (outcome.error !== undefined) {
      this.#changes.refused(thread, order);
      if (order.kind === "change") reportRefusal(thread.port, by, outcome.error.message);
    }
    // When a commit's change ends was said when it was prepared.
    const ends = order.kind === "commit" ? order.entry : asked;
    return { kind: "ack", ack: thread.acknowledge(outcome, ends) };
  }

  #give(thread: ServedThread, order: Order, sender: Sender): PostedOrder {
    try {
      return this.#changes.givenAhead(thread, order) ?? thread.give(order, sender);
    } catch (error) {
      this.#changes.refused(thread, order);
      throw error;
    }
  }

  /** Waits for a thread that was pending: what it refuses must not be given to others either. */
  async #settleLater(thread: ServedThread, order: Order, posted: PostedOrder): Promise<void> {
    const outcome = await thread.outcome(posted, Infinity);
    if (outcome?.error !== undefined) this.#changes.refused(thread, order);
  }
}

/**
 * Reads an order to a thread. If it names a level that the hub does not know, the thread is asked:
 * the program may have named that level since it last told them. Of a thread that does not tell in
 * time, as one that computes, the level may be below INFO, and the change ends as one that is.
 */
async function readFor(thread: ServedThread, text: string, by: string): Promise<ReadFrame> {
  let isKnown = true;
  const levelOf = (name: string) => {
    const levels = thread.levelsOfProgram, known = inAnyCase(name, Object.keys(levels));
    isKnown &&= known !== undefined;
    return known === undefined ? NOTSET : levels[known];
  };
  const read = () => readOrder(text, by, { ...thread.options, levelOf });
  const first = read();
  if (isKnown) return first;
  await thread.askReport(NAMES_TIMEOUT);
  return read();
}

/** Refuses a delivery by the hub itself; `said` is what is known of who asked for what. */
function refuse(
  { thread, by }: Delivery,
  error: unknown,
  said: { readonly sender: Sender; readonly what?: string },
): Part {
  const reason = toChangeError(error);
  reportRefusal(thread.port, by, reason.message, said.what);
  thread.tellRefusal(reason.message, said.sender, said.what);
  return { kind: "ack", ack: thread.refuse(reason) };
}

/** Sets the timers that an order needs which was not rejected. */
function seeToEnd(thread: ServedThread, order: Order, { expiresAt, wait }: FrameOrder): void {
  if (order.kind === "prepare") {
    thread.abortLater(order.transaction, thread.options.prepareTimeout + wait);
  } else if (order.kind === "commit" || order.kind === "abort") {
    thread.keepNoLonger(order.transaction);
  }
  if (order.kind === "commit") expiresAt = order.entry.expiresAt;
  if (expiresAt !== undefined && order.kind !== "check") thread.scheduleExpiry(expiresAt);
}

/** Lets a payload in to several threads; for threads that have the same key it is checked once. */
function admission(
  payload: Uint8Array<ArrayBuffer>,
  by: string,
  port: number,
): (thread: ServedThread, gate: Gate) => Promise<Uint8Array<ArrayBuffer>> {
  const checks = new Map<string | undefined, Promise<Uint8Array<ArrayBuffer>>>();
  return (thread, gate) => {
    const { key } = thread.options;
    const check = checks.get(key) ?? gate.check(payload, by, port);
    checks.set(key, check);
    return check;
  };
}
