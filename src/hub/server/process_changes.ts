import { ConfigError } from "../../core/errors/config_error.ts";
import type { Aim, Command } from "../../wire/command.ts";
import { Deadlines } from "../../core/runtime/deadlines.ts";
import { isMeant, type LogEntry, type Order, type PostedOrder } from "../board/orders.ts";
import type { FrameOrder } from "../board/read_order.ts";
import type { SaidChange } from "../board/same_change.ts";
import type { FileChange } from "../watch/process_file.ts";
import type { Sender, WatchedFileStatus } from "../../wire/message.ts";
import { type FileAnswer, FileEntries } from "./file_entries.ts";
import { BudgetPools } from "./budget_pools.ts";
import { CommandMemory } from "./command_memory.ts";
import { type Commit, PreparedChanges } from "./prepared_changes.ts";
import { type NewEntry, ProcessLog } from "./process_log.ts";
import type { TakenBackChanges } from "../board/taken_back.ts";
import { areLetInTo, isGuarded } from "../board/attach_options.ts";
import { HUB, type ServedThread } from "./served_thread.ts";
import { Heritage } from "./heritage.ts";
import { noteMsLeft } from "./ms_left.ts";
import { tellFailure } from "../connections/tell_failure.ts";

/** What a sender asks of one thread, and how it was let in. */
export interface Asked {
  readonly order: FrameOrder;
  /** The threads that the sender means, undefined for all. */
  readonly to: Aim | undefined;
  /** Keys by which it was let in. */
  readonly keys: readonly string[];
  /** The payload in base64, if the program's `verify` reads it. */
  readonly payload: string | undefined;
}

/** A sender may have missed a thread that is younger than this, in milliseconds. */
const YOUNG_MS = 3000;
/** How long such a thread waits for the sender's own frame, in milliseconds. */
const OFFER_AFTER_MS = 1000;
/** How long until it is told what was taken back: by then our sender has given up. */
const UNDO_AFTER_MS = 2500;

/** Turns what senders ask into orders for threads, so that all of them end up alike. */
export class ProcessChanges {
  readonly log: ProcessLog;
  /** What it takes over from the hub before, and leaves to the next. */
  readonly heritage: Heritage;
  /** What `status` tells of the file that the process watches. */
  fileStatus: () => WatchedFileStatus | undefined = () => undefined;
  readonly #files = new FileEntries();
  /** What each rollback takes back, by the rollback's id; `#resets` has the places of resets. */
  readonly #rollbacks = new CommandMemory<readonly string[]>();
  readonly #resets = new CommandMemory<number>();
  /** The threads that have got each rollback and reset. */
  readonly #told = new CommandMemory<Set<ServedThread>>();
  readonly #deadlines = new Deadlines();
  /** What is held ready, by transaction. */
  readonly #prepared: PreparedChanges = new PreparedChanges(this.#deadlines);
  readonly #threads: () => Iterable<ServedThread>;
  readonly #lines: BudgetPools<ServedThread>;

