import type { ChangeLog } from "../../config/apply/change_log.ts";
import type { Registry } from "../../config/build/registry.ts";
import { writeDiagnostic } from "../../core/io/diagnostics.ts";
import type { Manager } from "../../core/manager.ts";
import { SIGNAL } from "../../core/signal.ts";
import { currentThread } from "../../core/thread.ts";
import { Board, FREE, REFUSED, SERVED } from "../board/board.ts";
import { ATTACH_CHANNEL, type AttachRequest, Hub, type LiveLink } from "../server/hub.ts";
import { Inbox } from "./inbox.ts";
import type { LogEntry } from "../board/orders.ts";
import { HAS_LOCKS } from "../board/locks.ts";
import type { AttachOptions } from "../board/options.ts";
import { requireListenPermission } from "./listen_permission.ts";
import { rehearseChange } from "./thread_rehearsal.ts";
import { REHEARSAL_PAUSE_MS, REHEARSE_AFTER_MS } from "../life/rehearsed_text.ts";
import { type HubStart, startHub } from "../life/start_hub.ts";
import type { Verify } from "../board/payload_text.ts";

/** How often a request is repeated until the hub has heard it, in milliseconds. */
const REPEAT_MS = 5;
/** How long a hub that runs already may take to answer, on main and in workers. */
const PATIENCE_MS = 5, WORKER_PATIENCE_MS = 100;
/** Longest wait for a hub to come up, in milliseconds. */
const START_TIMEOUT_MS = 10_000;
/** Longest wait for the port to be freed, in milliseconds. */
const LEAVE_TIMEOUT_MS = 500;
/** A hub that shows no sign of life for so long, in seconds, is taken for dead. */
const SILENCE_S = 3;
/**
 * How long an idle thread that is woken lets the hub wake the others, in milliseconds: it
 * often takes the hub's processor, and they would sleep until it is done.
 */
const OTHERS_MS = 0.1;
/** How long an idle thread waits before it logs a change, so that others can apply it, in milliseconds. */
const NOTE_DELAY_MS = 50;

/** What a thread asks for; without an address it listens on this machine's own. */
export type AskedOptions = Omit<AttachOptions, "hostname"> & { readonly hostname?: string };

/** This machine, as hosts with one kind of addresses and the other know it. */
const LOOPBACK = ["127.0.0.1", "::1"] as const;

/**
 * Thread side of listening: the board, and the link that tells each side of the other's
 * end.
 *
 * It attaches synchronously: a worker loses the messages that arrive while its module
 * awaits something, so the shared logger module must not await.
 */
export class Attachment {
  readonly #board: Board;
  readonly #inbox: Inbox;
  readonly #log: ChangeLog<LogEntry>;
  readonly #manager: Manager;
  readonly #asked: AskedOptions;
  #options: AttachOptions;
  readonly #id = crypto.randomUUID();
  #link: Deno.TcpListener | undefined;
  /** The hub's connection to the link. */
  #hubEnd: Deno.TcpConn | undefined;
  #ownHub: Hub | undefined;
  #ownThreadReason: string | undefined;
  #closed = false;
  /** Whether a hub has served it already. */
  #isAgain = false;
  #lastBeat = 0;
  #lastLook = 0;

  /** Prepares to listen; nothing is claimed before {@linkcode Attachment.open}. */
  constructor(
    manager: Manager,
    registry: Registry,
    log: ChangeLog<LogEntry>,
    options: AskedOptions,
    verify?: Verify,
  ) {
    this.#manager = manager;
    this.#log = log;
    this.#asked = options;
    this.#options = { ...options, hostname: options.hostname ?? LOOPBACK[0] };
    this.#board = new Board(SIGNAL.buffer as SharedArrayBuffer);
    this.#inbox = new Inbox(this.#board, manager, registry, log, verify);
  }

  /** The claimed port. */
  get port(): number {
    return this.#board.port;
  }

  /** Why the hub runs on this thread, where it cannot answer while the thread computes. */
  get ownThreadReason(): string | undefined {
    return this.#ownThreadReason;
  }

