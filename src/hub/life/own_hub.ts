import { Board, FREE, LEFT, SERVED } from "../board/board.ts";
import { DumpFiles } from "../dump/dump_files.ts";
import { Recordings } from "../dump/recordings.ts";
import { type AttachMessage, type AttachRequest, noteRecorded } from "../server/attach_channel.ts";
import type { Hub } from "../server/hub.ts";
import { ThreadPort } from "../server/thread_port.ts";

/**
 * What is recorded on this thread, and where that is written, whenever it serves itself: a thread may
 * stop and begin again, and the signals that end the program are held up for all of it.
 */
const RECORDINGS = new Recordings(), DUMPS = new DumpFiles(RECORDINGS, true);

/**
 * A hub on the program's own thread, where no hub thread can run. It has the port at once, and
 * writes dumps at once, since the thread may be about to end. What it needs to answer senders is
 * loaded while the thread is idle, as it can answer only then.
 */
export class OwnHub {
  readonly #request: AttachRequest;
  readonly #board: Board;
  readonly #port: ThreadPort;
  /** What was said before it was loaded. */
  readonly #early: AttachMessage[] = [];
  #hub: Hub | undefined;
  #isClosed = false;

  private constructor(request: AttachRequest, board: Board, port: ThreadPort) {
    this.#request = request;
    this.#board = board;
    this.#port = port;
    const { id, recorded, dumpTo } = request;
    if (recorded !== undefined) RECORDINGS.take(recorded);
    if (dumpTo !== undefined) DUMPS.add(id, dumpTo);
  }

  /**
   * Serves the thread of a request; undefined if another hub has begun to, or if its old port may
   * become free yet; `age` says for how many milliseconds a hub has been searched for. `fail` hears
   * why nothing can answer on the port: then the thread must not keep it, since senders would wait.
   *
   * @throws {Deno.errors.AddrInUse} All ports are taken.
   */
  static serve(
    request: AttachRequest,
    age: number,
    fail: (error: unknown) => void,
  ): OwnHub | undefined {
    const board = new Board(request.buffers);
    if (!board.begin()) return undefined;
    const port = new ThreadPort(board, request.options);
    // A thread that followed leaves the ports to those that had them, which may be on their way.
    const followed = request.isAgain && board.port === 0;
    let listener: Deno.TcpListener | undefined;
    try {
      listener = port.reclaim();
      if (listener === undefined && port.mayComeFree(age)) {
        board.state = FREE;
        return undefined;
      }
      if (!followed) listener ??= port.claim();
    } catch (error) {
      board.state = FREE;
      throw error;
    }
    const hub = new OwnHub(request, board, port);
    board.state = SERVED;
    hub.#load(listener).catch((error) => {
      if (!hub.#isClosed) fail(error);
    });
    return hub;
  }

  /** Takes what a thread tells its hub. */
  hear(message: AttachMessage): void {
    if (this.#hub !== undefined) this.#hub.hear(message);
    else if ("record" in message) noteRecorded(RECORDINGS, message);
    // On its own thread this is done when it returns; it tells failures by itself.
    else if ("dump" in message) void DUMPS.write(message.dump, message.of, message.upTo);
    else this.#early.push(message);
  }

  /** Frees the port. */
  close(): void {
    this.#isClosed = true;
    const { id } = this.#request;
    if (this.#hub !== undefined) this.#hub.detach(id);
    else {
      RECORDINGS.end(id);
      DUMPS.remove(id);
      this.#port.free();
      // The port is free at once: nobody waits for connections there yet, which would take a turn.
      this.#port.confirmFree();
    }
    this.#board.state = LEFT;
  }

  async #load(listener: Deno.TcpListener | undefined): Promise<void> {
    const { Hub } = await import("../server/hub.ts");
    if (this.#isClosed) return;
    const hub = new Hub(
      undefined,
      (listener) => listener.unref(),
      RECORDINGS,
      undefined,
      DUMPS,
    );
    hub.adopt(this.#request, this.#port, listener);
    this.#hub = hub;
    for (const message of this.#early) hub.hear(message);
  }
}
