import { assert, assertEquals, assertThrows } from "@std/assert";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { newTree } from "../harness/logger_tree.ts";

Deno.test("loggers form a tree by dots, whatever the order in which they come up", () => {
  const { manager, root } = newTree();
  const leaf = manager.getLogger("a.b.c");
  assertEquals(leaf.parent, root);
  const top = manager.getLogger("a");
  assertEquals(leaf.parent, top);
  const middle = manager.getLogger("a.b");
  assertEquals([leaf.parent, middle.parent, top.parent], [middle, top, root]);
});

Deno.test("names that mean something to JavaScript are names like any other", () => {
  const { manager } = newTree();
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "1", "$&"]) {
    const logger = manager.getLogger(name);
    assertEquals([logger.name, manager.getLogger(name)], [name, logger]);
    assertEquals(manager.getLogger(`${name}.x`).parent, logger);
  }
  for (const name of [undefined, "", "root"]) assertEquals(manager.getLogger(name), manager.root);
});

Deno.test("a logger without a level asks its ancestors", () => {
  const { manager, root } = newTree();
  const [a, leaf] = [manager.getLogger("a"), manager.getLogger("a.b.c")];
  root.setLevel("ERROR");
  assertEquals(leaf.getEffectiveLevel(), 40);
  a.setLevel("DEBUG");
  assertEquals([leaf.getEffectiveLevel(), leaf.isEnabledFor("DEBUG")], [10, true]);
  leaf.setLevel(35);
  assertEquals([leaf.isEnabledFor(34), leaf.isEnabledFor(35)], [false, true]);
  assertThrows(() => a.setLevel("LOUD"), RangeError, 'unknown level "LOUD"');
});

Deno.test("only the level of the logger itself counts, then that of each handler", () => {
  const { manager, root, handler } = newTree();
  const child = manager.getLogger("child");
  root.setLevel("CRITICAL");
  child.setLevel("DEBUG");
  child.debug("passes the root although that is at CRITICAL");
  handler.setLevel("ERROR");
  child.warning("not for this handler");
  assertEquals(handler.records.length, 1);
});

Deno.test("own handlers come first, then those of the ancestors, up to propagate off", () => {
  const { manager, root } = newTree();
  const order: string[] = [];
  const named = (name: string) => {
    const handler = new ListHandler();
    handler.emit = () => void order.push(name);
    return handler;
  };
  root.addHandler(named("root"));
  const [a, b] = [manager.getLogger("a"), manager.getLogger("a.b")];
  a.addHandler(named("a"));
  b.addHandler(named("b"));
  b.info("x");
  a.propagate = false;
  b.info("y");
  assertEquals(order, ["b", "a", "root", "b", "a"]);
});

Deno.test("a handler on two ancestors emits twice, twice on one logger once", () => {
  const { manager, root, handler } = newTree();
  const child = manager.getLogger("child");
  child.addHandler(handler);
  root.addHandler(handler);
  child.info("x");
  assertEquals(handler.messages, ["x", "x"]);
});

Deno.test("handlers are set as an array, or not at all", () => {
  const { root, handler } = newTree();
  const handlers = root.handlers = [handler];
  for (const wrong of [new Set(handlers), undefined, null, "a", handler]) {
    const error = assertThrows(() => root.handlers = wrong as never, TypeError);
    assert(error.message.startsWith('Cannot set the handlers of logger "root" to '), error.message);
    assert(error.message.endsWith(": they must be an array"), error.message);
  }
  assert(root.handlers === handlers);
});

Deno.test("what is no handler, no filter and no formatter is refused where it is given", () => {
  const { root } = newTree();
  const handler = new ListHandler(), wrong = "text" as never;
  const cases: [act: () => void, message: string][] = [
    [() => root.addHandler(wrong), 'Cannot add "text" to logger "root": it is no handler'],
    [() => root.addFilter(wrong), 'Cannot filter by "text": it is no filter'],
    [() => handler.addFilter({} as never), "it is no filter"],
    [() => handler.setFormatter(wrong), 'Cannot format by "text": it is no formatter'],
  ];
  for (const [act, message] of cases) assertThrows(act, TypeError, message);
  // Another copy of the library has classes of its own, and None is none in Python.
  root.addHandler({ handle: () => true } as unknown as ListHandler);
  handler.setFormatter(null as never);
  assertEquals([root.handlers.length, handler.formatter], [2, undefined]);
});

Deno.test("a disabled logger is silent, its children are not", () => {
  const { manager, handler } = newTree();
  const [a, b] = [manager.getLogger("a"), manager.getLogger("a.b")];
  a.disabled = true;
  a.critical("no");
  b.info("yes");
  assertEquals([a.isEnabledFor(50), handler.messages], [false, ["yes"]]);
});

Deno.test("disable silences every logger up to a level", () => {
  const { manager, root, handler } = newTree();
  manager.disable = "WARNING";
  root.warning("no");
  root.error("yes");
  manager.disable = "NOTSET";
  root.log(1, "still below DEBUG");
  root.setLevel("NOTSET");
  root.log(0, "a record of level 0 is never emitted");
  root.debug("again");
  assertEquals(handler.messages, ["yes", "again"]);
});

