import { ChildProgram } from "../harness/child_program.ts";
import { within } from "../harness/deadline.ts";
import type { NightsResult } from "./change_nights.ts";
import type { Zone } from "./zone_clock.ts";

/** All nights of a zone are 170,000 lines in 9,000 files: a busy machine takes its time. */
const DEADLINE_MS = 20 * 60_000;

/** Logs through a part of a zone's changes, in a process that is in that zone. */
export async function logInZone(zone: Zone, part: number, seed: number): Promise<NightsResult> {
  await using child = ChildProgram.deno("tests/fixtures/rotation_nights.ts", {
    args: [JSON.stringify([zone, part, seed])],
    env: { TZ: zone.name },
  });
  const { success } = await within(child.ended, () => `nights in ${zone.name}`, DEADLINE_MS * part);
  if (!success) throw new Error(child.stderr.lines.join("\n"));
  return JSON.parse(child.stdout.lines.join("\n")) as NightsResult;
}
