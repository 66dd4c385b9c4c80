import { checkOptions, isBoolean, type OptionRules } from "../core/errors/check_options.ts";
import { quote } from "../core/errors/quote.ts";
import { ConfigError } from "../core/errors/config_error.ts";
import { defaultManager } from "../core/loggers/manager.ts";
import { applyConfig } from "./apply/configurator.ts";
import { type IniConfigOptions, parseIniConfig, readIniTable } from "./ini/read_ini_config.ts";
import { defaultRegistry } from "./build/registry.ts";
import { isUnknownClass } from "./build/stand_in.ts";
import type { IniTable } from "./ini/ini_document.ts";
import { readExtensions } from "./text/extensions.ts";
import { guessFormat, wayFor } from "./text/guess_format.ts";

/**
 * Options of {@linkcode fileConfig}.
 *
 * @example
 * ```ts
 * import { fileConfig, type FileConfigOptions } from "@logdial/logging";
 *
 * const options: FileConfigOptions = { disableExistingLoggers: false };
 * fileConfig(await Deno.readTextFile("logging.conf"), options);
 * ```
 */
export type FileConfigOptions = IniConfigOptions;

const OPTION_RULES: OptionRules<FileConfigOptions> = {
  disableExistingLoggers: isBoolean,
  defaults: (value) => typeof value === "object" ? undefined : "an object of texts and numbers",
  unknownClass: isUnknownClass,
};

/**
 * Configures logging from the text of a `.conf` file (`logging.config.fileConfig`).
 *
 * Differs from CPython: it takes the text, not a path, so that it needs no permission,
 * and `args`/`kwargs` are read as literals, never run as code.
 *
 * @throws {ConfigError} With section, key and line; nothing has changed then.
 * @throws {TypeError} Something that is no text, or an unknown option.
 *
 * @example
 * ```ts
 * import { fileConfig } from "@logdial/logging";
 *
 * fileConfig(await Deno.readTextFile("examples/logger_config/info.conf"));
 * ```
 */
export function fileConfig(text: string, options: FileConfigOptions = {}): void {
  checkOptions<FileConfigOptions>("fileConfig", options, OPTION_RULES);
  if (typeof text !== "string") {
    throw new TypeError(
      `Cannot read INI text from ${quote(text)}: give the text, as of await Deno.readTextFile()`,
    );
  }
  const table = parseText(text);
  // Most of what is in the section `logdial` counts only in a change from outside; what is misspelt
  // in it is told all the same.
  readExtensions({ kind: "ini", table });
  applyConfig(defaultManager, readIniTable(table, options), defaultRegistry);
}

/**
 * Parses INI; the error for a text that looks like JSON, YAML or a path says how a program uses
 * that.
 */
function parseText(text: string): IniTable {
  try {
    return parseIniConfig(text);
  } catch (error) {
    const format = error instanceof ConfigError ? guessFormat(text) : undefined;
    if (format === undefined) throw error;
    const what = format === "path" ? "a path" : format;
    throw new ConfigError(
      `Cannot read INI text: it looks like ${what}, which is for ${wayFor(format, text)}`,
      { line: 1, cause: error },
    );
  }
}
