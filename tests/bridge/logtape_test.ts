/** What is LogTape's own; what all bridges have in common is in `conformance_test.ts`. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Config,
  configure,
  configureSync,
  getLogger as getLogtape,
  lazy,
  type Logger,
  type LogRecord as LogtapeRecord,
  resetSync,
  withCategoryPrefix,
  withConfig,
  withContext,
} from "npm:@logtape/logtape@2.4.2";
import { getLogger as getOther } from "npm:@logtape/logtape@2.3.13";
import { bridge } from "../../src/bridge/logtape.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { dialFor } from "../../src/bridge/dial_for.ts";
import { defaultManager } from "../../src/core/loggers/manager.ts";
import { getLogger } from "../../src/core/loggers/module_functions.ts";
import { setOpening, setScopes, writtenBy } from "../../src/core/loggers/logger_node.ts";
import { routeOf } from "../../src/core/loggers/route.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { captureStderr } from "../handlers/captured_stderr.ts";

type Loggers = Config<string, string>["loggers"];

/** LogTape with sinks `a` and `b` that note what they get. */
function configured(loggers: Loggers, more: Partial<Config<string, string>> = {}): Noted {
  const lines: string[] = [], records: LogtapeRecord[] = [];
  const sink = (name: string) => (record: LogtapeRecord) => {
    lines.push(`${name}: ${record.category.join(".")} ${record.level} ${record.message.join("")}`);
    records.push(record);
  };
  configureSync({
    reset: true,
    sinks: { a: sink("a"), b: sink("b") },
    loggers: [{ category: ["logtape", "meta"], lowestLevel: "error", sinks: [] }, ...loggers],
    ...more,
  });
  return { lines, records };
}

interface Noted {
  readonly lines: string[];
  readonly records: LogtapeRecord[];
}

/** Turns a level as an operator does, so that what holds records back opens. */
function turn(name: string, level: number): void {
  const logger = getLogger(name);
  logger.setLevel(level);
  setOpening(logger, { from: level, handlers: [] });
}

const STEPS = ["trace", "debug", "info", "warning", "error", "fatal"] as const;

/** What comes out of one call at each level. */
function shown(log: Logger, { lines }: Noted): string[] {
  lines.length = 0;
  for (const level of STEPS) log[level]("x");
  return lines.map((line) => line.replace(/^(.): .* (\w+) x$/, "$1 $2"));
}

Deno.test("LogTape: until it is turned, it writes what it would have written", () => {
  const trees: Loggers[] = [
    [],
    [{ category: [], lowestLevel: "warning", sinks: ["a"] }],
    [{ category: "p", lowestLevel: "info", sinks: ["a"] }, {
      category: ["p", "q"],
      lowestLevel: "debug",
    }],
    [{ category: "p", lowestLevel: "info", sinks: ["a"] }, {
      category: ["p", "q"],
      lowestLevel: "trace",
      sinks: ["b"],
    }],
    [{ category: "p", lowestLevel: "error", sinks: ["a"] }, {
      category: ["p", "q"],
      sinks: ["b"],
      parentSinks: "override",
    }],
    [{ category: "p", lowestLevel: "error", sinks: ["a"] }, {
      category: ["p", "q"],
      lowestLevel: "info",
      parentSinks: "forward",
    }],
    [{ category: "p", lowestLevel: null, sinks: ["a"] }, {
      category: ["p", "q", "r"],
      sinks: ["b"],
    }],
  ];
  for (const [at, loggers] of trees.entries()) {
    const categories = [[], ["p"], ["p", "q"], ["p", "q", "r"]].map((one) => [`t${at}`, ...one]);
    const below = loggers.map((one) => ({
      ...one,
      category: [`t${at}`, ...one.category ? [one.category].flat() : []],
    }));
    const noted = configured(below);
    const logs = categories.map((category) => getLogtape(category));
    const tell = () =>
      logs.map((log) => [shown(log, noted), STEPS.filter((level) => log.isEnabledFor(level))]);
    const plain = tell();
    const undo = bridge();
    assertEquals(tell(), plain, `tree ${at}`);
    undo();
    assertEquals(tell(), plain);
  }
});

