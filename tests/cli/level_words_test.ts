import { assertEquals, assertThrows } from "@std/assert";
import { levelNumber } from "../../src/cli/arguments/flags.ts";
import { readLevels } from "../../src/cli/arguments/level_words.ts";
import { UsageError } from "../../src/cli/arguments/usage_error.ts";

Deno.test("levels by logger, one or several in a word", () => {
  const cases: [words: string[], levels: Record<string, string | number>][] = [
    [["app.db=DEBUG"], { "app.db": "DEBUG" }],
    [["warn,app.db=debug,app.http=off"], { root: "WARN", "app.db": "DEBUG", "app.http": 1000 }],
    [["debug"], { root: "DEBUG" }],
    [["off"], { root: 1000 }],
    [["15, app=7"], { root: 15, app: 7 }],
    [["app=DEBUG", "INFO"], { app: "DEBUG", root: "INFO" }],
    [["a,b=DEBUG"], { "a,b": "DEBUG" }],
    [["app=Loud"], { app: "Loud" }],
    // As status tells levels without a name.
    [["Level 15,app=Level 1000", "b=level 5"], { root: 15, app: 1000, b: 5 }],
  ];
  for (const [words, levels] of cases) {
    assertEquals({ ...readLevels(words, "set") }, levels, words.join(" "));
  }
  assertEquals({ ...readLevels(["app=Off,debug"], "record") }, { app: "off", root: "DEBUG" });
});

Deno.test("a level that only programs know is told to go by its number", () => {
  assertEquals([levelNumber("info"), levelNumber("5"), levelNumber("Level 35")], [20, 5, 35]);
  assertThrows(() => levelNumber("TRACE"), UsageError, "has named goes by its number");
  assertThrows(() => levelNumber("debgu"), UsageError, 'did you mean "DEBUG"?');
});

Deno.test("what is no level of a logger is refused", () => {
  for (
    const words of [[], ["app"], ["app="], ["=DEBUG"], ["warn,app"], ["warn,root=info"], ["a=b=c,"]]
  ) {
    assertThrows(() => readLevels(words, "set"), UsageError, undefined, words.join(" "));
  }
});
