import { startBackgroundThread } from "../../core/runtime/background_thread.ts";
import { pipeThreadEntry } from "../board/thread_entries.ts";
import { endOrder, giveOrder, openPipeOrder, type PipeThreadAnswer } from "./pipe_order.ts";
import type { PipeThreadData } from "./run_pipe_thread.ts";

/** Never called: has Deno's loader fetch it together with the program (see `thread_entries.ts`). */
void (() => import("./run_pipe_thread.ts"));

/** Most bytes that a pipe thread is given at a time. */
export const PIPE_THREAD_BYTES: number = 1 << 18;

/**
 * A thread that does nothing but write to a pipe, synchronously.
 *
 * Pieces for pipes must be small. The hub must not block, so it writes asynchronously, and Deno
 * changes threads and back for every piece: a small one costs eight times as much that way.
 */
export class PipeThread {
  /** A copy of the bytes to be written: the rings themselves stay with the hub. */
  readonly #order = openPipeOrder(PIPE_THREAD_BYTES);
  #isReady = false;
  #failure: string | undefined;

  /** Starts the thread, which takes orders once it is ready. */
  constructor(stream: PipeThreadData["stream"], isNonBlocking: boolean) {
    const data: PipeThreadData = { stream, isNonBlocking, memory: this.#order.words.buffer };
    startBackgroundThread({
      entry: pipeThreadEntry().href,
      run: "runPipeThread",
      data,
    }, {
      onMessage: () => this.#isReady = true,
      onError: (error) => {
        this.#failure = error;
        endOrder(this.#order, { error });
      },
    });
  }

  /** Whether it takes orders. */
  get isReady(): boolean {
    return this.#isReady && this.#failure === undefined;
  }

  /** Resolves when all is written, or has failed; one call at a time. */
  async write(bytes: Uint8Array<ArrayBufferLike>): Promise<PipeThreadAnswer> {
    return await giveOrder(this.#order, bytes);
  }
}
