/** What is winston's own; what all bridges have in common is in `conformance_test.ts`. */
import { assertEquals, assertThrows } from "@std/assert";
import { Writable } from "node:stream";
import winston from "npm:winston@3.19.0";
import { bridge } from "../../src/bridge/winston.ts";
import { prepareConfig } from "../../src/config/apply/configurator.ts";
import { defaultRegistry } from "../../src/config/build/registry.ts";
import { readConfigText } from "../../src/config/text/config_text.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import type { LineBudget } from "../../src/core/loggers/line_budget.ts";
import { defaultManager } from "../../src/core/loggers/manager.ts";
import { getLogger } from "../../src/core/loggers/module_functions.ts";
import { setOpening, setScopes, writtenBy } from "../../src/core/loggers/logger_node.ts";
import { fieldsOf, type LogRecord } from "../../src/core/records/log_record.ts";
import { routeOf } from "../../src/core/loggers/route.ts";

const { Console, File, Stream } = winston.transports;

/** What a transport does with a record, in the place of writing it. */
type Log = (info: { level: string; message: unknown }, done: () => void) => void;

/** Options of a transport that notes what it gets. */
function noting(lines: string[], level?: string) {
  const log: Log = ({ level, message }, done) => {
    lines.push(`${level} ${message}`);
    done();
  };
  return { level, log };
}

/** Winston's streams hold lines back until they flow; the arrays are emptied then. */
async function flowing(log: winston.Logger, ...all: string[][]): Promise<winston.Logger> {
  const flows = new Promise<void>((resolve) => void log.once("data", () => resolve()));
  log.log(Object.keys(log.levels)[0]!, "the first");
  await flows;
  for (const lines of all) lines.length = 0;
  return log;
}

/** Turns a level as an operator does, so that handlers open. */
function turn(name: string, level: number): void {
  const logger = getLogger(name);
  logger.setLevel(level);
  setOpening(logger, { from: level, handlers: [] });
}

function logAll(log: winston.Logger): void {
  for (const level of ["error", "warn", "info", "debug"]) log.log(level, "x");
}

Deno.test("winston: a child whose fields cannot be read is asked for a level, as without a bridge", () => {
  const transports = [new Console({ log: () => {} })];
  const log = winston.createLogger({ transports });
  const undo = bridge(log, { name: "winston.getter" });
  const child = log.child({
    get user(): string {
      throw new Error("the program's own");
    },
  });
  try {
    assertEquals(["info", "debug"].map((level) => child.isLevelEnabled(level)), [true, false]);
  } finally {
    undo();
  }
});

Deno.test("winston: what opens is Console and File, the lowest of them, and others are told", async () => {
  const onConsole: string[] = [], inFile: string[] = [], elsewhere: string[] = [];
  const console = new Console(noting(onConsole, "warn"));
  const log = await flowing(
    winston.createLogger({
      transports: [
        console,
        new File({ ...noting(inFile, "error"), filename: "never.log", lazy: true }),
        new winston.transports.Http({ ...noting(elsewhere, "error"), port: 1 }),
      ],
    }),
    onConsole,
    inFile,
    elsewhere,
  );
  const undo = bridge(log, { name: "opening" });
  logAll(log);
  assertEquals([onConsole, inFile, elsewhere], [["error x", "warn x"], ["error x"], ["error x"]]);
  turn("opening", 10);
  assertEquals([log.level, log.isDebugEnabled(), console.level], ["debug", true, "warn"]);
  onConsole.length = 0;
  logAll(log);
  assertEquals(onConsole, ["error x", "warn x", "info x", "debug x"]);
  assertEquals([inFile.length, elsewhere.length], [2, 2]);
  const told = routeOf(defaultManager, "opening", 10).stops.map(({ reason }) => reason);
  assertEquals(told, [
    "handler console (winston's Console) takes WARNING and above, but is opened for it",
    "handler file (winston's File) takes ERROR and above",
    "handler http (winston's Http) takes ERROR and above, and opens only by name",
  ]);
  console.silent = true;
  assertEquals(log.isDebugEnabled(), true, "the file is opened where the console is silent");
  log.debug("in the file");
  assertEquals([inFile.at(-1), onConsole.length], ["debug in the file", 4]);
  console.silent = false;
  getLogger("opening").setLevel(10); // By the program, which opens nothing.
  log.debug("nowhere");
  assertEquals([log.isDebugEnabled(), onConsole.length], [false, 4]);
  undo();
  logAll(log);
  assertEquals(onConsole.length, 6);
});

