/** How many ends of overrides are remembered; the oldest are forgotten first. */
const MAX_REMEMBERED = 4096;

/** Ends by `performance.now()`, which is never set, by the ends in milliseconds since the epoch. */
const evenly = new Map<number, number>();

/**
 * How many milliseconds are left until an override ends, at a time in milliseconds since the epoch.
 *
 * If the clock is set back, no override lasts longer than was left when the hub first heard of it. If
 * the clock is put forward, or the machine has slept, the override ends when the clock says so.
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
