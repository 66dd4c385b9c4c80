import { queueDiagnostic } from "../../core/io/diagnostic_queue.ts";
import type { Guards } from "../board/attach_options.ts";
import { Board, type BoardBuffers, FREE, REFUSED, SERVED } from "../board/board.ts";
import { acceptAll } from "../connections/accept_all.ts";
import { Connection } from "../connections/connection.ts";
import { takeIn } from "../connections/who_gives_way.ts";
import { Deadlines } from "../../core/runtime/deadlines.ts";
import { answerOnce, noteHeard } from "../board/order_word.ts";
import {
  ATTACH_CHANNEL,
  type AttachMessage,
  type AttachRequest,
  noteRecorded,
  type Roster,
} from "./attach_channel.ts";
import { DumpFiles } from "../dump/dump_files.ts";
import { dumpLines, withEnd } from "../dump/dump_lines.ts";
import { writeRefusal } from "../board/attach_refusal.ts";
import { gateFor } from "./gate.ts";
import { type GuardedThread, Lead } from "./lead.ts";
import { ProcessChanges } from "./process_changes.ts";
import { untilLinkBreaks } from "../board/live_link.ts";
import type { Aim, DumpRequest } from "../../wire/command.ts";
import { readRecorded, type Recorded, Recordings } from "../dump/recordings.ts";
import { recordedFor } from "./recorded_for.ts";
import { ServedThread } from "./served_thread.ts";
import type { StandbyCandidate, StandbyKeeper } from "./standby_keeper.ts";
import { TakenBackChanges } from "../board/taken_back.ts";
import { ThreadPort } from "./thread_port.ts";
import { withOwnName } from "./with_own_name.ts";
import { WakeQueue } from "../connections/wake_queue.ts";
import type { FileToWatch } from "../board/watch_order.ts";
import type { ProcessFile } from "../watch/process_file.ts";

/** How often threads are shown that the hub lives, in milliseconds. */
export const HEARTBEAT_MS = 500;

/** Pause between two tries to get a port that the hub before may not have freed, in milliseconds. */
const HANDOVER_PAUSE_MS = 5;

/** A thread that the hub serves. */
interface AttachedThread extends GuardedThread {
  readonly threadId: string;
  readonly buffers: BoardBuffers;
  /** Resolves when its port is free; undefined if it has had none. */
  served?: Promise<void>;
}

/**
 * How long a thread without a port leaves ports to those that had them before, and after how long
 * it looks for one again, in milliseconds.
 */
const GRACE_MS = 1000;

/**
 * Serves the ports of all threads of the process. It never runs code of the program, so it answers
 * while all of them compute.
 *
 * 1. A thread posts an `AttachRequest` with its board, again and again, until the board says
 *    `SERVED` or `REFUSED`. The hub claims a port for it, or lets it follow the thread that leads;
 *    it connects to the thread's link, gives the thread the changes that it has missed, and shows
 *    by the board's heartbeat that it lives.
 * 2. A `Connection` reads a request, the thread's `Gate` lets it in, its `Lead` finds the threads
 *    that are meant, `ProcessChanges` gives a change its place, and a `ServedThread` puts the order
 *    on the board, waits for the outcome and answers.
 * 3. The thread leaves, or ends, which breaks the link: its port is freed and given to the follower
 *    that has waited longest.
 *
 * What may go wrong: a peer that sends slowly, too much or nothing (`Deadlines`, bounds); a
 * thread that computes for ever (its answer is `pending`); too many open files (the refused thread
 * is told); a fault of ours (told on stderr, and the others are served on); the hub's own end,
 * after which the threads attach to the next one (`standby_keeper.ts`).
 */
export class Hub {
  readonly #threads = new Map<string, AttachedThread>();
  readonly #connections = new Set<Connection>();
  readonly #deadlines = new Deadlines();
  readonly #wakes = new WakeQueue();
  readonly #changes: ProcessChanges;
  /** Ids of threads whose old port is not free yet. */
  readonly #delayed = new Set<string>();
  readonly #begin = performance.now();
  /** Resolves when threads come, go, or get a port. */
  #turnover = Promise.withResolvers<void>();
  /** Undefined for a hub on the program's own thread: no other hub can stand by for that. */
  readonly #standby: StandbyKeeper | undefined;
  readonly #serving: (listener: Deno.TcpListener) => void;
  readonly #recordings: Recordings;
  readonly #takenBack: TakenBackChanges;
  readonly #dumps: DumpFiles;
  /** The watcher of the file that threads have named; undefined if none has. */
  #file: Promise<ProcessFile> | undefined;

