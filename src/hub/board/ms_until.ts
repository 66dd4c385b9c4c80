/** Ends of overrides that are remembered, the newest ones. */
const MAX_REMEMBERED = 4096;

/** By ends in milliseconds since the epoch: when they are by the clock that goes on evenly. */
const evenly = new Map<number, number>();

/**
 * How many milliseconds are left until an override ends, at a time in milliseconds since the epoch.
 *
 * A clock that is set back has none last longer than it was to when the hub heard of it first; where
 * one is put forward, or the machine has slept, the override ends when it is told to.
 */
export function msUntil(expiresAt: number): number {
  const now = performance.now(), left = expiresAt - Date.now();
  const end = evenly.get(expiresAt);
  if (end !== undefined) return Math.min(left, end - now);
  evenly.set(expiresAt, now + left);
  const [oldest] = evenly.keys();
  if (evenly.size > MAX_REMEMBERED) evenly.delete(oldest!);
  return left;
}
