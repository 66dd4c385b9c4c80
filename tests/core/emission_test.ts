import { runInNewContext } from "node:vm";
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Filter } from "../../src/core/filters/filter.ts";
import { addLevelName, getLevelName } from "../../src/core/levels/levels.ts";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { getRaiseExceptions, setRaiseExceptions } from "../../src/core/io/diagnostics.ts";
import { makeLogRecord } from "../../src/core/loggers/module_functions.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import { DevFormatter } from "../../src/core/formatters/dev_formatter.ts";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import { RedactFilter } from "../../src/filters/redact_filter.ts";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";
import { CapturedWrites } from "../harness/captured_writes.ts";
import { LogBench } from "../harness/log_bench.ts";

/** What the process writes to stderr while `run` runs. */
function realStderr(run: () => void): string {
  using stderr = new CapturedWrites(Deno.stderr);
  run();
  return stderr.text;
}

/** A bench whose root takes everything and writes level and message. */
function newBench(format = "%(levelname)s %(message)s"): LogBench {
  const bench = new LogBench();
  bench.dict({
    version: 1,
    formatters: { f: { format } },
    handlers: {
      out: { class: "logging.StreamHandler", stream: "ext://sys.stdout", formatter: "f" },
    },
    root: { level: 1, handlers: ["out"] },
  });
  return bench;
}

Deno.test("without handlers, warnings and worse go to the last resort as bare messages", () => {
  const bench = new LogBench();
  const log = bench.logger("app");
  log.setLevel("DEBUG");
  log.info("not this");
  log.warning("%s", "this");
  assertEquals(bench.takeStderr(), "this\n");
});

Deno.test("a handler that is too strict is a handler", () => {
  const bench = newBench();
  bench.logger().handlers[0]!.setLevel("CRITICAL");
  bench.logger("app").error("for nobody");
  assertEquals([bench.takeStdout(), bench.takeStderr()], ["", ""]);
});

Deno.test("handlers behind propagate=0 are none", () => {
  const bench = newBench();
  const log = bench.logger("app.db");
  bench.logger("app").propagate = false;
  log.error("lost");
  assertEquals([bench.takeStdout(), bench.takeStderr()], ["", "lost\n"]);
  assertEquals([log.hasHandlers(), bench.logger("other").hasHandlers()], [false, true]);
});

Deno.test("without a last resort either, that is told once", () => {
  const bench = new LogBench();
  bench.manager.lastResort = undefined;
  const text = realStderr(() => {
    bench.logger("app").error("one");
    bench.logger("db").error("two");
  });
  assertEquals(text, 'No handlers could be found for logger "app"\n');
});

Deno.test("levels without a name print as Level N", () => {
  const bench = newBench();
  bench.logger().log(25, "x");
  bench.logger().log(1, "x");
  addLevelName(26, "ALMOST");
  bench.logger().log(26, "x");
  assertEquals(bench.takeStdout(), "Level 25 x\nLevel 1 x\nALMOST x\n");
  assertEquals([getLevelName("ALMOST"), getLevelName("none")], [26, "Level none"]);
});

Deno.test("levels that are no whole number are refused where they are used", () => {
  const bench = newBench();
  for (const level of ["INFO", 2.5, NaN, null, undefined]) {
    assertThrows(() => bench.logger().log(level as number, "x"), TypeError, "whole number");
  }
  const before = getRaiseExceptions();
  try {
    setRaiseExceptions(false);
    bench.logger().log("INFO" as unknown as number, "x");
  } finally {
    setRaiseExceptions(before);
  }
  assertEquals(bench.takeStdout(), "");
});

