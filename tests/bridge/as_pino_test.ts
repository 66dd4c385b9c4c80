import { assertEquals, assertThrows, fail } from "@std/assert";
import { pino as pino9 } from "npm:pino@9.14.0";
import { type Logger as Pino, pino as pino10, stdSerializers } from "npm:pino@10.4.0";
import {
  Formatter,
  getLogger,
  JsonFormatter,
  type Logger,
  type LogRecord,
  RedactFilter,
  withContext,
} from "../../mod.ts";
import { asPino } from "../../src/bridge/pino.ts";
import type { PinoInterface } from "../../src/bridge/back/pino_interface.ts";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { setScopes } from "../../src/core/loggers/logger_node.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { newTree } from "../harness/logger_tree.ts";

/** What pino and a logger with its interface both have, as far as the calls here go. */
type Both = Pick<Pino, "bindings" | "setBindings" | "level" | "levelVal"> & PinoInterface;

/** Calls that give the same message and fields in both; `log` is a fresh logger at trace. */
const SAME: Readonly<Record<string, (log: Both) => void>> = {
  text: (log) => log.info("hello"),
  "percent without arguments": (log) => log.info("100% %d %%"),
  "%s of all kinds": (log) => log.info("%s %s %s %s", "a", 1, undefined, { a: 1 }),
  "%d, %i, %f": (log) => log.info("%d %i %f %d %d", "3.7", 3.7, 1.5, null, "x"),
  "%o, %O, %j": (log) => log.info("%o %O %j", { a: [1] }, ["b"], { c: null }),
  "%o of text, function, undefined": (log) =>
    log.info("%o %o %o", "t", function fn() {}, undefined),
  "%% with arguments": (log) => log.info("100%% of %s, 5%", "it"),
  "too few arguments": (log) => log.info("%s and %s", "one"),
  "an unknown placeholder takes one": (log) => log.info("%x %s", 1, 2),
  "a percent sign at the end": (log) => log.info("%s %", 1),
  "fields before": (log) => log.info({ a: 1, b: { c: [2] } }, "with %s", "text"),
  "fields alone": (log) => log.info({ a: 1 }),
  "undefined fields": (log) => log.info({ a: undefined, b: 1 }, "x"),
  "a message of the object's": (log) => log.info({ msg: "mine", a: 1 }),
  "null before": (log) => log.info(null, "after null"),
  "undefined before": (log) => log.info(undefined, "after undefined"),
  "a number": (log) => log.info(5),
  "a class": (log) =>
    log.info(
      new (class Point {
        x = 1;
        y = 2;
      })(),
      "point",
    ),
  "child": (log) => log.child({ reqId: "r1" }).info({ a: 1 }, "in child"),
  "child of child": (log) => log.child({ a: 1, b: 1 }).child({ b: 2 }).warn("deeper"),
  "fields beat bindings": (log) => log.child({ a: 1 }).info({ a: 2 }, "own"),
  "names that are no bindings": (log) =>
    log.child({ serializers: 1, a: 1, c: undefined }).info("x"),
  "prefix": (log) =>
    log.child({}, { msgPrefix: "[x%s] " }).child({}, { msgPrefix: "[y] " }).info("of %s", "two"),
  "serializers of a child": (log) =>
    log.child({ user: { id: 1 } }, { serializers: { user: (user: { id: number }) => user.id } })
      .info({ user: { id: 2 } }, "x"),
  "serializers are inherited": (log) =>
    log.child({}, { serializers: { a: () => "shown", b: () => "b" } })
      .child({}, { serializers: { b: () => "b2" } }).info({ a: 1, b: 1 }, "x"),
  "formatters of a child": (log) =>
    log.child({ a: 1 }, {
      formatters: {
        bindings: (given) => ({ ...given, b: 2 }),
        log: (given) => ({ ...given, c: 3 }),
      },
    }).info({ d: 4 }, "x"),
  "formatters.log of calls without fields": (log) => {
    const child = log.child({}, { formatters: { log: (given) => ({ trace: 7, ...given }) } });
    child.info("text");
    child.info("%s", "text");
  },
  "redact of a child": (log) =>
    log.child({ user: { password: "p1" } }, { redact: ["user.password", "token"] })
      .info({ token: "t", user: { password: "p2", name: "kim" } }, "x"),
  "redact with a censor": (log) =>
    log.child({}, { redact: { paths: ["a.b"], censor: "***" } }).info({ a: { b: 1, c: 2 } }, "x"),
  setBindings: (log) => {
    const child = log.child({ a: 1 });
    child.setBindings({ b: 2 });
    child.info(`bindings %j`, child.bindings());
  },
  silent: (log) => log.silent("nothing"),
  "a child's level": (log) => {
    const child = log.child({}, { level: "warn" });
    child.info("dropped");
    child.child({ below: true }).info("dropped too");
    child.level = "info";
    child.info("%s %d %s", child.level, child.levelVal, log.level);
    log.debug("its own");
    const other = log.child({});
    other.level = "fatal";
    other.error("dropped");
    other.child({}).error("dropped too");
    log.info("%s %s", log.level, other.level);
  },
};

