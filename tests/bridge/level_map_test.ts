import { assertEquals } from "@std/assert";
import { LevelMap } from "../../src/bridge/level_map.ts";
import { checkLevel, getLevelName } from "../../src/core/levels/levels.ts";

/** Names with their numbers, which go up. */
function numbers(names: readonly string[], own?: ReadonlyMap<string, number>): number[] {
  const map = new LevelMap(names, own);
  return names.map((name) => map.numberOf(name)!);
}

Deno.test("levels of other libraries have numbers in their order", () => {
  const npm = ["silly", "debug", "verbose", "http", "info", "warn", "error"];
  assertEquals(numbers(npm), [5, 10, 13, 17, 20, 30, 40]);
  const syslog = ["debug", "info", "notice", "warning", "error", "crit", "alert", "emerg"];
  assertEquals(numbers(syslog), [10, 20, 25, 30, 40, 50, 60, 70]);
  assertEquals(numbers(["a", "b", "c"]), [10, 20, 30]);
  assertEquals(numbers(["fine", "finer", "debug"]), [3, 7, 10]);
  assertEquals(numbers(["error", "worse", "worst"]), [40, 50, 60]);
  assertEquals(numbers(["info", "own"], new Map([["own", 21]])), [20, 21]);
});

Deno.test("a number is the least level that has at least it, and goes by the library's name", () => {
  const map = new LevelMap(["trace", "debug", "info", "fatal"]);
  assertEquals([-1, 5, 6, 20, 21, 51].map((number) => map.nameOf(number)), [
    "trace",
    "trace",
    "debug",
    "info",
    "fatal",
    undefined,
  ]);
  assertEquals([map.numberOf("TRACE"), getLevelName(5)], [undefined, "TRACE"]);
});

Deno.test("a library whose levels are elsewhere gives no known name another number", () => {
  const names = ["info", "error"];
  new LevelMap(names, new Map([["info", 941], ["error", 942]]));
  assertEquals([checkLevel("INFO"), checkLevel("ERROR"), getLevelName(942)], [20, 40, "Level 942"]);
});
