import {
  type BackgroundThread,
  startBackgroundThread,
} from "../../core/runtime/background_thread.ts";
import { PIPE_THREAD_ENTRY } from "../board/thread_entries.ts";
import "./run_pipe_thread.ts";
import type { PipeThreadAnswer, PipeThreadData } from "./run_pipe_thread.ts";

/** What a pipe thread is given at a time: as much as a pipe holds. */
export const PIPE_THREAD_BYTES: number = 1 << 16;

/**
 * A thread that does nothing but write to a pipe, synchronously.
 *
 * Pieces for pipes must be small, and a small piece costs eight times as much when the hub
 * writes it, who must not block: that takes a change of threads and back for every one.
 */
export class PipeThread {
  readonly #worker: BackgroundThread;
  /** Not the rings themselves: they would be in this thread's hands as well. */
  readonly #bytes = new Uint8Array(new SharedArrayBuffer(PIPE_THREAD_BYTES));
  #answer: (answer: PipeThreadAnswer) => void = () => {};
  #isReady = false;
  #failure: string | undefined;

  /** Starts it; it is of use once it is ready. */
  constructor(stream: "stdout" | "stderr") {
    const data: PipeThreadData = { stream, memory: this.#bytes.buffer };
    this.#worker = startBackgroundThread({
      entry: PIPE_THREAD_ENTRY.href,
      run: "runPipeThread",
      data,
    }, {
      onMessage: (answer: PipeThreadAnswer) => {
        this.#isReady = true;
        this.#answer(answer);
      },
      onError: (error) => {
        this.#failure = error;
        this.#answer({ error });
      },
    });
  }

  /** Whether it takes orders. */
  get isReady(): boolean {
    return this.#isReady && this.#failure === undefined;
  }

  /** Resolves when all is written, or has failed; one call at a time. */
  async write(bytes: Uint8Array<ArrayBufferLike>): Promise<PipeThreadAnswer> {
    return await new Promise((resolve) => {
      this.#answer = resolve;
      this.#bytes.set(bytes);
      this.#worker.postMessage(bytes.length);
    });
  }
}
