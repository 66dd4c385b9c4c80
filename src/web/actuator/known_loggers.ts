import { loggers } from "../../client/loggers.ts";
import { selectTargets, type Targets, threadsOf } from "../../client/targets.ts";
import type { LoggerList } from "../../wire/logger_info.ts";
import { moreTelling, springLevel } from "./spring_levels.ts";

/** Spring's name of the root. */
export const SPRING_ROOT = "ROOT";

/** A logger as the actuator describes it; `configuredLevel` is its own level, if it has one. */
export interface LoggerLevels {
  readonly configuredLevel?: string;
  readonly effectiveLevel: string;
}

/** The loggers of a program. */
export interface LoggerGroup {
  readonly configuredLevel?: string;
  readonly members: readonly string[];
}

/** The loggers of all threads together. */
export interface KnownLoggers {
  readonly loggers: Readonly<Record<string, LoggerLevels>>;
  /** By name of the program. */
  readonly groups: Readonly<Record<string, LoggerGroup>>;
}

/** A logger in one thread. */
interface Seen {
  readonly app: string;
  readonly name: string;
  readonly level: string | undefined;
  readonly effective: string;
}

/**
 * Asks all threads for their loggers. Spring's actuator is for one program with one thread: if several
 * threads have a logger of the same name, it is told with the level that shows most.
 */
export async function askForLoggers(targets: Targets): Promise<KnownLoggers> {
  const [answers, { targets: found }] = await Promise.all([
    loggers(targets),
    selectTargets(targets),
  ]);
  const apps = new Map(
    found.flatMap(({ port, status }) =>
      status === undefined
        ? []
        : threadsOf(status).map(({ name, app }): [string, string] => [`${port} ${name}`, app])
    ),
  );
  const seen = answers.flatMap(({ port, via = port, name, result }): Seen[] => {
    if (result === undefined) return [];
    // Not by its process: programs in containers that share a network have the same number.
    const app = apps.get(`${via} ${name}`) ?? "";
    return (result as LoggerList).loggers.map((one) => ({
      app,
      name: one.name === "root" ? SPRING_ROOT : one.name,
      level: one.level,
      effective: one.effective,
    }));
  });
  const programs = [...new Set(seen.map(({ app }) => app))].filter((app) => app !== "").sort();
  return {
    loggers: levelsOf(seen),
    groups: Object.fromEntries(programs.map((app) => {
      return [app, groupOf(seen.filter((one) => one.app === app))];
    })),
  };
}

function levelsOf(seen: readonly Seen[]): Record<string, LoggerLevels> {
  const merged = new Map<string, { own: string | undefined; effective: string }>();
  for (const { name, level, effective } of seen) {
    const before = merged.get(name);
    const own = [before?.own, level].filter((one) => one !== undefined);
    merged.set(name, {
      own: own.length === 0 ? undefined : own.reduce(moreTelling),
      effective: before === undefined ? effective : moreTelling(before.effective, effective),
    });
  }
  return Object.fromEntries(
    [...merged].map(([name, { own, effective }]) => [name, {
      ...own === undefined ? {} : { configuredLevel: springLevel(own) },
      effectiveLevel: springLevel(effective),
    }]),
  );
}

/** The group of a program's loggers; it has a level if all of its members have that level. */
function groupOf(seen: readonly Seen[]): LoggerGroup {
  const levels = Object.entries(levelsOf(seen));
  const [[, { configuredLevel }]] = levels as [[string, LoggerLevels]];
  const isOne = levels.every(([, one]) => one.configuredLevel === configuredLevel);
  const members = levels.map(([name]) => name);
  return { ...isOne && configuredLevel !== undefined ? { configuredLevel } : {}, members };
}
