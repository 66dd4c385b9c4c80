import { assert, assertEquals } from "@std/assert";
import { configure, getLogger as getLogtape, reset } from "npm:@logtape/logtape@2.4.2";
import debug from "npm:debug@4.4.3";
import log4js from "npm:log4js@6.9.1";
import winston from "npm:winston@3.19.0";
import { bridge as consoleBridge } from "../../src/bridge/console.ts";
import { bridge as debugBridge } from "../../src/bridge/debug.ts";
import { bridge as log4jsBridge } from "../../src/bridge/log4js.ts";
import { bridge as logtapeBridge } from "../../src/bridge/logtape.ts";
import { bridge as winstonBridge } from "../../src/bridge/winston.ts";
import { getLogger } from "../../src/core/loggers/module_functions.ts";
import { defaultManager } from "../../src/core/loggers/manager.ts";
import { watchedRecord } from "../../src/core/loggers/watched_record.ts";
import { RedactFilter } from "../../src/filters/redact_filter.ts";

const USER = { name: "kim", password: "hunter2", inner: { token: "t0ken" } };

/** What those who watch see of a library's calls, whose logger has redactions of paths. */
function watched(logger: string, call: () => void): string[] {
  const filter = new RedactFilter({ paths: ["password", "inner.token"], replacement: "[hidden]" });
  getLogger(logger).addFilter(filter);
  const seen: string[] = [];
  defaultManager.tap = {
    levelFor: () => 1,
    take: (record, from) => seen.push(watchedRecord(record, from).getMessage()),
  };
  defaultManager.touch();
  try {
    call();
  } finally {
    defaultManager.tap = undefined;
    defaultManager.touch();
    getLogger(logger).removeFilter(filter);
  }
  for (const text of seen) {
    assert(!/hunter2|t0ken/.test(text), text);
    assert(text.includes("kim") && text.includes("[hidden]"), text);
  }
  return seen;
}

Deno.test("an object that console would show is shown to those who watch without its secrets", () => {
  const undo = consoleBridge({ name: "redacted.console" });
  getLogger("redacted.console").setLevel("ERROR");
  const seen = watched("redacted.console", () => {
    console.log(USER);
    console.log("%o of", USER, 1);
  });
  undo();
  assertEquals(seen.length, 2);
});

Deno.test("and one in the text of a call of winston's", () => {
  const log = winston.createLogger({ transports: [new winston.transports.Console()] });
  const undo = winstonBridge(log, { name: "redacted.winston" });
  const seen = watched("redacted.winston", () => log.debug("%o", USER));
  undo();
  assertEquals(seen.length, 1);
});

Deno.test("and one in a message of LogTape's, by its name there, too", async () => {
  await configure({
    sinks: {},
    loggers: [
      { category: "redacted", lowestLevel: "info", sinks: [] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: [] },
    ],
  });
  const undo = logtapeBridge({ name: "redacted.logtape" });
  const log = getLogtape("redacted");
  const seen = watched("redacted.logtape.redacted", () => {
    log.debug("{user} came", { user: USER });
    log.debug("{name}, {{no}} { password }, {inner.token}", USER);
    log.debug`${USER} came`;
  });
  undo();
  await reset();
  assertEquals(seen.length, 3);
  assertEquals(seen[1], "kim, {no} [hidden], [hidden]");
});

Deno.test("and one among the arguments of log4js", () => {
  log4js.configure({
    appenders: { none: { type: { configure: () => () => {} } } },
    categories: { default: { appenders: ["none"], level: "error" } },
  });
  const undo = log4jsBridge(log4js, { name: "redacted.log4js" });
  const seen = watched("redacted.log4js", () => {
    log4js.getLogger("app").debug("%o of", USER, 1);
    log4js.getLogger("app").debug(USER);
  });
  undo();
  assertEquals(seen.length, 2);
});

Deno.test("and one whose text debug has made already", () => {
  const lines: string[] = [], { log } = debug;
  debug.log = (text: string) => lines.push(text);
  const undo = debugBridge(debug, { name: "redacted.debug" });
  const call = debug("app");
  getLogger("redacted.debug.app").setLevel("DEBUG");
  const seen = watched("redacted.debug", () => {
    call("%o and %O", USER, USER);
    call(USER);
  });
  undo();
  debug.log = log;
  assertEquals(seen.length, 2);
  // Its own lines are as ever.
  assert(lines.length === 2 && lines.every((line) => line.includes("hunter2")), lines.join());
});