Deno.test("messages and their arguments", async (t) => {
  const cases: { desc: string; msg: unknown; args?: unknown[]; expected: string }[] = [
    { desc: "no arguments, no formatting", msg: "100% %s %d %%", expected: "100% %s %d %%" },
    { desc: "text and numbers", msg: "%s=%d %.2f", args: ["a", 3, 2.5], expected: "a=3 2.50" },
    { desc: "a percent sign", msg: "%d%%", args: [5], expected: "5%" },
    { desc: "a mapping", msg: "%(a)s-%(b)05.1f", args: [{ a: 1, b: 2 }], expected: "1-002.0" },
    { desc: "an object for %s", msg: "%s", args: [{ a: 1 }], expected: "{'a': 1}" },
    { desc: "%d cuts fractions off", msg: "%d %d", args: [3.99, -3.99], expected: "3 -3" },
    { desc: "halves go to even", msg: "%.0f %.0f %.0f", args: [0.5, 1.5, 2.5], expected: "0 2 2" },
    {
      desc: "exponents have two digits",
      msg: "%e %g",
      args: [1, 1e20],
      expected: "1.000000e+00 1e+20",
    },
    {
      desc: "widths count characters",
      msg: "%3s|%-3s|%.1s",
      args: ["😀", "é", "😀😀"],
      expected: "  😀|é  |😀",
    },
    {
      desc: "widths as arguments",
      msg: "%*d|%-*d|%.*f",
      args: [4, 1, 4, 1, 1, 2.25],
      expected: "   1|1   |2.2",
    },
    { desc: "patterns of replace()", msg: "$& %s $1", args: ["$&"], expected: "$& $& $1" },
    { desc: "a message that is no text", msg: 42, expected: "42" },
    {
      desc: "a message that is no text, with arguments",
      msg: ["%s"],
      args: ["x"],
      expected: "['x']",
    },
  ];
  for (const { desc, msg, args = [], expected } of cases) {
    await t.step(desc, () => {
      const bench = newBench("%(message)s");
      bench.logger().info(msg, ...args);
      assertEquals(bench.takeStdout(), `${expected}\n`);
    });
  }
});

Deno.test("what cannot be formatted is told on stderr, and other handlers go on", async (t) => {
  const cases: { desc: string; msg: string; args: unknown[] }[] = [
    { desc: "too few arguments", msg: "%s %s", args: ["a"] },
    { desc: "too many arguments", msg: "%s", args: ["a", "b"] },
    { desc: "arguments without a place", msg: "x", args: ["a"] },
    { desc: "%d of a text", msg: "%d", args: ["3"] },
    { desc: "%x of a fraction", msg: "%x", args: [1.5] },
    { desc: "an unknown conversion", msg: "%y", args: [1] },
    { desc: "a missing key", msg: "%(a)s", args: [{ b: 1 }] },
    { desc: "a key of every object", msg: "%(constructor)s", args: [{ b: 1 }] },
  ];
  for (const { desc, msg, args } of cases) {
    await t.step(desc, () => {
      const bench = newBench();
      const bare = new StreamHandler(bench.registry.object("sys.stdout")!.value as never);
      bare.setFormatter(new Formatter("%(msg)s"));
      // It would format the message too.
      bare.format = (record) => String(record.msg);
      bench.logger().addHandler(bare);
      const report = realStderr(() => bench.logger("app").error(msg, ...args));
      assertEquals(report.match(/^--- Logging error ---$/gm)?.length, 1, report);
      assertEquals(report.includes(`Message: ${JSON.stringify(msg).replaceAll('"', "'")}`), true);
      assertEquals(bench.takeStdout(), `${msg}\n`);
    });
  }
});

Deno.test("the report of a record that cannot be formatted tells its error", () => {
  const log = newBench().logger("app");
  const error = new RangeError("too far", { cause: new Error("no map") });
  const report = realStderr(() => log.error("%d km", "x", error));
  assertMatch(report, /^Arguments: \('x',\)\nError: RangeError: too far\n/m);
  assertMatch(report, /^Caused by: Error: no map\n/m);
});

Deno.test("the report shows a mapping as CPython's does: it is the arguments, not one of them", () => {
  const log = newBench().logger("app");
  assertMatch(realStderr(() => log.error("%(b)s", { a: 1 })), /^Arguments: \{'a': 1\}$/m);
  assertMatch(realStderr(() => log.error("%d %d", { a: 1 }, 2)), /^Arguments: \(\{'a': 1\}, 2\)$/m);
});

Deno.test("a record that no handler takes is not formatted", () => {
  const bench = newBench();
  bench.logger().handlers[0]!.setLevel("ERROR");
  assertEquals(realStderr(() => bench.logger().info("%d", "x")), "");
});

Deno.test("a filter or handler that throws does not end the caller", () => {
  const bench = newBench();
  bench.logger().addFilter(() => {
    throw new Error("filter");
  });
  const report = realStderr(() => bench.logger().error("x"));
  assertEquals(report.includes("Error: filter"), true, report);
});

