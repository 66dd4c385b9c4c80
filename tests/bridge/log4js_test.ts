/** What is log4js' own; what all bridges have in common is in `conformance_test.ts`. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import log4js from "npm:log4js@6.9.1";
import * as namespace from "npm:log4js@6.9.1";
import { bridge } from "../../src/bridge/log4js.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { dialFor } from "../../src/bridge/dial_for.ts";
import { defaultManager } from "../../src/core/loggers/manager.ts";
import { getLogger } from "../../src/core/loggers/module_functions.ts";
import { setScopes } from "../../src/core/loggers/logger_node.ts";
import { fieldsOf, type LogRecord } from "../../src/core/records/log_record.ts";
import { captureStderr } from "../handlers/captured_stderr.ts";

const events: log4js.LoggingEvent[] = [];
const noting = { configure: () => (event: log4js.LoggingEvent) => void events.push(event) };

/** Configures log4js with levels by category. */
function configure(
  levels: Readonly<Record<string, string>>,
  more: Partial<log4js.Configuration> & { readonly enableCallStack?: boolean } = {},
): void {
  const { enableCallStack = false, ...rest } = more;
  log4js.configure({
    appenders: { noting: { type: noting } },
    categories: Object.fromEntries(
      Object.entries(levels).map(([category, level]) => [
        category,
        { appenders: ["noting"], level, enableCallStack },
      ]),
    ),
    ...rest,
  });
}

const STEPS = ["trace", "debug", "info", "warn", "error", "fatal", "mark"] as const;

/** The levels that come out, of one call at each. */
function shown(log: log4js.Logger): string[] {
  events.length = 0;
  for (const level of STEPS) log[level]("x");
  return events.map(({ level }) => level.levelStr.toLowerCase());
}

Deno.test("log4js: until it is turned, it writes what it would have written", () => {
  const levels = { default: "warn", app: "info", "app.db": "debug", quiet: "off", all: "all" };
  const categories = [
    "default",
    "app",
    "app.db",
    "app.db.pool",
    "app.http",
    "quiet",
    "quiet.x",
    "z",
  ];
  const tell = () =>
    categories.map((category) => {
      const log = log4js.getLogger(category);
      return [shown(log), String(log.level), STEPS.filter((one) => log.isLevelEnabled(one))];
    });
  configure(levels);
  const plain = tell();
  configure(levels);
  const undo = bridge(log4js);
  assertEquals(tell(), plain);
  undo();
  assertEquals(tell(), plain);
});

Deno.test("log4js: a category that it has copied follows the one above it all the same", () => {
  configure({ default: "warn", app: "info" });
  const db = log4js.getLogger("app.db"), other = log4js.getLogger("other");
  const copies = [shown(db)[0], shown(other)[0]];
  const undo = bridge(log4js);
  assertEquals([shown(db)[0], shown(other)[0]], copies);
  getLogger("log4js.app").setLevel("DEBUG");
  assertEquals([shown(db)[0], shown(other)[0]], ["debug", "warn"]);
  getLogger("log4js").setLevel("ERROR");
  assertEquals([shown(db)[0], shown(other)[0]], ["debug", "error"]);
  // As without a bridge, a copy keeps what it has copied when the program sets the other one.
  log4js.getLogger().level = "trace";
  assertEquals([shown(log4js.getLogger())[0], shown(other)[0]], ["trace", "warn"]);
  undo();
  assertEquals([shown(db)[0], shown(other)[0]], ["info", "warn"]);
});

Deno.test("log4js: categories that a later configuration leaves out are not copied before they are used", () => {
  const tell = () => {
    configure({ default: "warn", shop: "info", "shop.db": "debug" });
    const names = ["shop", "shop.db", "other"];
    const logs = names.map((category) => log4js.getLogger(category));
    logs.forEach(shown);
    configure({ default: "warn" });
    logs[0]!.level = "error";
    log4js.getLogger().level = "fatal";
    return logs.map((log) => shown(log)[0]);
  };
  const plain = tell();
  assertEquals(plain, ["error", "error", "fatal"]);
  const undo = bridge(log4js);
  assertEquals(tell(), plain);
  undo();
});

