import { assertEquals } from "@std/assert";
import { findCircle, findUpward, readImports } from "./import_order.ts";

const ENTRIES = ["mod.ts", "src/logger.ts", "src/cli/main.ts"];

Deno.test("imports go down the layers and never in a circle", async () => {
  const map = import.meta.resolve("@std/ini").startsWith("file:")
    ? ["--import-map=deps/npm.json"]
    : [];
  const imports = await readImports(ENTRIES, map);
  assertEquals(findUpward(imports), []);
  assertEquals(findCircle(imports), undefined);
});

Deno.test("an upward import and a circle would be found", () => {
  const upward = new Map([["src/core/levels.ts", ["src/hub/hub.ts"]], ["src/hub/hub.ts", []]]);
  assertEquals(findUpward(upward), [
    "src/core/levels.ts imports src/hub/hub.ts, a higher layer",
  ]);
  const circle = new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b"]]]);
  assertEquals(findCircle(circle), "b → c → b");
});
