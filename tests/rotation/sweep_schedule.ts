import {
  nextRollover,
  periodStart,
  type RolloverSchedule,
  type TimeOfDay,
} from "../../src/handlers/files/rollover_schedule.ts";
import { parseWhen } from "../../src/handlers/files/parse_when.ts";
import { clockAt, noOffset } from "../../src/handlers/files/local_time.ts";
import type { Random } from "../harness/python_oracle.ts";
import { DayModel } from "./day_model.ts";
import { type Zone, ZoneClock } from "./zone_clock.ts";

/** How much of a zone's schedules to go through. */
export interface SweepOptions {
  /** A part of all schedules, from 0 to 1. */
  readonly part: number;
  readonly random: Random;
}

/** What came of it. */
export interface SweepResult {
  readonly zone: string;
  readonly changes: number;
  /** Rollovers that were compared with the model. */
  readonly rollovers: number;
  readonly violations: readonly string[];
}

/** Every argument `when`. */
export const WHENS = ["S", "M", "H", "D", "MIDNIGHT", "W0", "W1", "W2", "W3", "W4", "W5", "W6"];

const TIMES: readonly (TimeOfDay | undefined)[] = [
  undefined,
  { hour: 0 },
  { hour: 0, minute: 30 },
  { hour: 1, minute: 30 },
  { hour: 2 },
  { hour: 2, minute: 30 },
  { hour: 3 },
  { hour: 12 },
  { hour: 23, minute: 30 },
];
const INTERVALS = [1, 2, 3, 7];
const DAY = 86_400;

/** Walks through two years of a zone with every schedule there is, and around each change. */
export function sweepSchedule(zone: Zone, { part, random }: SweepOptions): SweepResult {
  const clock = ZoneClock.of(zone);
  const violations: string[] = [];
  let rollovers = 0;
  // The clock is looked at once for each time of day, so these are fewer too.
  const chance = Math.sqrt(part);
  for (const atTime of TIMES.filter((time) => time === undefined || random.chance(chance))) {
    const secondOfDay = atTime === undefined ? 0 : atTime.hour * 3600 + (atTime.minute ?? 0) * 60;
    const model = new DayModel(clock, secondOfDay);
    for (const when of WHENS) {
      for (const interval of INTERVALS) {
        if (!random.chance(chance)) continue;
        const check = new ScheduleCheck(clock, model, when, interval, atTime);
        for (const now of check.times(random)) {
          rollovers++;
          const wrong = check.explainWrong(now);
          if (wrong !== undefined && violations.length < 20) violations.push(wrong);
        }
        violations.push(...check.repeatedNames());
      }
    }
  }
  return { zone: zone.name, changes: clock.changes.length, rollovers, violations };
}

/** One schedule, its clock, and the model. */
class ScheduleCheck {
  readonly #clock: ZoneClock;
  readonly #model: DayModel;
  readonly #schedule: RolloverSchedule;
  readonly #unit: number;
  readonly #desc: string;

