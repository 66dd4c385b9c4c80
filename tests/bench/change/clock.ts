/** Milliseconds between the epoch and the zero of this thread's `performance.now()`. */
let origin: number | undefined;

/** Wall-clock time in milliseconds, comparable with that of other processes. */
export function wallTime(): number {
  return (origin ??= findOrigin()) + performance.now();
}

/**
 * `performance.timeOrigin` is up to 0.3 ms off in workers, and `Date.now()` counts whole
 * milliseconds; the moment when it turns to the next one is exact.
 */
function findOrigin(): number {
  let best = -Infinity;
  for (let turn = 0; turn < 10; turn++) {
    const before = Date.now();
    let now = before;
    while (now === before) now = Date.now();
    // Being interrupted in between only ever makes it less.
    best = Math.max(best, now - performance.now());
  }
  return best;
}