Deno.test("of what a filter or handler throws the causes are told, however many there are", () => {
  const bench = newBench();
  const error = new Error("outer", { cause: new TypeError("inner", { cause: "text" }) });
  const endless = new Error("endless");
  endless.cause = endless;
  const heads = (thrown: Error) => {
    bench.logger().filters = [() => {
      throw thrown;
    }];
    const report = realStderr(() => bench.logger().error("x"));
    return report.split("\n").filter((line) => /^(Error|Caused)/.test(line));
  };
  assertEquals(heads(error), [
    "Error: outer",
    "Caused by: TypeError: inner",
    "Caused by: 'text'",
  ]);
  assertEquals(heads(endless), ["Error: endless", ...Array(5).fill("Caused by: Error: endless")]);
});

Deno.test("exc_info: true stands for no error, there is no current one in JavaScript", () => {
  const bench = newBench();
  bench.logger().error("x", { exc_info: true });
  bench.logger().error("y", new Error("not this"), { exc_info: false });
  assertEquals(bench.takeStdout(), "ERROR x\nERROR y\n");
});

Deno.test("stack_info ends with the caller that stacklevel says, as in Python", () => {
  const bench = newBench();
  function inner() {
    bench.logger().error("x", { stack_info: true, stacklevel: 2 });
  }
  function outer() {
    inner();
  }
  function between() {
    // What the language itself does is no caller.
    [0].forEach(inner);
  }
  for (const caller of [outer, between]) {
    caller();
    const lines = bench.takeStdout().split("\n");
    assertEquals(lines.slice(0, 2), ["ERROR x", "Stack (most recent call last):"]);
    assertEquals(lines.at(-2)?.includes(`at ${caller.name}`), true, lines.at(-2));
  }
});

