import { assertEquals } from "@std/assert";
import { prepareConfig } from "../../src/config/apply/configurator.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { parseIniConfig, readIniTable } from "../../src/config/ini/read_ini_config.ts";
import type { FullSpec } from "../../src/config/spec/config_spec.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";

const CONF = (args: string) =>
  `[loggers]
keys=root
[handlers]
keys=console
[formatters]
keys=
[logger_root]
level=INFO
handlers=console
[handler_console]
class=StreamHandler
args=${args}
`;

/** How often the handler's arguments are read when a configuration is built so many times. */
function readsOf(
  args: string,
  times: number,
  between: (registry: ReturnType<typeof standardRegistry>) => void,
): number {
  const registry = standardRegistry(), manager = new Manager();
  const spec = readIniTable(parseIniConfig(CONF(args)), {}) as FullSpec;
  const [handler] = spec.handlers.values();
  const { readArguments } = handler!;
  let reads = 0;
  Object.assign(handler!, {
    readArguments: (...given: Parameters<typeof readArguments>) => {
      reads++;
      return readArguments(...given);
    },
  });
  for (let at = 0; at < times; at++) {
    prepareConfig(manager, spec, registry).abort();
    between(registry);
  }
  return reads;
}

Deno.test("arguments of the same configuration are read once, until a name is registered", () => {
  assertEquals(readsOf("(sys.stdout,)", 3, () => {}), 1);
  const register = (registry: ReturnType<typeof standardRegistry>) =>
    registry.registerHandler("other", StreamHandler);
  assertEquals(readsOf("(sys.stdout,)", 3, register), 3);
});