for (const [version, pino] of Object.entries({ 9: pino9, 10: pino10 })) {
  Deno.test(`a logger as pino ${version} says the same for the same calls`, () => {
    for (const [what, call] of Object.entries(SAME)) {
      const lines: string[] = [];
      const theirs = (pino as typeof pino10)({ base: null, level: "trace" }, {
        write: (line: string) => lines.push(line),
      });
      call(theirs as unknown as Both);
      const wanted = lines.map((line) => {
        const { level, time: _, msg = "", ...fields } = JSON.parse(line);
        return { level, msg: String(msg), fields };
      });
      assertEquals(recordsOf(call), wanted, what);
    }
  });
}

Deno.test("what is undefined in fields, in errors and in what serializers give is in no line, as in pino", () => {
  const lines: string[] = [];
  const error = Object.assign(new Error("no"), { code: undefined });
  const call = (log: Both) => {
    const req = { version: undefined, host: "h", list: [undefined] };
    log.child({ a: undefined }, { serializers: { user: () => req } }).info({ req, user: 1 }, "x");
    log.error({ err: error }, "failed");
  };
  call(pino10({ base: null }, { write: (line) => lines.push(line) }) as unknown as Both);
  const { handler, log } = begin();
  call(log as Both);
  const formatter = new JsonFormatter(null, null, "%", true, { preset: "pino" });
  const members = (line: string) => {
    const { time: _, pid: __, name: ___, ...read } = JSON.parse(line);
    return read;
  };
  assertEquals(
    handler.records.map((record) => members(formatter.format(record))),
    lines.map(members),
  );
});

/** What becomes of calls here, in pino's words. */
function recordsOf(call: (log: Both) => void): object[] {
  const logger = getLogger(`as_pino.same`), handler = new ListHandler();
  logger.setLevel(1);
  logger.propagate = false;
  logger.handlers = [handler];
  call(asPino(logger) as Both);
  return handler.records.map((record) => ({
    level: record.levelno === 5 ? 10 : record.levelno + 10,
    msg: record.getMessage(),
    fields: JSON.parse(JSON.stringify(record.fields)),
  }));
}

/** A logger of a tree of its own, with a handler that keeps records. */
function begin() {
  const { manager, handler } = newTree("INFO");
  const logger = manager.getLogger("http");
  return { manager, handler, logger, log: asPino(logger) };
}

