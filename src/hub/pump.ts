import { Worker as NodeWorker } from "node:worker_threads";
import { PUMP_URL, type PumpAnswer, type PumpOrder } from "./run_pump.ts";

const BOOTSTRAP = `
import { workerData } from "node:worker_threads";
(await import(workerData)).runPump();
`;

/**
 * A thread that does nothing but write to a pipe, synchronously.
 *
 * Pieces for pipes must be small, and a small piece costs eight times as much when the hub
 * writes it, who must not block: that takes a change of threads and back for every one.
 */
export class Pump {
  readonly #worker: NodeWorker;
  #answer: (answer: PumpAnswer) => void = () => {};
  #isReady = false;
  #failure: string | undefined;

  /** Starts it; it is of use once it is ready. */
  constructor() {
    const url = new URL(`data:text/javascript,${encodeURIComponent(BOOTSTRAP)}`);
    this.#worker = new NodeWorker(url, { workerData: new URL(PUMP_URL).href, env: {} });
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

  /** Resolves when all is written, or has failed; one order at a time. */
  async write(order: PumpOrder): Promise<PumpAnswer> {
    return await new Promise((resolve) => {
      this.#answer = resolve;
      this.#worker.postMessage(order);
    });
  }
}
