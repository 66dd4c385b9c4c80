import { readDictConfig } from "./dict_spec.ts";
import { readIniConfig } from "./ini_config.ts";
import type { ConfigSpec, ResolveName } from "./spec.ts";

/**
 * Reads a configuration as it comes over the wire: a JSON object is a dict, anything else
 * is INI (`logging.config.listen`).
 *
 * @throws {ConfigError} The text is neither, or a part has the wrong shape.
 */
export function readConfigText(text: string, resolveName: ResolveName): ConfigSpec {
  const dict = parseObject(text);
  return dict === undefined ? readIniConfig(text) : readDictConfig(dict, resolveName);
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    // Not JSON: INI then.
    return undefined;
  }
}
