import { EXIT_SIGNALS, type ListenerCounts } from "./listener_counts.ts";

/** How long a thread may take to count Node's listeners, in milliseconds: it may compute. */
const COUNT_MS = 500;
/** How long a program that lives on after a signal is given to handle it, in milliseconds. */
const AFTERMATH_MS = 500;

/** What has to be out before the program ends. */
interface WrittenRings {
  flush(): Promise<void>;
  leave(): Promise<void>;
}

/**
 * Holds signals up until all is written, then lets them end the program as they would have.
 *
 * It happens in the hub, so that it works while the program computes.
 */
export class ExitSignals {
  readonly #listeners: () => Iterable<ListenerCounts>;
  readonly #rings: WrittenRings;
  #watched = new Map<Deno.Signal, () => void>();
  #isEnding = false;

  /** `listeners` gives what threads say of the listeners of the program itself. */
  constructor(listeners: () => Iterable<ListenerCounts>, rings: WrittenRings) {
    this.#listeners = listeners;
    this.#rings = rings;
  }

  /** Holds signals up. */
  watch(): void {
    if (this.#watched.size > 0 || this.#isEnding) return;
    for (const [index, signal] of EXIT_SIGNALS.entries()) {
      const listener = () => void this.#take(signal, index);
      try {
        Deno.addSignalListener(signal, listener);
        this.#watched.set(signal, listener);
      } catch {
        // The system does not have it.
      }
    }
  }

  /** Leaves signals alone. */
  unwatch(): void {
    for (const [signal, listener] of this.#watched) Deno.removeSignalListener(signal, listener);
    this.#watched.clear();
  }

  async #take(signal: Deno.Signal, index: number): Promise<void> {
    if (await this.#isHeard(index)) return await this.#rings.flush();
    // Who asks twice does not want to wait, whatever is lost.
    if (!this.#isEnding) {
      this.#isEnding = true;
      await this.#rings.leave();
    }
    this.unwatch();
    Deno.kill(Deno.pid, signal);
    // A listener that nobody told us of keeps the program alive.
    setTimeout(() => this.#isEnding = false, AFTERMATH_MS);
  }

  /** Whether the program listens itself: then it decides what comes of the signal. */
  async #isHeard(index: number): Promise<boolean> {
    const all = [...this.#listeners()];
    await Promise.all(all.map((listeners) => listeners.untilWhole(COUNT_MS)));
    return all.some((listeners) => listeners.has(index));
  }
}