Deno.test("LogTape: a category below a higher one shows what it is turned to, and only that one", () => {
  const noted = configured([{ category: "and", lowestLevel: "warning", sinks: ["a"] }]);
  const parent = getLogtape("and"), db = parent.getChild("db"), http = parent.getChild("http");
  const undo = bridge();
  turn("logtape.and.db", 10);
  assertEquals(shown(db, noted), ["a debug", "a info", "a warning", "a error", "a fatal"]);
  assertEquals([db.isEnabledFor("debug"), http.isEnabledFor("debug")], [true, false]);
  assertEquals([shown(http, noted), shown(parent, noted)], [
    ["a warning", "a error", "a fatal"],
    ["a warning", "a error", "a fatal"],
  ]);
  const told = routeOf(defaultManager, "logtape.and.db", 10).stops.map(({ reason }) => reason);
  assertEquals(told, [
    "handler sinks of and takes WARNING and above, but is opened for it",
  ]);
  // LogTape has no sinks for it, and lines of other libraries never come to the last resort.
  assertEquals(
    routeOf(defaultManager, "logtape.logtape.meta", 50).dropped,
    "no handler is on its way",
  );
  getLogger("logtape.and.db").setLevel(10); // By the program, which opens nothing.
  assertEquals([shown(db, noted)[0], db.isEnabledFor("debug")], ["a warning", false]);
  turn("logtape.and", 20);
  assertEquals(shown(http, noted)[0], "a info");
  getLogger("logtape.and").setLevel(40);
  assertEquals([shown(http, noted)[0], shown(db, noted)[0]], ["a error", "a warning"]);
  undo();
});

Deno.test("LogTape: what is nearer than what holds back shows it, and then nothing else is opened", () => {
  const noted = configured([
    { category: "near", lowestLevel: "error", sinks: ["a"] },
    { category: ["near", "db"], lowestLevel: "info", sinks: ["b"] },
  ]);
  const db = getLogtape(["near", "db"]);
  const undo = bridge();
  turn("logtape.near.db", 10);
  assertEquals(shown(db, noted).slice(0, 3), ["b debug", "b info", "b warning"]);
  undo();
});

Deno.test("LogTape: where it cannot be looked into, no sink is said to be opened", async () => {
  configured([{ category: "closed", lowestLevel: "error", sinks: ["a"] }]);
  const root = (globalThis as Record<symbol, object>)[Symbol.for("logtape.rootLogger")]!;
  // As if another version called it otherwise.
  Object.assign(root, { emitResolved: undefined });
  let undo = () => {};
  getLogtape(["closed", "db"]);
  await captureStderr(() => void (undo = bridge()));
  turn("logtape.closed.db", 10);
  const { stops } = routeOf(defaultManager, "logtape.closed.db", 10);
  assertEquals(stops.map(({ outcome }) => outcome), ["held"]);
  undo();
  Reflect.deleteProperty(root, "emitResolved");
});

Deno.test("LogTape: what no sink takes costs no line of a budget, and is not counted", () => {
  const filters = { even: ({ message }: LogtapeRecord) => message[0] !== "2" };
  const noted = configured([{
    category: "held",
    lowestLevel: "error",
    sinks: ["a"],
    filters: ["even"],
  }], { filters });
  const undo = bridge(), log = getLogtape(["held", "db"]), logger = getLogger("logtape.held.db");
  let left = 2;
  const lineBudget = { take: () => left-- > 0, giveBack: () => void left++, settle: () => {} };
  logger.setLevel(10);
  const budget = { lines: lineBudget, beneath: 20, wasDisabled: false, openBeneath: Infinity };
  // As by `--no-handlers`.
  setOpening(logger, { from: Infinity, handlers: [], budget });
  for (const text of ["1", "2", "3"]) log.debug(text);
  log.info("plain, and held back as well");
  log.error("taken");
  assertEquals([left, noted.lines], [2, ["a: held.db error taken"]]);
  assertEquals(writtenBy(logger)!.read(Date.now() / 1000).total, [0, 0, 0, 1, 0]);
  setOpening(logger, { from: 10, handlers: [], budget });
  // The filter holds the second one back, the budget the last one.
  for (const text of ["1", "2", "3", "4"]) log.debug(text);
  assertEquals([left, noted.lines.slice(1)], [-1, ["a: held.db debug 1", "a: held.db debug 3"]]);
  assertEquals(writtenBy(logger)!.read(Date.now() / 1000).total, [2, 0, 0, 1, 0]);
  setOpening(logger, undefined);
  undo();
});

