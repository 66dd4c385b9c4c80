import { checkOptions, type OptionRules } from "../core/errors/check_options.ts";
import { defaultManager } from "../core/loggers/manager.ts";
import { applyConfig } from "./apply/configurator.ts";
import { readDictConfig } from "./dict/read_dict_config.ts";
import { defaultRegistry } from "./build/registry.ts";
import { isUnknownClass } from "./build/stand_in.ts";
import type { UnknownClass } from "./spec/unknown_class.ts";
import { readExtensions } from "./text/extensions.ts";
import type { DictConfig } from "./types/dict_config_type.ts";
import type { Fitting } from "./types/fitting.ts";

/**
 * Options of {@linkcode dictConfig}.
 *
 * @example
 * ```ts
 * import { dictConfig, type DictConfigOptions } from "@logdial/logging";
 *
 * const options: DictConfigOptions = { unknownClass: "stand-in" };
 * dictConfig({ version: 1, formatters: { fancy: { class: "my.FancyFormatter" } } }, options);
 * ```
 */
export interface DictConfigOptions {
  /** What becomes of classes that nothing is registered as. @default they are refused */
  unknownClass?: UnknownClass;
}

const OPTION_RULES: OptionRules<DictConfigOptions> = { unknownClass: isUnknownClass };

/**
 * Configures logging from an object in Python's dict schema, version 1
 * (`logging.config.dictConfig`).
 *
 * @throws {ConfigError} With the path of the part; nothing has changed then.
 * @throws {TypeError} An unknown option.
 *
 * @example
 * ```ts
 * import { dictConfig } from "@logdial/logging";
 *
 * dictConfig({
 *   version: 1,
 *   handlers: { console: { class: "logging.StreamHandler", stream: "ext://sys.stdout" } },
 *   root: { level: "INFO", handlers: ["console"] },
 * });
 * ```
 */
export function dictConfig<const Config extends object>(
  config: Config & Fitting<Config>,
  options?: DictConfigOptions,
): void;
/** The same for an object that is written in place, whose keys and values editors complete. */
export function dictConfig(config: DictConfig, options?: DictConfigOptions): void;
export function dictConfig(config: object, options: DictConfigOptions = {}): void {
  checkOptions<DictConfigOptions>("dictConfig", options, OPTION_RULES);
  const spec = readDictConfig(config, (name) => defaultRegistry.object(name));
  // Most of what is under the key `logdial` counts only in a change from outside; what is misspelt
  // in it is told all the same.
  readExtensions({ kind: "dict", dict: config });
  applyConfig(defaultManager, { ...spec, ...options }, defaultRegistry);
}
