import { ConfigError } from "../../core/errors/config_error.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { checkLevel } from "../../core/levels/levels.ts";
import type { LevelSpec } from "../spec/config_spec.ts";

/**
 * The number of a level in a configuration, undefined for none.
 *
 * @throws {ConfigError} It is no level.
 */
export function configLevel({ level, place }: LevelSpec): number | undefined {
  if (level === undefined || level === null) return undefined;
  try {
    return checkLevel(level);
  } catch (error) {
    const reason = reasonOf(error);
    throw new ConfigError(`Cannot set the level: ${reason}`, { ...place("level"), cause: error });
  }
}
