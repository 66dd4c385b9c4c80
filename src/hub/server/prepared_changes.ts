import { ConfigError } from "../../core/errors/config_error.ts";
import type { Deadlines } from "../../core/runtime/deadlines.ts";
import type { Sender } from "../../wire/message.ts";
import type { Order, PostedOrder } from "../board/orders.ts";
import { isSameChange, joinChanges, type SaidChange } from "../board/same_change.ts";
import { tellFailure } from "../connections/tell_failure.ts";
import { CommandMemory } from "./command_memory.ts";
import type { ServedThread } from "./served_thread.ts";

/** A configuration that threads hold ready. */
export interface Prepared {
  /** The change as its sender has said it; see `joinChanges` where it was said to several threads. */
  readonly said: SaidChange;
  /** A thread that has come since then may have been missed, in milliseconds of this thread's clock. */
  readonly since: number;
  /** The threads to which it was said. */
  readonly asked: Set<ServedThread>;
  /** The threads that hold it, or will once they come to it. */
  readonly holders: Set<ServedThread>;
  /** Forgets the configuration. */
  readonly forget: () => void;
}

/** An order to put in force what a thread holds ready. */
export type Commit = Extract<Order, { readonly kind: "commit" }>;

/** A commit that a thread has got before its sender has asked that thread for it. */
interface Ahead {
  readonly order: Commit;
  readonly posted: PostedOrder;
  /** Follows the commit, as nobody has asked for it. */
  readonly follow: () => void;
}

/** How long the outcome of such a commit is kept: by then our sender has given up. */
const AHEAD_MS = 2500;

/** What the threads of the process hold ready, until all can put it in force. */
export class PreparedChanges {
  readonly #deadlines: Deadlines;
  /** What is held ready, by transaction. */
  readonly #prepared = new Map<string, Prepared>();
  /** What has been put in force of that, which later frames of its sender still ask for. */
  readonly #committed = new CommandMemory<Prepared>();
  /** Commits of which no sender has asked for the outcome yet, by thread and transaction. */
  readonly #ahead = new WeakMap<ServedThread, Map<string, Ahead>>();

  /** Forgets by `deadlines` what nobody commits in time. */
  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  /**
   * Notes that a thread is to hold a change; threads that are older than `since` have been asked.
   *
   * @throws {ConfigError} It does already, or the transaction is that of another change.
   */
  add(
    thread: ServedThread,
    transaction: string,
    said: SaidChange,
    since: number,
    wait: number,
  ): void {
    const known = this.#prepared.get(transaction);
    if (known?.holders.has(thread)) {
      throw new ConfigError("Cannot prepare: the transaction is prepared already");
    }
    if (known !== undefined && !isSameChange(known.said, said)) {
      throw new ConfigError(
        "Cannot prepare: the transaction is that of another change, take one that nobody has",
      );
    }
    known?.forget();
    const asked = (known?.asked ?? new Set<ServedThread>()).add(thread);
    const holders = (known?.holders ?? new Set<ServedThread>()).add(thread);
    const forget = () => {
      this.#prepared.delete(transaction);
      this.#deadlines.remove(forget);
    };
    const joined = known === undefined ? said : joinChanges(known.said, said);
    const first = known?.since ?? since;
    this.#prepared.set(transaction, { said: joined, since: first, asked, holders, forget });
    // It is kept for as long as the threads hold it, since its sender may never come back.
    this.#deadlines.add(forget, thread.options.prepareTimeout + wait);
  }

  /** What is held ready for a transaction, or has been put in force of it. */
  find(transaction: string): Prepared | undefined {
    return this.#prepared.get(transaction) ?? this.#committed.find(transaction);
  }

  /** Whether a thread holds a transaction's change ready, or soon will. */
  isHeldBy(thread: ServedThread, transaction: string): boolean {
    return this.#prepared.get(transaction)?.holders.has(thread) === true;
  }

  /** Forgets what is held ready for a transaction. */
  forget(transaction: string): void {
    this.#prepared.get(transaction)?.forget();
  }

  /** Notes that a thread holds a transaction's change no more. */
  release(thread: ServedThread, transaction: string): void {
    // What no thread holds is forgotten here, too: a sender could prepare more without end.
    const prepared = this.#prepared.get(transaction);
    if (prepared?.holders.delete(thread) && prepared.holders.size === 0) prepared.forget();
  }

  /** Forgets a thread that has ended, or listens no more. */
  leave(thread: ServedThread): void {
    for (const transaction of [...this.#prepared.keys()]) this.release(thread, transaction);
  }

  /**
   * What is held ready for a transaction, of which a thread is about to put its part in force.
   *
   * @throws {ConfigError} There is nothing.
   */
  commit(thread: ServedThread, transaction: string): Prepared {
    const prepared = this.#prepared.get(transaction);
    if (prepared === undefined) {
      throw new ConfigError(`Cannot commit: transaction ${transaction} is not prepared`);
    }
    this.#committed.of(transaction, () => prepared);
    this.release(thread, transaction);
    return prepared;
  }

  /**
   * Has a thread put its part in force, since another one of the process has: the sender may have
   * gone. If it has not, it asks for the outcome; else `refused` hears of a refusal.
   */
  giveAhead(thread: ServedThread, order: Commit, sender: Sender, refused: () => void): void {
    const { transaction, entry: { expiresAt } } = order;
    const posted = thread.give(order, sender, true);
    this.release(thread, transaction);
    thread.keepNoLonger(transaction);
    if (expiresAt !== undefined) thread.scheduleExpiry(expiresAt);
    const ofThread = this.#ahead.get(thread) ?? new Map<string, Ahead>();
    const follow = () => {
      ofThread.delete(transaction);
      thread.outcome(posted, Infinity).then((outcome) => {
        if (outcome?.error !== undefined) refused();
      }).catch(tellFailure);
    };
    this.#ahead.set(thread, ofThread.set(transaction, { order, posted, follow }));
    this.#deadlines.add(follow, AHEAD_MS);
  }

  /** The commit of a transaction that a thread has got, and for which its sender has not asked yet. */
  aheadOf(thread: ServedThread, transaction: string): Commit | undefined {
    return this.#ahead.get(thread)?.get(transaction)?.order;
  }

  /** What that commit has become, for the sender that asks for it now. */
  takeAhead(thread: ServedThread, order: Order): PostedOrder | undefined {
    if (order.kind !== "commit") return undefined;
    const ahead = this.#ahead.get(thread)?.get(order.transaction);
    if (ahead === undefined) return undefined;
    this.#ahead.get(thread)!.delete(order.transaction);
    this.#deadlines.remove(ahead.follow);
    return ahead.posted;
  }
}
