import { assertEquals, assertMatch } from "@std/assert";
import { Hono } from "npm:hono@4.13.19";
import { logger as theirLogger } from "npm:hono@4.13.19/logger";
import { requestId } from "npm:hono@4.13.19/request-id";
import * as logtape23 from "npm:@logtape/logtape@2.3.13";
import * as logtape24 from "npm:@logtape/logtape@2.4.2";
import { multistream, pino as pino10, stdTimeFunctions } from "npm:pino@10.4.0";
import { pino as pino9 } from "npm:pino@9.14.0";
import { Formatter, getLogger, type LogRecord, type Manager } from "../../mod.ts";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { honoLogger, honoPrint } from "../../src/bridge/hono.ts";
import { logtapeSink } from "../../src/bridge/logtape.ts";
import { pinoStream } from "../../src/bridge/pino.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { newTree } from "../harness/logger_tree.ts";

/** A logger of a tree of its own that takes everything, and what it has handed on. */
function begin(name: string) {
  const { manager, handler } = newTree(1);
  return { manager, handler, logger: manager.getLogger(name) };
}

/** Turns a logger for the calls with a field, as somebody outside does. */
function turn(manager: Manager, logger: string, where: Record<string, string>): void {
  const text = JSON.stringify({
    version: 1,
    incremental: true,
    loggers: { [logger]: { level: "DEBUG" } },
    logdial: { open: true, where },
  });
  const change = { id: "c1", seq: 1, text, by: "test", at: "", lines: undefined, expiresAt: 1e15 };
  new ReversibleChanges(manager, standardRegistry()).apply(change);
}

/** What a record says, with its error as text. */
function told({ name, levelname, created, exc_info, fields, ...record }: LogRecord) {
  const error = exc_info instanceof Error ? `${exc_info.name}: ${exc_info.message}` : undefined;
  return { name, levelname, created, error, fields, msg: record.msg };
}

for (const [version, pino] of Object.entries({ 9: pino9 as typeof pino10, 10: pino10 })) {
  Deno.test(`what pino ${version} writes comes to the handlers with level, time, fields and error`, () => {
    const { handler, logger } = begin("shop");
    const time = 1795869000123;
    const log = pino({
      base: null,
      level: "trace",
      timestamp: () => `,"time":${time}`,
      redact: ["password", "err.secret"],
      customLevels: { notice: 35 },
    }, pinoStream(logger));
    const error = Object.assign(new TypeError("no"), { secret: "s", code: "E1" });
    log.child({ reqId: "r1" }).warn({ user: "kim", password: "p" }, "%d%% of %s", 5, "it");
    log.error(error);
    log.fatal({ err: new Error("out", { cause: error }) }, "with a cause");
    log.trace({ deep: { list: [1, { a: null }] } });
    log.notice("between");
    const [warned, failed, ended, traced, noticed] = handler.records;
    const created = time / 1000;
    assertEquals(told(warned!), {
      name: "shop",
      levelname: "WARNING",
      created,
      error: undefined,
      fields: { reqId: "r1", user: "kim", password: "[Redacted]" },
      msg: "5% of it",
    });
    assertEquals(warned!.getMessage(), "5% of it");
    assertEquals([failed!.levelname, told(failed!).error, failed!.fields], [
      "ERROR",
      "TypeError: no",
      {},
    ]);
    const shown = failed!.exc_info as typeof error;
    assertEquals([shown.secret, shown.code], ["[Redacted]", "E1"]);
    const text = new Formatter().formatException(failed!.exc_info);
    assertMatch(text, /^TypeError: no\n +at .*back_test/);
    assertMatch((ended!.exc_info as Error).stack!, /caused by: TypeError: no/);
    assertEquals([ended!.levelname, ended!.getMessage()], ["CRITICAL", "with a cause"]);
    assertEquals([traced!.levelno, traced!.fields, traced!.getMessage()], [
      5,
      { deep: { list: [1, { a: null }] } },
      "",
    ]);
    assertEquals([noticed!.levelno, noticed!.getMessage()], [25, "between"]);
  });
}

