import { reasonOf } from "../../core/values/thrown.ts";
import { ABOVE_ALL } from "../../core/levels/above_all.ts";
import { checkLevels } from "../../client/levels_config.ts";
import { isOff, OFF } from "../../config/spec/recording_spec.ts";
import { getLevelNamesMapping, levelToSend } from "../../core/levels/levels.ts";
import { readLevel } from "./flags.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Levels by logger, from words like `app.db=DEBUG`, or several in one like
 * `warn,app.db=debug,app.http=off`, where a level alone is the root's.
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
  for (const word of words.flatMap(splitWord)) {
    const at = word.lastIndexOf("=");
    const name = isLevel(word) ? "root" : word.slice(0, Math.max(at, 0));
    const level = word.slice(at + 1);
    if (name === "" || level === "") {
      throw new UsageError(`Cannot ${command} "${word}": it must be like app.db=DEBUG`);
    }
    if (Object.hasOwn(levels, name)) throw new UsageError(`Cannot ${command} "${name}" twice`);
    // Only `set` writes `off` as a number; `record` has the word itself.
    const off = command === "set" ? ABOVE_ALL : OFF;
    levels[name] = isOff(level) ? off : readLevel(level);
  }
  try {
    checkLevels(levels);
  } catch (error) {
    throw new UsageError(reasonOf(error));
  }
  return levels;
}

/** The parts of a word with commas, which a logger's name may contain as well. */
function splitWord(word: string): string[] {
  const parts = word.split(",").map((part) => part.trim());
  return parts.every((part) => isLevel(part) || /^[^=]+=[^=]+$/.test(part)) ? parts : [word];
}

/** Whether a word is a level that everybody knows. */
function isLevel(word: string): boolean {
  return /^\d+$/.test(word) || isOff(word) || levelToSend(word) !== word ||
    Object.hasOwn(getLevelNamesMapping(), word.toUpperCase());
}
