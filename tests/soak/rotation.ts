import { Random } from "../harness/python_oracle.ts";
import { logInZone } from "../rotation/log_in_zone.ts";
import { sweepSchedule } from "../rotation/sweep_schedule.ts";
import { ZONES } from "../rotation/zone_clock.ts";

/** How much to check, and how random. */
export interface RotationOptions {
  readonly seed: number;
  /** Hears of each zone. */
  readonly onZone: (text: string) => void;
}

/**
 * Checks rollovers by time in every zone: all schedules over two years, then real files through
 * each change of the clock, in a process of that zone.
 *
 * @returns What was wrong.
 */
export async function checkRotation({ seed, onZone }: RotationOptions): Promise<string[]> {
  const violations: string[] = [];
  for (const zone of ZONES) {
    const sweep = sweepSchedule(zone, { part: 1, random: new Random(seed) });
    const nights = await logInZone(zone, 1, seed);
    onZone(
      `${zone.name.padEnd(20)} ${zone.year}  ${sweep.changes} changes  ` +
        `${sweep.rollovers} rollovers  ${nights.nights} nights  ${nights.lines} lines`,
    );
    for (const wrong of [...sweep.violations, ...nights.violations]) {
      violations.push(`${zone.name}: ${wrong}`);
    }
  }
  return violations;
}