Deno.test("pino's stream knows other times, names, callers, streams beside it, and lines of others", () => {
  const { handler, logger, manager } = begin("shop");
  handler.setFormatter(new Formatter("%(module)s"));
  const modules: string[] = [];
  handler.emit = (record) => {
    handler.records.push(record);
    modules.push(handler.format(record));
  };
  const begun = Date.now();
  for (const timestamp of [stdTimeFunctions.isoTime, stdTimeFunctions.unixTime, false]) {
    pino10({ timestamp }, pinoStream(logger)).info("now");
  }
  for (const { created } of handler.records.splice(0)) {
    // Rounded to seconds, if it is told in those.
    const isNow = created * 1000 >= begun - 1000 && created * 1000 <= Date.now() + 1000;
    assertEquals(isNow, true, `${created}`);
  }
  assertEquals(modules.splice(0), ["back_test", "back_test", "back_test"]);

  const named = pinoStream(logger, { messageKey: "message", errorKey: "error" });
  pino10({ base: null, messageKey: "message", errorKey: "error" }, named).error(
    new Error("e"),
    "m",
  );
  const lines: string[] = [];
  const both = multistream([
    { stream: pinoStream(logger), level: "debug" },
    { stream: { write: (line: string) => lines.push(line) }, level: "error" },
  ]);
  pino10({ base: null, level: "debug" }, both).debug("to one of two");
  // Lines that nobody has told of before.
  pinoStream(logger).write('{"level":50,"msg":"a","time":1000}\n{"level":"warn","b":1}\nno JSON\n');
  assertEquals(
    handler.records.map((record) => [record.levelno, record.getMessage(), record.fields]),
    [
      [40, "m", {}],
      [10, "to one of two", {}],
      [40, "a", {}],
      [30, "", { b: 1 }],
      [20, "no JSON", {}],
    ],
  );
  assertEquals((handler.records[0]!.exc_info as Error).message, "e");
  assertEquals(lines, []);

  logger.setLevel("ERROR");
  const log = pino10({ level: "trace" }, pinoStream(logger));
  handler.records.length = 0;
  log.warn("dropped by the logger");
  log.error("shown");
  assertEquals(handler.records.map(({ msg }) => msg), ["shown"]);
  turn(manager, "shop", { requestId: "r7" });
  log.child({ requestId: "r6" }).debug("another request");
  log.child({ requestId: "r7" }).debug("one request");
  assertEquals(handler.messages.slice(1), ["one request"]);
});

Deno.test("a line of nobody's after one that pino's stream dropped is taken by its own level", () => {
  const { handler, logger } = begin("shop");
  logger.setLevel("INFO");
  const stream = pinoStream(logger), log = pino10({ level: "trace", base: null }, stream);
  log.debug("dropped");
  stream.write('{"level":50,"msg":"direct"}\n');
  stream.write('{"level":1e999,"msg":"no level"}\n');
  log.info("told");
  assertEquals(handler.records.map(({ levelno, msg }) => [levelno, msg]), [
    [40, "direct"],
    [20, "no level"],
    [20, "told"],
  ]);
});

for (
  const [version, logtape] of Object.entries({
    "2.3": logtape23,
    "2.4": logtape24 as unknown as typeof logtape23,
  })
) {
  Deno.test(`what LogTape ${version} logs comes to the loggers of its categories with level, time, fields and error`, async () => {
    const { handler, logger, manager } = begin("lead");
    await logtape.configure({
      reset: true,
      sinks: { logdial: logtapeSink(logger) },
      loggers: [
        { category: [], lowestLevel: "trace", sinks: ["logdial"] },
        { category: ["logtape", "meta"], lowestLevel: "error", sinks: [] },
      ],
    });
    try {
      const log = logtape.getLogger(["shop", "cart"]), error = new TypeError("no");
      const begun = Date.now();
      log.with({ requestId: "r1" }).info("{count}% of {user}", { count: 3, user: { name: "kim" } });
      log.warn`template ${1} of ${"two"}`;
      log.error("failed: {error.message}", { error, a: 1 });
      log.error(error);
      log.fatal({ only: "fields" });
      log.info("an empty name: {}", { "": 7 });
      log.trace("traced");
      logtape.getLogger([]).debug((l) => l`lazy ${1}`);
      assertEquals(
        handler.records.map((record) => {
          const { name, levelname, error, fields } = told(record);
          return [name, levelname, record.getMessage(), fields, error];
        }),
        [
          ["lead.shop.cart", "INFO", "3% of {'name': 'kim'}", {
            count: 3,
            user: { name: "kim" },
            requestId: "r1",
          }, undefined],
          ["lead.shop.cart", "WARNING", "template 1 of two", {}, undefined],
          ["lead.shop.cart", "ERROR", "failed: no", { a: 1 }, "TypeError: no"],
          ["lead.shop.cart", "ERROR", "no", {}, "TypeError: no"],
          [
            "lead.shop.cart",
            "CRITICAL",
            handler.records[4]!.getMessage(),
            { only: "fields" },
            undefined,
          ],
          ["lead.shop.cart", "INFO", "an empty name: 7", { "": 7 }, undefined],
          ["lead.shop.cart", "TRACE", "traced", {}, undefined],
          ["lead", "DEBUG", "lazy 1", {}, undefined],
        ],
      );
      for (const { created } of handler.records.splice(0)) {
        assertEquals(created * 1000 >= begun && created * 1000 <= Date.now(), true);
      }
      manager.getLogger("lead.shop").setLevel("ERROR");
      log.info("dropped");
      log.error("shown");
      assertEquals(handler.messages, ["shown"]);
      turn(manager, "lead.shop", { requestId: "r7" });
      log.with({ requestId: "r6" }).debug("another request");
      log.debug("one {what}", { requestId: "r7", what: "request" });
      assertEquals(handler.messages.slice(1), ["one request"]);
    } finally {
      await logtape.reset();
    }
  });
}

