import { reasonOf } from "../../core/values/thrown.ts";
import { checkLevels } from "../../client/levels_config.ts";
import { readLevel } from "./flags.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Levels by logger, from words like `app.db=DEBUG`.
 *
 * @throws {UsageError} There are none, or one is something else.
 */
export function readLevels(
  words: readonly string[],
  command: string,
): Record<string, string | number> {
  if (words.length === 0) {
    throw new UsageError(`Cannot run ${command}: give LOGGER=LEVEL, like app.db=DEBUG`);
  }
  const levels: Record<string, string | number> = Object.create(null);
  for (const word of words) {
    const at = word.lastIndexOf("=");
    const name = word.slice(0, at), level = word.slice(at + 1);
    if (at < 1 || level === "") {
      throw new UsageError(`Cannot ${command} "${word}": it must be like app.db=DEBUG`);
    }
    if (Object.hasOwn(levels, name)) throw new UsageError(`Cannot ${command} "${name}" twice`);
    levels[name] = readLevel(level);
  }
  try {
    checkLevels(levels);
  } catch (error) {
    throw new UsageError(reasonOf(error));
  }
  return levels;
}
