import { assertEquals, assertStringIncludes } from "@std/assert";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { runningConfig } from "../../src/hub/thread/running_config.ts";

Deno.test("a .conf that could not be sent back is not given", () => {
  const manager = new Manager();
  const running = () => runningConfig(manager, standardRegistry());
  let count = 0;
  const add = (most: number) => {
    // One that stands above others is named in their place.
    for (; count < most; count++) {
      for (const name of [`part${count}`, `part${count}.db`]) manager.getLogger(name);
    }
  };
  add(700);
  const { conf = "" } = running();
  assertStringIncludes(conf, "\nqualname=part699\n");
  assertEquals(conf.includes("part699.db"), false);

  const bounds = [
    [900, "can be sent back: Cannot take the change: it has more than 4000 options and sections"],
    [1001, "Cannot print 1001 loggers"],
  ] as const;
  for (const [most, reason] of bounds) {
    add(most);
    const { conf: none, noConf = "", dict } = running();
    assertEquals(none, undefined);
    assertStringIncludes(noConf, reason);
    assertEquals((dict as { loggers: unknown }).loggers, {});
  }
});