Deno.test("without a logger given, LogTape's categories are the loggers' names", () => {
  const handler = new ListHandler(), logger = getLogger("back_test.cart");
  logger.handlers = [handler];
  logger.propagate = false;
  logtapeSink()({
    category: ["back_test", "cart"],
    level: "warning",
    message: ["full"],
    rawMessage: "full",
    timestamp: 1000,
    properties: {},
  });
  assertEquals(handler.records.map(told), [
    {
      name: "back_test.cart",
      levelname: "WARNING",
      created: 1,
      error: undefined,
      fields: {},
      msg: "full",
    },
  ]);
});

Deno.test("a property of LogTape's that cannot be read costs no record", async () => {
  const { handler, logger } = begin("unread");
  const no = () => {
    throw new Error("not loaded");
  };
  const unread = (more: object, name = "error") =>
    Object.defineProperty({ ...more }, name, { get: no, enumerable: true });
  const sink = logtapeSink(logger);
  const whole = { category: [], level: "info", rawMessage: "by hand", timestamp: 1000 };
  sink({ ...whole, message: ["by hand"], properties: unread({ a: 1 }) });
  await logtape24.configure({
    reset: true,
    sinks: { logdial: sink },
    loggers: [
      { category: [], lowestLevel: "trace", sinks: ["logdial"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: [] },
    ],
  });
  const log = logtape24.getLogger([]);
  log.info("{a} is not made", unread({ a: 1 }, "b"));
  log.info("plain", unread({ a: 1 }, "b"));
  await logtape24.reset();
  const thrown = "[throws: Error: not loaded]";
  assertEquals(handler.records.map((record) => [record.getMessage(), told(record).fields]), [
    ["by hand", { a: 1, error: thrown }],
    ["{a} is not made", { fields: thrown }],
    ["plain", { fields: thrown }],
  ]);
});

Deno.test("Hono's requests are records, with their fields around all that is logged for them", async () => {
  const { manager, handler, logger } = begin("shop.http");
  const app = new Hono();
  app.use("/own/*", requestId());
  app.use("/theirs/*", theirLogger(honoPrint(logger)));
  app.use("/ok", honoLogger(logger));
  app.use("/own/*", honoLogger(logger));
  app.use("/fails", honoLogger(logger));
  app.use("/theirs/a*", honoLogger(logger));
  app.use("/twice", honoLogger(logger), honoLogger(logger));
  app.get("/ok", async (c) => {
    await Promise.resolve();
    manager.getLogger("shop.db").debug("query", { rows: 2 });
    return c.text("ok");
  });
  app.get("/own/id", (c) => c.text(c.get("requestId")));
  app.get("/fails", () => {
    throw new TypeError("no");
  });
  app.get("/theirs/ok", (c) => c.text("ok"));
  app.onError((_, c) => c.text("failed", 500));
  const get = async (path: string, id?: string) => {
    handler.records.length = 0;
    const headers = id === undefined ? undefined : { "X-Request-Id": id };
    const response = await app.request(path, { headers });
    return await response.text();
  };
  const said = () =>
    handler.records.map((record) => {
      const { ms, elapsed, ...fields } = record.fields;
      const isTimed = typeof (ms ?? elapsed) !== "undefined";
      return [record.levelname, record.name, record.getMessage(), fields, isTimed];
    });
  await get("/ok", "r1");
  const context = { requestId: "r1", method: "GET", path: "/ok" };
  assertEquals(said(), [
    ["DEBUG", "shop.http", "GET /ok begins", context, false],
    ["DEBUG", "shop.db", "query", { ...context, rows: 2 }, false],
    ["INFO", "shop.http", "GET /ok", { ...context, status: 200 }, true],
  ]);
  await get("/fails", "not a good id");
  const [, failed] = handler.records;
  assertEquals([failed!.levelname, told(failed!).error, failed!.fields.status], [
    "ERROR",
    "TypeError: no",
    500,
  ]);
  assertMatch(String(failed!.fields.requestId), /^[\da-f-]{36}$/);
  const id = await get("/own/id");
  assertEquals(handler.records.map(({ fields }) => fields.requestId), [id, id]);
  await get("/twice");
  const ids = new Set(handler.records.map(({ fields }) => fields.requestId));
  assertEquals([handler.records.length, ids.size], [4, 1]);
  // No path can pretend to be a line.
  await get("/theirs/a%0AINFO%20root%20forged%E2%80%A8");
  const path = "/theirs/a%0AINFO root forged%E2%80%A8", last = handler.records[2]!;
  assertEquals([last.getMessage(), last.fields.path], [`GET ${path}`, path]);
  await get("/theirs/ok");
  assertEquals(said().map(([, , text, ...rest]) => [String(text).replace(/\S+$/, ""), ...rest]), [
    ["<-- GET ", { method: "GET", path: "/theirs/ok" }, false],
    ["--> GET /theirs/ok 200 ", { method: "GET", path: "/theirs/ok", status: 200 }, true],
  ]);
  handler.records.length = 0;
  honoPrint(logger)("--> POST /cart \x1b[31m503\x1b[0m 1,234ms");
  honoPrint(logger)("of the program's own", "%s");
  assertEquals(said(), [
    ["ERROR", "shop.http", "--> POST /cart 503 1,234ms", {
      method: "POST",
      path: "/cart",
      status: 503,
    }, true],
    ["INFO", "shop.http", "of the program's own %s", {}, false],
  ]);
});
