import { defaultManager } from "../core/manager.ts";
import { applyConfig } from "./apply/configurator.ts";
import { type IniConfigOptions, readIniConfig } from "./ini/ini_spec.ts";
import { defaultRegistry } from "./build/registry.ts";

/** Options of {@linkcode fileConfig}. */
export type FileConfigOptions = IniConfigOptions;

/**
 * Configures logging from the text of a `.conf` file (`logging.config.fileConfig`).
 *
 * Differs from CPython: it takes the text, not a path, so that it needs no permission,
 * and `args`/`kwargs` are read as literals, never run as code.
 *
 * @throws {ConfigError} With section, key and line; nothing has changed then.
 *
 * @example
 * ```ts
 * import { fileConfig } from "@logdial/logging";
 *
 * fileConfig(await Deno.readTextFile("examples/logger_config/info.conf"));
 * ```
 */
export function fileConfig(text: string, options: FileConfigOptions = {}): void {
  applyConfig(defaultManager, readIniConfig(text, options), defaultRegistry);
}
