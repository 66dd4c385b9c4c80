import { assertEquals, assertThrows } from "@std/assert";
import debug from "npm:debug@4.4.3";
import { bridge } from "../../src/bridge/debug.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { bridgedBy } from "../../src/core/loggers/bridged.ts";
import { dialFor } from "../../src/bridge/dial_for.ts";
import { defaultManager } from "../../src/core/loggers/manager.ts";
import { getLogger, root } from "../../src/core/loggers/module_functions.ts";
import { captureStderr } from "../handlers/captured_stderr.ts";

/** The module as it was, whatever a test does with it. */
function bridged(enabled = "") {
  const lines: string[] = [];
  const { log } = debug;
  debug.log = (...args: unknown[]) => void lines.push(args.join(" "));
  debug.enable(enabled);
  const undo = bridge(debug, { name: "debug" });
  return {
    lines,
    [Symbol.dispose]() {
      undo();
      debug.log = log;
      debug.disable();
      for (const logger of defaultManager.loggers()) {
        if (logger.name.startsWith("debug")) logger.setLevel("NOTSET");
      }
    },
  };
}

Deno.test("the root's level shows no namespace of debug, one of its own all below it", () => {
  using made = bridged();
  const router = debug("express:router"), view = debug("express:view"), other = debug("other");
  const before = root.level;
  root.setLevel("DEBUG");
  for (const log of [router, view, other]) log("no");
  root.setLevel(before);
  getLogger("debug.express").setLevel("DEBUG");
  for (const log of [router, view, other]) log("yes");
  getLogger("debug.express.view").setLevel("INFO");
  for (const log of [router, view, other]) log("again");
  const said = made.lines.map((line) => line.replace(/^\S+Z /, ""));
  assertEquals(said, ["express:router yes", "express:view yes", "express:router again"]);
  assertEquals([router.enabled, view.enabled, debug.enabled("express:x")], [true, false, true]);
  getLogger("debug").setLevel("DEBUG");
  assertEquals([other.enabled, view.enabled], [true, false]);
});

Deno.test("what the program turns on by debug's own means is on, and can be turned off", () => {
  using made = bridged("early:*");
  const early = debug("early:one"), late = debug("late");
  early("one");
  assertEquals(getLogger("debug.early.one").level, 10);
  getLogger("debug.early.one").setLevel("INFO");
  early("no");
  debug.enable("late");
  assertEquals([early.enabled, late.enabled], [false, true]);
  late("two");
  assertEquals(debug.disable(), "late");
  late("no");
  late.enabled = true;
  late("three");
  late.enabled = false;
  getLogger("debug.late").setLevel("DEBUG");
  late("no");
  assertEquals(made.lines.length, 3);
});

Deno.test("what the program turns on is that namespace alone, until its logger is turned from outside", () => {
  using made = bridged("app,socket.io");
  const names = ["app", "app:db", "app:db:pool", "socket", "socket.io", "socket.io:client"];
  const shown = () => names.filter((name) => debug(name).enabled);
  assertEquals(shown(), ["app", "socket.io"]);
  debug.enable("app:db");
  assertEquals(shown(), ["app:db"]);
  debug.disable();
  assertEquals(shown(), []);
  // Namespaces between are loggers as well, which is what people name.
  assertEquals(debug("lib:part:one").enabled, false);
  assertEquals(bridgedBy(getLogger("debug.lib.part"))?.kind, "debug");
  getLogger("debug.app").setLevel("DEBUG");
  assertEquals([shown(), made.lines], [["app", "app:db", "app:db:pool"], []]);
});

Deno.test("a namespace whose logger is another library's, or beyond the thousandth, is as debug has it", async () => {
  const other = dialFor("debug.sql", "other");
  const said = await captureStderr(() => {
    using made = bridged("ws,ws:*,sql:on");
    const sql = debug("sql"), on = debug("sql:on");
    sql("no");
    on("yes");
    getLogger("debug").setLevel("DEBUG");
    sql("yes");
    getLogger("debug").setLevel("INFO");
    for (let at = 0; at < 1200; at++) debug(`ws:${at}`)("yes");
    const late = debug("late"), ws = debug("ws:late");
    late("no");
    assertEquals([late.enabled, ws.enabled, made.lines.length], [false, true, 1202]);
    debug.enable("late");
    assertEquals([late.enabled, ws.enabled], [true, false]);
    late("yes");
    assertEquals(made.lines.length, 1203);
    debug.disable();
    assertEquals(late.enabled, false);
    getLogger("debug").setLevel("DEBUG");
    assertEquals([late.enabled, debug("ws:late").enabled], [true, true]);
  });
  other.close();
  assertEquals(said.match(/cannot turn "debug.sql" for debug: other is bridged/g)?.length, 1);
  assertEquals(said.match(/makes at most 1000 loggers/g)?.length, 1);
});

Deno.test("a scope and a watcher see calls as they are written, and a logger of its own log keeps it", () => {
  using made = bridged();
  const log = debug("app");
  const own: string[] = [];
  log.log = (...args: unknown[]) => void own.push(args.join(" "));
  const seen: string[] = [];
  defaultManager.tap = {
    levelFor: (name) => name === "debug.app" ? 10 : Infinity,
    take: (record) => void seen.push(record.getMessage()),
  };
  log("%d rows of %o", 3, { a: 1 });
  log(new Error("broken"));
  log("failed", new Error("broken"));
  defaultManager.tap = undefined;
  assertEquals(seen[0], "3 rows of { a: 1 }");
  assertEquals(seen[1]!.startsWith("Error: broken"), true);
  assertEquals(seen[2], "failed Error: broken", "its stack is told beside it");
  assertEquals(own, []);
  getLogger("debug.app").setLevel("DEBUG");
  log("yes");
  assertEquals([own.length, made.lines.length], [1, 0]);
});

Deno.test("a formatter that throws ends no call that only a watcher wants", () => {
  using made = bridged();
  const { formatters } = debug;
  formatters.b = () => {
    throw new Error("broken");
  };
  const log = debug("watched");
  defaultManager.tap = {
    levelFor: (name) => name === "debug.watched" ? 10 : Infinity,
    take: () => {},
  };
  log("%b", 1);
  getLogger("debug.watched").setLevel("DEBUG");
  assertThrows(() => log("%b", 1), Error, "broken");
  defaultManager.tap = undefined;
  delete formatters.b;
  assertEquals(made.lines, []);
});

Deno.test("only the module of version 4 is bridged", () => {
  assertThrows(
    () => bridge({ enabled: () => false, enable() {} }),
    ConfigError,
    "version 4, 4.3.2 or newer",
  );
});
