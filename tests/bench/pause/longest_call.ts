/** The longest of so many calls, in milliseconds. */
export function longestOf(count: number, call: (at: number) => void): number {
  let longest = 0;
  for (let at = 0; at < count; at++) longest = Math.max(longest, timeOf(() => call(at)));
  return longest;
}

/** Milliseconds that it takes. */
export function timeOf(run: () => void): number {
  const begin = performance.now();
  run();
  return performance.now() - begin;
}
