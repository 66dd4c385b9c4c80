import type { Registry } from "../../config/build/registry.ts";
import { describeConfig } from "../../config/describe/get_config.ts";
import { hideSecrets } from "../../config/describe/hide_secrets.ts";
import { stringifyConfig } from "../../config/describe/stringify_config.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import { NOTSET } from "../../core/levels/levels.ts";
import { toChangeError } from "../../wire/message.ts";
import { MAX_CHARACTERS } from "../board/board.ts";

/** What `get` answers: the running configuration and, if it cannot be a `.conf`, the reason. */
export function runningConfig(
  manager: Manager,
  registry: Registry,
): { dict: unknown; conf?: string; noConf?: string } {
  requireShortNames(manager);
  const dict = hideSecrets(describeConfig(manager, registry));
  try {
    return { dict, conf: stringifyConfig(dict) };
  } catch (error) {
    return { dict, noConf: toChangeError(error).message };
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