Deno.test("stack_info has all calls, however deep, and leaves V8's own limit as it was", () => {
  const bench = newBench();
  const before = Error.stackTraceLimit;
  function dig(depth: number, stacklevel: number): void {
    if (depth > 0) dig(depth - 1, stacklevel);
    else bench.logger().error("x", { stack_info: true, stacklevel });
  }
  const callsOf = (stacklevel: number) => {
    dig(300, stacklevel);
    return bench.takeStdout().split("\n").filter((line) => line.includes("at dig")).length;
  };
  assertEquals([callsOf(1), callsOf(12), Error.stackTraceLimit], [301, 290, before]);
  const { captureStackTrace } = Error;
  try {
    Error.captureStackTrace = () => {
      throw new Error("not now");
    };
    bench.logger().error("x", { stack_info: true });
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
  const text = bench.takeStdout();
  assertEquals([text, Error.stackTraceLimit], [
    "ERROR x\nStack: [throws: Error: not now]\n",
    before,
  ]);
});

Deno.test("unknown fields of a format fail with each record", () => {
  const bench = newBench("%(nothing)s %(message)s");
  const report = realStderr(() => {
    bench.logger().error("x");
    bench.logger().error("y");
  });
  assertEquals(report.match(/^--- Logging error ---$/gm)?.length, 2);
  assertEquals(report.includes("Formatting field not found in record: 'nothing'"), true, report);
});

Deno.test("a handler that removes itself takes no other's record", () => {
  const bench = newBench("%(message)s");
  const log = bench.logger("app");
  const seen: string[] = [];
  const handlers = ["first", "second", "third"].map((name) => {
    const handler = new StreamHandler({ write: () => {} });
    handler.emit = () => {
      seen.push(name);
      log.removeHandler(handler);
    };
    return handler;
  });
  for (const handler of handlers) log.addHandler(handler);
  log.info("one");
  log.info("two");
  assertEquals(seen, ["first", "second", "third"]);
  assertEquals([log.handlers, bench.takeStdout()], [[], "one\ntwo\n"]);
});

Deno.test("a filter that removes itself keeps no other from being asked", () => {
  const bench = newBench("%(message)s");
  const log = bench.logger("app");
  const once = () => {
    log.removeFilter(once);
    return true;
  };
  log.addFilter(once);
  log.addFilter((record) => record.getMessage() !== "no");
  log.info("no");
  log.info("yes");
  assertEquals([log.filters.length, bench.takeStdout()], [1, "yes\n"]);
});

Deno.test("what stands twice in a list of handlers or filters is removed once, as in CPython", () => {
  const bench = newBench("%(message)s");
  const log = bench.logger("app");
  const [handler] = bench.logger().handlers;
  const filter = () => true;
  log.handlers = [handler!, handler!];
  log.filters = [filter, filter];
  log.removeHandler(handler!);
  log.removeFilter(filter);
  assertEquals([log.handlers, log.filters], [[handler], [filter]]);
});

Deno.test("a filter may put another record in place, of a logger for all, of a handler for it", () => {
  const bench = newBench("%(message)s");
  const [root] = bench.logger().handlers;
  const own = new StreamHandler(bench.registry.object("sys.stderr")!.value as never);
  const log = bench.logger("app");
  log.addHandler(own);
  const shout = (record: LogRecord) =>
    Object.assign(makeLogRecord(record), { msg: `${record.msg}!` });
  class Shout extends Filter {
    override filter(record: LogRecord): LogRecord {
      return shout(record);
    }
  }
  log.addFilter(shout);
  own.addFilter(new Shout());
  log.info("hey");
  assertEquals([bench.takeStdout(), bench.takeStderr()], ["hey!\n", "hey!!\n"]);
  const record = makeLogRecord({ msg: "x" });
  assertEquals(root!.handle(record), record);
  root!.addFilter(() => false);
  assertEquals(root!.handle(record), false);
});

Deno.test("a copy of a record has all that the record has", () => {
  const bench = newBench("%(funcName)s %(message)s [%(fields)s] %(user)s");
  const log = bench.logger("app");
  const kept: LogRecord[] = [];
  log.addFilter((record) => {
    kept.push(record);
    const copy = makeLogRecord(record);
    copy.msg = `new ${record.msg}`;
    return copy;
  });
  function work() {
    log.with({ request: 7 }).info("%d rows", 3, { table: "users" }, { extra: { user: "kim" } });
    log.info("%s", () => 4, { extra: { user: "kim" } });
  }
  work();
  assertEquals(
    bench.takeStdout(),
    "work new 3 rows [request=7 table=users] kim\nwork new 4 [] kim\n",
  );
  assertEquals([kept[0]!.msg, kept[0]!.message], ["%d rows", undefined]);
  class Timed extends LogRecord {
    took = 5;
  }
  const given = Object.assign(new Timed("app", 35, "m.ts", 7, "x", [], "e"), {
    ...{ levelname: "ODD", created: 1.5, message: "m", asctime: "a", exc_text: "t" },
  });
  const copy = makeLogRecord(given);
  assertEquals(copy, given);
  assertEquals([copy instanceof Timed, copy === given, copy.lineno], [true, false, 7]);
});

Deno.test("what is empty or 0 stands for no arguments, as in Python", () => {
  for (const args of [{}, [], "", 0, false, null, undefined]) {
    assertEquals(makeLogRecord({ msg: "100%", args }).getMessage(), "100%");
  }
  assertEquals(makeLogRecord({ msg: "%s", args: "a" }).getMessage(), "a");
  assertEquals(makeLogRecord({ msg: "%(a)s", args: { a: 1 } }).getMessage(), "1");
});

Deno.test("an error that cannot be read leaves its line, with what can be read", () => {
  const bench = newBench();
  const raise = () => {
    throw new TypeError("no such thing");
  };
  const error = Object.defineProperty(new Error("odd"), "stack", { get: raise });
  Object.defineProperty(error, "cause", { get: raise });
  bench.logger().error("x", error);
  assertEquals(bench.takeStdout().split("\n"), [
    "ERROR x",
    "Error: odd",
    "    [its stack throws: TypeError: no such thing]",
    "Caused by: [throws: TypeError: no such thing]",
    "",
  ]);
});

Deno.test("an error of another realm is an error, with its stack, its parts and its cause", () => {
  const bench = newBench();
  const error = runInNewContext(`
    const part = new TypeError("part");
    const error = new AggregateError([part], "all", { cause: new Error("inner") });
    for (const one of [error, part, error.cause]) one.stack = one + "\\n    at there";
    Object.assign(error, { code: "E7" });
  `);
  const calls = [["failed", error], [error, "failed"], ["failed", { exc_info: error }]] as const;
  const [handler] = bench.logger().handlers;
  const { formatter } = handler!;
  for (const [msg, arg] of calls) {
    handler!.setFormatter(formatter);
    bench.logger().error(msg, arg);
    assertEquals(bench.takeStdout().split("\n"), [
      "ERROR failed",
      "AggregateError: all",
      "    at there",
      "  [error] TypeError: part",
      "    at there",
      "Caused by: Error: inner",
      "    at there",
      "",
    ]);
    handler!.setFormatter(new JsonFormatter());
    bench.logger().error(msg, arg);
    const { message, args, error: told } = JSON.parse(bench.takeStdout());
    const { type, code, errors: [{ message: part }], cause: { message: cause } } = told;
    assertEquals([message, args, type, code, part, cause], [
      "failed",
      undefined,
      "AggregateError",
      "E7",
      "part",
      "inner",
    ]);
  }
  assertEquals(bench.takeStderr(), "");
});

Deno.test("what a getter promises to whoever reads it does not end the program when it fails", async () => {
  const heard: string[] = [], last = Promise.withResolvers<void>();
  const hear = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    heard.push(event.reason.message);
    if (heard.at(-1) === "the program's") last.resolve();
  };
  globalThis.addEventListener("unhandledrejection", hear);
  const later = () => Promise.reject(new Error("of a getter"));
  const values = () => ({
    get rows() {
      return later();
    },
  });
  const error = Object.defineProperty(new Error("no"), "cause", { get: later });
  Object.defineProperty(error, "stack", { get: later });
  const bench = newBench("%(message)s %(fields)s");
  const log = bench.logger(), [handler] = log.handlers;
  const formatters = [
    new Formatter("%(message)s %(rows)s", null, "%", true, { defaults: { rows: 0 } }),
    new JsonFormatter(),
    new DevFormatter(),
  ];
  for (const formatter of [handler!.formatter!, ...formatters]) {
    for (const filter of [[], [new RedactFilter({ paths: ["password"] })]]) {
      handler!.setFormatter(formatter);
      handler!.filters = filter;
      log.info("up", values());
      log.info({ of: values(), n: 1n }, "up", values());
      log.info("up %(rows)s", values());
      log.info("up %r", { in: [values()] }, { rows: 1 });
      log.info("up", { extra: values() });
      log.error("up", error, { rows: 1 });
    }
  }
  // What the program itself holds is its own, and still ends it.
  log.info("up", { job: Promise.reject(new Error("the program's")), rows: 1 });
  await last.promise;
  globalThis.removeEventListener("unhandledrejection", hear);
  assertEquals(bench.takeStderr(), "");
  assertEquals(bench.takeStdout().match(/up/g)?.length, 49);
  assertEquals(heard, ["the program's"]);
});

