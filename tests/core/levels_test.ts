import { assert, assertEquals } from "@std/assert";
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