Deno.test("winston: what takes exceptions alone shows no record, so that another is opened", async () => {
  const lines: string[] = [], elsewhere: string[] = [];
  const log = await flowing(
    winston.createLogger({
      transports: [new Console(noting(lines, "warn"))],
      exceptionHandlers: [new Console(noting(elsewhere))],
      rejectionHandlers: [new Console(noting(elsewhere))],
    }),
    lines,
  );
  const undo = bridge(log, { name: "exceptions" });
  turn("exceptions", 10);
  log.debug("yes");
  assertEquals([lines, elsewhere], [["debug yes"], []]);
  const told = routeOf(defaultManager, "exceptions", 10).stops.map(({ reason }) => reason);
  assertEquals(told, [
    "handler console (winston's Console) takes WARNING and above, but is opened for it",
    "handler ExceptionStream (winston's ExceptionStream) is silent: it takes exceptions alone",
    "handler RejectionStream (winston's RejectionStream) is silent: it takes rejections alone",
  ]);
  undo();
  log.exceptions.unhandle();
  log.rejections.unhandle();
});

Deno.test("winston: what a transport takes below its logger's level comes out until it is turned", async () => {
  const lower: string[] = [], other: string[] = [];
  const console = new Console(noting(lower, "debug"));
  const log = await flowing(
    winston.createLogger({ transports: [console, new Console(noting(other))] }),
    lower,
    other,
  );
  const undo = bridge(log, { name: "lower" });
  /** What has come out of each since. */
  const shown = () => {
    log.debug("d");
    log.info("i");
    return [lower.splice(0).join(), other.splice(0).join()];
  };
  const asBefore = ["debug d,info i", "info i"], tree = getLogger("lower");
  assertEquals([log.level, log.isDebugEnabled(), tree.level, shown()], [
    "info",
    true,
    10,
    asBefore,
  ]);
  turn("lower", 10);
  assertEquals([log.level, shown()], ["debug", ["debug d,info i", "debug d,info i"]]);
  tree.setLevel("INFO");
  assertEquals([log.level, log.isDebugEnabled(), shown()], ["info", false, ["info i", "info i"]]);
  log.level = "info"; // The program's own word.
  assertEquals([tree.level, shown()], [10, asBefore]);
  console.level = "error";
  assertEquals([tree.level, console.level, shown()], [20, "error", ["", "info i"]]);
  console.level = "debug";
  log.remove(console);
  assertEquals([tree.level, shown()], [20, ["", "info i"]]);
  log.add(console);
  assertEquals([tree.level, shown()], [10, asBefore]);
  undo();
  assertEquals([log.level, shown()], ["info", asBefore]);
  assertEquals(Object.getOwnPropertyDescriptor(console, "level")?.value, "debug");
});