Deno.test("LogTape: a configuration that comes later counts, also in its middle", async () => {
  const noted = configured([{ category: "later", lowestLevel: "error", sinks: ["a"] }]);
  const log = getLogtape("later"), child = log.getChild("child");
  const undo = bridge();
  assertEquals(shown(child, noted)[0], "a error");
  const { lines } = configured([{ category: "later", lowestLevel: "debug", sinks: ["b"] }]);
  assertEquals(shown(child, { ...noted, lines })[0], "b debug");
  assertEquals(getLogger("logtape.later").level, 10);
  const next = configure({
    reset: true,
    sinks: { a: ({ level }) => void noted.lines.push(level) },
    loggers: [{ category: "later", lowestLevel: "fatal", sinks: ["a"] }],
  });
  child.info("while it changes");
  await next;
  noted.lines.length = 0;
  child.error("x");
  child.fatal("x");
  assertEquals(noted.lines, ["fatal"]);
  undo();
  resetSync();
});

Deno.test("LogTape: the sinks of a later configuration get the lines, also if there are as many", () => {
  const loggers: Loggers = [{ category: "again", lowestLevel: "info", sinks: ["a"] }];
  const first = configured(loggers), log = getLogtape(["again", "db"]);
  const undo = bridge();
  log.info("1");
  const second = configured(loggers);
  log.info("2");
  const third = configured([{ ...loggers[0]!, sinks: ["b"] }]);
  log.info("3");
  assertEquals([first, second, third].map(({ lines }) => lines), [
    ["a: again.db info 1"],
    ["a: again.db info 2"],
    ["b: again.db info 3"],
  ]);
  undo();
});

Deno.test("LogTape: scopes see properties of the call, of the logger and of the context", () => {
  const contextLocalStorage = new AsyncLocalStorage<Record<string, unknown>>();
  const noted = configured([{ category: "scope", lowestLevel: "info", sinks: ["a"] }], {
    contextLocalStorage,
  });
  const log = getLogtape("scope");
  const undo = bridge();
  const test = { where: [["user.id", "42"]] as const, match: "* {n} *" };
  const opening = { from: 10, handlers: [] };
  setScopes(getLogger("logtape.scope"), [{ level: 10, test, opening, lines: undefined }]);
  const user = { id: 42 };
  log.debug("own {n} rows", { n: 1, user });
  log.debug("nobody's {n} rows", { n: 2 });
  log.with({ user }).debug("bound {n} rows", { n: 3 });
  withContext({ user }, () => log.debug("context {n} rows", { n: 4 }));
  log.with({ user }).debug("another text", { n: 5 });
  log.debug("made when asked {n} rows", () => ({ n: 6, user }));
  assertEquals(noted.lines.map((line) => line.split(" debug ")[1]), [
    "own 1 rows",
    "bound 3 rows",
    "context 4 rows",
  ]);
  setScopes(getLogger("logtape.scope"), []);
  undo();
});

Deno.test("LogTape: nothing is made of what nobody wants, and what is awaited can be", async () => {
  const noted = configured([{ category: "lazy", lowestLevel: "info", sinks: ["a"] }]);
  const log = getLogtape("lazy");
  const undo = bridge();
  const never = () => {
    throw new Error("asked");
  };
  log.debug(never);
  log.debug("{a}", never);
  await log.debug("{a}", () => Promise.reject(new Error("asked")));
  log.debug`${{ toString: never }}`;
  let asked = 0;
  const once = (write: (parts: TemplateStringsArray, ...values: unknown[]) => unknown[]) => {
    asked++;
    return write`lazily ${asked}`;
  };
  turn("logtape.lazy", 10);
  log.debug(once);
  await log.debug("{a}", () => Promise.resolve({ a: 1 }));
  assertEquals([asked, noted.lines.length, noted.lines.at(-1)], [1, 2, "a: lazy debug 1"]);
  // Nor does it end its caller where somebody looks at it beside the sinks.
  let taken = 0;
  defaultManager.tap = { levelFor: () => 10, take: () => void taken++ };
  log.debug(never);
  log.with({ a: lazy(never) }).debug("{a}");
  const properties = Object.defineProperty({}, "error", { get: never });
  log.emit({ level: "debug", message: ["x"], rawMessage: "x", timestamp: 0, properties });
  defaultManager.tap = undefined;
  assert(taken >= 3, `${taken} taken`);
  undo();
});