Deno.test("what a getter throws and has an async toString is told, and does not end the program", async () => {
  const bench = newBench("%(message)s %(fields)s");
  bench.logger().info("up", {
    get a() {
      throw { toString: () => Promise.reject(new Error("later")) };
    },
  });
  // The test fails if one is heard of until then.
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(bench.takeStdout(), 'up a="[throws: [object Promise]]"\n');
});

Deno.test("handlers that log to themselves are told once, and the call comes to an end", () => {
  const bench = newBench("%(message)s");
  const log = bench.logger("app");
  for (let count = 0; count < 3; count++) {
    const handler = new StreamHandler({ write: () => {} });
    handler.emit = () => log.error("again");
    log.addHandler(handler);
  }
  const report = realStderr(() => log.error("once"));
  assertEquals(report.match(/^RangeError: .*$/gm), [
    "RangeError: Cannot log: 200 log calls are under way inside each other, " +
    "those within are dropped",
  ]);
  assertEquals(bench.takeStdout().endsWith("again\nonce\n"), true);
  bench.logger("other").error("later");
  assertEquals(bench.takeStdout(), "later\n");
});

Deno.test("what an async handler rejects with is told as what another throws", async () => {
  const bench = newBench("%(message)s");
  const handler = new StreamHandler({ write: () => {} });
  handler.emit = () => Promise.reject(new Error("too late")) as never;
  bench.logger().addHandler(handler);
  using stderr = new CapturedWrites(Deno.stderr);
  bench.logger().error("x");
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(stderr.text.split("\n").slice(0, 2), ["--- Logging error ---", "Error: too late"]);
});
