import { assert, assertEquals, assertThrows } from "@std/assert";
import type { FilterObject } from "../../src/core/filters/filter.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import { DuplicateFilter } from "../../src/filters/duplicate_filter.ts";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { withContext } from "../../src/core/loggers/with_context.ts";
import { RateFilter } from "../../src/filters/rate_filter.ts";
import { RedactFilter } from "../../src/filters/redact_filter.ts";
import { SampleFilter } from "../../src/filters/sample_filter.ts";
import { ListHandler } from "../harness/list_handler.ts";

/** Logs at times of its own, so that no test waits. */
function newClock(filter: FilterObject, on: "handler" | "logger" = "handler") {
  const manager = new Manager();
  let now = 1000;
  manager.recordFactory = (...parameters) =>
    Object.assign(new LogRecord(...parameters), { created: now });
  const handler = new ListHandler();
  manager.root.setLevel("DEBUG");
  manager.root.addHandler(handler);
  (on === "handler" ? handler : manager.root).addFilter(filter);
  const log = manager.root;
  const at = (second: number, ...call: [unknown, ...unknown[]]) => {
    now = second;
    log.info(...call);
  };
  const wait = (second: number) => void (now = second);
  return { at, wait, handler, log, manager };
}

Deno.test("a burst passes, then the rate, and what is held back is told once a minute", () => {
  for (const on of ["handler", "logger"] as const) {
    const filter = new RateFilter({ rate: 1, burst: 3, below: "ERROR" });
    const { at, handler, log } = newClock(filter, on);
    for (let count = 0; count < 10; count++) at(1000, "at once");
    assertEquals(handler.records.length, 3);
    at(1002, "later");
    at(1002, "later");
    at(1002, "later");
    assertEquals([handler.records.length, filter.heldBack], [5, 8]);
    log.error("always");
    at(1059, "in the minute");
    assertEquals(handler.messages.slice(5), ["always", "in the minute"]);
    at(1060, "after it");
    assertEquals(handler.messages.slice(7), ["RateFilter held back 8 records in 60 s", "after it"]);
    assertEquals(handler.records[7]?.fields, { heldBack: 8 });
    at(1200, "nothing to tell");
    assertEquals([handler.records.length, filter.heldBack], [10, 8]);
  }
});

Deno.test("what is told has the fields of the context, which a format may name, without secrets", () => {
  for (const on of ["handler", "logger"] as const) {
    const { wait, handler, log } = newClock(new RateFilter({ rate: 1, burst: 1 }), on);
    const redaction = new RedactFilter({ paths: ["token", "key"] });
    (on === "handler" ? handler : log).addFilter(redaction);
    handler.setFormatter(new Formatter("%(tenant)s %(message)s"));
    const bound = log.with({ key: "secret" });
    withContext({ tenant: "t", token: "secret" }, () => {
      for (const second of [1000, 1000, 1060]) {
        wait(second);
        bound.info("x");
      }
    });
    const told = handler.records.filter(({ msg }) => `${msg}`.includes("held back"));
    assertEquals(told.map((one) => one.fields), [
      { tenant: "t", token: "[redacted]", key: "[redacted]", heldBack: 1 },
    ]);
    assertEquals(handler.format(told[0]!), "t RateFilter held back 1 records in 60 s");
  }
});

Deno.test("each logger and each value may have a rate of its own", () => {
  const byUser = newClock(new RateFilter({ rate: 1, burst: 1, by: "user.id" }));
  for (const [call, id] of [1, 1, 2, 2, 1].entries()) byUser.at(1000, "up", { user: { id, call } });
  assertEquals(byUser.handler.records.length, 2);
  const byLogger = newClock(new RateFilter({ rate: 1, burst: 1, by: "logger" }));
  for (const name of ["a", "b", "a"]) byLogger.manager.getLogger(name).info("up");
  assertEquals(byLogger.handler.records.map(({ name }) => name), ["a", "b"]);
});

Deno.test("the same record passes only once in a while", () => {
  const filter = new DuplicateFilter({ window: 10 });
  const { at, handler, log } = newClock(filter);
  for (let count = 0; count < 5; count++) at(1000, "no connection to %s", "db");
  at(1001, "no connection to %s", "cache");
  log.warning("no connection to %s", "db");
  at(1009, "no connection to %s", "db");
  at(1010, "no connection to %s", "db");
  assertEquals(handler.messages, [
    "no connection to db",
    "no connection to cache",
    "no connection to db",
    "no connection to db",
  ]);
  assertEquals(filter.heldBack, 5);
  at(1060, "other");
  assertEquals(handler.messages[4], "DuplicateFilter held back 5 records in 60 s");
  const templates = newClock(new DuplicateFilter({ by: "template", limit: 2 }));
  for (let count = 0; count < 5; count++) templates.at(1000, "%d rows", count);
  assertEquals(templates.handler.messages, ["0 rows", "1 rows"]);
});

Deno.test("what comes as often as it may passes, whatever the time of day", () => {
  const began = 1_796_067_228.629;
  for (const [rate, milliseconds] of [[10, 100], [100, 10], [14.3, 70], [1, 2007]] as const) {
    const limited = newClock(new RateFilter({ rate, burst: 1 }));
    const once = newClock(new DuplicateFilter({ window: milliseconds / 1000 }));
    for (let count = 0; count < 1000; count++) {
      const second = (began * 1000 + count * milliseconds) / 1000;
      for (const { at } of [limited, once]) at(second, "x");
    }
    assertEquals([limited.handler.records.length, once.handler.records.length], [1000, 1000]);
  }
  // In ten parts, floats of 0.1 make less than 1.
  for (const parts of [2, 10]) {
    const limited = newClock(new RateFilter({ rate: 10, burst: 1 }));
    for (let count = 0; count < 1000; count++) limited.at(began + count * 0.1 / parts, "x");
    const passed = limited.handler.messages.filter((text) => text === "x");
    assertEquals(passed.length, 1000 / parts);
  }
});