  /**
   * Claims a port and starts to take changes.
   *
   * @throws {Error} Ports are taken, or listening is not allowed.
   */
  open(): void {
    this.#link = openLink();
    const { hostname = this.#link?.addr.hostname ?? LOOPBACK[0] } = this.#asked;
    this.#options = { ...this.#asked, hostname };
    requireListenPermission(this.#options);
    this.#inbox.catchUp();
    this.#attach();
    this.#manager.onSignal = this.#inbox.catchUp;
    this.#manager.catchUp();
    void this.#takeWhenIdle();
    this.#rehearse();
    if (this.#ownHub !== undefined) return;
    this.#manager.onRecord = (time) => this.#checkHub(time);
    void this.#watchHub();
  }

  /** Step by step, unless there is a change before, which is better than any rehearsal. */
  #rehearse(steps = rehearseChange(), pause = REHEARSE_AFTER_MS): void {
    const timer = setTimeout(() => {
      if (this.#closed || this.#board.answered > 0) return;
      try {
        if (!steps.next().done) this.#rehearse(steps, REHEARSAL_PAUSE_MS);
      } catch (error) {
        // Whatever is wrong with it must not end the program.
        writeDiagnostic(`logdial: the rehearsal failed: ${error}\n`);
      }
    }, pause);
    Deno.unrefTimer(timer);
  }

  /** Frees the port; overrides end here, since nobody would take them back; the rest stays. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#manager.onSignal = undefined;
    this.#manager.onRecord = undefined;
    this.#leave();
    this.#log.expire(Infinity);
    this.#link?.close();
    this.#breakLink();
    this.#manager.touch();
    Atomics.notify(SIGNAL, 0);
  }

  /** Asks until a hub answers, and starts one if none does. */
  #attach(): void {
    const begin = performance.now();
    const patience = currentThread().isMain ? PATIENCE_MS : WORKER_PATIENCE_MS;
    let start: Pick<HubStart, "failure"> | undefined;
    this.#board.state = FREE;
    while (this.#board.state === FREE) {
      this.#ask();
      if (this.#board.waitWhile(FREE, REPEAT_MS)) break;
      const waited = performance.now() - begin;
      if (waited > patience) start ??= HAS_LOCKS ? startHub() : TOO_OLD;
      const late = waited > START_TIMEOUT_MS
        ? `it did not start in ${START_TIMEOUT_MS} ms`
        : undefined;
      const failure = start?.failure() ?? late;
      if (failure !== undefined) this.#serveOnOwnThread(failure);
    }
    this.#lastBeat = this.#board.heartbeat;
    if (this.#board.state === REFUSED) throw new Error(this.#refusal());
    this.#isAgain = true;
  }

  #ask(): void {
    ATTACH_CHANNEL.post(this.#request(this.#link?.addr));
  }

  /** The broken link would do, but later: the port is to be free when `close` returns. */
  #leave(): void {
    this.#ownHub?.detach(this.#id);
    if (this.#board.state !== SERVED) return;
    ATTACH_CHANNEL.post({ leave: this.#id });
    this.#board.waitWhile(SERVED, LEAVE_TIMEOUT_MS);
  }

  #request(link: LiveLink | undefined): AttachRequest {
    return {
      id: this.#id,
      name: currentThread().processName,
      buffers: this.#board.buffers,
      options: this.#options,
      link: link && { hostname: link.hostname, port: link.port },
      entries: this.#log.changes.map(({ parsed: _, ...entry }) => entry),
      seen: this.#log.seen,
      isAgain: this.#isAgain,
    };
  }

  /** Without a hub thread, changes are taken whenever the event loop runs. */
  #serveOnOwnThread(reason: string): void {
    this.#ownThreadReason = reason;
    this.#ownHub = new Hub((listener) => listener.unref());
    this.#ownHub.attach(this.#request(undefined));
  }

  #refusal(): string {
    const { refused } = JSON.parse(this.#board.readOutbox()) as { refused: string };
    return refused;
  }

  /** Applies changes while the thread has nothing else to do. */
  async #takeWhenIdle(): Promise<void> {
    while (!this.#closed) {
      const seen = this.#board.signal;
      this.#manager.catchUp(this.#inbox.catchUpSilently);
      if (this.#inbox.hasUnnoted) this.#noteLater();
      await this.#board.untilTurned(seen);
      this.#board.letOthersWake(OTHERS_MS);
    }
  }

  /** The next log call does it too: it sees that the signal has been turned. */
  #noteLater(): void {
    setTimeout(() => this.#manager.catchUp(this.#inbox.catchUp), NOTE_DELAY_MS);
  }

  /** The hub's end breaks the link: then another one is needed. */
  async #watchHub(): Promise<void> {
    while (!this.#closed && this.#link !== undefined) {
      const heartbeat = await this.#untilLinkBreaks(this.#link);
      if (this.#closed) return;
      // A thread that computed may have found out by itself.
      if (this.#board.heartbeat === heartbeat) this.#attachAgain();
    }
  }

  async #untilLinkBreaks(link: Deno.TcpListener): Promise<number> {
    try {
      const conn = await link.accept();
      this.#hubEnd = conn;
      conn.unref();
      const scratch = new Uint8Array(1);
      while (await conn.read(scratch) !== null);
    } catch {
      // Reset, or closed by `close`.
    }
    this.#breakLink();
    return this.#board.heartbeat;
  }

  #breakLink(): void {
    this.#hubEnd?.close();
    this.#hubEnd = undefined;
  }

  /** A thread that never yields sees no broken link: it looks for signs of life as it logs. */
  #checkHub(time: number): void {
    if (time - this.#lastLook < SILENCE_S) return;
    const { heartbeat } = this.#board;
    const silent = this.#lastLook > 0 && heartbeat === this.#lastBeat;
    this.#lastBeat = heartbeat;
    this.#lastLook = time;
    if (silent) this.#attachAgain();
  }

  #attachAgain(): void {
    try {
      // What the last hub has put there would be lost to the next one.
      this.#manager.catchUp(this.#inbox.catchUp);
      this.#attach();
    } catch (error) {
      // Someone took the ports meanwhile: logging goes on without.
      writeDiagnostic(`logdial: ${currentThread().processName} lost its port: ${error}\n`);
      this.close();
    }
  }
}

const TOO_OLD: Pick<HubStart, "failure"> = { failure: () => "it needs Deno 2.9 or newer" };

/** A listener that nobody ever talks on: its connections break when the thread ends. */
function openLink(): Deno.TcpListener | undefined {
  for (const hostname of LOOPBACK) {
    try {
      const listener = Deno.listen({ hostname, port: 0 });
      listener.unref();
      return listener;
    } catch (error) {
      // Allowed for single ports only, or a host without that kind of addresses.
      const isForbidden = error instanceof Deno.errors.NotCapable;
      const isNoAddress = error instanceof Deno.errors.AddrNotAvailable ||
        (error as { code?: unknown }).code === "EAFNOSUPPORT";
      if (!isForbidden && !isNoAddress) throw error;
    }
  }
  // Then the end of the thread cannot be noticed.
  return undefined;
}