Deno.test("LogTape: prefixes name another category, and withConfig is LogTape's own business", async () => {
  const contextLocalStorage = new AsyncLocalStorage<Record<string, unknown>>();
  const noted = configured([
    { category: "sdk", lowestLevel: "info", sinks: ["a"] },
    { category: "lib", lowestLevel: "error", sinks: ["b"] },
  ], { contextLocalStorage });
  const lib = getLogtape("lib");
  getLogtape(["sdk", "lib"]);
  const undo = bridge();
  withCategoryPrefix("sdk", () => {
    lib.debug("no");
    turn("logtape.sdk.lib", 10);
    lib.debug("yes");
    assert(lib.isEnabledFor("debug"));
  });
  lib.debug("no");
  assertEquals(noted.lines, ["a: sdk.lib debug yes"]);
  const inside: string[] = [];
  await withConfig(
    {
      sinks: { c: ({ level }) => void inside.push(level) },
      loggers: [{ category: "lib", lowestLevel: "debug", sinks: ["c"] }],
    },
    () => {
      getLogger("logtape.lib").setLevel(50);
      lib.debug("by the block's own levels");
      assert(lib.isEnabledFor("debug"));
    },
  );
  assertEquals([inside, noted.lines.length], [["debug"], 1]);
  undo();
});

Deno.test("LogTape: filters hold back, sources stay true, and those who watch get properties and error", () => {
  const noted = configured([{
    category: "rest",
    lowestLevel: "info",
    sinks: ["a"],
    filters: ["odd"],
    captureSourceLocation: true,
  }], { filters: { odd: ({ properties }) => properties.n !== 2 } });
  const log = getLogtape("rest");
  const undo = bridge();
  turn("logtape.rest", 10);
  for (const n of [1, 2, 3]) log.debug("{n}", { n });
  assertEquals(noted.lines, ["a: rest debug 1", "a: rest debug 3"]);
  const { file, line } = noted.records[0]!.sourceLocation ?? {};
  assert(file?.endsWith("logtape_test.ts") && line! > 200, `${file}:${line}`);
  const seen: LogRecord[] = [];
  const take = (record: LogRecord) => void seen.push(record);
  getLogger("logtape.rest").setLevel(30);
  defaultManager.tap = { levelFor: () => 10, take };
  const error = new Error("no route");
  log.info("hello {who}", { who: "kim" });
  log.error("failed", error);
  defaultManager.tap = undefined;
  assertEquals(seen.map((record) => [record.getMessage(), record.levelname, record.exc_info]), [
    ["hello kim", "INFO", undefined],
    ["failed", "ERROR", error],
  ]);
  undo();
});

Deno.test("LogTape: a second copy's loggers are the first one's, so they are turned too", () => {
  const noted = configured([{ category: "copies", lowestLevel: "info", sinks: ["a"] }]);
  const undo = bridge();
  turn("logtape.copies.second", 10);
  getOther(["copies", "second"]).debug("by the other copy");
  assertEquals(noted.lines, ["a: copies.second debug by the other copy"]);
  undo();
  const root = Symbol.for("logtape.rootLogger");
  const world = globalThis as { [root]?: unknown };
  const before = world[root];
  delete world[root];
  assertThrows(() => bridge(), ConfigError, "it is not loaded, import it before");
  world[root] = before;
});

