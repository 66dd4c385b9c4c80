import { writeDiagnostic } from "../../core/io/diagnostics.ts";
import { Board, type BoardBuffers, REFUSED, SERVED } from "../board/board.ts";
import { Connection } from "./connection.ts";
import { Deadlines } from "./read_timeouts.ts";
import type { Change } from "../board/orders.ts";
import { Gate, requestHandler } from "./gate.ts";
import { History, type HistoryEntry } from "../board/sent_configs.ts";
import { HubChannel } from "../board/channels.ts";
import { SignatureChecker } from "../../wire/signature.ts";
import type { AttachOptions } from "../board/options.ts";
import { ServedThread } from "./served_thread.ts";
import { WakeQueue } from "./wake_queue.ts";

/** How often threads are shown that the hub lives, in milliseconds. */
export const HEARTBEAT_MS = 500;

/** Channel on which threads ask the hub to serve them. */
export const ATTACH_CHANNEL: HubChannel<AttachRequest | LeaveRequest> = new HubChannel(
  "logdial.attach.1",
);

/** What a thread tells of itself when it attaches. */
export interface AttachRequest {
  /** Unique for the thread, so that a repeated request is known as such. */
  readonly id: string;
  /** Name for messages. */
  readonly name: string;
  /** Its board. */
  readonly buffers: BoardBuffers;
  /** What it wants. */
  readonly options: AttachOptions;
  /** Loopback port whose connections break when the thread ends, 0 for none. */
  readonly livePort: number;
  /** What the process was sent last, as far as this thread knows. */
  readonly history: readonly HistoryEntry[];
  /** When its overrides end, in milliseconds since the epoch. */
  readonly expiries: readonly number[];
}

/** What a thread says when it stops listening. */
export interface LeaveRequest {
  /** The `id` with which it attached. */
  readonly leave: string;
}

/** A configuration that threads hold ready. */
interface Prepared {
  readonly text: string;
  readonly expiresAt: number | undefined;
}

/**
 * Serves the ports of all threads of the process. It never runs code of the program, so
 * it answers while all of them compute.
 */
export class Hub {
  readonly #threads = new Map<string, ServedThread>();
  readonly #connections = new Set<Connection>();
  readonly #deadlines = new Deadlines();
  readonly #wakes = new WakeQueue();
  readonly #history = new History();
  /** What is held ready, by transaction. */
  readonly #prepared = new Map<string, Prepared>();
  #lastRollback: string | undefined;
  /** Threads that attached before any history was known here. */
  readonly #unaware = new Set<ServedThread>();
  /** One per key, so that what one thread was sent cannot be sent again to another. */
  readonly #checkers = new Map<string, SignatureChecker>();
  readonly #serving: (listener: Deno.TcpListener) => void;

  /** `serving` sees every listener, for a thread that must not be kept alive by them. */
  constructor(serving: (listener: Deno.TcpListener) => void = () => {}) {
    this.#serving = serving;
  }