Deno.test("an error is the record's, whichever way it is given, and says what its serializer lets it", () => {
  const { handler, log } = begin();
  const error = Object.assign(new TypeError("no"), { password: "p" });
  log.error(error);
  log.error(error, "with %s", "text");
  log.error({ err: error, a: 1 });
  log.error("behind", error);
  log.child({}, { serializers: { err: stdSerializers.err } }).error({ err: error }, "standard");
  log.child({}, { serializers: { err: () => ({ type: "E", message: "m", stack: "s" }) } })
    .error({ err: error }, "another");
  log.child({}, { serializers: { err: ({ message }: Error) => message } }).error(error, "text");
  log.child({}, { redact: ["err.password"] }).error(error, "without");
  log.child({}, { redact: ["err"] }).error(error, "nothing of it");
  const of = ({ exc_info, fields }: LogRecord) => [
    exc_info === error || exc_info instanceof Error && `${exc_info.name}: ${exc_info.message}`,
    fields,
  ];
  assertEquals(handler.messages, [
    "no",
    "with text",
    "no",
    "behind",
    "standard",
    "another",
    "text",
    "without",
    "nothing of it",
  ]);
  assertEquals(handler.records.map(of), [
    [true, {}],
    [true, {}],
    [true, { a: 1 }],
    [true, {}],
    [true, {}],
    ["E: m", {}],
    [false, { err: "no" }],
    ["TypeError: no", {}],
    [false, { err: "[Redacted]" }],
  ]);
  assertEquals((handler.records[5]!.exc_info as Error).stack, "s");
  assertEquals(
    (handler.records[7]!.exc_info as typeof error).password as unknown,
    "[Redacted]",
  );
});

Deno.test("formatters.log is given the error of a call, and its error is the record's", () => {
  const { handler, log } = begin();
  const given: unknown[] = [];
  const error = new TypeError("boom");
  const formatted = log.child({}, {
    formatters: {
      log(fields) {
        given.push(fields);
        return { ...fields, trace: 7 };
      },
    },
  });
  formatted.error(error);
  formatted.error(error, "told");
  assertEquals(given, [{ err: error }, { err: error }]);
  assertEquals(
    handler.records.map((record) => [record.getMessage(), record.exc_info, record.fields]),
    [["boom", error, { trace: 7 }], ["told", error, { trace: 7 }]],
  );
});

Deno.test("what a message has no place for is kept, and secrets in arguments are found by filters", () => {
  const { handler, log, logger } = begin();
  handler.addFilter(new RedactFilter({ paths: ["password"] }));
  log.info("paid", { amount: 3 });
  log.info("%s paid", "kim", { amount: 4 }, new Error("late"));
  log.info("user %j, 100%", { name: "kim", password: "p" });
  log.info({ password: "p" }, "x");
  assertEquals(handler.messages.map((text) => text.replaceAll('"', "'")), [
    "paid",
    "kim paid",
    "user {'name': 'kim', 'password': '[redacted]'}, 100%",
    "x",
  ]);
  assertEquals(handler.records.map(({ fields }) => fields), [
    { amount: 3 },
    { amount: 4 },
    {},
    { password: "[redacted]" },
  ]);
  assertEquals((handler.records[1]!.exc_info as Error).message, "late");
  assertEquals(logger.name, handler.records[0]!.name);
});

Deno.test("level, levelVal, levels and isLevelEnabled tell the truth, and level sets the logger's", () => {
  const { log, logger, manager } = begin();
  assertEquals([log.level, log.levelVal, log.isLevelEnabled("debug")], ["info", 30, false]);
  const levels: Record<string, [number, boolean]> = {
    trace: [5, true],
    debug: [10, true],
    info: [20, true],
    warn: [30, false],
    fatal: [50, false],
    silent: [1000, false],
  };
  for (const [name, [level, passesInfo]] of Object.entries(levels)) {
    log.level = name;
    assertEquals([logger.level, log.level], [level, name]);
    assertEquals(log.levelVal, log.levels.values[name]);
    assertEquals(log.isLevelEnabled("info"), passesInfo, name);
    assertEquals(log.isLevelEnabled("silent"), false);
  }
  assertEquals(log.levels.labels[20], "debug");
  assertEquals(Object.keys(log.levels.values).includes("silent"), false);
  logger.setLevel(15);
  assertEquals(log.level, "info");
  logger.setLevel("NOTSET");
  assertEquals(log.level, "info"); // The root's.
  manager.disable = "ERROR";
  assertEquals([log.level, log.isLevelEnabled("error")], ["fatal", false]);
  assertThrows(
    () => log.level = "wran",
    RangeError,
    'Cannot use level "wran": did you mean "warn"?',
  );
  assertThrows(() => Reflect.set(log, "levelVal", 10, log) || fail("it is read-only"), Error);
});

