import { assertEquals } from "@std/assert";
import { dialFor } from "../../src/core/loggers/dial.ts";
import { Logger } from "../../src/core/loggers/logger.ts";
import { routeOf } from "../../src/core/loggers/route.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { newTree } from "../harness/logger_tree.ts";

/** Holds back what is worse than a warning. */
function isHarmless(record: LogRecord): LogRecord | false {
  return record.levelno < 40 ? record : false;
}

Deno.test("the filter() of a handler's class is asked, whether filters are set or not", () => {
  class Harmless extends ListHandler {
    override filter(record: LogRecord): LogRecord | boolean {
      return isHarmless(record) && super.filter(record);
    }
  }
  const { manager } = newTree();
  const log = manager.getLogger("app"), handler = new Harmless();
  log.addHandler(handler);
  log.error("held");
  log.info("passes");
  handler.addFilter((record) => record.msg !== "noise");
  log.info("noise");
  assertEquals(handler.messages, ["passes"]);
  assertEquals(routeOf(manager, "app", 40).stops[0]!.doubts, [
    "filter() of Harmless",
    "filter function",
  ]);
});

Deno.test("the filter() of a logger's class is asked, also for bound loggers and libraries", () => {
  class Harmless extends Logger {
    override filter(record: LogRecord): LogRecord | boolean {
      return isHarmless(record);
    }
  }
  const { manager, handler } = newTree();
  manager.loggerClass = Harmless;
  const log = manager.getLogger("app");
  log.error("held");
  log.with({ user: "kim" }).error("held as well");
  log.info("passes");
  assertEquals(handler.messages, ["passes"]);
  const dial = dialFor("app", "lib", {}, manager);
  assertEquals([dial.isPlain(20), dial.admits(20, "x"), dial.admits(40, "x")], [
    false,
    true,
    false,
  ]);
  assertEquals(routeOf(manager, "app", 40).doubts, ["filter() of Harmless"]);
});

Deno.test("a filter() that is set on one handler counts like that of a class", () => {
  const { root, handler } = newTree();
  handler.filter = isHarmless;
  root.error("held");
  root.info("passes");
  assertEquals(handler.messages, ["passes"]);
});
