import type { LogEntry } from "../board/orders.ts";

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
  // In this order: a thread that loses its processor in between would end the override too early.
  const left = expiresAt - Date.now(), now = performance.now();
  const end = evenly.get(expiresAt);
  if (end !== undefined) return Math.min(left, end - now);
  remember(expiresAt, now + left);
  return left;
}

/** The entry of an override with what is left of it, for a thread or a hub that asks no clock. */
export function withMsLeft(entry: LogEntry): LogEntry {
  const { expiresAt } = entry;
  return expiresAt === undefined ? entry : { ...entry, msLeft: msUntil(expiresAt) };
}

/**
 * As {@linkcode withMsLeft}, for a thread: its program may have set the clock, so only what the hub
 * has told counts.
 */
export function withToldMsLeft(entry: LogEntry): LogEntry {
  const end = evenly.get(entry.expiresAt ?? NaN);
  return end === undefined ? entry : { ...entry, msLeft: end - performance.now() };
}

/** Remembers what another thread has told to be left of an override. */
export function noteMsLeft({ expiresAt, msLeft }: LogEntry): void {
  if (expiresAt === undefined || msLeft === undefined) return;
  const end = performance.now() + msLeft;
  if (end < (evenly.get(expiresAt) ?? Infinity)) remember(expiresAt, end);
}

function remember(expiresAt: number, end: number): void {
  evenly.set(expiresAt, end);
  const [oldest] = evenly.keys();
  if (evenly.size > MAX_REMEMBERED) evenly.delete(oldest!);
}