Deno.test("winston: a scope opens for its own records alone", async () => {
  const lines: string[] = [];
  const transport = new Console(noting(lines, "error"));
  const log = await flowing(
    winston.createLogger({ level: "info", transports: [transport] }),
    lines,
  );
  const early = log.child({ user: 42, from: "before" });
  const undo = bridge(log, { name: "scoped" });
  const test = { where: [["user", "42"]] as const };
  const opening = { from: 10, handlers: [] };
  setScopes(getLogger("scoped"), [{ level: 10, test, opening, lines: undefined }]);
  for (const one of [log, early, early.child({ more: 1 }), log.child({ user: 7 })]) {
    one.debug("d");
    one.info("i");
    assertEquals(one.isDebugEnabled(), one !== log && "write" in one && lines.at(-1) === "info i");
    lines.push("next");
  }
  assertEquals(lines, ["next", "debug d", "info i", "next", "debug d", "info i", "next", "next"]);
  setScopes(getLogger("scoped"), []);
  undo();
});

Deno.test("winston: all kinds of levels are turned in their own order", async () => {
  const { npm, syslog, cli } = winston.config;
  const own = { levels: { fire: 0, smoke: 1, error: 2, chat: 2, debug: 3, info: 4 } };
  for (const [at, { levels }] of [npm, syslog, cli, own, { levels: { a: 1, b: 5 } }].entries()) {
    const names = Object.keys(levels), ranks = new Map(Object.entries(levels));
    const lines: string[] = [];
    const log = await flowing(
      winston.createLogger({ levels, level: names[0], transports: [new Stream(noted(lines))] }),
      lines,
    );
    const name = `levels${at}`;
    const undo = bridge(log, { name });
    const numbers = names.map((level) => {
      log.level = level; // Says the number as well.
      assertEquals(log.level, level);
      return getLogger(name).level;
    });
    for (const [turned, number] of numbers.entries()) {
      getLogger(name).setLevel(number);
      lines.length = 0;
      for (const one of names) (log as unknown as Record<string, (msg: string) => void>)[one]!("x");
      const rank = ranks.get(names[turned]!)!;
      const expected = names.filter((one) => ranks.get(one)! <= rank);
      assertEquals(lines, expected);
      assertEquals(names.filter((one) => log.isLevelEnabled(one)), expected);
      assertEquals(ranks.get(log.level), rank);
    }
    getLogger(name).setLevel(900);
    assertEquals([log.level, log.isLevelEnabled(names[0]!)], ["off", false]);
    log.level = "nonsense"; // With which winston writes nothing.
    assertEquals([log.isLevelEnabled(names[0]!), log.level], [false, "off"]);
    undo();
    assertEquals(log.level, "nonsense");
  }
  const { levels } = winston.config.syslog;
  const log = winston.createLogger({ levels, level: "notice" });
  const undo = bridge(log, { name: "numbers" });
  assertEquals(getLogger("numbers").level, 25);
  undo();
  assertEquals(getLogger("numbers").level, 0);
});

function noted(lines: string[]) {
  const log: Log = ({ level }, done) => {
    lines.push(level);
    done();
  };
  return { log, stream: new Writable() };
}

Deno.test("winston: transports and levels that come and go are followed, and left as they were", async () => {
  const first: string[] = [], second: string[] = [];
  const one = new Console(noting(first, "error")), two = new Console(noting(second));
  const log = await flowing(winston.createLogger({ transports: [one] }), first);
  const undo = bridge(log, { name: "coming" });
  log.add(two);
  turn("coming", 10);
  log.debug("on the second");
  assertEquals([first, second], [[], ["debug on the second"]]);
  log.remove(two);
  log.debug("on the first");
  assertEquals([first, second.length], [["debug on the first"], 1]);
  log.configure({ levels: winston.config.syslog.levels, level: "notice", transports: [two] });
  assertEquals([log.level, getLogger("coming").level], ["notice", 25]);
  await flowing(log, second);
  for (const level of ["info", "notice", "crit"]) log.log(level, "configured");
  assertEquals(second, ["notice configured", "crit configured"]);
  undo();
  assertEquals(log.level, "notice");
  const isOurs = (transport: object) =>
    Object.hasOwn(transport, "_write") || Object.hasOwn(transport, "_accept");
  assertEquals([one, two].filter(isOurs), []);
});

