import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  addLevelName,
  disable,
  getLastResort,
  getLogger,
  LogRecord,
  setLastResort,
  StreamHandler,
  withContext,
} from "../../mod.ts";
import { defaultManager } from "../../src/core/loggers/manager.ts";
import { assertLogged, captureLogs } from "../../src/testing.ts";
import { captureStderr } from "../handlers/captured_stderr.ts";
import { ListHandler } from "../harness/list_handler.ts";

Deno.test("a block's records are there by level, logger, message and fields", () => {
  using logs = captureLogs("capture.one");
  const error = new TypeError("no");
  getLogger("capture.one").info("%d of %s", 3, "users", { extra: { user: "kim" } });
  getLogger("capture.one.db").error("failed", error, { extra: { ms: 5 } });
  getLogger("capture.one").debug("fields", { list: [1] });
  getLogger("capture.one").info("%d and more");
  getLogger("capture.oneself").info("another logger");
  getLogger().info("the root");
  assertEquals(
    logs.records.map(({ level, levelno, logger, message, fields, error }) => {
      return [level, levelno, logger, message, fields, error];
    }),
    [
      ["INFO", 20, "capture.one", "3 of users", { user: "kim" }, undefined],
      ["ERROR", 40, "capture.one.db", "failed", { ms: 5 }, error],
      ["DEBUG", 10, "capture.one", "fields", { list: [1] }, undefined],
      ["INFO", 20, "capture.one", "%d and more", {}, undefined],
    ],
  );
  assertEquals(logs.messages.length, 4);
  assertEquals(logs.records[0]!.record.funcName, "<module>");
  logs.clear();
  assertEquals(logs.text, "");
});

Deno.test("fields come from the call, the bound logger and the context; lazy values are called", async () => {
  using logs = captureLogs("capture.fields");
  const log = getLogger("capture.fields").with({ requestId: 7 });
  await withContext({ user: "kim" }, async () => {
    await Promise.resolve();
    log.info("paid", { amount: 3 });
    log.debug`${() => "lazy"} ${3}`;
  });
  log.debug(() => "made late");
  assertEquals(logs.records.map(({ message, fields }) => [message, fields]), [
    ["paid", { user: "kim", requestId: 7, amount: 3 }],
    ["lazy 3", { user: "kim", requestId: 7 }],
    ["made late", { requestId: 7 }],
  ]);
});

Deno.test("records are as they were logged, whatever becomes of their arguments", () => {
  using logs = captureLogs("capture.late");
  const list = [1];
  const fields: Record<string, unknown> = { n: 1, deep: { list } };
  fields.itself = fields;
  getLogger("capture.late").info("%s", list, fields);
  getLogger("capture.late").info("%s", list);
  list.push(2);
  fields.n = 2;
  assertEquals(logs.messages[1], "[1]");
  const { n, deep, itself } = logs.records[0]!.fields as typeof fields;
  assertEquals([n, deep], [1, { list: [1] }]);
  assertEquals((itself as typeof fields).n, 1);
});

Deno.test("maps and sets among the fields are as they were, also in each other and in circles", () => {
  using logs = captureLogs("capture.maps");
  const map = new Map<string, unknown>([["a", [1]]]), set = new Set<unknown>([map]);
  map.set("in", set);
  class Own extends Map<string, number> {}
  const own = new Own();
  getLogger("capture.maps").info("up", { map, own });
  (map.get("a") as number[]).push(2);
  map.set("b", 2);
  set.add(3);
  const { fields } = logs.records[0]!;
  const kept = fields.map as typeof map;
  assertEquals([[...kept.keys()], kept.get("a")], [["a", "in"], [1]]);
  assert([...kept.get("in") as typeof set][0] === kept);
  assertEquals((kept.get("in") as typeof set).size, 1);
  assert(fields.own === own);
});

