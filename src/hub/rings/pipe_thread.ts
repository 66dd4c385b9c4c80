import { startBackgroundThread } from "../../core/runtime/background_thread.ts";
import { PIPE_THREAD_ENTRY } from "../board/thread_entries.ts";
import { endOrder, giveOrder, openPipeOrder, type PipeThreadAnswer } from "./pipe_order.ts";
import type { PipeThreadData } from "./run_pipe_thread.ts";

/** Never called: has Deno's loader fetch it together with the program (see `thread_entries.ts`). */
void (() => import("./run_pipe_thread.ts"));

/** What a pipe thread is given at a time, at most. */
export const PIPE_THREAD_BYTES: number = 1 << 18;

/**
 * A thread that does nothing but write to a pipe, synchronously.
 *
 * Pieces for pipes must be small, and a small piece costs eight times as much when the hub
 * writes it, who must not block: that takes a change of threads and back for every one.
 */
export class PipeThread {
  /** Not the rings themselves: they would be in this thread's hands as well. */
  readonly #order = openPipeOrder(PIPE_THREAD_BYTES);
  #isReady = false;
  #failure: string | undefined;

  /** Starts it; it is of use once it is ready. */
  constructor(stream: PipeThreadData["stream"], isNonBlocking: boolean) {
    const data: PipeThreadData = { stream, isNonBlocking, memory: this.#order.words.buffer };
    startBackgroundThread({
      entry: PIPE_THREAD_ENTRY.href,
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