  constructor(
    clock: ZoneClock,
    model: DayModel,
    when: string,
    interval: number,
    atTime: TimeOfDay | undefined,
  ) {
    const { unit, dayOfWeek } = parseWhen(when);
    this.#clock = clock;
    this.#model = model;
    this.#unit = unit;
    this.#schedule = {
      isDaily: when === "MIDNIGHT" || when.startsWith("W"),
      dayOfWeek,
      atTime,
      interval: unit * interval,
      offsetAt: clock.offsetAt,
    };
    this.#desc = `${when} ${interval} at ${JSON.stringify(atTime)}`;
  }

  /** Every rollover of two years, some of them late, and all ten minutes around each change. */
  *times(random: Random): Generator<number> {
    const { from, to, changes } = this.#clock;
    // Of short intervals there are too many.
    const step = Math.max(this.#schedule.interval, DAY);
    for (let now = from; now < to;) {
      yield now;
      const next = this.#schedule.isDaily ? nextRollover(now, this.#schedule) : now + step;
      if (!(next > now)) return;
      now = next + (random.chance(0.2) ? random.below(2 * DAY) : 0);
    }
    for (const change of changes) {
      for (let now = change - 26 * 3600; now < change + 26 * 3600; now += 600) yield now;
      for (const near of [-1, 1]) yield change + near;
    }
  }

  /** What is wrong with the rollover after that time; undefined for nothing. */
  explainWrong(now: number): string | undefined {
    const { isDaily, interval, offsetAt } = this.#schedule;
    const next = nextRollover(now, this.#schedule);
    if (!(next > now)) return this.#tell(now, `${next} is not later`);
    const stamp = dayOf(clockAt(periodStart(next, this.#schedule), offsetAt));
    if (!isDaily) {
      if (next !== now + interval) return this.#tell(now, `${next} is not one interval later`);
      if (stamp !== dayOf(clockAt(now, offsetAt))) return this.#tell(now, `${next} named ${stamp}`);
    } else {
      const day = this.#targetDay(now);
      const expected = this.#model.next(day, now);
      if (next !== expected) return this.#tell(now, `${next} instead of ${expected}`);
      const days = interval / DAY;
      const names = [day - 1, day, day + 1]
        .filter((other) => this.#model.times(other).includes(next))
        .map((other) => this.#existing(other - days));
      if (!names.includes(stamp)) return this.#tell(now, `${next} named ${stamp}, not ${names}`);
    }
    return this.#explainGreenwich(now);
  }

  /** Files of a row of daily rollovers that would have the same name. */
  repeatedNames(): string[] {
    const { isDaily, offsetAt } = this.#schedule;
    if (!isDaily) return [];
    const seen = new Set<number>();
    const { from, to } = this.#clock;
    for (let at = nextRollover(from, this.#schedule); at < to;) {
      const stamp = dayOf(clockAt(periodStart(at, this.#schedule), offsetAt));
      if (seen.has(stamp)) return [this.#tell(at, `a second file named ${stamp}`)];
      seen.add(stamp);
      at = nextRollover(at, this.#schedule);
    }
    return [];
  }

  /** The same in Greenwich, where it is plain arithmetic. */
  #explainGreenwich(now: number): string | undefined {
    const schedule = { ...this.#schedule, offsetAt: noOffset };
    const next = nextRollover(now, schedule);
    const expected = schedule.isDaily
      ? this.#targetDay(now, noOffset) * DAY + this.#second()
      : now + schedule.interval;
    return next === expected ? undefined : this.#tell(now, `${next}, not ${expected} in Greenwich`);
  }

  /** The day, by the clock, of the first rollover after that time. */
  #targetDay(now: number, offsetAt = this.#clock.offsetAt): number {
    const { atTime, dayOfWeek, interval } = this.#schedule;
    const clock = clockAt(now, offsetAt);
    let day = dayOf(clock);
    if (clock % DAY >= this.#second()) day++;
    // Without a time, a week ends with its day, which is when the next one begins.
    const weekday = dayOfWeek === undefined || atTime !== undefined
      ? dayOfWeek
      : (dayOfWeek + 1) % 7;
    while (weekday !== undefined && (new Date(day * DAY * 1000).getUTCDay() + 6) % 7 !== weekday) {
      day++;
    }
    return day + (interval - this.#unit) / DAY;
  }

  #second(): number {
    const { atTime } = this.#schedule;
    return atTime === undefined ? 0 : atTime.hour * 3600 + (atTime.minute ?? 0) * 60;
  }

  #existing(day: number): number {
    return DayModel.isSkipped(this.#clock, day) ? day + 1 : day;
  }

  #tell(now: number, what: string): string {
    return `${this.#desc}, after ${new Date(now * 1000).toISOString()} (${now}): ${what}`;
  }
}

function dayOf(clock: number): number {
  return Math.floor(clock / DAY);
}