Deno.test("log4js: categories may have dots wherever they like", () => {
  configure({ default: "info" });
  const undo = bridge(log4js);
  const logs = ["..", ".x", "x..y", "a."].map((category) => log4js.getLogger(category));
  for (const log of logs) assertEquals(shown(log)[0], "info");
  getLogger("log4js").setLevel("DEBUG");
  for (const log of logs) assertEquals(shown(log)[0], "debug");
  undo();
  // Those of one name in the tree keep levels that differ.
  configure({ default: "info", ".y": "error" });
  const dotted = bridge(log4js, { name: "dotted" });
  const shownFirst = [".y", "y"].map((category) => shown(log4js.getLogger(category))[0]);
  assertEquals(shownFirst, ["error", "info"]);
  dotted();
  getLogger("log4js").setLevel("NOTSET");
});

Deno.test("log4js: a category whose logger is another library's follows the one above, and is told once", async () => {
  configure({ default: "info", "a.own": "debug" });
  const others = ["a.b", "a.own"].map((category) => dialFor(`log4js.${category}`, "other"));
  const undo = bridge(log4js);
  const said = await captureStderr(() => {
    const log = log4js.getLogger("a.b"), own = log4js.getLogger("a.own");
    assertEquals([shown(log)[0], shown(own)[0]], ["info", "debug"]);
    getLogger("log4js.a").setLevel("ERROR");
    assertEquals([shown(log)[0], shown(own)[0]], ["error", "debug"]);
    own.level = "warn";
    assertEquals([shown(log)[0], shown(own)[0], String(own.level)], ["error", "warn", "WARN"]);
  });
  assertEquals(said.match(/cannot turn "[^"]+" for log4js: other is bridged/g)?.length, 2);
  undo();
  getLogger("log4js.a").setLevel("NOTSET");
  for (const other of others) other.close();
});

Deno.test("log4js: levels that a program adds keep their order, and a later configuration counts", () => {
  const undo = bridge(namespace);
  assertThrows(() => bridge(log4js), ConfigError, "already");
  const levels = {
    VERBOSE: { value: 15000, colour: "blue" },
    NOTICE: { value: 20300, colour: "green" },
  };
  configure({ default: "off", jobs: "notice" }, { levels });
  const log = log4js.getLogger("jobs");
  const at = (level: string) => {
    events.length = 0;
    log.log(level, "x");
    return events.length === 1;
  };
  assertEquals([at("info"), at("notice"), at("warn")], [false, true, true]);
  assertEquals([getLogger("log4js.jobs").level, String(log.level)], [21, "NOTICE"]);
  getLogger("log4js.jobs").setLevel(15);
  assertEquals([at("debug"), at("verbose"), at("info")], [false, true, true]);
  assertEquals(String(log.level), "VERBOSE");
  getLogger("log4js.jobs").setLevel(900);
  assertEquals([at("fatal"), at("mark"), String(log.level)], [false, true, "MARK"]);
  log.level = "off";
  assertEquals([at("mark"), log.isFatalEnabled()], [false, false]);
  log.log("not a level", "falls back to INFO, with a warning");
  assertEquals(events, []);
  undo();
});

Deno.test("log4js: scopes see the context and the call, and call stacks stay true", () => {
  configure({ default: "info" }, { enableCallStack: true });
  const undo = bridge(log4js);
  const log = log4js.getLogger("web"), other = log4js.getLogger("web");
  log.addContext("user", 42);
  const test = { where: [["user", "42"]] as const };
  setScopes(getLogger("log4js.web"), [{ level: 10, test, opening: undefined, lines: undefined }]);
  events.length = 0;
  log.debug("of the context");
  other.debug("nobody's");
  other.debug("of the call", { user: 42 });
  assertEquals([log.isDebugEnabled(), other.isDebugEnabled()], [true, false]);
  assertEquals(events.map(({ data }) => data[0]), ["of the context", "of the call"]);
  log.log("a text in the place of a level");
  const files = events.map(({ fileName }) => fileName!.split("/").at(-1));
  assertEquals(files, ["log4js_test.ts", "log4js_test.ts", "log4js_test.ts"]);
  setScopes(getLogger("log4js.web"), []);
  const seen: LogRecord[] = [];
  defaultManager.tap = { levelFor: () => 10, take: (record) => void seen.push(record) };
  const error = new Error("no route");
  log.debug("%d rows", 3, { table: "users" });
  log.error("failed", error);
  defaultManager.tap = undefined;
  // The stack of the error stands beside the message, and not in it as well.
  assertEquals(seen.map((record) => record.getMessage()), [
    "3 rows",
    "failed Error: no route",
  ]);
  assertEquals([fieldsOf(seen[0]!).own, seen[1]!.exc_info], [{ user: 42, table: "users" }, error]);
  undo();
});

Deno.test("log4js: an argument that cannot be read ends no call, whoever watches", () => {
  configure({ default: "info" });
  const undo = bridge(log4js);
  const log = log4js.getLogger("unread");
  const no = () => {
    throw new Error("not loaded");
  };
  const job = Object.defineProperty({ id: 1 }, "owner", { get: no, enumerable: true });
  const proxy = new Proxy({}, { ownKeys: no });
  const callAll = () => {
    events.length = 0;
    for (const value of [job, proxy]) {
      log.debug("dropped", value);
      log.info("done", value);
    }
    return events.map(({ level, data }) => `${level} ${data[0]}`);
  };
  const plain = callAll();
  assertEquals(plain, ["INFO done", "INFO done"]);
  const seen: LogRecord[] = [];
  defaultManager.tap = { levelFor: () => 10, take: (record) => void seen.push(record) };
  assertEquals(callAll(), plain);
  defaultManager.tap = undefined;
  assertEquals(seen.length, 4);
  assertEquals(fieldsOf(seen[0]!).own, { id: 1, owner: "[throws: Error: not loaded]" });
  const test = { where: [["id", "1"]] as const };
  const scope = { level: 10, test, opening: undefined, lines: undefined };
  setScopes(getLogger("log4js.unread"), [scope]);
  assertEquals(callAll(), ["DEBUG dropped", ...plain]);
  setScopes(getLogger("log4js.unread"), []);
  undo();
});

Deno.test("log4js: a level that older versions do not know is written by INFO's, whoever watches", () => {
  configure({ default: "error" });
  const log = log4js.getLogger("older");
  const prototype = Object.getPrototypeOf(log), { log: newer } = prototype;
  // As log4js 6.0 has it.
  prototype.log = function (level: string, ...args: unknown[]) {
    const known = log4js.levels.getLevel(level, log4js.levels.INFO);
    if (this.isLevelEnabled(known)) this._log(known, args);
  };
  const undo = bridge(log4js);
  events.length = 0;
  defaultManager.tap = { levelFor: () => 10, take: () => {} };
  log.log("unknown", "no");
  assertEquals([events.length, log.isLevelEnabled("info")], [0, true]);
  getLogger("log4js.older").setLevel("INFO");
  log.log("unknown", "yes");
  defaultManager.tap = undefined;
  assertEquals(events.map(({ data }) => data), [["yes"]]);
  undo();
  prototype.log = newer;
  getLogger("log4js.older").setLevel("NOTSET");
});

Deno.test("log4js: of very many categories the rest goes with the one above, or by log4js' own level", async () => {
  configure({ default: "info", session: "debug" });
  const stderr = await captureStderr(() => {
    const undo = bridge(log4js);
    for (let at = 0; at < 1000; at++) shown(log4js.getLogger(`session.${at}`));
    const late = log4js.getLogger("session.late"), below = log4js.getLogger("session.late.below");
    const own = log4js.getLogger("own"), other = log4js.getLogger("other");
    const tell = () => [late, below, own, other].map((log) => [shown(log)[0], String(log.level)]);
    assertEquals(tell(), [["debug", "DEBUG"], ["debug", "DEBUG"], ["info", "INFO"], [
      "info",
      "INFO",
    ]]);
    own.level = "trace";
    getLogger("log4js.session").setLevel("ERROR");
    assertEquals(tell(), [["error", "ERROR"], ["error", "ERROR"], ["trace", "TRACE"], [
      "info",
      "INFO",
    ]]);
    assertEquals([own.isTraceEnabled(), other.isTraceEnabled()], [true, false]);
    assertEquals(getLogger("log4js").level, 20);
    configure({ default: "warn", own: "error", other: "debug" });
    assertEquals(tell(), [["warn", "WARN"], ["warn", "WARN"], ["error", "ERROR"], [
      "debug",
      "DEBUG",
    ]]);
    undo();
    assertEquals(String(own.level), "ERROR");
  });
  assertEquals(stderr.split("\n").length, 2);
  assert(stderr.startsWith("logdial: log4js has more than 1000 categories"), stderr);
});

Deno.test("log4js: what is no module of version 6 is refused", () => {
  const other = { getLogger: () => ({ level: "info" }) };
  assertThrows(() => bridge(other), ConfigError, "it must be the module of version 6");
});
