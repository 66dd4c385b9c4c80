import { defaultManager } from "../core/loggers/manager.ts";
import { applyConfig } from "./apply/configurator.ts";
import { readDictConfig } from "./dict/read_dict_config.ts";
import { defaultRegistry } from "./build/registry.ts";
import { readExtensions } from "./text/extensions.ts";
import type { DictConfig } from "./types/dict_config_type.ts";
import type { Fitting } from "./types/fitting.ts";

/**
 * Configures logging from an object in Python's dict schema, version 1
 * (`logging.config.dictConfig`).
 *
 * @throws {ConfigError} With the path of the part; nothing has changed then.
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
export function dictConfig<const Config extends object>(config: Config & Fitting<Config>): void;
/** The same, with completion. */
export function dictConfig(config: DictConfig): void;
export function dictConfig(config: object): void {
  const spec = readDictConfig(config, (name) => defaultRegistry.object(name));
  // What it says there means something from outside only, but what is misspelt is told here too.
  readExtensions({ kind: "dict", dict: config });
  applyConfig(defaultManager, spec, defaultRegistry);
}