Deno.test("winston: a level from outside stays as transports come, also the one that the logger had", async () => {
  const lines: string[] = [];
  const log = winston.createLogger({ transports: [new Console(noting(lines))] });
  const undo = bridge(log, { name: "staying" });
  const text = '{"version": 1, "incremental": true, "loggers": {"staying": {"level": "INFO"}}}';
  const spec = readConfigText(text, () => undefined);
  prepareConfig(defaultManager, spec, defaultRegistry).commit();
  log.add(new Console(noting(lines, "debug")));
  await flowing(log, lines);
  log.debug("x");
  assertEquals([getLogger("staying").level, lines], [20, []]);
  undo();
});

Deno.test("winston: loggers that share a transport show what each is turned to", async () => {
  const lines: string[] = [];
  const transport = new Console(noting(lines));
  const make = () => flowing(winston.createLogger({ transports: [transport] }), lines);
  const a = await make(), b = await make(), plain = await make();
  const undo = [bridge(a, { name: "shared.a" }), bridge(b, { name: "shared.b" })];
  turn("shared.b", 10);
  for (const [name, log] of Object.entries({ a, b, plain })) log.debug(name);
  assertEquals(lines, ["debug b"]);
  for (const one of undo) one();
  for (const [name, log] of Object.entries({ a, b, plain })) log.info(name);
  assertEquals(lines.slice(1), ["info a", "info b", "info plain"]);
});

Deno.test("winston: all forms of a call are decided alike, and told to those who watch", async () => {
  const lines: string[] = [];
  const log = await flowing(
    winston.createLogger({ transports: [new Console(noting(lines))] }),
    lines,
  );
  const undo = bridge(log, { name: "forms" });
  const child = log.child({ requestId: "a1" });
  const failure = new Error("no route");
  const { debug } = log;
  const calls: (() => unknown)[] = [
    () => debug("detached"),
    () => log.debug("rows: %d", 3, { table: "users" }),
    () => log.log("debug", "text", { a: 1 }),
    () => log.log({ level: "debug", message: "object", b: 2 }),
    () => log.debug({ message: "info object", c: 3 }),
    () => child.debug("child", { d: 4 }),
    () => log.debug("failed:", failure),
    () => log.write({ level: "debug", message: "streamed" }),
  ];
  const seen: LogRecord[] = [];
  for (const call of calls) call();
  await new Promise<void>((done) =>
    void log.write({ level: "debug", message: "awaited" }, () => done())
  );
  assertEquals(lines, []);
  const take = (record: LogRecord) => {
    record.resolveCaller();
    seen.push(record);
  };
  defaultManager.tap = { levelFor: () => 10, take };
  for (const call of calls) call();
  defaultManager.tap = undefined;
  assertEquals(lines, []);
  assertEquals(
    seen.map((record) => [record.levelno, record.getMessage(), fieldsOf(record).own ?? {}]),
    [
      [10, "detached", {}],
      [10, "rows: 3", {}],
      [10, "text", { a: 1 }],
      [10, "object", { b: 2 }],
      [10, "info object", { c: 3 }],
      [10, "child", { requestId: "a1", d: 4 }],
      [10, "failed: no route", {}],
      [10, "streamed", {}],
    ],
  );
  assertEquals([seen[6]!.exc_info, seen[1]!.filename], [failure, "winston_test.ts"]);
  turn("forms", 10);
  for (const call of calls) call();
  assertEquals(lines.length, calls.length);
  undo();
});

