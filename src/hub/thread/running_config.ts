import type { Registry } from "../../config/build/registry.ts";
import { describeConfig } from "../../config/describe/get_config.ts";
import { hideSecrets } from "../../config/describe/hide_secrets.ts";
import { stringifyConfig } from "../../config/describe/stringify_config.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { toChangeError } from "../../wire/message.ts";

/** What `get` answers: the running configuration, and why it is no `.conf` where it cannot be one. */
export function runningConfig(
  manager: Manager,
  registry: Registry,
): { dict: unknown; conf?: string; noConf?: string } {
  const dict = hideSecrets(describeConfig(manager, registry));
  try {
    return { dict, conf: stringifyConfig(dict) };
  } catch (error) {
    return { dict, noConf: toChangeError(error).message };
  }
}