  /**
   * Knows the threads of the process. `isHubThread` says that no thread has to serve itself;
   * `takenBack` are the changes taken back of which the hub before has told.
   */
  constructor(
    threads: () => Iterable<ServedThread>,
    isHubThread = true,
    takenBack?: TakenBackChanges,
  ) {
    this.log = new ProcessLog((first) => this.#lines.freePlace(first), takenBack);
    this.#threads = threads;
    this.#lines = new BudgetPools(
      (id) => this.#spend(id),
      (id) => this.log.has(id),
      () => [...threads()].length,
      isHubThread,
    );
    this.heritage = new Heritage(threads, this.log, this.#files, this.#lines);
  }

  /**
   * Takes in a thread with the changes that it has in force already. It gets the changes that it
   * has missed; the other threads get those that only it knows of, from a hub that has died.
   */
  welcome(thread: ServedThread, entries: readonly LogEntry[], file?: LogEntry): void {
    const told = this.heritage.take(thread, thread);
    for (const entry of entries) noteMsLeft(entry);
    if (file !== undefined) this.heritage.takeFile(file, thread);
    const living = this.heritage.living(entries);
    const ids = this.log.adopt(living, thread);
    this.#lines.adopt(living.filter(({ id }) => this.log.has(id)), thread);
    thread.linesLeft = (id) => this.#lines.left(id);
    if (ids.length > 0) thread.give({ kind: "rollback", ids }, HUB);
    for (const { expiresAt } of entries) {
      if (expiresAt !== undefined) thread.scheduleExpiry(expiresAt);
    }
    const brought = new Set([...entries, ...told].map(({ id }) => id));
    for (const one of this.#threads()) {
      for (const entry of this.#files.missedBy(one)) this.#giveFile(one, entry);
      const missed = this.log.missedBy(one);
      // All other changes that a thread has missed still come to it by frames of their senders, who
      // are to hear from each thread which levels it had before.
      this.#catchUp(one, one === thread ? missed : missed.filter(({ id }) => brought.has(id)));
    }
  }

  /**
   * The order for a thread, noted as being on its way.
   *
   * @throws {ConfigError} There is nothing to commit, or less to take back than asked for.
   */
  orderFor(thread: ServedThread, { order, to, keys, payload }: Asked): Order {
    const { command, id, sender: { by, label, user, reason }, expiresAt, lines, parsed } = order;
    const at = new Date().toISOString(), isTrusted = isGuarded(thread.options);
    const ends = { expiresAt, lines }, letIn = { keys, payload, isTrusted };
    const said = { by, label, user, reason, at, to, ...ends, ...letIn };
    switch (command.kind) {
      case "change": {
        const change = { ...said, id, text: command.text };
        const entry = this.#enter(change, thread);
        if (id !== undefined) this.#offerLater(entry);
        return { kind: "change", entry: { ...entryFor(entry, change), parsed } };
      }
      case "prepare": {
        const { text, transaction } = command;
        const since = performance.now() - YOUNG_MS;
        this.#prepared.add(thread, transaction, { ...said, text }, since, order.wait);
        return command;
      }
      case "commit":
        return this.#commit(thread, command.transaction, order.sender);
      case "rollback": {
        const ids = command.ids ?? this.#rollbacks.of(id, () => {
          return this.#newest(command.steps, this.#meant(thread, id, to));
        });
        const { lastSeq } = this.log, aim = aimOfUndo(id, to);
        const isOld = ({ id, seq }: LogEntry) => ids.includes(id) && seq <= lastSeq;
        this.#undo(thread, order, aim, isOld, () => {
          // A change that has been sent again meanwhile stays.
          return { kind: "rollback", ids: ids.filter((id) => !this.log.has(id, lastSeq)) };
        });
        if (aim !== undefined && aim.port === undefined) this.log.noteTakenBack(ids, aim);
        return { kind: "rollback", ids };
      }
      case "reset": {
        const seq = this.#resets.of(id, () => this.log.lastSeq);
        const reset = { kind: "reset", seq } as const;
        this.#undo(thread, order, aimOfUndo(id, to), (entry) => entry.seq <= seq, () => reset);
        return reset;
      }
      case "abort":
        this.#prepared.forget(command.transaction);
        return command;
      default:
        return command;
    }
  }

  /** The newest entry of the watched file. */
  get fileEntry(): LogEntry | undefined {
    return this.#files.newest;
  }

  /** The newest entry of the watched file that a thread has in force. */
  get fileInForce(): LogEntry | undefined {
    return this.#files.inForce;
  }

  /** Gives all threads what a watched file says; the file is the program's own and may do anything. */
  takeFile(change: FileChange, answer: FileAnswer): void {
    const id = crypto.randomUUID(), at = new Date().toISOString(), seq = this.log.place();
    const entry = { ...change, id, at, seq, keys: [], isTrusted: true };
    this.#files.add(entry, answer);
    for (const thread of this.#threads()) this.#giveFile(thread, entry);
  }

  /** Forgets everything, since nobody listens any more. */
  clear(): void {
    this.log.clear();
    this.#files.clear();
  }

  /** Forgets a thread that has ended, or listens no more. */
  leave(thread: ServedThread): void {
    this.#files.leave(thread);
    this.log.leave(thread);
    this.#prepared.leave(thread);
    this.#lines.leave(thread);
  }

  /** Notes that a thread has refused an order. */
  refused(thread: ServedThread, order: Order): void {
    if ("entry" in order) this.log.refuse(order.entry.id, thread);
    if (order.kind === "prepare") this.#prepared.release(thread, order.transaction);
  }

  /** Whether a command commits a change that the thread holds ready, or soon will. */
  mayCommit(thread: ServedThread, command: Command): boolean {
    if (command.kind !== "commit") return false;
    const { transaction } = command;
    return this.#prepared.isHeldBy(thread, transaction) ||
      this.#prepared.aheadOf(thread, transaction) !== undefined;
  }

  /** An order that the thread has got already, before its sender asked for it. */
  givenAhead(thread: ServedThread, order: Order): PostedOrder | undefined {
    return this.#prepared.takeAhead(thread, order);
  }

  /**
   * Whether a command commits what was prepared before the thread came: it gets that as all threads
   * do that come late, and holds nothing to commit.
   */
  isLateFor(thread: ServedThread, command: Command): boolean {
    if (command.kind !== "commit") return false;
    const known = this.#prepared.find(command.transaction);
    return known !== undefined && thread.since >= known.since && !known.asked.has(thread);
  }

  /**
   * Puts in force what a thread holds ready. The others of the process do so at once, and do not
   * wait for their own frames: the sender may end in between, or the hub.
   */
  #commit(thread: ServedThread, transaction: string, sender: Sender): Order {
    const ahead = this.#prepared.aheadOf(thread, transaction);
    if (ahead !== undefined) return ahead;
    const isHeld = this.#prepared.isHeldBy(thread, transaction);
    const known = isHeld ? undefined : this.log.entryOf(transaction, thread);
    // The hub before, or an earlier frame, has committed the transaction.
    if (known !== undefined) return commitFor(thread, transaction, known, known);
    const prepared = this.#prepared.commit(thread, transaction);
    const { said, since, asked, holders } = prepared;
    const order = this.#commitOf(thread, transaction, said);
    for (const one of this.#threads()) {
      if (one.since >= since && !asked.has(one)) this.#offer(order.entry, one);
    }
    for (const one of [...holders]) {
      // What another key or the program's own function guards only its own frame may commit.
      if (!areLetInTo(one.options, [thread.options])) continue;
      try {
        const ahead = this.#commitOf(one, transaction, said);
        this.#prepared.giveAhead(one, ahead, sender, () => this.refused(one, ahead));
      } catch {
        // The thread's own frame fails likewise, and tells its sender why.
      }
    }
    return order;
  }

  #commitOf(thread: ServedThread, transaction: string, said: SaidChange): Commit {
    const change = { ...said, id: transaction, at: new Date().toISOString() };
    return commitFor(thread, transaction, this.#enter(change, thread), change);
  }

  /**
   * Takes changes back from a thread, and from the others that the sender means. Changes that others
   * have let in by a key that this thread does not ask for are taken back from this thread alone.
   */
  #takeBack(
    thread: ServedThread,
    isMeant: (entry: LogEntry) => boolean,
    to: Aim | undefined,
  ): void {
    const { key } = thread.options;
    const isOurs = ({ keys, isTrusted }: LogEntry) =>
      keys.every((one) => one === key) && (!isTrusted || isGuarded(thread.options));
    this.log.takeBack((entry) => isMeant(entry) && !isOurs(entry), [thread], undefined);
    this.log.takeBack((entry) => isMeant(entry) && isOurs(entry), [thread], to);
  }

  /**
   * Takes changes back from a thread and the others that are meant. Threads so young that the sender
   * may have missed them, as all are whose hub has just ended, get the order after a while.
   */
  #undo(
    thread: ServedThread,
    { command: { kind }, id, sender }: FrameOrder,
    aim: Aim | undefined,
    isTakenBack: (entry: LogEntry) => boolean,
    order: () => Order,
  ): void {
    this.#takeBack(thread, isTakenBack, aim);
    if (id === undefined || aim === undefined || aim.port !== undefined) return;
    const told = this.#told.of(`${kind} ${id}`, () => {
      this.#laterToYoung((one) => {
        const letInBy = [...told].map(({ options }) => options);
        if (told.has(one) || !isMeant(one, aim) || !areLetInTo(one.options, letInBy)) return;
        this.#takeBack(one, isTakenBack, aim);
        one.tell(order(), sender);
      }, UNDO_AFTER_MS);
      return new Set();
    });
    told.add(thread);
  }

  /** Gives an entry, after a while, to threads so young that its sender may have missed them. */
  #offerLater(entry: LogEntry): void {
    this.#laterToYoung((thread) => this.#offer(entry, thread));
  }

  /** Calls `give`, after a while, for the threads that are so young now. */
  #laterToYoung(give: (thread: ServedThread) => void, after = OFFER_AFTER_MS): void {
    const since = performance.now() - YOUNG_MS;
    const young = () => [...this.#threads()].filter((thread) => thread.since >= since);
    if (young().length > 0) this.#deadlines.add(() => young().forEach(give), after);
  }

  /** Gives an entry to a thread that has not got it from its sender. */
  #offer(entry: LogEntry, thread: ServedThread): void {
    this.#catchUp(thread, this.log.missedBy(thread).filter(({ id }) => id === entry.id));
  }

  #giveFile(thread: ServedThread, entry: LogEntry): void {
    this.#files.take(thread, entry);
    thread.giveFile(entry).then((outcome) => {
      if (outcome?.error !== undefined) this.#files.refuse(thread, entry, outcome.error);
      else if (outcome !== undefined) {
        this.#files.accept(entry);
        this.log.endByFile(entry);
      }
    }).catch(tellFailure);
  }

  #catchUp(thread: ServedThread, entries: readonly LogEntry[]): void {
    this.log.take(thread, entries);
    for (const entry of entries) this.#lines.lease(entry, thread);
    thread.catchUp(entries, ({ id }) => this.log.refuse(id, thread));
  }

  /**
   * The entry of a change on its way to a thread; from now on the thread may log the change's lines.
   *
   * @throws {ConfigError} Too many changes may log so many lines.
   */
  #enter(change: NewEntry, thread: ServedThread): LogEntry {
    let { id } = change;
    try {
      const entry = this.log.note(change, thread);
      id = entry.id;
      this.#lines.lease(entry, thread);
      return entry;
    } catch (error) {
      // Other threads may still get the change. They must not pass it on to this one later, whose
      // refusal the sender hears.
      if (id !== undefined) {
        this.log.refuse(id, thread);
        this.log.turnAway(id, thread);
      }
      throw error;
    }
  }

  /** Has the threads take back a change that has brought out all its lines. */
  #spend(id: string): void {
    const threads = [...this.#threads()];
    this.log.takeBack((entry) => entry.id === id, threads, {});
    for (const thread of threads) thread.tell({ kind: "spent", id });
  }

  /** The threads that a rollback means; without an id it may be one of several, so only this one. */
  #meant(thread: ServedThread, id: string | undefined, to: Aim | undefined): ServedThread[] {
    if (id === undefined || to?.port !== undefined) return [thread];
    return [...this.#threads()].filter((one) => isMeant(one, to));
  }

  #newest(steps: number, threads: readonly ServedThread[]): string[] {
    const ids = this.log.idsOf(threads);
    // If there is no change to roll back, there is nothing to do, as with a reset. But a sender that
    // names a number gets so many taken back, or none.
    if (ids.length >= steps || steps === 1) return ids.slice(-steps);
    throw new ConfigError(`Cannot roll back ${steps} changes: ${ids.length} can be taken back`);
  }
}

/**
 * The entry for a thread that gets the change by a frame of its own: with the words and the address
 * of that frame, and with no more trust than that frame has, whatever other threads have let in.
 */
function entryFor({ id, seq, lines }: LogEntry, said: SaidChange): LogEntry {
  return { ...said, id, seq, lines, payload: undefined };
}

/** The order to put in force what a thread holds ready; it trusts that no more than it was let in. */
function commitFor(
  { options }: ServedThread,
  transaction: string,
  entry: LogEntry,
  said: SaidChange,
): Commit {
  const isTrusted = isGuarded(options), keys = isTrusted ? said.keys : [];
  return { kind: "commit", transaction, entry: entryFor(entry, { ...said, isTrusted, keys }) };
}

/** A rollback without an id does not tell whether it is one of several: then its aim is unknown. */
function aimOfUndo(id: string | undefined, to: Aim | undefined): Aim | undefined {
  return to ?? (id === undefined ? undefined : {});
}