Deno.test("children follow what is turned from outside; one with a level of its own keeps to that, but for scopes", () => {
  const { manager, handler, log } = begin();
  const changes = new ReversibleChanges(manager, standardRegistry());
  const turn = (seq: number, level: string, where?: Record<string, string>) =>
    changes.apply({
      id: `c${seq}`,
      seq,
      by: "test",
      at: "",
      lines: undefined,
      expiresAt: 1e15,
      text: JSON.stringify({
        version: 1,
        incremental: true,
        loggers: { http: { level } },
        logdial: { open: true, ...where && { where } },
      }),
    });
  const make = (reqId: string) => ({
    plain: log.child({ reqId }),
    loud: log.child({ reqId }, { level: "debug" }),
    quiet: log.child({ reqId }, { level: "error" }),
    silent: log.child({ reqId }, { level: "silent" }),
  });
  const before = { one: make("1"), two: make("2") };
  const shown = () => {
    for (const [id, all] of Object.entries(before)) {
      for (const [name, child] of Object.entries(all)) {
        child.debug(`${id} ${name} debug`);
        child.info(`${id} ${name} info`);
      }
    }
    return handler.records.splice(0).map((record) => record.getMessage());
  };
  const usual = (id: string) => [`${id} plain info`, `${id} loud debug`, `${id} loud info`];
  assertEquals(shown(), [...usual("one"), ...usual("two")]);

  turn(1, "DEBUG", { reqId: "2" });
  const all = (id: string) =>
    ["plain", "loud", "quiet", "silent"].flatMap((name) => [
      `${id} ${name} debug`,
      `${id} ${name} info`,
    ]);
  assertEquals(shown(), [...usual("one"), ...all("two")]);
  const enabled = Object.values(before).map(({ plain }) => plain.isLevelEnabled("debug"));
  assertEquals(enabled, [false, true]);
  assertEquals(log.isLevelEnabled("debug"), false); // It has no such field, nor has its context.

  changes.takeBack(["c1"]);
  turn(2, "DEBUG");
  assertEquals(shown(), ["one", "two"].flatMap((id) => [`${id} plain debug`, ...usual(id)]));
  assertEquals([log.level, before.one.plain.level, before.one.quiet.level], [
    "debug",
    "debug",
    "error",
  ]);
  // Those who watch see what levels drop, a child's own too, and nothing else does.
  const seen: string[] = [], fields: unknown[] = [];
  manager.tap = {
    levelFor: () => 1,
    take: (record) => fields.push(record.fields.reqId) && seen.push(record.getMessage()),
  };
  const written = shown();
  assertEquals(seen, ["one", "two"].flatMap(all));
  assertEquals(fields, seen.map((text) => text.startsWith("one") ? "1" : "2"));
  manager.tap = undefined;
  assertEquals(written, shown());
  manager.disable = "CRITICAL";
  assertEquals(shown(), []);
});

Deno.test("callers, contexts and records of wrapped loggers are as of others", () => {
  const { handler, log, logger } = begin();
  handler.setFormatter(new Formatter("%(module)s.%(funcName)s"));
  function caller() {
    log.info("here");
    log.child({}, { level: "trace" }).trace("by its own level");
  }
  const places: string[] = [];
  handler.emit = (record) => {
    handler.records.push(record);
    places.push(handler.format(record));
  };
  caller();
  assertEquals(places, ["as_pino_test.caller", "as_pino_test.caller"]);
  assertEquals(handler.records[1]!.levelname, "TRACE");
  const wrapped = Object.create(log) as PinoInterface;
  withContext({ user: "kim" }, () => wrapped.child({ a: 1 }).info({ b: 2 }, "x"));
  assertEquals(handler.records[2]!.fields, { user: "kim", a: 1, b: 2 });
  assertEquals(asPino(logger.with({ app: "shop" })).bindings(), { app: "shop" });
  // No serializer runs for what is dropped.
  let asked = 0;
  log.child({}, { serializers: { a: () => ++asked } }).debug({ a: 1 }, "dropped");
  assertEquals(asked, 0);
});

