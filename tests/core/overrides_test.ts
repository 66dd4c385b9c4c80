import { assertEquals } from "@std/assert";
import { dialFor } from "../../src/bridge/dial_for.ts";
import { checkLevel, type Level } from "../../src/core/levels/levels.ts";
import { Logger } from "../../src/core/loggers/logger.ts";
import { LoggerAdapter } from "../../src/core/loggers/logger_adapter.ts";
import { setScopes } from "../../src/core/loggers/logger_node.ts";
import { makeLogRecord } from "../../src/core/loggers/module_functions.ts";
import { routeOf, silenceOf } from "../../src/core/loggers/route.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { captureStderr } from "../handlers/captured_stderr.ts";
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

Deno.test("the isEnabledFor() of a logger's class decides on each call, whatever the levels", () => {
  let least = 40, asked = 0;
  class Own extends Logger {
    override isEnabledFor(level: Level): boolean {
      asked++;
      return checkLevel(level) >= least;
    }
  }
  const { manager, handler } = newTree();
  manager.loggerClass = Own;
  const log = manager.getLogger("app"), bound = log.with({ user: "kim" });
  const adapter = new LoggerAdapter(log), dial = dialFor("app", "lib", {}, manager);
  function all(level: number) {
    log.log(level, "log");
    log.logFrom(all, level, "logFrom");
    bound.log(level, "bound");
    adapter.log(level, "adapter");
    if (!dial.isOff(level) && (dial.isPlain(level) || dial.admits(level, "dial"))) {
      log.handle(makeLogRecord({ msg: "dial", levelno: level }));
    }
  }
  all(30);
  assertEquals([handler.messages, asked], [[], 5]);
  all(40);
  assertEquals(handler.messages, ["log", "logFrom", "bound", "adapter", "dial"]);
  handler.records.length = 0;
  // It may want what is below the level, and say another thing at each call.
  log.setLevel("CRITICAL");
  least = 10;
  all(10);
  log.debug("debug");
  assertEquals(handler.messages, ["log", "logFrom", "bound", "adapter", "dial", "debug"]);
  log.disabled = true;
  handler.records.length = 0;
  log.critical("disabled");
  assertEquals(handler.messages, []);
});

Deno.test("an isEnabledFor() may ask that of Logger, and keeps nothing from those who watch", () => {
  class Half extends Logger {
    override isEnabledFor(level: Level): boolean {
      return super.isEnabledFor(level) && checkLevel(level) !== 30;
    }
  }
  const { manager, handler } = newTree("INFO");
  manager.loggerClass = Half;
  const log = manager.getLogger("app"), seen: unknown[] = [];
  manager.tap = { levelFor: () => 10, take: (record) => void seen.push(record.msg) };
  manager.touch();
  log.debug("d");
  log.info("i");
  log.warning("w");
  assertEquals([handler.messages, seen], [["i"], ["d", "i", "w"]]);
  assertEquals([10, 20, 30].map((level) => log.isEnabledFor(level)), [false, true, false]);
  manager.tap = undefined;
  manager.touch();
  setScopes(log, [
    { level: 10, test: { where: [["user", "kim"]] }, opening: undefined, lines: undefined },
  ]);
  log.debug("hers", { user: "kim" });
  log.debug("his", { user: "lee" });
  assertEquals(handler.messages, ["i", "hers"]);
});

Deno.test("the getEffectiveLevel() of a logger's class counts for its calls", () => {
  class Own extends Logger {
    override getEffectiveLevel(): number {
      return this.name === "app.loud" ? 10 : super.getEffectiveLevel();
    }
  }
  const { manager, root, handler } = newTree("WARNING");
  manager.loggerClass = Own;
  const loud = manager.getLogger("app.loud"), child = manager.getLogger("app.loud.child");
  loud.debug("loud");
  child.debug("not of the child, which asks levels");
  assertEquals([loud.isEnabledFor(10), child.isEnabledFor(10)], [true, false]);
  root.setLevel("DEBUG");
  child.debug("child");
  manager.disable = 10;
  loud.debug("disabled");
  assertEquals(handler.messages, ["loud", "child"]);
});

Deno.test("what becomes of a record is told as the methods of a logger's class have it", () => {
  class Loud extends Logger {
    override getEffectiveLevel = () => 10;
  }
  class Never extends Logger {
    override isEnabledFor = () => false;
  }
  class Always extends Logger {
    override isEnabledFor = () => true;
  }
  class Silent extends Logger {
    override handle(): void {}
  }
  const cases = [
    { type: Loud, level: 10, says: undefined, logs: true },
    { type: Loud, level: 5, says: "getEffectiveLevel() of Loud says DEBUG", logs: false },
    { type: Never, level: 40, says: "it may be held back by isEnabledFor() of Never", logs: false },
    {
      type: Always,
      level: 10,
      says: "it may be held back by isEnabledFor() of Always",
      logs: true,
    },
    { type: Silent, level: 40, says: "it may be held back by handle() of Silent", logs: false },
    { type: Silent, level: 10, says: "logger root is at WARNING", logs: false },
  ];
  for (const { type, level, says, logs } of cases) {
    const { manager, handler } = newTree("WARNING");
    manager.loggerClass = type;
    const log = manager.getLogger("app");
    assertEquals(silenceOf(routeOf(manager, "app", level))?.replace(" of logger app", ""), says);
    log.log(level, "x");
    assertEquals(handler.messages.length > 0, logs, `${type.name} ${level}`);
  }
});

Deno.test("what such a method throws is told, and does not end the caller", async () => {
  class Failing extends Logger {
    override isEnabledFor(level: Level): boolean {
      if (level === 20) throw new Error("do not know");
      return super.isEnabledFor(level);
    }
    override getEffectiveLevel(): number {
      throw new Error("no level");
    }
  }
  const { manager, handler } = newTree("INFO");
  manager.loggerClass = Failing;
  const log = manager.getLogger("app");
  const told = await captureStderr(() => {
    log.debug("below");
    log.info("not known");
    log.error("passes");
  });
  assertEquals(handler.messages, ["passes"]);
  assertEquals(told.match(/^.*Error: .*$/gm), [
    'logdial: cannot ask logger "app" for its level: Error: no level',
    "Error: do not know",
  ]);
});
