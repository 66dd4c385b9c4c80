import { nodeModule, type NodeWorker } from "../../core/node_modules.ts";
import { PUMP_URL, type PumpAnswer, type PumpData } from "./run_pipe_thread.ts";

const BOOTSTRAP = `
import { workerData } from "node:worker_threads";
(await import(workerData.entry)).runPump(workerData);
`;

/** What a pump is given at a time: as much as a pipe holds. */
export const PUMP_BYTES: number = 1 << 16;

/**
 * A thread that does nothing but write to a pipe, synchronously.
 *
 * Pieces for pipes must be small, and a small piece costs eight times as much when the hub
 * writes it, who must not block: that takes a change of threads and back for every one.
 */
export class Pump {
  readonly #worker: NodeWorker;
  /** Not the rings themselves: they would be in this thread's hands as well. */
  readonly #bytes = new Uint8Array(new SharedArrayBuffer(PUMP_BYTES));
  #answer: (answer: PumpAnswer) => void = () => {};
  #isReady = false;
  #failure: string | undefined;

  /** Starts it; it is of use once it is ready. */
  constructor(stream: "stdout" | "stderr") {
    const url = new URL(`data:text/javascript,${encodeURIComponent(BOOTSTRAP)}`);
    const memory = this.#bytes.buffer;
    const workerData: PumpData = { entry: new URL(PUMP_URL).href, stream, memory };
    this.#worker = new (nodeModule("node:worker_threads").Worker)(url, { workerData, env: {} });
    this.#worker.on("message", (answer: PumpAnswer) => {
      this.#isReady = true;
      this.#answer(answer);
    });
    this.#worker.on("error", (error: Error) => {
      this.#failure = error.message;
      this.#answer({ error: error.message });
    });
  }

  /** Whether it takes orders. */
  get isReady(): boolean {
    return this.#isReady && this.#failure === undefined;
  }

  /** Resolves when all is written, or has failed; one call at a time. */
  async write(bytes: Uint8Array<ArrayBufferLike>): Promise<PumpAnswer> {
    return await new Promise((resolve) => {
      this.#answer = resolve;
      this.#bytes.set(bytes);
      this.#worker.postMessage(bytes.length);
    });
  }
}
