import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { pino as pino9 } from "npm:pino@9.14.0";
import {
  type DestinationStream,
  type LoggerOptions,
  multistream,
  pino as pino10,
} from "npm:pino@10.4.0";
import { bridge } from "../../src/bridge/pino.ts";
import { prepareConfig } from "../../src/config/apply/configurator.ts";
import { captureLogger, restoreLogger } from "../../src/config/apply/logger_state.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { readConfigText } from "../../src/config/text/config_text.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import { dialFor } from "../../src/bridge/dial_for.ts";
import { defaultManager } from "../../src/core/loggers/manager.ts";
import { getLogger } from "../../src/core/loggers/module_functions.ts";
import { readCounts } from "../../src/core/loggers/record_counts.ts";
import { setOpening, setScopes } from "../../src/core/loggers/logger_node.ts";
import { fieldsOf, type LogRecord } from "../../src/core/records/log_record.ts";
import { captureStderr } from "../handlers/captured_stderr.ts";

let count = 0;

for (const [title, pino] of [["10", pino10], ["9", pino9 as unknown as typeof pino10]] as const) {
  const test = (what: string, fn: () => void) => Deno.test(`pino ${title}: ${what}`, fn);

  /** A bridged logger, with what it writes. */
  const make = <Own extends string = never>(options: LoggerOptions<Own> = {}) => {
    const lines: Record<string, unknown>[] = [];
    const stream: DestinationStream = { write: (line) => void lines.push(JSON.parse(line)) };
    const log = pino<Own>({ base: null, timestamp: false, ...options }, stream);
    const name = `pino_test${++count}`;
    return { lines, log, name, undo: bridge(log, { name }), tree: getLogger(name) };
  };

  test("what a program has kept of a logger goes on when the bridge is undone", () => {
    const { log, lines, undo } = make();
    const one = log.child({ one: 1 });
    const isEnabled = one.isLevelEnabled.bind(one), child = one.child.bind(one);
    undo();
    assertEquals([isEnabled("info"), isEnabled("debug")], [true, false]);
    child({ two: 2 }, { level: "debug" }).debug("shown");
    assertEquals(lines, [{ level: 20, one: 1, two: 2, msg: "shown" }]);
  });

  test("what a hook or the levels of streams hold back costs no line of a budget, and is not counted", () => {
    const lines: string[] = [];
    const to = (name: string) => ({
      write: (line: string) => lines.push(name + JSON.parse(line).msg),
    });
    const many = { streams: [{ level: "info" as const, stream: to("info ") }], stream: to("all ") };
    for (const isHeldByStream of [false, true]) {
      lines.length = 0;
      const hooks: LoggerOptions["hooks"] = {
        logMethod(args, method) {
          if (String(args[0]) !== "dropped") method.apply(this, args);
        },
      };
      const log = isHeldByStream
        ? pino({ hooks }, multistream(many.streams))
        : pino({ hooks }, many.stream);
      const name = `pino_test${++count}`, tree = getLogger(name), undo = bridge(log, { name });
      let left = 2;
      const lineBudget = {
        take: () => left > 0 && left-- > 0,
        giveBack: () => void left++,
        settle: () => {},
      };
      tree.setLevel(10);
      const budget = { lines: lineBudget, beneath: 20, wasDisabled: false, openBeneath: Infinity };
      setOpening(tree, { from: Infinity, handlers: [], budget });
      for (const text of ["dropped", "1", "dropped", "2", "dropped", "3"]) log.debug(text);
      log.child({ a: 1 }).debug("dropped");
      log.info("4");
      assertEquals(
        [lines, left],
        isHeldByStream ? [["info 4"], 2] : [["all 1", "all 2", "all 4"], 0],
      );
      setOpening(tree, undefined);
      lines.length = 0;
      const counted = () => {
        const { total } = readCounts(defaultManager.counts, Date.now());
        return total.slice(0, 2);
      };
      const [debug, info] = counted();
      for (const text of ["dropped", "5", "dropped"]) log.debug(text);
      log.child({ a: 1 }).info("6");
      assertEquals(lines, isHeldByStream ? ["info 6"] : ["all 5", "all 6"]);
      assertEquals(counted(), [debug! + (isHeldByStream ? 0 : 1), info! + 1]);
      undo();
    }
  });

  test("levels of a program's own lie between those of pino's, or among themselves", () => {
    const { log, tree, lines, undo } = make({ customLevels: { loud: 70, audit: 35, faint: 15 } });
    tree.setLevel(25);
    log.info("no");
    log.audit("yes");
    assertEquals([log.level, lines.length], ["audit", 1]);
    tree.setLevel(60);
    log.fatal("no");
    log.loud("yes");
    assertEquals([log.level, lines.length], ["loud", 2]);
    tree.setLevel(8);
    log.trace("no");
    log.faint("yes");
    assertEquals([log.level, log.isLevelEnabled("trace"), lines.length], ["faint", false, 3]);
    undo();
    const own = make({
      customLevels: { low: 1, high: 2 },
      useOnlyCustomLevels: true,
      level: "high",
    });
    own.log.low("no");
    own.tree.setLevel(1);
    own.log.low("yes");
    assertEquals([own.log.level, own.lines.length], ["low", 1]);
    own.undo();
    const values = { panic: 1, error: 2, info: 3, debug: 4 };
    const other = make({
      customLevels: values,
      useOnlyCustomLevels: true,
      level: "info",
      levelComparison: "DESC",
    });
    other.log.debug("no");
    assertEquals(other.tree.level, 20);
    other.tree.setLevel("DEBUG");
    other.log.debug("yes");
    other.tree.setLevel("ERROR");
    other.log.info("no");
    other.log.panic("yes");
    assertEquals([other.log.level, other.lines.length], ["error", 2]);
    other.undo();
  });

  test("levels of a program's own never become one, nor silent, however close they lie", () => {
    const cases: readonly (readonly [Record<string, number>, string])[] = [
      [{ a1: 11, b1: 12 }, "b1"],
      [{ a1: 30.2, b1: 30.4, c1: 39.99 }, "b1"],
      [{ a1: 1, b1: 1.5, c1: -3 }, "a1"],
      [{ a1: 2000, b1: 3000, c1: 999 }, "a1"],
      [{ a1: 2000 }, "silent"],
      [Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`l${at}`, 20.1 + at / 10])), "l7"],
      [Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`l${at}`, 11 + at])), "l4"],
    ];
    for (const [customLevels, level] of cases) {
      const written = (log: unknown, lines: readonly unknown[]) => {
        const all = log as Record<string, (text: string) => void> & { levels: { values: object } };
        const names = Object.keys(all.levels.values).filter((name) => {
          const from = lines.length;
          all[name]!("x");
          return lines.length > from;
        });
        return names.sort().join();
      };
      const plain: string[] = [];
      const before = pino({ level, customLevels }, { write: (line) => void plain.push(line) });
      const { log, lines, undo } = make({ level, customLevels });
      assertEquals([log.level, written(log, lines)], [level, written(before, plain)]);
      undo();
    }
  });

  test("silence, unknown levels and the event are as before", () => {
    const { log, tree, lines, undo } = make({ level: "silent" });
    log.fatal("no");
    assertEquals([log.level, log.levelVal], ["silent", Infinity]);
    tree.setLevel("ERROR");
    log.error("yes");
    const heard: unknown[] = [];
    log.on("level-change", (...said) => void heard.push(said.slice(0, 4)));
    log.level = "debug";
    assertEquals(heard, [["debug", 20, "error", 50]]);
    assertThrows(() => log.level = "nonsense", Error, "unknown level");
    assertEquals([log.level, tree.level, lines.length], ["debug", 10, 1]);
    log.silent("no");
    undo();
    assertEquals(log.level, "debug");
  });

  test("children may name a part, have levels, and change them", () => {
    const { log, tree, name, lines, undo } = make();
    const db = log.child({ module: "db" }), deep = db.child({ requestId: 1 });
    getLogger(`${name}.db`).setLevel("DEBUG");
    log.debug("no");
    deep.debug("yes");
    assertEquals([lines.length, deep.level, log.level], [1, "debug", "info"]);
    const plain = log.child({ a: 1 });
    plain.level = "debug";
    plain.debug("yes");
    assertEquals([plain.level, log.level, lines.length], ["debug", "info", 2]);
    assertEquals(getLogger(`${name}.debug`).level, 10);
    tree.setLevel("ERROR");
    log.child({}).info("no");
    const loud = log.child({}, { customLevels: { shout: 55 } });
    loud.shout("yes");
    loud.info("no");
    assertEquals(lines.length, 3);
    undo();
    log.info("yes");
    plain.debug("yes");
    db.debug("no");
    assertEquals([lines.length, plain.level, db.level], [5, "debug", "info"]);
  });

  test("children of one name, or of none, keep levels of their own until their logger is turned", () => {
    const { log, name, lines, undo } = make();
    const shown = (...all: { readonly level: string; debug(text: string): void }[]) => {
      lines.length = 0;
      for (const one of all) one.debug("x");
      return all.map(({ level }, at) => `${level} ${lines.length > at}`);
    };
    const first = log.child({ module: "db", r: 1 }, { level: "info" });
    assertEquals(getLogger(`${name}.db`).level, 20);
    const second = log.child({ module: "db", r: 2 }, { level: "debug" });
    const third = log.child({ module: "db" }), deep = second.child({ module: "pool" });
    const told = ["debug true", "debug true", "info false", "info false"];
    assertEquals(shown(second, deep, first, third), told);
    getLogger(`${name}.db`).setLevel("DEBUG");
    assertEquals(shown(first, second, third, deep).join(), Array(4).fill("debug true").join());
    getLogger(`${name}.db`).setLevel("NOTSET");
    assertEquals(shown(second, deep, first, third), told);
    const quiet = log.child({ module: "c" }, { level: "error" }),
      usual = log.child({ module: "c" });
    usual.info("yes");
    assertEquals([lines.at(-1)?.msg, quiet.level], ["yes", "error"]);
    const one = log.child({ r: 1 }, { level: "error" });
    const other = log.child({ r: 2 }, { level: "error" });
    one.level = "debug";
    assertEquals(shown(one, other), ["debug true", "error false"]);
    one.level = "warn";
    other.level = "debug";
    assertEquals(shown(other, one), ["debug true", "warn false"]);
    // A single child's word is its logger's, and counts as `setLevel` does.
    const own = log.child({ module: "own" });
    getLogger(`${name}.own`).setLevel("ERROR");
    own.level = "debug";
    assertEquals([getLogger(`${name}.own`).level, own.level], [10, "debug"]);
    undo();
    assertEquals(shown(second, other, own, first, third, one), [
      "debug true",
      "debug true",
      "debug true",
      "info false",
      "info false",
      "warn false",
    ]);
    const left = ["", ".db", ".debug", ".own"].map((part) => getLogger(name + part).level);
    assertEquals(left, [0, 0, 0, 0]);
  });

  test("a part does not get the level of another one whose name its own begins with", () => {
    const { log, name, undo } = make();
    log.child({ module: "a" }, { level: "warn" });
    const dotted = log.child({ module: "a.b" });
    const plain = log.child({ r: 1 }, { level: "trace" }).child({ module: "a" });
    plain.child({ module: "a" }, { level: "warn" });
    const deep = plain.child({ module: "a.b" });
    assertEquals([dotted.level, deep.level], ["info", "trace"]);
    // Turned from outside, it does.
    getLogger(`${name}.a`).setLevel("DEBUG");
    getLogger(`${name}.trace.a.a`).setLevel("ERROR");
    assertEquals([dotted.level, deep.level, log.level], ["debug", "error", "info"]);
    for (const part of ["a", "trace.a.a"]) getLogger(`${name}.${part}`).setLevel("NOTSET");
    undo();
  });

  test("two loggers of one name, and their parts, keep their own levels", () => {
    const quiet = make();
    const lines: string[] = [];
    const loud = pino({ level: "debug" }, { write: (line) => void lines.push(line) });
    const undo = bridge(loud, { name: quiet.name });
    const parts = [loud.child({ module: "db" }), quiet.log.child({ module: "db" })];
    for (const log of [loud, quiet.log, ...parts]) log.debug("x");
    assertEquals([lines.length, quiet.lines.length], [2, 0]);
    quiet.tree.setLevel("DEBUG");
    for (const log of [loud, quiet.log, ...parts]) log.debug("x");
    assertEquals([lines.length, quiet.lines.length], [4, 2]);
    quiet.tree.setLevel("NOTSET");
    quiet.undo();
    assertEquals([loud.level, quiet.log.level, quiet.tree.level], ["debug", "info", 10]);
    undo();
    assertEquals(quiet.tree.level, 0);
  });

  test("a level from outside counts for all children of a part, also where it had that level", () => {
    const { log, name, lines, undo } = make();
    const children = (["info", "error"] as const).map((level) =>
      log.child({ module: "db" }, { level })
    );
    const shown = () => {
      lines.length = 0;
      for (const one of children) one.info("x");
      return lines.length;
    };
    const part = getLogger(`${name}.db`), before = captureLogger(part);
    assertEquals([part.level, shown()], [0, 1], "they disagree");
    const loggers = { [part.name]: { level: "NOTSET" } };
    const text = JSON.stringify({ version: 1, incremental: true, loggers });
    const spec = readConfigText(text, () => undefined);
    prepareConfig(defaultManager, spec, standardRegistry()).commit();
    assertEquals([part.level, shown()], [0, 2], "they follow the logger above");
    restoreLogger(part, before);
    assertEquals(shown(), 1);
    undo();
  });

  test("a child whose name is another library's follows the logger above, and is told once", async () => {
    const { log, name, tree, lines, undo } = make();
    const others = ["db", "error"].map((part) => dialFor(`${name}.${part}`, "other"));
    let db = log, quiet = log;
    const said = await captureStderr(() => {
      db = log.child({ module: "db" });
      log.child({ module: "db" }).child({ module: "pool" }).info("yes");
      quiet = log.child({ r: 1 });
      quiet.level = "error";
    });
    assertEquals(said.match(/cannot turn "[^"]+" for pino: other is bridged/g), [
      `cannot turn "${name}.db" for pino: other is bridged`,
      `cannot turn "${name}.error" for pino: other is bridged`,
    ]);
    tree.setLevel("DEBUG");
    for (const one of [db, quiet]) one.debug("x");
    assertEquals([db.level, quiet.level, lines.length], ["debug", "error", 2]);
    undo();
    assertEquals([db.level, quiet.level], ["info", "error"]);
    for (const other of others) other.close();
  });

  test("beyond the thousandth name children keep their own levels, and turn nobody else", async () => {
    const { log, tree, lines, undo } = make();
    const said = await captureStderr(() => {
      for (let at = 0; at < 1000; at++) log.child({ name: `n${at}` });
      const late = log.child({ name: "late" }),
        quiet = log.child({ name: "q" }, { level: "error" });
      late.info("yes");
      quiet.info("no");
      late.level = "debug";
      late.debug("yes");
      log.debug("no");
      assertEquals([late.level, quiet.level, log.level, tree.level], [
        "debug",
        "error",
        "info",
        20,
      ]);
      const usual = log.child({ name: "usual" });
      tree.setLevel("ERROR");
      usual.info("no");
      late.debug("yes");
    });
    assertEquals(said.match(/makes at most 1000 loggers/g)?.length, 1);
    undo();
    assertEquals(lines.map(({ msg }) => msg), ["yes", "yes", "yes"]);
  });

  test("of very many children with levels of their own, none looks at all the others", () => {
    const { log, undo } = make();
    const Before = globalThis.WeakRef;
    let looks = 0;
    globalThis.WeakRef = class<T extends WeakKey> extends Before<T> {
      override deref() {
        looks++;
        return super.deref();
      }
    };
    const count = 10_000;
    try {
      for (let at = 0; at < count; at++) log.child({ at }, { level: "warn" });
    } finally {
      globalThis.WeakRef = Before;
    }
    assert(looks <= 2 * count, `${looks} for ${count} children`);
    undo();
  });

  test("undone in the midst of an override, it has the level that the program gave it last", () => {
    const { log, tree, lines, undo } = make({ level: "info" });
    const audit = log.child({}, { customLevels: { audit: 45 } });
    const { debug, error } = log;
    log.level = "warn";
    tree.setLevel("DEBUG");
    log.debug("yes");
    undo();
    assertEquals([log.level, audit.level, log.isLevelEnabled("info")], ["warn", "warn", false]);
    log.info("no");
    audit.audit("yes");
    // Such as by `const { debug } = log`, or beneath what somebody has put in its place.
    debug.call(log, "no");
    error.call(log, "yes");
    undo();
    assertEquals(lines.map(({ msg }) => msg), ["yes", "yes", "yes"]);
  });

  test("names of parts may be anything, and follow the logger all the same", () => {
    const { log, tree, lines, undo } = make({ level: "info" });
    const names = [".", "..db", "a..b", "a b:c=1", "__proto__"];
    for (const name of names) log.child({ name }).info("yes");
    tree.setLevel("ERROR");
    for (const name of names) log.child({ name }).info("no");
    undo();
    assertEquals(lines.map(({ name }) => name), names);
  });

  test("a scope that cannot read a dropped call lets it go by", () => {
    const { log, tree, lines, undo } = make({ level: "info" });
    const test = { where: [["user", "7"]] as const };
    setScopes(tree, [{ level: 10, test, opening: undefined, lines: undefined }]);
    log.debug({
      get err() {
        throw new Error("cannot be read");
      },
    }, "no");
    undo();
    assertEquals(lines, []);
  });

  test("a scope knows what `setBindings` has bound", () => {
    const { log, tree, lines, undo } = make();
    const test = { where: [["user", "7"]] as const };
    setScopes(tree, [{ level: 10, test, opening: undefined, lines: undefined }]);
    const child = log.child({ user: 1 });
    child.debug("no");
    child.setBindings({ user: 7 });
    child.child({ more: true }).debug("yes");
    assertEquals([lines.length, child.isLevelEnabled("debug")], [1, true]);
    setScopes(tree, []);
    undo();
  });

  test("what `onChild` sets is the child's own level", () => {
    const { log, name, lines, undo } = make({ onChild: (child) => void (child.level = "debug") });
    log.child({ module: "db" }).debug("yes");
    log.debug("no");
    assertEquals([lines.length, getLogger(`${name}.db`).level], [1, 10]);
    undo();
  });

  test("`onChild` gets a child with its own level and the part that it names", () => {
    const seen: string[] = [];
    const { log, name, lines, undo } = make({
      onChild(child) {
        seen.push(child.level);
        child.debug("debug");
        child.error("error");
      },
    });
    log.child({}, { level: "debug" });
    log.child({}, { level: "silent" });
    assertEquals(seen, ["debug", "silent"]);
    assertEquals(lines.map(({ msg }) => msg), ["debug", "error"]);
    getLogger(`${name}.db`).setLevel("DEBUG");
    log.child({ module: "db" });
    assertEquals([seen[2], lines.length], ["debug", 4]);
    undo();
  });

  test("who watches sees what pino would have written, without what it takes out", () => {
    const { log, name, lines, undo } = make({
      redact: ["password"],
      serializers: { user: ({ id }: { id: number }) => id },
      msgPrefix: "[shop] ",
      mixin: () => ({ mixed: true }),
    });
    const seen: LogRecord[] = [];
    defaultManager.tap = {
      levelFor: (of) => of.startsWith(name) ? 10 : Infinity,
      take: (record) => {
        record.resolveCaller();
        seen.push(record);
      },
    };
    const child = log.child({ password: "a", requestId: "r" });
    child.debug({ password: "b", user: { id: 7, name: "kim" } }, "%d rows", 3);
    const error = new TypeError("broken");
    child.error(error);
    child.error({ err: error }, "failed");
    defaultManager.tap = undefined;
    assertEquals(lines.length, 2);
    const [first, second, third] = seen;
    assertEquals(first!.getMessage(), "[shop] 3 rows");
    assertEquals(fieldsOf(first!).own, {
      mixed: true,
      password: "[Redacted]",
      requestId: "r",
      user: 7,
    });
    assertEquals(first!.filename, "pino_test.ts");
    assertEquals([second!.exc_info, third!.exc_info], [error, error]);
    assertEquals([second!.getMessage(), third!.levelname], ["broken", "ERROR"]);
    undo();
  });

  test("who watches sees of an error what pino would have written of it", () => {
    const given: [LoggerOptions, shown: object][] = [
      [{ redact: ["err.token", "err.*.token"] }, {
        token: "[Redacted]",
        at: { token: "[Redacted]" },
      }],
      [{ redact: { paths: ["err"], remove: true } }, {}],
      [{ serializers: { err: ({ message }) => ({ said: message }) } }, { err: { said: "broken" } }],
      [{ hooks: { streamWrite: (line) => line.replaceAll("s3cret", "***") } }, {
        token: "***",
        at: { token: "***" },
      }],
    ];
    for (const [options, shown] of given) {
      const { log, name, lines, undo } = make({ ...options, level: "error" });
      const seen: LogRecord[] = [];
      defaultManager.tap = {
        levelFor: (of) => of.startsWith(name) ? 10 : Infinity,
        take: (record) => void seen.push(record),
      };
      const cause = Object.assign(new Error("deep"), { token: "s3cret" });
      const error = Object.assign(new TypeError("broken", { cause }), {
        token: "s3cret",
        at: { token: "s3cret" },
      });
      log.error(error);
      log.warn({ err: error }, "failed");
      defaultManager.tap = undefined;
      undo();
      assertEquals([lines.length, seen.length], [1, 2]);
      for (const record of seen) {
        const json = new JsonFormatter().format(record);
        assert(!json.includes("s3cret"), json);
        const { level: _, time: _t, logger: _l, message: _m, error, ...fields } = JSON.parse(json);
        const { type, message, stack, ...ofError } = error ?? {};
        assertEquals({ ...fields, ...ofError }, shown);
        if (error === undefined) continue;
        assertEquals([type, message], ["TypeError", "broken: deep"]);
        assertMatch(stack, /^TypeError: broken\n[^]*caused by: .*deep/);
      }
    }
  });

  test("a scope knows the message that the object or the error brings", () => {
    const { log, tree, lines, undo } = make();
    const test = { where: [], match: "boom*" };
    setScopes(tree, [{ level: 10, test, opening: undefined, lines: undefined }]);
    log.debug("boom");
    log.debug({ msg: "boom" });
    log.debug(new Error("boom"));
    log.debug({ err: new Error("boom") });
    log.debug({ a: 1 }, "boom");
    log.debug(null, "boom");
    log.debug({ msg: "other", err: new Error("boom") });
    log.debug({ err: new Error("boom") }, "other");
    setScopes(tree, []);
    undo();
    assertEquals(lines.map(({ msg }) => msg), Array(6).fill("boom"));
  });

  test("who watches sees the program's own fields, whatever pino calls its own", () => {
    const { log, name, undo } = make({ base: { pid: 1, hostname: "h" }, timestamp: true });
    const seen: unknown[] = [];
    defaultManager.tap = {
      levelFor: (of) => of === name ? 10 : Infinity,
      take: (record) => void seen.push(fieldsOf(record).own),
    };
    log.debug("none");
    log.debug({ time: "noon", pid: 7, hostname: "own", level: "x", a: 1 }, "all");
    log.child({ pid: 8, level: "y" }).info({ time: undefined }, "bound");
    defaultManager.tap = undefined;
    undo();
    assertEquals(seen, [
      undefined,
      { time: "noon", pid: 7, hostname: "own", level: "x", a: 1 },
      { pid: 8 },
    ]);
  });

  test("who watches sees a call whose line makes the stream log as well", () => {
    const written: string[] = [];
    const note = (text: string) => written.push(JSON.parse(text).msg);
    const log = pino({ level: "info" }, {
      write(text) {
        if (note(text) > 1) return;
        log.info("same level");
        log.error("another level");
        log.child({ a: 1 }).info("of a child");
      },
    });
    const name = `pino_test${++count}`, undo = bridge(log, { name });
    const seen: string[] = [];
    const watch = (of: string) => of === name ? 20 : Infinity;
    defaultManager.tap = {
      levelFor: watch,
      take: (record) => void seen.push(record.getMessage()),
    };
    log.info("first");
    defaultManager.tap = undefined;
    undo();
    assertEquals(written, ["first", "same level", "another level", "of a child"]);
    assertEquals(seen.sort(), [...written].sort());
  });

  test("a line that a mixin keeps from being written is settled at once", () => {
    const { log, tree, undo } = make({
      mixin() {
        throw new Error("mixed");
      },
    });
    let settled = 0;
    const lines = { take: () => true, settle: () => void settled++ };
    tree.setLevel("DEBUG");
    const budget = { lines, beneath: 20, wasDisabled: false, openBeneath: Infinity };
    setOpening(tree, { from: Infinity, handlers: [], budget });
    assertThrows(() => log.debug("x"), Error, "mixed");
    assertEquals(settled, 1);
    undo();
  });

  test("what the program's functions throw ends no call that only a watcher wants", () => {
    const { log, name, lines, undo } = make({
      mixin() {
        throw new Error("mixed");
      },
    });
    defaultManager.tap = { levelFor: (of) => of === name ? 10 : Infinity, take: () => {} };
    log.debug("dropped");
    assertThrows(() => log.info("x"), Error, "mixed");
    defaultManager.tap = undefined;
    undo();
    assertEquals(lines, []);
  });

  test("a hook decides whether there is a line, also where only a watcher wants it", () => {
    const { log, name, lines, undo } = make({
      hooks: {
        logMethod(args, method) {
          if (args[0] !== "kept back") method.apply(this, args);
        },
      },
    });
    const seen: string[] = [];
    defaultManager.tap = {
      levelFor: (of) => of === name ? 10 : Infinity,
      take: (record) => void seen.push(record.getMessage()),
    };
    for (const text of ["kept back", "told"]) log.debug(text);
    defaultManager.tap = undefined;
    assertEquals([seen, lines], [["told"], []]);
    undo();
  });

  test("methods do not need their logger as long as they are off, and one name is one library's", () => {
    const { log, name, undo } = make();
    const { debug } = log;
    debug("no");
    const bound = log.debug.bind(log);
    getLogger(name).setLevel("DEBUG");
    bound("yes");
    assertThrows(() => bridge(log.child({}), { name: "other" }), ConfigError, "already");
    assertThrows(() => bridge(pino(), { name: "root" }), ConfigError, "root");
    undo();
    undo();
  });
}