Deno.test("winston: a budget counts what only it lets pass", async () => {
  const lines: string[] = [];
  const log = await flowing(
    winston.createLogger({ transports: [new Console(noting(lines))] }),
    lines,
  );
  const undo = bridge(log, { name: "budget" });
  let left = 2, settled = 0;
  const logger = getLogger("budget");
  logger.setLevel(10);
  const budget = { take: () => left-- > 0, settle: () => void settled++ };
  const opening = { lines: budget, beneath: 20, wasDisabled: false, openBeneath: Infinity };
  setOpening(logger, { from: 10, handlers: [], budget: opening });
  for (const text of ["1", "2", "3"]) {
    log.debug(text);
    log.info("free");
  }
  assertEquals(lines.filter((line) => line.startsWith("debug")), ["debug 1", "debug 2"]);
  assertEquals([lines.length, settled], [5, 2]);
  undo();
});

Deno.test("winston: what all transports hold back costs no line of a budget, and is not counted", async () => {
  const lines: string[] = [];
  const stream = noted(lines), transport = new Stream({ ...stream, level: "error" });
  const hide = winston.format((info) => info.hidden ? false : info);
  const format = winston.format.combine(hide(), winston.format.json());
  const log = await flowing(winston.createLogger({ format, transports: [transport] }), lines);
  const undo = bridge(log, { name: "budget.held" });
  let left = 2;
  const lineBudget = { take: () => left-- > 0, giveBack: () => void left++, settle: () => {} };
  const logger = getLogger("budget.held");
  logger.setLevel(10);
  const budget = { lines: lineBudget, beneath: 20, wasDisabled: false, openBeneath: Infinity };
  setOpening(logger, { from: 10, handlers: [], budget });
  for (const text of ["1", "2", "3"]) log.debug(text);
  log.info("plain, and held back as well");
  log.error("taken");
  assertEquals([left, lines.length], [2, 1]);
  assertEquals(writtenBy(logger)!.read(Date.now() / 1000).total, [0, 0, 0, 1, 0]);
  transport.level = "debug";
  log.debug("a format holds it back", { hidden: true });
  log.info("plain, and it holds that back", { hidden: true });
  for (const text of ["1", "2", "3"]) log.debug(text);
  assertEquals([left, lines.length], [-1, 3]);
  assertEquals(writtenBy(logger)!.read(Date.now() / 1000).total, [2, 0, 0, 1, 0]);
  setOpening(logger, undefined);
  undo();
});

Deno.test("winston: a budget counts what only a transport of a lower level would get without it", async () => {
  const lower: string[] = [], lines: string[] = [];
  const log = await flowing(
    winston.createLogger({
      transports: [new Console(noting(lower, "debug")), new Console(noting(lines))],
    }),
    lower,
    lines,
  );
  const undo = bridge(log, { name: "budget.lower" });
  let left = 2;
  const lineBudget = { take: () => left-- > 0, settle: () => {} };
  const logger = getLogger("budget.lower");
  logger.setLevel(5);
  logger.setLevel(10);
  const budget = { lines: lineBudget, beneath: 10, wasDisabled: false, openBeneath: Infinity };
  setOpening(logger, { from: 10, handlers: [], budget });
  for (const text of ["1", "2", "3"]) {
    log.debug(text);
    log.info("free");
  }
  const shown = (all: string[]) => all.filter((line) => line.startsWith("debug"));
  assertEquals(shown(lower), ["debug 1", "debug 2", "debug 3"]);
  assertEquals(shown(lines), ["debug 1", "debug 2"]);
  assertEquals([lower.length, lines.length], [6, 5]);
  setOpening(logger, undefined);
  undo();
});

