import { assertEquals, assertStrictEquals } from "@std/assert";
import * as whole from "../../mod.ts";
import * as core from "../../src/core.ts";

Deno.test("what the core exports, the whole exports as well, and it is the same", () => {
  for (const [name, value] of Object.entries(core)) {
    assertStrictEquals((whole as Record<string, unknown>)[name], value, name);
  }
});

Deno.test("the core exports what the whole has of Python's logging itself", () => {
  // Its `__all__`, but for what has another name here.
  const names =
    "BASIC_FORMAT BufferingFormatter CRITICAL DEBUG ERROR FATAL FileHandler Filter Formatter " +
    "Handler INFO LogRecord Logger LoggerAdapter NOTSET NullHandler StreamHandler WARN WARNING " +
    "addLevelName basicConfig critical debug disable error exception fatal getHandlerByName " +
    "getHandlerNames getLevelName getLevelNamesMapping getLogRecordFactory getLogger " +
    "getLoggerClass info log makeLogRecord setLogRecordFactory setLoggerClass shutdown warn warning";
  const others = ["captureConsole", "getLastResort", "setLastResort", "setRaiseExceptions"];
  assertEquals([...names.split(" "), ...others].filter((name) => !(name in core)), []);
});
