import { ConfigError } from "../../core/errors/config_error.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { checkLevel, inAnyCase } from "../../core/levels/levels.ts";
import type { LevelSpec } from "../spec/config_spec.ts";

/**
 * The number of a level in a configuration; undefined if it has none. `isTyped` if a command has sent
 * it, since commands write names in capitals.
 *
 * @throws {ConfigError} It is no level.
 */
export function configLevel({ level, place }: LevelSpec, isTyped = false): number | undefined {
  if (level === undefined || level === null) return undefined;
  try {
    return isTyped ? typedLevel(level) : checkLevel(level);
  } catch (error) {
    const reason = reasonOf(error);
    throw new ConfigError(`Cannot set the level: ${reason}`, { ...place("level"), cause: error });
  }
}

/**
 * The number of a level that a command has sent: its name is in capitals, whatever its spelling is.
 *
 * @throws {RangeError} An unknown name.
 * @throws {TypeError} Neither a whole number nor a name.
 */
export function typedLevel(level: unknown): number {
  return checkLevel(typeof level === "string" ? inAnyCase(level) ?? level : level);
}
