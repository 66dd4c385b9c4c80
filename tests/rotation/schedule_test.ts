import { assert, assertEquals } from "@std/assert";
import { nextRollover } from "../../src/handlers/files/rollover_schedule.ts";
import { Random, testSeed } from "../harness/python_oracle.ts";
import { logInZone } from "./log_in_zone.ts";
import { sweepSchedule } from "./sweep_schedule.ts";
import { ZoneClock, ZONES } from "./zone_clock.ts";

for (const zone of ZONES) {
  Deno.test(`rollovers are where the clock has them: ${zone.name}, ${zone.desc}`, () => {
    const seed = testSeed();
    const { violations, rollovers } = sweepSchedule(zone, { part: 0.03, random: new Random(seed) });
    assertEquals(violations, [], `seed ${seed}`);
    assert(rollovers > 1000, `${rollovers} rollovers`);
  });
}

/** Zones of which the process itself is started in one: an hour, half of one, 23 o'clock, a day. */
const STARTED_IN = ["Europe/Berlin", "Australia/Lord_Howe", "America/Nuuk", "Pacific/Apia"];

Deno.test("no line is lost when the clock changes, and no file of others touched", async () => {
  const seed = testSeed();
  for (const zone of ZONES.filter(({ name }) => STARTED_IN.includes(name))) {
    const { violations, nights } = await logInZone(zone, 0.02, seed);
    assertEquals(violations, [], `seed ${seed}`);
    assert(nights > 2, `${nights} nights`);
  }
});

/** What CPython's own tests have of New York in 2012, by the clock there. */
const NEW_YORK: readonly [atTime: [number, number] | undefined, now: string, next: string][] = [
  [undefined, "2012-03-11T00:00:00-05:00", "2012-03-12T00:00:00-04:00"],
  [undefined, "2012-11-04T00:00:00-04:00", "2012-11-05T00:00:00-05:00"],
  [[2, 30], "2012-03-10T02:30:00-05:00", "2012-03-11T03:30:00-04:00"],
  [[2, 30], "2012-03-11T03:00:00-04:00", "2012-03-12T02:30:00-04:00"],
  [[1, 30], "2012-11-04T01:29:59-04:00", "2012-11-04T01:30:00-04:00"],
  [[1, 30], "2012-11-04T01:30:00-04:00", "2012-11-05T01:30:00-05:00"],
  [[1, 30], "2012-11-04T01:29:59-05:00", "2012-11-04T01:30:00-05:00"],
];

Deno.test("times that are skipped or come twice are those of CPython's own tests", () => {
  const { offsetAt } = ZoneClock.of(ZONES.find(({ name }) => name === "America/New_York")!);
  for (const [time, now, next] of NEW_YORK) {
    const atTime = time && { hour: time[0], minute: time[1] };
    const schedule = { isDaily: true, dayOfWeek: undefined, atTime, interval: 86_400, offsetAt };
    assertEquals(nextRollover(Date.parse(now) / 1000, schedule), Date.parse(next) / 1000, now);
  }
});
