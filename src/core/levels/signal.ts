/**
 * A word that changes with anything that may change a logger's threshold: a level that is set on this
 * thread, or a configuration that the hub has put on this thread's board. It is shared memory, so that
 * the hub can turn it. All loggers of the thread share one word, so that V8 knows its address.
 */
export const SIGNAL: Int32Array = new Int32Array(new SharedArrayBuffer(4));

let turns = 0;

/** Makes every logger compute its threshold anew at its next call. */
export function turnSignal(): void {
  turns++;
  Atomics.add(SIGNAL, 0, 1);
}

/** How often this thread itself has turned the signal: only then levels may have changed already. */
export function ownTurns(): number {
  return turns;
}
