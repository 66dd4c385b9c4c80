import { ConfigError } from "../../core/errors/config_error.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import type { ConfigSpec } from "../spec/config_spec.ts";

/** Loggers of a thread that changes from outside may bring it to, those between them included. */
const MAX_LOGGERS = 100_000;

/**
 * Makes sure that a change from outside does not make too many loggers.
 *
 * @throws {ConfigError} It would.
 */
export function checkLoggerCount({ loggerDict }: Manager, spec: ConfigSpec): void {
  const names = spec.loggers.map(({ name }) => name);
  if (!spec.incremental) names.push(...spec.disabled);
  // At most, which is told at once and mostly enough.
  const added = names.reduce((sum, name) => sum + name.split(".").length, 0);
  if (loggerDict.size + added <= MAX_LOGGERS) return;
  const all = new Set(loggerDict.keys());
  for (const name of names) {
    for (let end = name.length; end > 0; end = name.lastIndexOf(".", end - 1)) {
      all.add(name.slice(0, end));
    }
  }
  if (all.size <= Math.max(MAX_LOGGERS, loggerDict.size)) return;
  throw new ConfigError(
    `Cannot make ${all.size - loggerDict.size} more loggers: ${MAX_LOGGERS} may be in all`,
  );
}
