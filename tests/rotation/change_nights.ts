import { TimedRotatingFileHandler } from "../../src/handlers/files/timed_rotating_file_handler.ts";
import { localOffset } from "../../src/handlers/files/local_time.ts";
import { nextRollover } from "../../src/handlers/files/rollover_schedule.ts";
import { parseWhen } from "../../src/handlers/files/parse_when.ts";
import type { Random } from "../harness/python_oracle.ts";
import { logRecord } from "../handlers/log_record.ts";
import { replaced } from "../harness/replaced.ts";
import { WHENS } from "./sweep_schedule.ts";
import { type Zone, ZoneClock } from "./zone_clock.ts";

/** What came of the nights of one zone. */
export interface NightsResult {
  /** Rows of files around a change. */
  readonly nights: number;
  readonly lines: number;
  readonly rollovers: number;
  readonly violations: readonly string[];
}

/** One handler through one night. */
interface Night {
  readonly folder: string;
  readonly change: number;
  readonly when: string;
  readonly backupCount: number;
  readonly hasNamer: boolean;
}

const HOUR = 3600;
/** A line comes every ten minutes. */
const STEP = 600;

/** Files of others beside `app.log`, among them the log of another handler and its backups. */
const FOREIGN = [
  ...["app.log.audit", "app.log.json", "app.log.audit.2025-03-30", "app.log.2025-03-30.gz"],
  ...["app.log.2025-03-30_02x", "app.log.x2025-03-30_02-10", "app.log.2025-03-30-2025-03-31"],
  ...["app.2025-03-30.csv", "report-2025-03-30.txt", "application.log.2025-03-30", "app.log.1"],
];

/**
 * Logs to real files through the nights of each change of the zone that the process is in, with
 * every argument `when`, and says where a line is missing or a file of others was touched.
 */
export function logThroughChanges(zone: Zone, part: number, random: Random): NightsResult {
  const clock = ZoneClock.of(zone);
  const violations = compareClocks(clock);
  const sum = { nights: 0, lines: 0, rollovers: 0 };
  for (const change of clock.changes) {
    for (const when of WHENS) {
      for (const backupCount of [0, 1, 4]) {
        for (const hasNamer of [false, true]) {
          if (!random.chance(part)) continue;
          const folder = Deno.makeTempDirSync();
          try {
            const night = { folder, change, when, backupCount, hasNamer };
            const { lines, files, complaint } = logThrough(night);
            sum.nights++;
            sum.lines += lines;
            sum.rollovers += files;
            if (complaint !== undefined) {
              violations.push(`${zone.name}, ${JSON.stringify(night)}: ${complaint}`);
            }
          } finally {
            Deno.removeSync(folder, { recursive: true });
          }
        }
      }
    }
  }
  return { ...sum, violations };
}

/** Whether the schedule goes by the clock of the process. */
function compareClocks({ changes, offsetAt, from }: ZoneClock): string[] {
  const violations: string[] = [];
  const path = `${Deno.makeTempDirSync()}/app.log`;
  const handler = new TimedRotatingFileHandler(path, "W2", 1, 0, null, true);
  const { dayOfWeek } = parseWhen("W2");
  for (const near of [from, ...changes]) {
    for (let at = near - 30 * HOUR; at < near + 30 * HOUR; at += 599) {
      if (localOffset(at) !== offsetAt(at)) violations.push(`another clock at ${at}`);
      const expected = nextRollover(at, {
        ...{ isDaily: true, dayOfWeek, atTime: undefined, interval: handler.interval, offsetAt },
      });
      if (handler.computeRollover(at) !== expected) violations.push(`another rollover at ${at}`);
    }
  }
  handler.close();
  Deno.removeSync(path.slice(0, -"/app.log".length), { recursive: true });
  return violations;
}

function logThrough(
  night: Night,
): { lines: number; files: number; complaint: string | undefined } {
  const { folder, change } = night;
  for (const name of FOREIGN) Deno.writeTextFileSync(`${folder}/${name}`, name);
  let now = change - change % STEP - 50 * HOUR;
  using _clock = replaced(Date, "now", () => now * 1000);
  const written: string[] = [];
  let handler = makeHandler(night);
  for (let line = 0; now < change + 50 * HOUR; line++, now += STEP) {
    if (line % 100 === 99) {
      // Another run of the program begins with the file that the last one has left.
      handler.close();
      Deno.utimeSync(`${folder}/app.log`, now - STEP, now - STEP);
      handler = makeHandler(night);
    }
    written.push(`line ${line}`);
    handler.handle(logRecord(`line ${line}`));
    // What is deleted too early here has gone by the end of the night.
    if (night.backupCount === 0 || Math.abs(now - change) > 3 * HOUR) continue;
    const { files, complaint } = look(night, written);
    if (complaint !== undefined) return { lines: written.length, files, complaint };
  }
  handler.close();
  return { lines: written.length, ...look(night, written) };
}

function makeHandler({ folder, when, backupCount, hasNamer }: Night): TimedRotatingFileHandler {
  const handler = new TimedRotatingFileHandler(`${folder}/app.log`, when, 1, backupCount);
  if (hasNamer) {
    const prefix = `${folder}/app.log.`;
    handler.namer = (name) => `${folder}/old-${name.slice(prefix.length)}.log`;
  }
  return handler;
}

function look(
  { folder, backupCount }: Night,
  written: readonly string[],
): { files: number; complaint: string | undefined } {
  for (const name of FOREIGN) {
    try {
      if (Deno.readTextFileSync(`${folder}/${name}`) === name) continue;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return { files: 0, complaint: `${name} was touched` };
  }
  const files = [...Deno.readDirSync(folder)]
    .filter(({ name }) => !FOREIGN.includes(name))
    .map(({ name }) => Deno.readTextFileSync(`${folder}/${name}`).split("\n").slice(0, -1))
    .sort(([a], [b]) => numberOf(a) - numberOf(b));
  const kept = files.flat();
  const expected = backupCount === 0 ? written : written.slice(-kept.length);
  if (kept.join() !== expected.join()) {
    return { files: files.length, complaint: `${kept.length} of ${written.length} lines: ${kept}` };
  }
  const isTooMany = backupCount > 0 && files.length > backupCount + 1;
  return { files: files.length, complaint: isTooMany ? `${files.length} files` : undefined };
}

function numberOf(line: string | undefined): number {
  return Number(line?.slice("line ".length));
}
