import { clockAt, type OffsetAt, timesOf } from "./local_time.ts";

/**
 * Time of day, as of Python's `datetime.time`.
 *
 * @internal
 */
export interface TimeOfDay {
  /** Hour, 0 to 23. */
  readonly hour: number;
  /** Minute. @default 0 */
  readonly minute?: number;
  /** Second. @default 0 */
  readonly second?: number;
}

const DAY = 24 * 60 * 60;

/** The times at which a file is put aside, again and again. */
export interface RolloverSchedule {
  /** Whether rollovers are at a time of day, not after so many seconds. */
  readonly isDaily: boolean;
  /** Day of weekly rollovers, 0 for Monday. */
  readonly dayOfWeek: number | undefined;
  /** Time of day; undefined for midnight, the end of the day. */
  readonly atTime: TimeOfDay | undefined;
  /** Seconds from one rollover to the next, by the clock if they are daily. */
  readonly interval: number;
  /** The offset of the clock that counts. */
  readonly offsetAt: OffsetAt;
}

/**
 * The first rollover after `currentTime`, always later than that.
 *
 * Differs from CPython: it goes by what the clock shows, whatever changes it and by how much,
 * not by a flag for daylight saving time and shifts of an hour.
 */
export function nextRollover(currentTime: number, schedule: RolloverSchedule): number {
  const { isDaily, dayOfWeek, interval, offsetAt } = schedule;
  if (!isDaily) return currentTime + interval;
  const clock = clockAt(currentTime, offsetAt);
  const time = secondOfDay(schedule);
  let day = Math.floor(clock / DAY);
  if (day * DAY + time <= clock) day++;
  if (dayOfWeek !== undefined) day += (dayOfWeek - weekday(day) + 7) % 7;
  const unit = dayOfWeek === undefined ? DAY : 7 * DAY;
  const due = day * DAY + time + Math.max(0, interval - unit);
  const rollover = timesOf(due, offsetAt).find((at) => at > currentTime);
  // The result has to be later, even if a clock does what no time zone has done yet.
  return rollover ?? currentTime + interval;
}

/**
 * A point in time that lends its name to the file that is put aside at `rolloverAt`: one
 * interval earlier, by the clock if rollovers are daily.
 */
export function periodStart(rolloverAt: number, schedule: RolloverSchedule): number {
  const { isDaily, interval, offsetAt } = schedule;
  if (!isDaily) return rolloverAt - interval;
  const clock = dueAt(rolloverAt, schedule) - interval;
  const start = timesOf(clock, offsetAt)[0]!;
  const skipped = clockAt(start, offsetAt) - clock;
  // The name tells the day, which has to be right even if the hour was skipped.
  const isThatDay = (at: number) =>
    Math.floor(clockAt(at, offsetAt) / DAY) === Math.floor(clock / DAY);
  return !isThatDay(start) && isThatDay(start - skipped) ? start - skipped : start;
}

/** The clock's time for which the rollover was due, even if the clock has just been put forward. */
function dueAt(rolloverAt: number, schedule: RolloverSchedule): number {
  const { offsetAt } = schedule;
  const clock = clockAt(rolloverAt, offsetAt);
  const time = secondOfDay(schedule) % DAY;
  const day = Math.floor(clock / DAY);
  const due = [day - 1, day].map((day) => day * DAY + time);
  return due.find((at) => timesOf(at, offsetAt).includes(rolloverAt)) ?? clock;
}

function secondOfDay({ atTime }: RolloverSchedule): number {
  if (atTime === undefined) return DAY;
  const { hour, minute = 0, second = 0 } = atTime;
  return (hour * 60 + minute) * 60 + second;
}

/** Day of the week, 0 for Monday, of a day since 1970-01-01, which was a Thursday. */
function weekday(day: number): number {
  return ((day + 3) % 7 + 7) % 7;
}
