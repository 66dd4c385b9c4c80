import { ConfigError } from "../../core/errors.ts";

/**
 * Which handlers a change of levels opens for the records that it turns on: `true` those
 * that open by themselves, names these as well, `false` none.
 */
export type OpenSetting = boolean | readonly string[];

/**
 * Reads the extension `open`, undefined for none.
 *
 * @throws {ConfigError} It has another shape.
 */
export function readOpenSetting(value: unknown): OpenSetting | undefined {
  if (value === undefined || value === null) return undefined;
  // A `.conf` spells all values as text.
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  if (Array.isArray(value) && value.every((name) => typeof name === "string" && name !== "")) {
    return value as string[];
  }
  throw new ConfigError(
    `Cannot use open ${JSON.stringify(value)}: it must be true, false or a list of handlers' names`,
    { section: "logdial", key: "open" },
  );
}