// Last, since LogTape forgets categories only when memory is collected.
Deno.test("LogTape: categories of one name in the tree keep levels that differ until they are turned", () => {
  const noted = configured([
    { category: [], lowestLevel: "info", sinks: ["a"] },
    { category: ["dotted.name"], lowestLevel: "error", sinks: ["b"] },
  ]);
  const one = getLogtape(["dotted.name"]), two = getLogtape(["dotted", "name"]);
  const tell = () => [shown(one, noted)[0], shown(two, noted)[0]];
  const plain = tell();
  assertEquals(plain, ["a error", "a info"]);
  const undo = bridge();
  assertEquals(tell(), plain);
  getLogger("logtape.dotted.name").setLevel("FATAL");
  assertEquals(tell(), ["a fatal", "a fatal"]);
  undo();
  getLogger("logtape.dotted.name").setLevel("NOTSET");
  resetSync();
});

Deno.test("LogTape: a category whose logger is another library's follows the one above, and is told once", async () => {
  const noted = configured([
    { category: "taken", lowestLevel: "info", sinks: ["a"] },
    { category: ["taken", "own"], lowestLevel: "debug", sinks: ["b"] },
  ]);
  const others = ["taken.later", "taken.own"].map((name) => dialFor(`tape.${name}`, "other"));
  const lowest = (log: Logger) => shown(log, noted)[0]?.split(" ").at(-1);
  const said = await captureStderr(() => {
    const undo = bridge({ name: "tape" });
    const later = getLogtape(["taken", "later"]), own = getLogtape(["taken", "own"]);
    assertEquals([lowest(later), lowest(own)], ["info", "debug"]);
    getLogger("tape.taken").setLevel("ERROR");
    assertEquals([lowest(later), lowest(own)], ["error", "debug"]);
    undo();
  });
  assertEquals(said.match(/cannot turn "[^"]+" for logtape: other is bridged/g)?.length, 2);
  for (const other of others) other.close();
  resetSync();
});

Deno.test("LogTape: of very many categories only so many become loggers, the rest goes with its parent", async () => {
  const noted = configured([{ category: "many", lowestLevel: "info", sinks: ["a"] }]);
  const stderr = await captureStderr(() => {
    const undo = bridge();
    const parent = getLogtape("many");
    const all = Array.from({ length: 1200 }, (_, at) => parent.getChild(`user${at}`));
    for (const log of all) log.debug("dropped");
    const known = () =>
      [...defaultManager.loggers()].filter(({ name }) => name.startsWith("logtape.many.")).length;
    assert(known() < 1000, `${known()} loggers`);
    turn("logtape.many", 10);
    for (const log of all) log.debug("shown");
    assertEquals(noted.lines.length, 1200);
    assertEquals(noted.lines.at(-1), "a: many.user1199 debug shown");
    undo();
  });
  assertEquals(stderr.split("\n").length, 2);
  assert(stderr.startsWith("logdial: LogTape has more than 1000 categories"), stderr);
});

Deno.test("LogTape: beyond very many categories, those that are configured keep their level", async () => {
  configured([{ category: "beyond", lowestLevel: "info", sinks: ["a"] }]);
  await captureStderr(() => {
    const undo = bridge();
    const parent = getLogtape("beyond");
    const all = Array.from({ length: 1200 }, (_, at) => parent.getChild(`user${at}`));
    const [strict, loud, below] = ["strict", "loud", "loud.below"].map((name) =>
      parent.getChild(name.split(".") as [string])
    );
    for (const log of [...all, strict!, loud!, below!]) log.debug("dropped");
    const noted = configured([
      { category: "beyond", lowestLevel: "info", sinks: ["a"] },
      { category: ["beyond", "strict"], lowestLevel: "error", sinks: [] },
      {
        category: ["beyond", "loud"],
        lowestLevel: "debug",
        sinks: ["b"],
        parentSinks: "override",
      },
    ]);
    const firsts = () => [all.at(-1)!, strict!, loud!, below!].map((log) => shown(log, noted)[0]);
    assertEquals(firsts(), ["a info", "a error", "b debug", "b debug"]);
    turn("logtape.beyond.strict", 10);
    turn("logtape.beyond.loud", 40);
    assertEquals(firsts(), ["a info", "a debug", "b error", "b error"]);
    undo();
    assertEquals(firsts(), ["a info", "a error", "b debug", "b debug"]);
  });
});
