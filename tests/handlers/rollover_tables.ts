import { strftime } from "../../src/core/format/time_format.ts";
import { clockAt, noOffset } from "../../src/handlers/files/local_time.ts";
import { parseWhen } from "../../src/handlers/files/parse_when.ts";
import {
  nextRollover,
  periodStart,
  type RolloverSchedule,
} from "../../src/handlers/files/rollover_schedule.ts";
import type { Random } from "../harness/python_oracle.ts";
import { WHENS } from "../rotation/sweep_schedule.ts";
import { ZoneClock, ZONES } from "../rotation/zone_clock.ts";

/** A handler, its clock, and the times at which to ask it. */
export interface TableCase {
  readonly when: string;
  readonly interval: number;
  readonly utc: boolean;
  readonly atTime: readonly [hour: number, minute: number, second: number] | null;
  /** Times to compute the next rollover for. */
  readonly times: readonly number[];
}

/** A zone for Python: from when on the clock is how far ahead, and whether it is summer. */
export interface TableZone {
  readonly name: string;
  readonly periods: readonly (readonly [from: number, offset: number, isSummer: number])[];
  readonly cases: readonly TableCase[];
}

/** For each time the next rollover, and the name that the file would get then. */
export type TableRow = readonly (readonly [rollover: number, stamp: string])[];

/** Zones whose clocks are an hour ahead in summer: others CPython gets wrong. */
const NAMES = [
  ...["Europe/Berlin", "America/New_York", "Pacific/Chatham", "America/Sao_Paulo", "Asia/Beirut"],
  ...["Africa/Cairo", "America/Havana", "America/St_Johns", "Asia/Kathmandu", "America/Asuncion"],
];

/** Computes the tables by CPython, which is told what the local clock shows. */
export const TABLE_PROGRAM = `
import datetime, json, logging.handlers, os, time
now, periods = 0, []
class Clock:
    def __getattr__(self, name): return getattr(time, name)
    def time(self): return now + 0.5
    def localtime(self, seconds):
        _, offset, is_summer = [period for period in periods if period[0] <= seconds][-1]
        return time.struct_time(tuple(time.gmtime(seconds + offset))[:8] + (is_summer,))
logging.handlers.time = Clock()
results = []
for zone in json.load(sys.stdin):
    periods = zone["periods"]
    for case in zone["cases"]:
        at = case["atTime"] and datetime.time(*case["atTime"])
        handler = logging.handlers.TimedRotatingFileHandler(
            "/nowhere/app.log", case["when"], case["interval"], 0, delay=True, utc=case["utc"],
            atTime=at)
        row = []
        for now in case["times"]:
            handler.rolloverAt = rollover = handler.computeRollover(now)
            now = rollover
            names = []
            handler.rotator = lambda source, dest: names.append(dest[len("/nowhere/app.log."):])
            handler.doRollover()
            row.append([rollover, names[0]])
        results.append(row)
print(json.dumps(results))
`;

/** Cases by chance, most of them near a change of the clock. */
export function makeTables(random: Random, perZone: number): TableZone[] {
  return ZONES.filter(({ name }) => NAMES.includes(name)).map((zone) => {
    const clock = ZoneClock.of(zone);
    const cases = Array.from({ length: perZone }, () => makeCase(random, clock));
    const least = Math.min(...clock.periods.map(([, offset]) => offset));
    const periods = clock.periods.map(([from, offset]) =>
      [Math.max(from, -1e12), offset, Number(offset > least)] as const
    );
    return { name: zone.name, periods, cases };
  });
}

/** Computes a case by this library; a name is left out where CPython's is not right. */
export function computeRow({ periods }: TableZone, one: TableCase): TableRow {
  const { when, interval, utc, atTime, times } = one;
  const { unit, suffix, dayOfWeek } = parseWhen(when);
  const [hour = 0, minute, second] = atTime ?? [];
  const schedule: RolloverSchedule = {
    isDaily: when === "MIDNIGHT" || when.startsWith("W"),
    dayOfWeek,
    atTime: atTime === null ? undefined : { hour, minute, second },
    interval: unit * interval,
    offsetAt: utc ? noOffset : (at) => periods.findLast(([from]) => from <= at)![1],
  };
  return times.map((now) => {
    const rollover = nextRollover(now, schedule);
    const start = clockAt(periodStart(rollover, schedule), schedule.offsetAt);
    return [rollover, strftime(suffix, start * 1000, true)];
  });
}

/**
 * Whether CPython's name is not to be compared: it moves names of intervals that are no days by
 * an hour when the clock changes, on to those of other files.
 */
export function isMisnamed({ periods }: TableZone, { when, utc }: TableCase, at: number): boolean {
  const isDaily = when === "MIDNIGHT" || when.startsWith("W");
  return !isDaily && !utc && periods.some(([from]) => at - 8 * 86_400 <= from && from <= at);
}

function makeCase(random: Random, { changes, from, to }: ZoneClock): TableCase {
  const near = () =>
    changes.length === 0 || random.chance(0.2)
      ? from + random.below(to - from)
      : random.pick(changes) - 86_400 * 2 + random.below(86_400 * 4);
  return {
    when: random.pick(WHENS),
    interval: 1 + random.below(4),
    utc: random.chance(0.1),
    atTime: random.chance(0.6)
      ? [random.pick([0, 1, 2, 3, random.below(24)]), random.pick([0, 30]), random.below(60)]
      : null,
    times: Array.from({ length: 8 }, () => random.chance(0.5) ? near() : roundHour(near())),
  };
}

function roundHour(seconds: number): number {
  return seconds - seconds % 1800;
}