Deno.test("levels, disable and disabled loggers keep nothing from a capture, and stay as they are", () => {
  const log = getLogger("capture.levels");
  log.setLevel("ERROR");
  log.disabled = true;
  disable("CRITICAL");
  const handler = new ListHandler();
  log.addHandler(handler);
  try {
    {
      using logs = captureLogs("capture.levels", "DEBUG");
      assert(log.isEnabledFor("DEBUG"));
      log.debug("a");
      log.log(5, "below");
      log.error("b");
      assertEquals(logs.messages, ["a", "b"]);
      assertEquals([log.level, log.handlers, log.propagate], [40, [handler], true]);
    }
    assert(!log.isEnabledFor("CRITICAL"));
    assertEquals(handler.messages, []);
    log.disabled = false;
    disable("NOTSET");
    captureLogs(() => log.warning("c"), "capture.levels");
    captureLogs(() => log.error("d"), "capture.levels");
    assertEquals(handler.messages, ["d"]);
    assert(!log.isEnabledFor("WARNING"));
  } finally {
    log.disabled = false;
    disable("NOTSET");
    log.removeHandler(handler);
    log.setLevel("NOTSET");
  }
});

Deno.test("what a filter takes out of records is not captured, and what it holds back is", () => {
  const log = getLogger("capture.secrets");
  const filter = {
    filter: () => false,
    redacted: (record: LogRecord) => {
      const { name, levelno, msg } = record;
      return new LogRecord(name, levelno, "", 0, String(msg).replace("hunter2", "***"));
    },
  };
  const handler = new ListHandler();
  handler.addFilter(filter);
  log.addHandler(handler);
  try {
    using logs = captureLogs("capture.secrets");
    log.error("password hunter2");
    assertEquals([logs.messages, handler.messages], [["password ***"], []]);
  } finally {
    log.removeHandler(handler);
  }
});

Deno.test("a block captures until it returns, throws, resolves or rejects", async () => {
  const log = getLogger("capture.block");
  const kept: { readonly messages: string[] }[] = [];
  const returned = captureLogs((logs) => {
    kept.push(logs);
    log.info("a");
    return 7;
  }, "capture.block");
  assertEquals(returned, 7);
  assertThrows(
    () =>
      captureLogs((logs) => {
        kept.push(logs);
        log.info("b");
        throw new Error("no");
      }, "capture.block"),
    Error,
    "no",
  );
  const resolved = captureLogs(async (logs) => {
    kept.push(logs);
    await Promise.resolve();
    log.info("c");
    return 8;
  }, "capture.block");
  assertEquals(await resolved, 8);
  await assertRejects(
    () =>
      captureLogs(async (logs) => {
        kept.push(logs);
        await Promise.resolve();
        log.info("d");
        throw new Error("later");
      }, "capture.block"),
    Error,
    "later",
  );
  log.info("after all");
  assertEquals(kept.map(({ messages }) => messages), [["a"], ["b"], ["c"], ["d"]]);
  assertEquals(defaultManager.tap, undefined);
  assert(!log.isEnabledFor("INFO"));
});

Deno.test("blocks run at the same time, nest and end in any order", async () => {
  const names = ["x", "y", "z"];
  const all = captureLogs("capture.many");
  await Promise.all(names.map((name, at) =>
    captureLogs(async (logs) => {
      const log = getLogger(`capture.many.${name}`);
      for (let count = 0; count < 20; count++) {
        log.debug(`${name}${count}`);
        await new Promise((resolve) => setTimeout(resolve, (at + count) % 3));
      }
      assertEquals(logs.messages, Array.from({ length: 20 }, (_, count) => `${name}${count}`));
    }, `capture.many.${name}`)
  ));
  assertEquals(all.records.length, 60);
  const inner = captureLogs("capture.many.x", "ERROR");
  getLogger("capture.many.x").info("outer only");
  all[Symbol.dispose]();
  all[Symbol.dispose]();
  getLogger("capture.many.x").error("inner only");
  inner[Symbol.dispose]();
  assertEquals([all.records.length, inner.messages], [61, ["inner only"]]);
});