  /** Claims a port for a thread and serves it until the thread ends. */
  attach(request: AttachRequest): void {
    const board = new Board(request.buffers);
    if (this.#threads.has(request.id)) {
      // It took this hub for dead, or asked twice.
      board.state = SERVED;
      return;
    }
    const { name, options } = request;
    const thread = new ServedThread(name, board, options, this.#wakes, (change) => {
      this.#remember(change, options.prepareTimeout);
    });
    const isLate = board.published === 0;
    try {
      const listener = thread.claim();
      this.#serving(listener);
      this.#threads.set(request.id, thread);
      this.#adoptHistory(request.history);
      if (isLate) this.#inform(thread);
      for (const expiresAt of request.expiries) thread.scheduleExpiry(expiresAt);
      board.state = SERVED;
      this.#guard(this.#accept(listener, thread));
      if (request.livePort > 0) this.#guard(this.#watch(request.id, request.livePort));
    } catch (error) {
      this.#threads.delete(request.id);
      if (!isRefusal(error)) throw error;
      board.answer(JSON.stringify({ refused: error.message }), 0);
      board.state = REFUSED;
    }
  }

  /** Frees the port of a thread. */
  detach(id: string): void {
    const thread = this.#threads.get(id);
    if (thread === undefined) return;
    this.#threads.delete(id);
    this.#unaware.delete(thread);
    thread.release();
  }

  /** Shows all threads that it lives. */
  beat(): void {
    for (const thread of this.#threads.values()) thread.beat();
  }

  /** Keeps what threads that start late are to begin with. */
  #remember({ order, expiresAt }: Pick<Change, "order" | "expiresAt">, patience: number): void {
    switch (order.kind) {
      case "change":
        return this.#history.add(order.text, Date.now(), expiresAt);
      case "prepare":
        this.#hold(order.transaction, { text: order.text, expiresAt }, patience);
        return;
      case "commit": {
        const prepared = this.#prepared.get(order.transaction);
        if (prepared === undefined) return; // Another thread has committed it before.
        this.#prepared.delete(order.transaction);
        return this.#history.add(prepared.text, Date.now(), prepared.expiresAt);
      }
      case "abort":
        this.#prepared.delete(order.transaction);
        return;
      case "reset":
        return this.#history.forget();
      case "rollback":
        // The same for several threads is one step back.
        if (order.id !== undefined && order.id === this.#lastRollback) return;
        this.#lastRollback = order.id;
        return this.#history.forget(order.steps);
    }
  }

  /** As long as the threads hold it: its sender may never come back. */
  #hold(transaction: string, prepared: Prepared, patience: number): void {
    this.#prepared.set(transaction, prepared);
    const timer = setTimeout(() => this.#prepared.delete(transaction), patience);
    Deno.unrefTimer(timer);
  }

  #checkerFor(key: string | undefined): SignatureChecker | undefined {
    if (key === undefined) return undefined;
    const checker = this.#checkers.get(key) ?? new SignatureChecker(key);
    this.#checkers.set(key, checker);
    return checker;
  }

  /** A thread that starts late begins with what the process was sent before. */
  #inform(thread: ServedThread): void {
    thread.catchUp(this.#history.entries);
    if (this.#history.entries.length === 0) this.#unaware.add(thread);
  }

  /** What survives of the process's history when a hub dies is what its threads kept. */
  #adoptHistory(entries: readonly HistoryEntry[]): void {
    if (!this.#history.adopt(entries)) return;
    for (const thread of this.#unaware) thread.catchUp(this.#history.entries);
    this.#unaware.clear();
  }

  async #accept(listener: Deno.TcpListener, thread: ServedThread): Promise<void> {
    const gate = new Gate(
      this.#checkerFor(thread.options.key),
      (reason, by) => thread.tellRefusal(reason, by),
    );
    const handler = requestHandler(thread, gate);
    for (;;) {
      let conn: Deno.TcpConn;
      try {
        conn = await listener.accept();
      } catch (error) {
        // Closed when the thread left: only now has the port really been freed.
        if (
          error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted
        ) {
          thread.confirmLeft();
          return;
        }
        // Such as too many open files: others may close theirs.
        await new Promise((resolve) => setTimeout(resolve, 10));
        continue;
      }
      const connection = new Connection(conn, handler, this.#deadlines, this.#wakes);
      this.#makeRoom(thread.options.maxConnections);
      this.#connections.add(connection);
      this.#guard(connection.serve().finally(() => this.#connections.delete(connection)));
    }
  }

  /** Turns away the oldest connection that has not asked anything yet. */
  #makeRoom(most: number): void {
    if (this.#connections.size < most) return;
    for (const connection of this.#connections) {
      if (connection.busy) continue;
      this.#connections.delete(connection);
      this.#guard(connection.evict());
      return;
    }
  }

  /** Waits for the thread's end, which breaks the connection. */
  async #watch(id: string, livePort: number): Promise<void> {
    try {
      const link = await Deno.connect({ hostname: "127.0.0.1", port: livePort });
      const scratch = new Uint8Array(1);
      while (await link.read(scratch) !== null);
      link.close();
    } catch {
      // Refused or reset: the thread has ended.
    }
    this.detach(id);
  }

  /** A fault in serving one peer must not end the serving of others, nor stay unseen. */
  #guard(task: Promise<void>): void {
    task.catch((error) => {
      writeDiagnostic(`logdial: the listener failed: ${error?.stack ?? error}\n`);
    });
  }
}

function isRefusal(error: unknown): error is Error {
  return error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.NotCapable ||
    error instanceof Deno.errors.AddrNotAvailable || error instanceof Deno.errors.PermissionDenied;
}
