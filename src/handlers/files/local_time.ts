import { timeFields } from "../../core/format/time_fields.ts";

/** Seconds by which a clock is ahead of that of Greenwich at a point in time. */
export type OffsetAt = (seconds: number) => number;

const DAY = 24 * 60 * 60;

/** The offset of the process's own time zone. */
export function localOffset(seconds: number): number {
  return timeFields(Math.floor(seconds), false).offset;
}

/** The offset of Greenwich. */
export function noOffset(): number {
  return 0;
}

/** What the clock shows at a point in time, in seconds, as if the clock were that of Greenwich. */
export function clockAt(seconds: number, offsetAt: OffsetAt): number {
  return Math.floor(seconds) + offsetAt(seconds);
}

/**
 * The points in time at which the clock shows `clock`, the earliest first: two of them if the clock
 * is put back over it. A time that is skipped, since the clock is put forward, counts by the clock of
 * before: in a night without the hour from 2 to 3, half past 2 is the moment called half past 3.
 */
export function timesOf(clock: number, offsetAt: OffsetAt): number[] {
  // No clock is more than a day ahead or behind, and none changes twice in two days.
  const before = offsetAt(clock - DAY);
  const after = offsetAt(clock + DAY);
  const times = before === after ? [clock - before] : [clock - before, clock - after];
  const shown = times.filter((time) => clockAt(time, offsetAt) === clock);
  return shown.length > 0 ? shown : [clock - before];
}
