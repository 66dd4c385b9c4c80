import { Random } from "../config/python_oracle.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { within } from "../harness/deadline.ts";
import type { NightsResult } from "../rotation/change_nights.ts";
import { sweepSchedule } from "../rotation/sweep_schedule.ts";
import { type Zone, ZONES } from "../rotation/zone_clock.ts";

/** How much to check, and how random. */
export interface RotationOptions {
  readonly seed: number;
  /** Hears of each zone. */
  readonly onZone: (text: string) => void;
}

/** A child logs some ten thousand lines a second, and as many of them may wait for a disk. */
const DEADLINE_MS = 20 * 60_000;

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
    const nights = await logInZone(zone, seed);
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

async function logInZone(zone: Zone, seed: number): Promise<NightsResult> {
  await using child = ChildProgram.deno("tests/fixtures/rotation_nights.ts", {
    args: [JSON.stringify([zone, 1, seed])],
    env: { TZ: zone.name },
  });
  const { success } = await within(child.ended, () => `nights in ${zone.name}`, DEADLINE_MS);
  if (!success) throw new Error(child.stderr.lines.join("\n"));
  return JSON.parse(child.stdout.lines.join("\n")) as NightsResult;
}