Deno.test("a record without a time does not let all pass that come after it", () => {
  const { at, handler } = newClock(new RateFilter({ rate: 0.001, burst: 1 }));
  for (const second of [NaN, 1000, 1000, 1000]) at(second, "x");
  assertEquals(handler.records.length, 1);
});

Deno.test("messages that differ only far behind their beginning are not the same", () => {
  const { at, handler } = newClock(new DuplicateFilter());
  const long = "x".repeat(5000);
  for (const end of ["a", "b", "a"]) at(1000, `${long}${end}`);
  assertEquals(handler.messages.map((text) => text.at(-1)), ["a", "b"]);
});

Deno.test("a flood of one value, or of one message, is held back, however many others there are", () => {
  const { at, handler } = newClock(new RateFilter({ rate: 1, burst: 1, by: "user" }));
  for (let user = 1; user <= 3000; user++) {
    at(1000, "up", { user: 0 });
    at(1000, "up", { user });
  }
  assertEquals(handler.records.filter(({ fields }) => fields.user === 0).length, 1);
  const once = newClock(new DuplicateFilter());
  for (let count = 1; count <= 3000; count++) {
    once.at(1000, "no connection");
    once.at(1000, "request %d", count);
  }
  assertEquals(once.handler.messages.filter((text) => text === "no connection").length, 1);
});

Deno.test("what is held back is told though the clock is set back meanwhile", () => {
  const { at, handler } = newClock(new RateFilter({ rate: 0.001, burst: 1 }));
  for (const second of [100_000, 100_000, 1000, 1059]) at(second, "x");
  assertEquals(handler.records.length, 1);
  at(1060, "x");
  assertEquals(handler.messages.at(-1), "RateFilter held back 4 records in 60 s");
});

Deno.test("a part of the records passes, evenly", () => {
  for (const [rate, expected] of [["1/10", 100], [0.25, 250], [1, 1000], [0, 0]] as const) {
    const { at, handler } = newClock(new SampleFilter({ rate }));
    for (let count = 0; count < 1000; count++) at(1000, "up");
    assertEquals(handler.records.length, expected, String(rate));
  }
});

Deno.test("of one request all records pass or none, and on every thread the same", () => {
  const passed = [0, 1].map(() => {
    const { at, handler } = newClock(new SampleFilter({ rate: 0.1, by: "requestId" }));
    for (let turn = 0; turn < 3; turn++) {
      for (let id = 0; id < 1000; id++) at(1000, "up", { requestId: `r${id}` });
    }
    const ids = handler.records.map(({ fields }) => fields.requestId);
    const counts = Map.groupBy(ids, (id) => id);
    assert([...counts.values()].every(({ length }) => length === 3));
    at(1000, "of no request");
    assertEquals(handler.messages.at(-1), "of no request");
    // As a header that is missing reads.
    at(1000, "without an id", { requestId: null });
    assertEquals(handler.messages.at(-1), "without an id");
    return [...counts.keys()];
  });
  assertEquals(passed[0], passed[1]);
  assert(passed[0]!.length > 60 && passed[0]!.length < 140, `${passed[0]!.length} of 1000`);
});

Deno.test("a filter that several handlers have counts for each of them by itself", () => {
  const filters = [
    [new DuplicateFilter(), ["0", "1", "2", "3"]],
    [new RateFilter({ rate: 1, burst: 3 }), ["0", "1", "2"]],
    [new SampleFilter({ rate: 1 / 2 }), ["0", "2"]],
  ] as const;
  for (const [filter, expected] of filters) {
    const { at, handler, log: root, manager } = newClock(filter);
    const other = new ListHandler();
    root.addHandler(other);
    other.addFilter(filter);
    for (let number = 0; number < 4; number++) at(1000, "%d", number);
    assertEquals(
      [handler.messages, other.messages],
      [[...expected], [...expected]],
      filter.constructor.name,
    );
    assertEquals(filter.heldBack, 2 * (4 - expected.length));
    // Loggers share what it lets pass.
    root.handlers = [other];
    other.filters = [];
    const loggers = ["a", "b"].map((name) => manager.getLogger(name));
    for (const logger of loggers) logger.addFilter(filter);
    const before = other.messages.length;
    for (let number = 0; number < 4; number++) loggers[number % 2]!.info("x");
    const passed = filter instanceof DuplicateFilter ? 2 : expected.length;
    assertEquals(other.messages.length - before, passed);
  }
});

Deno.test("a handler for errors is told at its own level", () => {
  const { handler, log, at } = newClock(new DuplicateFilter());
  handler.setLevel("ERROR");
  log.error("down");
  log.error("down");
  at(1061, "too low");
  log.error("other");
  assertEquals(handler.messages, ["down", "DuplicateFilter held back 1 records in 61 s", "other"]);
});

Deno.test("what cannot be used is refused", () => {
  const cases: [make: () => unknown, reason: string][] = [
    [() => new RateFilter({} as never), "it needs a rate"],
    [() => new RateFilter({ rate: 0 }), "a number above 0"],
    [() => new RateFilter({ rate: 1, below: "ERORR" }), "a level"],
    [() => new DuplicateFilter({ by: "msg" as never }), '"message" or "template"'],
    [() => new SampleFilter({} as never), "it needs a rate"],
    [() => new SampleFilter({ rate: "1/0" }), "a part from 0 to 1"],
    [() => new SampleFilter({ rate: 2 }), "a part from 0 to 1"],
  ];
  for (const [make, reason] of cases) assertThrows(make, Error, reason);
});
