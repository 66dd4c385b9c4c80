/** Signals that end a program which does not listen to them. */
export const EXIT_SIGNALS: readonly Deno.Signal[] = [
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
];

/** Words after the counts: whether Node's listeners are to be counted, and whether they are. */
const WANTED = EXIT_SIGNALS.length, WHOLE = WANTED + 1, WORDS = WHOLE + 1;

/**
 * How many listeners a thread has for each of the exit signals, in memory that it shares with
 * the hub.
 *
 * Those that Node's `process` has are counted only once the hub wants them, which is when it
 * gets the first ring: to ask for them takes Deno 13 to 40 ms, and most programs have no ring.
 */
export class ListenerCounts {
  /** What to send to the other side. */
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;

  /** Opens those of the other side, or makes some. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(4 * WORDS)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** Thread: how many listeners there are for a signal, by its place in `EXIT_SIGNALS`. */
  set(index: number, count: number): void {
    Atomics.store(this.#words, index, count);
  }

  /** Hub: whether there are listeners for the signal. */
  has(index: number): boolean {
    return Atomics.load(this.#words, index) > 0;
  }

  /** Hub: wants to know of all listeners. */
  want(): void {
    if (Atomics.exchange(this.#words, WANTED, 1) === 0) Atomics.notify(this.#words, WANTED);
  }

  /** Thread: resolves when the hub wants to know of all listeners; keeps no thread alive. */
  async untilWanted(): Promise<void> {
    const result = Atomics.waitAsync(this.#words, WANTED, 0);
    if (result.async) await result.value;
  }

  /** Thread: says that from now on all listeners are counted. */
  complete(): void {
    Atomics.store(this.#words, WHOLE, 1);
    Atomics.notify(this.#words, WHOLE);
  }

  /** Hub: resolves when all listeners are counted, or after `ms`: a thread may compute. */
  async untilWhole(ms: number): Promise<void> {
    const result = Atomics.waitAsync(this.#words, WHOLE, 0, ms);
    if (result.async) await result.value;
  }
}