Deno.test("the last resort keeps still for what is captured, and is the same after", async () => {
  const before = getLastResort();
  const stderr = await captureStderr(() => {
    using _ = captureLogs("capture.quiet");
    using _again = captureLogs("capture.quiet.too");
    getLogger("capture.quiet.too").error("captured");
    getLogger("capture.loud").error("not captured");
    getLogger("capture.loud").info("too low");
  });
  assertEquals(stderr, "not captured\n");
  assertEquals(getLastResort(), before);
  const other = new StreamHandler();
  {
    using _ = captureLogs("capture.quiet");
    setLastResort(other);
  }
  assertEquals(getLastResort(), other);
  setLastResort(undefined);
  captureLogs(() => assertEquals(getLastResort(), undefined));
  setLastResort(before);
});

Deno.test("someone who watches from outside sees records as before", () => {
  const seen: string[] = [];
  defaultManager.tap = {
    levelFor: (name) => name === "capture.tap" ? 20 : Infinity,
    take: (record) => seen.push(record.getMessage()),
  };
  try {
    using logs = captureLogs("capture.tap", "WARNING");
    using _ = captureLogs("capture.other", "DEBUG");
    getLogger("capture.tap").debug("nobody");
    getLogger("capture.tap").info("outside");
    getLogger("capture.tap").warning("both");
    assertEquals([logs.messages, seen], [["both"], ["outside", "both"]]);
  } finally {
    defaultManager.tap = undefined;
  }
});

Deno.test("until waits for a record that is as expected", async () => {
  using logs = captureLogs("capture.until");
  const log = getLogger("capture.until");
  const waiting = logs.until({ message: /done/ });
  setTimeout(() => log.info("not yet"), 1);
  setTimeout(() => log.info("done"), 2);
  assertEquals((await waiting).message, "done");
  assertEquals((await logs.until({ level: "INFO" })).message, "not yet");
  await assertRejects(
    () => logs.until({ level: "ERROR" }, 1),
    Error,
    'Waited 1 ms for a record { level: "ERROR" }, logged were:\n  INFO capture.until: not yet\n' +
      "    level: INFO instead of ERROR\n",
  );
});

Deno.test("a function that throws keeps no record from others, and its reason is told", async () => {
  using logs = captureLogs("capture.throws");
  using others = captureLogs("capture.throws");
  const log = getLogger("capture.throws");
  const isKim = (user: { name: { first: string } }) => user.name.first === "kim";
  const found = logs.until({ fields: { user: isKim } });
  const never = assertRejects(
    () => logs.until({ fields: { user: () => raise() } }, 1),
    Error,
    "field user: {} makes user throw Error: mine",
  );
  log.info("a", { user: {} });
  log.info("b", { user: { name: { first: "kim" } } });
  assertEquals([logs.messages, others.messages], [["a", "b"], ["a", "b"]]);
  assertEquals((await found).message, "b");
  await never;
});

function raise(): never {
  throw new Error("mine");
}

Deno.test("levels of the program's own have their names", () => {
  addLevelName(15, "HTTP");
  using logs = captureLogs("capture.own", "HTTP");
  getLogger("capture.own").log(15, "request");
  getLogger("capture.own").log(14, "lower");
  assertEquals(logs.text, "HTTP capture.own: request\n");
  assertLogged(logs, { level: "HTTP" });
});

Deno.test("a logger that is none is refused", () => {
  assertThrows(() => captureLogs(""), TypeError, "give a logger's name");
  assertThrows(() => captureLogs("a", "LOUD"), RangeError, "LOUD");
  assertThrows(() => captureLogs(7 as unknown as string), TypeError, "Cannot capture logs of 7");
  assertEquals(defaultManager.tap, undefined);
});
