import type { Registry } from "../config/registry.ts";
import type { Manager } from "../core/manager.ts";
import { currentThread } from "../core/thread.ts";
import { Board, FREE, REFUSED } from "./board.ts";
import { type AttachRequest, Hub } from "./hub.ts";
import { Inbox } from "./inbox.ts";
import type { AttachOptions } from "./options.ts";
import { HAS_LOCKS, isLocked, withLock } from "./locks.ts";
import { ATTACH_CHANNEL, HUB_LOCK, startHub } from "./start_hub.ts";

/** Held by the thread that is starting a hub, so that others wait for it. */
const START_LOCK = "logdial.start.1";
/** How often a request is repeated until the hub has heard it, in milliseconds. */
const REPEAT_MS = 20;
/** Longest wait for a hub to come up, in milliseconds. */
const START_TIMEOUT_MS = 10_000;

/** Thread side of listening: the board, and the link that tells each side of the other's end. */
export class Attachment {
  readonly #board: Board;
  readonly #inbox: Inbox;
  readonly #manager: Manager;
  readonly #request: AttachRequest;
  readonly #link: Deno.TcpListener | undefined;
  #ownHub: Hub | undefined;
  #closed = false;

  /** Prepares to listen; nothing is claimed before {@linkcode Attachment.open}. */
  constructor(manager: Manager, registry: Registry, options: AttachOptions) {
    this.#manager = manager;
    this.#board = new Board(manager.signal.buffer as SharedArrayBuffer);
    this.#inbox = new Inbox(this.#board, manager, registry);
    this.#link = openLink();
    this.#request = {
      id: crypto.randomUUID(),
      name: currentThread().processName,
      buffers: this.#board.buffers,
      options,
      livePort: this.#link?.addr.port ?? 0,
      history: [],
    };
  }

  /** The claimed port. */
  get port(): number {
    return this.#board.port;
  }

  /** Whether the hub runs on this thread, where it cannot answer while the thread computes. */
  get isOnOwnThread(): boolean {
    return this.#ownHub !== undefined;
  }

  /**
   * Claims a port and starts to take changes.
   *
   * @throws {Error} Ports are taken, or listening is not allowed.
   */
  async open(): Promise<void> {
    this.#inbox.catchUp();
    await this.#attach();
    this.#manager.onSignal = this.#inbox.catchUp;
    this.#manager.catchUp();
    void this.#takeWhenIdle();
    if (this.#ownHub === undefined) void this.#watchHub();
  }

  /** Frees the port; what has been applied stays. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#manager.onSignal = undefined;
    this.#ownHub?.detach(this.#request.id);
    this.#link?.close();
    this.#manager.touch();
    Atomics.notify(this.#manager.signal, 0);
  }

  async #attach(): Promise<void> {
    let failure: unknown;
    // Waits below do not keep the thread alive, the timer does.
    const keepAlive = setInterval(() => {}, 1000);
    try {
      const end = performance.now() + START_TIMEOUT_MS;
      while (this.#board.state === FREE) {
        if (!HAS_LOCKS || failure !== undefined || performance.now() > end) {
          this.#serveOnOwnThread();
          break;
        }
        if (!await isLocked(HUB_LOCK)) await this.#start((error) => failure = error);
        this.#ask();
        await this.#board.untilTaken(REPEAT_MS);
      }
    } finally {
      clearInterval(keepAlive);
    }
    if (this.#board.state === REFUSED) throw new Error(this.#refusal());
  }

  /** Starts a hub unless another thread is at it, and waits until there is one. */
  async #start(onFailure: (error: unknown) => void): Promise<void> {
    let failed = false;
    await withLock(START_LOCK, async () => {
      const end = performance.now() + START_TIMEOUT_MS;
      if (await isLocked(HUB_LOCK)) return;
      startHub((error) => {
        failed = true;
        onFailure(error);
      });
      while (!failed && !await isLocked(HUB_LOCK) && performance.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    });
  }

  #ask(): void {
    const channel = new BroadcastChannel(ATTACH_CHANNEL);
    channel.postMessage({ ...this.#request, history: this.#inbox.history.entries });
    // An open channel would keep the main thread alive.
    channel.close();
  }

  /** Without a hub thread, changes are taken whenever the event loop runs. */
  #serveOnOwnThread(): void {
    this.#ownHub = new Hub((listener) => listener.unref());
    this.#ownHub.attach({ ...this.#request, livePort: 0 });
  }

  #refusal(): string {
    const { refused } = JSON.parse(this.#board.readOutbox()) as { refused: string };
    return refused;
  }

  /** Applies changes while the thread has nothing else to do. */
  async #takeWhenIdle(): Promise<void> {
    while (!this.#closed) {
      const seen = this.#board.signal;
      this.#manager.catchUp();
      await this.#board.untilTurned(seen);
    }
  }

  /** The hub's end breaks the link: then another one is needed. */
  async #watchHub(): Promise<void> {
    while (!this.#closed && this.#link !== undefined) {
      try {
        const conn = await this.#link.accept();
        unref(conn);
        const scratch = new Uint8Array(1);
        while (await conn.read(scratch) !== null);
        conn.close();
      } catch {
        // Reset, or closed by `close`.
      }
      if (this.#closed) return;
      this.#board.state = FREE;
      await this.#attach();
    }
  }
}

/** A listener that nobody ever talks on: its connections break when the thread ends. */
function openLink(): Deno.TcpListener | undefined {
  try {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    listener.unref();
    return listener;
  } catch (error) {
    // Allowed for single ports only: then the end of a thread cannot be noticed.
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

function unref(conn: Deno.TcpConn): void {
  conn.unref();
}
