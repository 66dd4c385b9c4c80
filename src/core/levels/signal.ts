/**
 * One word per thread that changes with anything that may change a logger's threshold: a
 * level set here, or a configuration that the hub has put on this thread's board. It is
 * shared memory, so that the hub can turn it, and one for all, so that a compiler knows
 * its address.
 */
export const SIGNAL: Int32Array = new Int32Array(new SharedArrayBuffer(4));

let turns = 0;

/** Makes every logger compute its threshold anew at its next call. */
export function turnSignal(): void {
  turns++;
  Atomics.add(SIGNAL, 0, 1);
}

/** How often this thread has turned it itself: what the hub does changes no level yet. */
export function ownTurns(): number {
  return turns;
}