Deno.test("a filter of a logger sees only what is logged on that very logger", () => {
  const { manager, root, handler } = newTree();
  root.addFilter(() => false);
  root.info("no");
  manager.getLogger("child").info("yes");
  assertEquals(handler.messages, ["yes"]);
});

Deno.test("records name the caller, however it is written", () => {
  const { root, handler } = newTree();
  function plain() {
    root.info("plain");
  }
  class Service {
    run() {
      root.info("method");
    }
  }
  function wrapped() {
    log();
  }
  function log() {
    root.info("level 2", { stacklevel: 2 });
  }
  plain();
  new Service().run();
  wrapped();
  (() => root.info("anonymous"))();
  assertEquals(handler.records.map(({ funcName }) => funcName), [
    "plain",
    "run",
    "wrapped",
    "<module>",
  ]);
  for (const record of handler.records) {
    assertEquals([record.module, record.filename], ["logger_test", "logger_test.ts"]);
    assert(record.pathname.endsWith("/tests/core/logger_test.ts"));
    assert(record.lineno > 100);
  }
});

Deno.test("a record of a data: module does not name it by its whole text", async () => {
  const { root, handler } = newTree();
  const text = 'export function run(log) {\n  log.info("a/b.c");\n}';
  const { run } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  run(root);
  const { pathname, filename, module, lineno, funcName } = handler.records[0]!;
  assertEquals([pathname, filename, module], Array(3).fill("(data URL)"));
  assertEquals([lineno, funcName], [2, "run"]);
});

Deno.test("a record is handled without a caller where Error is frozen or has lost a part", () => {
  const { root, handler } = newTree();
  const changes: readonly (readonly [string, PropertyDescriptor])[] = [
    ["stackTraceLimit", { value: 10, writable: false }],
    ["captureStackTrace", { value: undefined }],
  ];
  for (const [name, change] of changes) {
    const before = Object.getOwnPropertyDescriptor(Error, name)!;
    try {
      Object.defineProperty(Error, name, change);
      root.info("hidden");
    } finally {
      Object.defineProperty(Error, name, before);
    }
  }
  root.info("seen");
  const seen = handler.records.map(({ module, lineno }) => [module, lineno > 0]);
  const hidden = ["(unknown file)", false];
  assertEquals(seen, [hidden, hidden, ["logger_test", true]]);
});

Deno.test("stacklevel counts the program's functions, not those of the language between them", () => {
  const { root, handler } = newTree();
  function helper(level: number) {
    root.info("from %d", level, { stacklevel: level });
  }
  function inner(level: number) {
    [level].forEach(helper);
  }
  function* outer(level: number) {
    yield [level].map((one) => inner(one));
  }
  function start(level: number) {
    outer(level).next();
  }
  for (const level of [1, 2, 4, 5]) start(level);
  // As CPython 3.14 names them, to which map, next and sorted are no callers.
  const callers = handler.records.map(({ funcName, lineno }) => [funcName, lineno > 0]);
  assertEquals(callers, ["helper", "inner", "outer", "start"].map((name) => [name, true]));
});

Deno.test("an error given last is the record's, and an argument if the message asks", () => {
  const { root, handler } = newTree();
  const error = new TypeError("bad");
  root.error("failed", error);
  root.error("%s failed", "it", error);
  root.error("failed: %s", error);
  root.exception("caught", error);
  root.error(error);
  assertEquals(handler.records.map(({ exc_info }) => exc_info), Array(5).fill(error));
  assertEquals(handler.messages.slice(0, 4), [
    "failed",
    "it failed",
    "failed: TypeError: bad",
    "caught",
  ]);
});

Deno.test("extra fields land on the record, and never over its own", () => {
  const { root, handler } = newTree();
  root.info("x", { extra: { user: "eve", __proto__x: 1 } });
  const record = handler.records[0] as LogRecord & { user?: string };
  assertEquals(record.user, "eve");
  assertThrows(
    () => root.makeRecord("a", 10, "f", 1, "m", [], undefined, "g", { message: 1 }),
    Error,
    "Attempt to overwrite 'message' in LogRecord",
  );
});

Deno.test("a change of levels counts at once, for loggers that were asked before too", () => {
  const { manager, root, handler } = newTree();
  const leaf = manager.getLogger("x.y.z");
  for (const [level, expected] of [["ERROR", 0], ["DEBUG", 1], ["CRITICAL", 0]] as const) {
    root.setLevel(level);
    const before = handler.records.length;
    leaf.info("x");
    assertEquals(handler.records.length - before, expected, level);
  }
});

Deno.test("a log call does not go through all indexes of a list that is an argument", () => {
  const { root, handler } = newTree();
  let looks = 0;
  const list = new Proxy([1, 2], {
    ownKeys(target) {
      looks++;
      return Reflect.ownKeys(target);
    },
  });
  for (const text of ["%s", "text"]) root.info(text, list);
  assertEquals([looks, handler.records.map(({ args }) => args)], [0, [[list], [list]]]);
});
