import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  addLevelName,
  getLevelName,
  getLevelNamesMapping,
  INFO,
  NOTSET,
} from "../../src/core/levels/levels.ts";

Deno.test("level names and numbers lead to each other, also those that were added", () => {
  assertEquals([getLevelName("INFO"), getLevelName(20), getLevelName("FATAL")], [20, "INFO", 50]);
  try {
    addLevelName(INFO, "");
    assertEquals([getLevelName(INFO), getLevelName(NOTSET), getLevelName("NOTSET")], [
      "",
      "NOTSET",
      NOTSET,
    ]);
  } finally {
    addLevelName(INFO, "INFO");
  }
  assertEquals([getLevelName(17), getLevelName("none")], ["Level 17", "Level none"]);
});

Deno.test("a level and its name in the wrong order are refused, and other names stay known", () => {
  const add = addLevelName as (level: unknown, name: unknown) => void;
  const before = getLevelNamesMapping();
  for (
    const [level, name, says] of [
      ["TRACE", 5, 'Cannot name level "TRACE": it must be a whole number'],
      [5.5, "TRACE", "Cannot name level 5.5: it must be a whole number"],
      [5, undefined, "Cannot name level 5 undefined: a name must be a text"],
    ]
  ) {
    assertThrows(() => add(level, name), TypeError, String(says));
  }
  assertEquals(getLevelNamesMapping(), before);
});

Deno.test("the mapping of level names is the program's own copy", () => {
  const mapping = getLevelNamesMapping();
  for (const name of ["CRITICAL", "FATAL", "ERROR", "WARN", "WARNING", "INFO", "DEBUG", "NOTSET"]) {
    assertEquals(mapping[name], getLevelName(name));
  }
  const [first] = Object.keys(mapping);
  assert(getLevelNamesMapping() !== mapping);
  delete mapping[first!];
  assertEquals(typeof getLevelNamesMapping()[first!], "number");
});
