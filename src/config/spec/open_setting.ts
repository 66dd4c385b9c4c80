import { quote } from "../../core/errors/quote.ts";
import { ConfigError, type ConfigErrorOptions } from "../../core/errors/config_error.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { asBoolean, splitNames } from "./text_values.ts";

/**
 * Which handlers a change of levels opens for the records that it turns on: `true` those
 * that open by themselves, names these as well, `false` none.
 */
export type OpenSetting = boolean | readonly string[];

/**
 * Reads the extension `open`.
 *
 * @throws {RangeError} It has another shape.
 */
export function readOpenSetting(value: unknown): OpenSetting {
  const isOn = asBoolean(value);
  if (isOn !== undefined) return isOn;
  const names: unknown = typeof value === "string" ? splitNames(value) : value;
  const isList = Array.isArray(names) &&
    names.every((name) => typeof name === "string" && name !== "");
  if (isList) return names;
  throw new RangeError("it must be true, false or a list of handlers' names");
}

/**
 * Reads the extension `open` where a dict has it; undefined where it is left out.
 *
 * @throws {ConfigError} It has another shape.
 */
export function readOpenOfDict(value: unknown, place: ConfigErrorOptions): OpenSetting | undefined {
  if (value === undefined || value === null) return undefined;
  try {
    return readOpenSetting(value);
  } catch (cause) {
    const reason = `Cannot use open ${quote(value)}: ${reasonOf(cause)}`;
    throw new ConfigError(reason, { ...place, cause });
  }
}
