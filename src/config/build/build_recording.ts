import { ConfigError, type ConfigErrorOptions } from "../../core/errors/config_error.ts";
import { typedLevel } from "./config_level.ts";
import type { Recording } from "../../core/loggers/recording.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { isOff, OFF, type RecordingSpec } from "../spec/recording_spec.ts";

/**
 * The recording that a configuration asks for, with the numbers that this thread has for levels.
 *
 * @throws {ConfigError} An unknown level.
 */
export function buildRecording({ levels, size, place }: RecordingSpec): Recording {
  if (levels === OFF) return { levels: new Map([["root", Infinity]]), size, isWhole: true };
  const numbers = [...levels ?? []].map(([name, level]) => [name, numberOf(level, place)] as const);
  return { levels: new Map(numbers), size, isWhole: false };
}

function numberOf(level: unknown, place: ConfigErrorOptions): number {
  try {
    return isOff(level) ? Infinity : typedLevel(level);
  } catch (cause) {
    throw new ConfigError(`Cannot record: ${reasonOf(cause)}`, { ...place, cause });
  }
}
