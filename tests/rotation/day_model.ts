import type { ZoneClock } from "./zone_clock.ts";

const DAY = 86_400;
const MINUTE = 60;

/**
 * When a clock shows a time of day, found by looking at it in every minute: what the schedule
 * works out is compared with it.
 */
export class DayModel {
  /** By day since 1970: the seconds at which the clock shows the time. */
  readonly #shown = new Map<number, number[]>();
  readonly #skipped: { readonly clock: number; readonly until: number; readonly at: number }[] = [];
  readonly #secondOfDay: number;

  /** Looks at the clock in the two years, and some weeks more. */
  constructor({ offsetAt, periods, from, to }: ZoneClock, secondOfDay: number) {
    this.#secondOfDay = secondOfDay;
    const reach = 300 * DAY;
    for (const [index, [start]] of periods.entries()) {
      const begin = Math.max(start, from - reach);
      const end = Math.min(periods[index + 1]?.[0] ?? Infinity, to + reach);
      if (begin >= end) continue;
      const offset = offsetAt(begin);
      for (let at = begin; at < end; at += MINUTE) {
        const clock = at + offset;
        if (clock % DAY === secondOfDay) this.#add(Math.floor(clock / DAY), at);
      }
      const before = periods[index - 1]?.[1];
      if (before !== undefined && before < offset) {
        this.#skipped.push({ clock: start + before, until: start + offset, at: start });
      }
    }
  }

  /** When that day has that time, after `now`: what was skipped, by the clock of before. */
  next(day: number, now: number): number | undefined {
    return this.times(day).find((at) => at > now);
  }

  /** All times at which that day has that time. */
  times(day: number): readonly number[] {
    const shown = this.#shown.get(day);
    if (shown !== undefined) return shown;
    const wanted = day * DAY + this.#secondOfDay;
    const gap = this.#skipped.find(({ clock, until }) => clock <= wanted && wanted < until);
    return gap === undefined ? [] : [gap.at + wanted - gap.clock];
  }

  /** Whether the clock has ever shown that day. */
  static isSkipped({ periods }: ZoneClock, day: number): boolean {
    return periods.some(([from, offset], index) => {
      const before = periods[index - 1]?.[1] ?? offset;
      return from + before <= day * DAY && (day + 1) * DAY <= from + offset;
    });
  }

  #add(day: number, at: number): void {
    const times = this.#shown.get(day);
    if (times === undefined) this.#shown.set(day, [at]);
    else times.push(at);
  }
}
