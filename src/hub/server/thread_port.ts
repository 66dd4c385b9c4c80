import type { AttachOptions } from "../board/attach_options.ts";
import type { Board } from "../board/board.ts";

/** How long the ports of a hub that has ended may not be free yet, in milliseconds. */
const HANDOVER_MS = 1000;

/** Ports that the hub is freeing: that takes a turn of the event loop. */
const freeing = new Set<number>();

/** The port on which a thread is reached: claimed for it when it comes, freed when it goes. */
export class ThreadPort {
  /** The thread's board, which shows the port, so that another hub can claim the same one. */
  readonly board: Board;
  /** What the thread asks for. */
  readonly options: AttachOptions;
  #listener: Deno.TcpListener | undefined;
  /** The port that is being freed; the board may show another one by then. */
  #freed: number | undefined;

  /** Nothing is claimed yet. */
  constructor(board: Board, options: AttachOptions) {
    this.board = board;
    this.options = options;
  }

  /**
   * Claims the lowest free port.
   *
   * @throws {Deno.errors.AddrInUse} All are taken.
   * @throws {Deno.errors.PermissionDenied} The system allows none of them.
   */
  claim(): Deno.TcpListener {
    this.#listener = listenOnLowest(this.options);
    this.board.port = this.#listener.addr.port;
    return this.#listener;
  }

  /** Claims the thread's last port again; undefined if it had none, or the port is taken. */
  reclaim(): Deno.TcpListener | undefined {
    const { port } = this.board;
    return this.#listener = port === 0 ? undefined : tryListen(this.options.hostname, port);
  }

  /** Whether the thread's last port may become free yet, so long after its hub has ended. */
  mayComeFree(milliseconds: number): boolean {
    return this.board.port > 0 && milliseconds < HANDOVER_MS;
  }

  /** Whether a thread that has just left still has a port that this one may want. */
  get isInTheWay(): boolean {
    const { ports: [first, last] } = this.options;
    return [...freeing].some((port) => port >= first && port <= last);
  }

  /** Frees the port for the next thread; returns whether there was one. */
  free(): boolean {
    const listener = this.#listener;
    this.#listener = undefined;
    if (listener === undefined) return false;
    this.#freed = listener.addr.port;
    freeing.add(this.#freed);
    listener.close();
    return true;
  }

  /** Notes that the port is really free. */
  confirmFree(): void {
    if (this.#freed !== undefined) freeing.delete(this.#freed);
  }
}

/**
 * Listens on the lowest free port.
 *
 * Listening is the only sure test: a connection that looks first is a race, and CPython's
 * sender needs ports without gaps.
 *
 * @throws {Deno.errors.AddrInUse} All are taken.
 * @throws {Deno.errors.PermissionDenied} The system allows none of them.
 */
function listenOnLowest({ hostname, ports: [first, last] }: AttachOptions): Deno.TcpListener {
  let denied = 0;
  for (let port = first; port <= last; port++) {
    const listener = tryListen(hostname, port, () => denied++);
    if (listener !== undefined) return listener;
  }
  const range = first === last ? `port ${first} is` : `all ports ${first} to ${last} are`;
  if (denied > last - first) {
    throw new Deno.errors.PermissionDenied(`${range} denied by the system, name others`);
  }
  throw new Deno.errors.AddrInUse(`${range} in use or not allowed`);
}

/** Listens on one port; undefined if that is in use or not allowed. */
function tryListen(
  hostname: string,
  port: number,
  onDenied?: () => void,
): Deno.TcpListener | undefined {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return undefined;
    // The program may have the permission for some of the ports only.
    if (error instanceof Deno.errors.NotCapable) return undefined;
    // The system keeps some ports for root, or on Windows for itself.
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    onDenied?.();
    return undefined;
  }
}