Deno.test("winston: what was admitted comes out, also if the change ends while it waits in a buffer", async () => {
  const copying = winston.format((info) => ({ ...info }))();
  for (const flows of [true, false]) {
    for (const format of [winston.format.simple(), copying]) {
      for (const level of [undefined, "error"]) {
        const lines: string[] = [];
        const { resolve, promise: all } = Promise.withResolvers<void>();
        const log: Log = ({ level, message }, done) => {
          lines.push(`${level} ${message}`);
          if (message === "last") resolve();
          queueMicrotask(done);
        };
        const slow = winston.createLogger({ format, transports: [new Console({ log, level })] });
        if (flows) await flowing(slow, lines);
        const name = `waiting${flows}${format === copying}${level}`;
        const undo = bridge(slow, { name });
        turn(name, 10);
        const admitted = Array.from({ length: 60 }, (_, at) => `debug ${at}`);
        for (const at of admitted.keys()) slow.debug(`${at}`);
        slow.info("before it is turned higher");
        const logger = getLogger(name);
        logger.setLevel(40);
        setOpening(logger, undefined);
        slow.debug("too late");
        slow.info("too late");
        slow.error("last");
        await all;
        assertEquals(lines, [...admitted, "info before it is turned higher", "error last"], name);
        undo();
      }
    }
  }
});

Deno.test("winston: an object that is logged again is decided on anew", async () => {
  const lines: string[] = [];
  let done = () => {};
  const log: Log = ({ message }, callback) => {
    lines.push(`${message}`);
    done = callback;
  };
  const ready = noting(lines);
  const console = new Console({ ...ready, level: "warn" });
  const made = await flowing(
    winston.createLogger({ level: "debug", transports: [console] }),
    lines,
  );
  console.log = log;
  const undo = bridge(made, { name: "again" });
  turn("again", 5);
  turn("again", 10);
  const tick = { level: "debug", message: "tick" };
  made.warn("first"); // While the transport is at this, the next one waits.
  made.log(tick);
  const wait = () => new Promise<void>((resolve) => setTimeout(resolve));
  done();
  await wait();
  done();
  await wait();
  setOpening(getLogger("again"), undefined);
  made.log(tick);
  await wait();
  assertEquals(lines, ["first", "tick"]);
  undo();
});

Deno.test("winston: what a transport shows since it is opened counts too, and one is opened by name", async () => {
  const onConsole: string[] = [], onHttp: string[] = [];
  const log = await flowing(
    winston.createLogger({
      level: "debug",
      transports: [
        new Console(noting(onConsole, "warn")),
        new winston.transports.Http({ ...noting(onHttp, "error"), port: 1 }),
      ],
    }),
    onConsole,
    onHttp,
  );
  const undo = bridge(log, { name: "opened" });
  let left = 2;
  const open = (open: true | string[], lines?: LineBudget) => {
    const loggers = { opened: { level: "DEBUG" } };
    const text = JSON.stringify({ version: 1, incremental: true, loggers, logdial: { open } });
    const spec = readConfigText(text, () => undefined);
    prepareConfig(defaultManager, spec, defaultRegistry).commit(() => {}, lines);
  };
  open(true, { take: () => left-- > 0, settle: () => {} });
  for (const text of ["1", "2", "3"]) log.debug(text);
  log.warn("free");
  assertEquals([onConsole, onHttp], [["debug 1", "debug 2", "warn free"], []]);
  open(["http"]);
  log.debug("on both");
  assertEquals([onConsole.at(-1), onHttp], ["debug on both", ["debug on both"]]);
  undo();
});

Deno.test("winston: its own logger is bridged by the module, and no exception or rejection is kept back", async () => {
  const lines: string[] = [];
  winston.add(new Console({ ...noting(lines), handleExceptions: true }));
  const log = Object.getPrototypeOf(winston.child({})) as winston.Logger;
  await flowing(log, lines);
  const undo = bridge(winston, { name: "module" });
  winston.debug("no");
  turn("module", 10);
  winston.debug("yes");
  getLogger("module").setLevel(900);
  winston.error("off");
  log.log({ level: "error", message: "uncaught", exception: true });
  log.log({ level: "error", message: "unhandled", rejection: true });
  assertEquals(lines, ["debug yes", "error uncaught", "error unhandled"]);
  undo();
  winston.clear();
  log.exceptions.unhandle();
  assertThrows(
    () => bridge({ level: "info" } as winston.Logger),
    ConfigError,
    "this is no logger of winston 3",
  );
});
