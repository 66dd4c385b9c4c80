import { ownLevels } from "../config/prepared_config.ts";
import { getLevelName, NOTSET } from "../core/levels.ts";
import type { Manager } from "../core/manager.ts";
import type { Levels } from "../wire/message.ts";

/** Most loggers whose levels are told. */
const MAX_LEVELS = 1000;

/** Level names of the root and of the loggers that have a level of their own. */
export function levelsOf(manager: Manager): Levels {
  return levelNames(ownLevels(manager));
}

/** Names of level numbers; loggers without a level of their own are left out. */
export function levelNames(levels: ReadonlyMap<string, number>): Levels {
  const named: [string, string][] = [];
  for (const [name, level] of levels) {
    if (name !== "root" && level === NOTSET) continue;
    if (named.length === MAX_LEVELS) break;
    named.push([name, getLevelName(level)]);
  }
  return Object.fromEntries(named);
}