  /**
   * `serving` is called with every listener, for a thread that must not be kept alive by them. A
   * hub that stood by hands over what the hub before it has told.
   */
  constructor(
    standby: StandbyKeeper | undefined,
    serving: (listener: Deno.TcpListener) => void = () => {},
    recordings: Recordings = new Recordings(),
    takenBack: TakenBackChanges = new TakenBackChanges(),
    dumps: DumpFiles = new DumpFiles(recordings, standby === undefined),
  ) {
    this.#takenBack = takenBack;
    takenBack.tell = (one) => this.#tellStandby({ takenBack: one });
    dumps.dumped.tell = (dumped) => this.#tellStandby({ dumped });
    this.#recordings = recordings;
    this.#dumps = dumps;
    this.#standby = standby;
    this.#changes = new ProcessChanges(() => this.#served(), standby !== undefined, takenBack);
    this.#serving = serving;
    if (standby?.isNeeded) this.#changes.heritage.keepTold();
  }

  /** Takes over what the hub before has put on the board of a thread that may come. */
  inherit(buffers: BoardBuffers): void {
    this.#changes.heritage.take({ list: new Board(buffers).list, lines: buffers.lines });
  }

  /** Takes what is said on the {@linkcode ATTACH_CHANNEL}. */
  hear(message: AttachMessage): void {
    if ("record" in message || "unwatch" in message) noteHeard(message.word);
    if ("leave" in message) this.detach(message.leave);
    else if ("wanted" in message) ATTACH_CHANNEL.post(this.#roster());
    else if ("record" in message) noteRecorded(this.#recordings, message);
    else if ("dump" in message) {
      const { dump, of, upTo, word } = message;
      this.#guard(answerOnce(word, () => this.#dumps.write(dump, of, upTo)));
    } else if ("watch" in message) {
      this.#guard(answerOnce(message.word, () => this.#watchFile(message.of, message.watch)));
    } else if ("unwatch" in message) this.#unwatchFile(message.unwatch);
    else if ("buffers" in message) this.attach(message);
  }

  /**
   * Claims a port for a thread and serves it until the thread ends. Returns false if it does not
   * answer the request, since another hub has done so or the thread has given up.
   */
  attach(asked: AttachRequest): boolean {
    const board = new Board(asked.buffers);
    if (this.#threads.has(asked.id)) {
      // The thread took this hub for dead, or has repeated its request.
      board.state = SERVED;
      return true;
    }
    if (!board.begin(this.#standby?.isNeeded === false)) return false;
    const request = withOwnName(asked, board, this.#served());
    const { id, options, isAgain, link } = request;
    const port = new ThreadPort(board, options);
    const attached = this.#attached(request, port), { thread } = attached;
    // A thread that followed leaves the ports to those that had them, which may be on their way.
    const followed = isAgain && board.port === 0;
    try {
      const old = port.reclaim();
      const age = performance.now() - this.#begin;
      if (old === undefined && (port.isInTheWay || port.mayComeFree(age))) {
        board.state = FREE;
        this.#attachLater(request);
        return true;
      }
      const listener = followed ? undefined : old ?? this.#claim(thread);
      if (request.recorded !== undefined) this.#recordings.take(request.recorded);
      if (request.dumpTo !== undefined) this.#dumps.add(id, request.dumpTo);
      this.#welcome(attached, request);
      board.state = SERVED;
      // A thread that was called back looks again only when something has happened.
      if (isAgain) {
        board.turn();
        // The hub that stood by has become this one, so that none stands by now.
        this.#lookForStandby();
      }
      this.#turnOver();
      if (listener !== undefined) this.#serve(listener, attached);
      else this.#promoteLater();
      if (link !== undefined) this.#guard(untilLinkBreaks(link).then(() => this.detach(id)));
    } catch (error) {
      this.#threads.delete(id);
      this.#changes.leave(thread);
      if (thread.release()) thread.confirmLeft();
      // No error, such as too many open files, may end the hub of all other threads.
      board.answer(writeRefusal(error), 0);
      board.state = REFUSED;
    }
    return true;
  }

  /**
   * Serves the thread on which this hub runs, which has told the recordings and the dump files of
   * itself, and has claimed its port already; it looks for one later where `listener` is undefined.
   */
  adopt(request: AttachRequest, port: ThreadPort, listener: Deno.TcpListener | undefined): void {
    const attached = this.#attached(request, port);
    this.#welcome(attached, request);
    if (listener !== undefined) this.#serve(listener, attached);
    else this.#promoteLater();
  }

  #attached(request: AttachRequest, port: ThreadPort): AttachedThread {
    const { threadId, name, buffers, options } = request;
    const thread = new ServedThread(name, port, this.#wakes, new Set(request.seen));
    const gate = gateFor(options, (reason, by, what) => thread.tellRefusal(reason, { by }, what));
    return { thread, gate, threadId, buffers };
  }

  /** Takes a thread in, and gives it the changes that it has missed. */
  #welcome(attached: AttachedThread, { id, watched, isAgain, entries, file }: AttachRequest): void {
    this.#threads.set(id, attached);
    if (watched !== undefined) this.#guard(this.#watchFile(id, watched));
    if (isAgain) attached.thread.tell({ kind: "let go" });
    this.#changes.welcome(attached.thread, entries, file);
  }

  /** Attaches a thread after a moment, once, though it may repeat its request meanwhile. */
  #attachLater(request: AttachRequest): void {
    if (this.#delayed.has(request.id)) return;
    this.#delayed.add(request.id);
    const timer = setTimeout(() => {
      // Nothing is to be done if the thread has left meanwhile.
      if (this.#delayed.delete(request.id)) this.attach(request);
    }, HANDOVER_PAUSE_MS);
    Deno.unrefTimer(timer);
  }

  /**
   * Ends with the program: frees all ports, and has no thread that goes on computing start another hub.
   */
  async endProgram(): Promise<void> {
    const threads = [...this.#threads.values()];
    // Otherwise threads without a port would get those that become free.
    this.#threads.clear();
    this.#delayed.clear();
    for (const { thread, buffers } of threads) {
      new Board(buffers).endProgram();
      thread.release();
    }
    await Promise.allSettled(threads.map(({ served }) => served));
  }

  /** Frees the port of a thread; a thread that has none gets it. */
  detach(id: string): void {
    this.#delayed.delete(id);
    const found = this.#threads.get(id);
    if (found === undefined) return;
    const { thread } = found;
    this.#threads.delete(id);
    this.#recordings.end(id);
    this.#dumps.remove(id);
    this.#unwatchFile(id);
    this.#changes.leave(thread);
    if (this.#threads.size === 0) this.#changes.clear();
    this.#turnOver();
    if (!thread.release()) thread.confirmLeft();
    // A hub that stands by would keep the board, and call back a thread that has left.
    this.#tellStandby({ leave: id });
  }

  /** Watches a file that the thread of `id` names; resolves when the file has been read once. */
  async #watchFile(id: string, { path, maxBytes }: FileToWatch): Promise<void> {
    // Imported only here, since few programs watch a file.
    this.#file ??= import("../watch/process_file.ts").then(({ ProcessFile }) =>
      new ProcessFile(this.#changes, this.#standby !== undefined)
    );
    const file = await this.#file;
    this.#changes.fileStatus = () => file.status;
    await file.watch(id, path, maxBytes);
  }

  #unwatchFile(id: string): void {
    if (this.#file !== undefined) this.#guard(this.#file.then((file) => file.leave(id)));
  }

  /** Shows all threads that it lives. */
  beat(): void {
    for (const thread of this.#served()) thread.beat();
    this.#lookForStandby();
  }

  #lookForStandby(): void {
    if (this.#standby !== undefined) this.#guard(this.#standby.look(() => this.#candidates()));
  }

  *#candidates(): Generator<StandbyCandidate> {
    for (const { thread, threadId } of this.#threads.values()) {
      yield { threadId, ask: () => thread.tell({ kind: "stand by" }) };
    }
  }

  /** Tells a hub that stands by, if there has to be one, what it will need. */
  #tellStandby(message: AttachMessage): void {
    if (this.#standby?.isNeeded) ATTACH_CHANNEL.post(message);
  }

  #roster(): Roster {
    const roster = [...this.#threads].map(([id, { buffers }]) => [id, buffers] as const);
    const { all: recordings } = this.#recordings, { all: takenBack } = this.#takenBack;
    return { roster, recordings, takenBack, dumped: this.#dumps.dumped.all };
  }

  /** Wakes those who wait for threads or their ports to change. */
  #turnOver(): void {
    this.#turnover.resolve();
    this.#turnover = Promise.withResolvers();
  }

  *#served(): Generator<ServedThread> {
    for (const { thread } of this.#threads.values()) yield thread;
  }

  /** Claims a port for a thread; undefined if the thread has to follow another one. */
  #claim(thread: ServedThread): Deno.TcpListener | undefined {
    try {
      return thread.claim();
    } catch (error) {
      const { isExact, ports: [first, last] } = thread.options;
      const isRangeOurs = [...this.#served()].some(({ port }) => port >= first && port <= last);
      if (isExact || !isRangeOurs || !(error instanceof Deno.errors.AddrInUse)) throw error;
      return undefined;
    }
  }

  #serve(listener: Deno.TcpListener, attached: AttachedThread): void {
    this.#serving(listener);
    this.#turnOver();
    attached.served = this.#accept(listener, attached).then(() => this.#promote());
    this.#guard(attached.served);
  }

  /** The threads without a port that follow this one, the longest waiting first. */
  #followersOf(leader: ServedThread): GuardedThread[] {
    const ports = [...this.#served()].map(({ port }) => port).filter((port) => port > 0);
    if (leader.port !== Math.min(...ports)) return [];
    return [...this.#threads.values()].filter(({ thread }) => thread.port === 0);
  }

  /** The lines of a dump: what was recorded of the threads that the sender means and may read. */
  #dump(
    request: DumpRequest,
    to: Aim | undefined,
    letInBy: readonly Guards[],
  ): Iterable<string> {
    return withEnd(dumpLines(this.#recorded(to, letInBy).map(readRecorded), request));
  }

  #recorded(to: Aim | undefined, letInBy: readonly Guards[]): Recorded[] {
    return recordedFor(this.#recordings, this.#threads, to, letInBy);
  }

  /** Forgets records of threads that have ended; living threads forget their own by themselves. */
  #forgetEnded(to: Aim | undefined, letInBy: Guards): void {
    for (const { thread: { id }, endedAt } of this.#recorded(to, [letInBy])) {
      if (endedAt === undefined) continue;
      this.#recordings.forget(id);
      this.#tellStandby({ record: id, recorded: undefined });
    }
  }

  /** Gives ports that have become free to threads that have none. */
  readonly #promote = (): void => {
    for (const attached of this.#threads.values()) {
      if (attached.thread.port > 0) continue;
      const listener = this.#claimFreed(attached.thread);
      if (listener === undefined) this.#promoteLater();
      else this.#serve(listener, attached);
    }
  };

  #claimFreed(thread: ServedThread): Deno.TcpListener | undefined {
    try {
      return this.#claim(thread);
    } catch {
      // No thread of the process has a port, since another process took the last one.
      return undefined;
    }
  }

  /** Looks for a free port later: nobody tells of ports that other processes free. */
  #promoteLater(): void {
    this.#deadlines.add(this.#promote, GRACE_MS);
  }

  async #accept(listener: Deno.TcpListener, guarded: GuardedThread): Promise<void> {
    const { thread } = guarded;
    const lead = new Lead(
      guarded,
      () => this.#followersOf(thread),
      this.#changes,
      () => this.#turnover.promise,
      (request, to, letInBy) => this.#dump(request, to, letInBy),
      (to, letInBy) => this.#forgetEnded(to, letInBy),
    );
    await acceptAll(listener, (conn) => {
      const connection = new Connection(conn, lead, this.#deadlines, this.#wakes);
      this.#guard(this.#admit(connection, thread.options.maxConnections));
    });
    // The listener was closed when the thread left: only now is the port really free.
    thread.confirmLeft();
  }

  async #admit(connection: Connection, most: number): Promise<void> {
    if (!await takeIn(connection, this.#connections, most, this.#guard)) return connection.evict();
    await connection.serve().finally(() => this.#connections.delete(connection));
  }

  /** Tells a fault in serving one peer on stderr, so that it does not end the serving of others. */
  readonly #guard = (task: Promise<void>): void => {
    task.catch((error) => {
      queueDiagnostic(`logdial: the listener failed: ${error?.stack ?? error}\n`);
    });
  };
}
