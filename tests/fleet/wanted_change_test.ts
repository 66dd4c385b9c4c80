import { assertEquals } from "@std/assert";
import { readFlags } from "../../src/cli/arguments/flags.ts";
import { changeOfLevels } from "../../src/cli/fleet/wanted_change.ts";

Deno.test("what turns a logger below INFO ends, also by a level that only programs know", () => {
  const spec = { texts: ["for"], switches: ["forever"] };
  const lasts = (...args: string[]) => {
    const flags = readFlags(args, spec, "fleet");
    return changeOfLevels(flags.words, flags).lasts;
  };
  const hour = 3_600_000;
  assertEquals(lasts("app=DEBUG"), hour);
  assertEquals(lasts("app=5"), hour);
  assertEquals(lasts("app=INFO", "app.db=off"), undefined);
  assertEquals(lasts("app=ERROR", "app.db=trace"), hour);
  assertEquals(lasts("app=TRACE", "--for", "10m"), 600_000);
  assertEquals(lasts("app=TRACE", "--forever"), undefined);
});

Deno.test("a change is called as it was typed", () => {
  const flags = readFlags(["app=off", "app.db=debug"], {}, "fleet");
  assertEquals(changeOfLevels(flags.words, flags).label, "set app=off app.db=DEBUG");
});
