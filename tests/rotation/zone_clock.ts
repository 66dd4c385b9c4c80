import type { OffsetAt } from "../../src/handlers/files/local_time.ts";

/** A time zone and the two years in which it is looked at. */
export interface Zone {
  readonly name: string;
  readonly year: number;
  /** What is odd about it. */
  readonly desc: string;
}

/** Zones with usual rules, and with each kind of unusual ones that the world has had. */
export const ZONES: readonly Zone[] = [
  { name: "Europe/Berlin", year: 2025, desc: "an hour at 2 and 3 o'clock" },
  { name: "America/New_York", year: 2012, desc: "an hour at 2 o'clock" },
  { name: "Australia/Lord_Howe", year: 2024, desc: "half an hour" },
  { name: "Asia/Kathmandu", year: 2024, desc: "no change, and an offset of 45 minutes" },
  { name: "Pacific/Chatham", year: 2024, desc: "an hour at a quarter to, in the south" },
  { name: "Europe/Dublin", year: 2024, desc: "summer is the standard time" },
  { name: "Africa/Casablanca", year: 2024, desc: "the month of Ramadan is the exception" },
  { name: "Africa/Cairo", year: 2023, desc: "back from midnight to 23 o'clock" },
  { name: "America/Sao_Paulo", year: 2017, desc: "days without midnight, and the end of it all" },
  { name: "Asia/Beirut", year: 2024, desc: "both at midnight" },
  { name: "America/Asuncion", year: 2023, desc: "both at midnight, until it moved for good" },
  { name: "America/Havana", year: 2024, desc: "days with two midnights" },
  { name: "America/St_Johns", year: 2009, desc: "one minute after midnight" },
  { name: "America/Nuuk", year: 2023, desc: "days without their last hour" },
  { name: "Pacific/Apia", year: 2011, desc: "a day that never was" },
];

/** From when on a clock is how far ahead of that of Greenwich, in seconds. */
export type Period = readonly [from: number, offset: number];

const DAY = 86_400;

/** A year before the two years and one after them are known too. */
const MARGIN = 366 * DAY;

/** A zone's clock without the process being in that zone. */
export class ZoneClock {
  /** The first and the last second of the two years. */
  readonly from: number;
  readonly to: number;
  readonly periods: readonly Period[];
  /** The clock as the schedule asks for it. */
  readonly offsetAt: OffsetAt;

  private constructor({ name, year }: Zone) {
    this.from = Date.UTC(year, 0) / 1000;
    this.to = Date.UTC(year + 2, 0) / 1000;
    this.periods = findPeriods(name, this.from - MARGIN, this.to + MARGIN);
    this.offsetAt = (seconds) => this.periods.findLast(([from]) => from <= seconds)![1];
  }

  /** Asks the runtime's own data base. */
  static of(zone: Zone): ZoneClock {
    return new ZoneClock(zone);
  }

  /** When the clock changes in the two years. */
  get changes(): number[] {
    return this.periods.map(([from]) => from).filter((at) => at >= this.from && at < this.to);
  }
}

function findPeriods(zone: string, from: number, to: number): Period[] {
  const offsetAt = askIntl(zone);
  const periods: Period[] = [[-Infinity, offsetAt(from)]];
  for (let at = from; at < to; at += DAY) {
    const next = offsetAt(at + DAY);
    if (next === offsetAt(at)) continue;
    let [before, after] = [at, at + DAY];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle) === next) after = middle;
      else before = middle;
    }
    periods.push([after, next]);
  }
  return periods;
}

function askIntl(timeZone: string): OffsetAt {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (seconds) => {
    const parts = format.formatToParts(seconds * 1000);
    const [year, month, day, hour, minute, second] = [
      ...["year", "month", "day", "hour", "minute", "second"] as const,
    ].map((name) => Number(parts.find(({ type }) => type === name)!.value));
    return Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000 - seconds;
  };
}
