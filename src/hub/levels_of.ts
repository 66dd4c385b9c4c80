import { getLevelName, NOTSET } from "../core/levels.ts";
import { Logger } from "../core/logger.ts";
import type { Manager } from "../core/manager.ts";
import type { Levels } from "../wire/message.ts";

/** Most loggers whose levels are told. */
const MAX_LEVELS = 1000;

/** Level names of the root and of the loggers that have a level of their own. */
export function levelsOf(manager: Manager): Levels {
  const named: [string, string][] = [["root", getLevelName(manager.root.level)]];
  for (const [name, logger] of manager.loggerDict) {
    if (!(logger instanceof Logger) || logger.level === NOTSET) continue;
    if (named.length === MAX_LEVELS) break;
    named.push([name, getLevelName(logger.level)]);
  }
  return Object.fromEntries(named);
}

/** Names of level numbers; loggers without a level of their own are left out. */
export function levelNames(levels: ReadonlyMap<string, number>): Levels {
  const named = [...levels].filter(([name, level]) => name === "root" || level !== NOTSET);
  return Object.fromEntries(
    named.slice(0, MAX_LEVELS).map(([name, level]) => [name, getLevelName(level)]),
  );
}
