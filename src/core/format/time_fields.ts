import { pythonError } from "../python/py_repr.ts";

/** The parts of a point in time that conversions print; months and weekdays count from 0. */
export interface TimeFields {
  readonly epoch: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
  /** Day of the year, from 0. */
  readonly yearDay: number;
  /** Seconds east of Greenwich. */
  readonly offset: number;
  readonly utc: boolean;
}

const DAY_MS = 86_400_000;

/** The date of a second since 1970; throws what CPython throws for one that has none. */
export function dateOf(second: number): Date {
  const date = new Date(second * 1000);
  if (!Number.isNaN(date.getTime())) return date;
  if (Number.isNaN(second)) throw pythonError("ValueError", "Invalid value NaN (not a number)");
  throw pythonError("OverflowError", "timestamp out of range for platform time_t");
}

/** The fields of a second since 1970, in local time or UTC. */
export function timeFields(second: number, utc: boolean): TimeFields {
  const date = dateOf(second);
  const shifted = utc ? date : asUtc(date);
  const year = shifted.getUTCFullYear();
  const yearStart = new Date(0).setUTCFullYear(year, 0, 1);
  return {
    epoch: second,
    year,
    month: shifted.getUTCMonth(),
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    weekday: shifted.getUTCDay(),
    yearDay: Math.floor((shifted.getTime() - yearStart) / DAY_MS),
    offset: (shifted.getTime() - date.getTime()) / 1000,
    utc,
  };
}

/** The date whose UTC fields are the local fields of the given one. */
function asUtc(date: Date): Date {
  const shifted = new Date(0);
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  shifted.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate());
  shifted.setUTCHours(date.getHours(), date.getMinutes(), date.getSeconds());
  return shifted;
}

/** Remainder that is never negative, like Python's `%`. */
export function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** Week of the year by ISO 8601, and the year it belongs to. */
export function isoWeek({ year, yearDay, weekday }: TimeFields): { year: number; week: number } {
  // The week belongs to the year that its Thursday is in.
  const thursday = yearDay + 3 - modulo(weekday - 1, 7);
  if (thursday < 0) return isoWeekOf(year - 1, thursday + daysIn(year - 1));
  if (thursday >= daysIn(year)) return isoWeekOf(year + 1, thursday - daysIn(year));
  return isoWeekOf(year, thursday);
}

function isoWeekOf(year: number, thursday: number): { year: number; week: number } {
  return { year, week: Math.floor(thursday / 7) + 1 };
}

function daysIn(year: number): number {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 366 : 365;
}

/** A number below 100 with its leading zero. */
export function pad2(value: number): string {
  return value < 10 ? "0" + value : String(value);
}
