import { ConfigError } from "../../core/errors/config_error.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import type { ConfigSpec } from "../spec/config_spec.ts";

/** Most loggers that a thread may have after a change from outside, with the loggers above those. */
const MAX_LOGGERS = 100_000;

/**
 * Most loggers that unsigned changes may make. A logger stays for good: so another user of the
 * machine could fill the memory of all threads with loggers.
 */
const MAX_UNSIGNED = 10_000;

/**
 * Makes sure that a change from outside does not make too many loggers. `made` is how many
 * unsigned changes have made before, undefined for a change that is trusted.
 *
 * @throws {ConfigError} It would.
 */
export function checkLoggerCount(
  { loggerDict }: Manager,
  spec: ConfigSpec,
  made: number | undefined,
): void {
  const names = spec.loggers.map(({ name }) => name);
  if (!spec.incremental) names.push(...spec.disabled);
  const added = new Set<string>();
  for (const name of names) {
    for (let end = name.length; end > 0; end = name.lastIndexOf(".", end - 1)) {
      const above = name.slice(0, end);
      if (added.has(above) || loggerDict.has(above)) break;
      added.add(above);
    }
  }
  if (added.size === 0) return;
  const what = `Cannot make ${added.size} more loggers`;
  if (loggerDict.size + added.size > MAX_LOGGERS) {
    throw new ConfigError(`${what}: ${MAX_LOGGERS} may be in all`);
  }
  if (made === undefined || made + added.size <= MAX_UNSIGNED) return;
  throw new ConfigError(
    `${what}: unsigned changes may make ${MAX_UNSIGNED} in a thread, and have made ${made}; ` +
      'sign the change (option "key" of listen), or let the program check it (option "verify")',
  );
}