Deno.test("requests and responses of Node's need no name, what throws is told, and flush calls back once handlers are done", async () => {
  const { handler, log } = begin();
  const req = { method: "GET", url: "/", headers: {}, socket: {} };
  const res = { setHeader() {}, statusCode: 200 };
  const child = log.child({}, {
    serializers: {
      req: ({ url }: { url: string }) => url,
      res: ({ statusCode }: { statusCode: number }) => statusCode,
    },
  });
  child.info(req, "in");
  child.info(res, "out");
  assertEquals(handler.records.map(({ fields }) => fields), [{ req: "/" }, { res: 200 }]);
  const broken = log.child({}, {
    serializers: {
      a: () => {
        throw new RangeError("a serializer");
      },
    },
  });
  broken.info({ a: 1 }, "says %s", "why");
  log.info({
    get a() {
      throw new RangeError("a getter");
    },
  }, "says");
  const [thrown, getter] = handler.records.splice(2);
  assertEquals([thrown!.msg, String(thrown!.exc_info)], ["says %s", "RangeError: a serializer"]);
  assertEquals(getter!.fields, { a: "[throws: RangeError: a getter]" });
  const failed = await new Promise((resolve) => {
    const flush = handler.flush;
    handler.flush = () => {
      handler.flush = flush;
      throw new Error("full");
    };
    log.flush(resolve);
  });
  assertEquals(String(failed), "Error: full");
  let isDrained = false;
  Object.assign(handler, { drain: () => Promise.resolve().then(() => isDrained = true) });
  log.flush();
  await new Promise<void>((resolve, reject) => {
    log.flush((error) => error ? reject(error) : resolve());
  });
  assertEquals(isDrained, true);
});

Deno.test("what cannot be had is refused with its reason", () => {
  const { log } = begin();
  const refused: readonly (readonly [() => unknown, string])[] = [
    [() => asPino({} as Logger), "must be a logger of getLogger"],
    [() => log.child(undefined as unknown as object), "without bindings"],
    [() => log.child({}, { customLevels: { loud: 35 } }), '"customLevels"'],
    [() => log.child({}, { level: "loud" }), 'Cannot use level "loud": known are'],
    [() => log.child({}, { redact: { paths: ["a"], remove: true } }), 'redact with "remove"'],
    [() => log.child({}, { redact: { paths: ["a"], censor: () => "" } }), 'redact with "censor"'],
    [() => log.child({}, { redact: [""] }), 'Cannot redact path ""'],
  ];
  for (const [call, reason] of refused) assertThrows(call, Error, reason);
});

Deno.test("a scope knows the message that the object or the error brings", () => {
  const { manager, handler } = newTree("INFO");
  const logger = manager.getLogger("shop"), log = asPino(logger);
  const test = { where: [], match: "boom*" };
  setScopes(logger, [{ level: 10, test, opening: undefined, lines: undefined }]);
  for (const one of [log, log.child({ a: 1 }, { level: "error" })]) {
    one.debug("boom");
    one.debug({ msg: "boom" });
    one.debug(new Error("boom"));
    one.debug({ err: new Error("boom") });
    one.debug({ a: 1 }, "boom");
    one.debug({ msg: "other", err: new Error("boom") });
    one.debug({ err: new Error("boom") }, "other");
    one.debug({ a: 1 });
  }
  assertEquals(handler.messages, Array(10).fill("boom"));
});
