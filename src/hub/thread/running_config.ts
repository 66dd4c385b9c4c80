import type { Registry } from "../../config/build/registry.ts";
import { isBelow } from "../../config/apply/configurator.ts";
import { setKey } from "../../config/describe/describe_part.ts";
import { describeConfig } from "../../config/describe/get_config.ts";
import { hideSecrets } from "../../config/describe/hide_secrets.ts";
import { stringifyConfig } from "../../config/describe/stringify_config.ts";
import { parseConfigText } from "../../config/text/config_text.ts";
import { checkParsed, checkText, MAX_LOGGERS } from "../../config/text/wire_bounds.ts";
import { Logger } from "../../core/loggers/logger.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import { NOTSET } from "../../core/levels/levels.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { toChangeError } from "../../wire/message.ts";
import { MAX_CHARACTERS } from "../board/board.ts";
import { HISTORY_LOGGER } from "./history.ts";

/** What `get` answers: the running configuration and, if it cannot be a `.conf`, the reason. */
export function runningConfig(
  manager: Manager,
  registry: Registry,
): { dict: unknown; conf?: string; noConf?: string } {
  requireShortNames(manager);
  const dict = hideSecrets(describeConfig(manager, registry));
  try {
    const conf = stringifyConfig(withPlainLoggers(dict, manager));
    requireSendable(conf);
    return { dict, conf };
  } catch (error) {
    return { dict, noConf: toChangeError(error).message };
  }
}

/**
 * The dict with the loggers as well that have nothing of their own. Whoever sends a `.conf` disables
 * all loggers that it does not name, unless it names one above them; a dict says that it disables none.
 *
 * @throws {ConfigError} There are too many of them for a change.
 */
function withPlainLoggers(
  dict: Readonly<Record<string, unknown>>,
  manager: Manager,
): Record<string, unknown> {
  const loggers = { ...dict.loggers as Record<string, unknown> };
  const plain = [...manager.loggerDict].flatMap(([name, logger]) => {
    const isLeftOut = !(logger instanceof Logger) || logger.disabled ||
      Object.hasOwn(loggers, name);
    // A configuration takes these two names for the root; the history enables its own logger again.
    return isLeftOut || ["", "root", HISTORY_LOGGER].includes(name) ? [] : [name];
  });
  const above = new Set([...Object.keys(loggers), ...plain]);
  const missing = plain.filter((name) => !isBelow(name, above)).sort();
  if (missing.length > MAX_LOGGERS) {
    throw new ConfigError(
      `Cannot print ${missing.length} loggers that have nothing of their own: a .conf disables those ` +
        `that it does not name, and a change names ${MAX_LOGGERS} at most`,
    );
  }
  for (const name of missing) {
    setKey(loggers, name, { level: "NOTSET", handlers: [], propagate: true });
  }
  return { ...dict, loggers };
}

/**
 * Makes sure that a `.conf` is within the bounds of changes.
 *
 * @throws {ConfigError} It is not: as a dict it may be.
 */
function requireSendable(conf: string): void {
  try {
    checkText(conf);
    checkParsed(parseConfigText(conf));
  } catch (error) {
    throw new ConfigError(`Cannot print it as a .conf that can be sent back: ${reasonOf(error)}`);
  }
}

/**
 * Refuses an answer that would be too long before it is made, which would take the thread's time.
 *
 * @throws {ConfigError} The names of the loggers alone are longer than an answer.
 */
function requireShortNames(manager: Manager): void {
  let length = 0;
  for (const { name, level } of manager.loggers()) if (level !== NOTSET) length += name.length;
  if (length <= MAX_CHARACTERS) return;
  throw new ConfigError(
    `Cannot answer: the names of the loggers have ${length} characters; with all else that is ` +
      `told, it may have ${MAX_CHARACTERS}`,
  );
}
