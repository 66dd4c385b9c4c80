/**
 * What holds for every bridge, in one thread; `live_test.ts` has the rest. Another library takes
 * part by an adapter, and rows that it cannot have are left out by what the adapter leaves out.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { bridge as consoleBridge } from "../../src/bridge/console.ts";
import { bridge as debugBridge } from "../../src/bridge/debug.ts";
import { bridge as log4jsBridge } from "../../src/bridge/log4js.ts";
import { honoLogger, honoPrint } from "../../src/bridge/hono.ts";
import { bridge as logtapeBridge, logtapeSink } from "../../src/bridge/logtape.ts";
import { asPino, bridge as pinoBridge, pinoStream } from "../../src/bridge/pino.ts";
import { bridge as winstonBridge } from "../../src/bridge/winston.ts";
import { captureLogger, restoreLogger } from "../../src/config/apply/logger_state.ts";
import { getLogger } from "../../src/core/loggers/module_functions.ts";
import { defaultManager } from "../../src/core/loggers/manager.ts";
import { setScopes } from "../../src/core/loggers/logger_node.ts";
import { fieldsOf, type LogRecord } from "../../src/core/records/log_record.ts";
import { captureStderr } from "../handlers/captured_stderr.ts";
import type { Adapter, CommonLevel, Instance, Made } from "./adapter.ts";
import { ADAPTERS } from "./adapters.ts";

const LEVELS: readonly CommonLevel[] = ["DEBUG", "INFO", "ERROR"];
let count = 0;

/** A logger under a name of its own, for a test. */
function bridged(adapter: Adapter): {
  readonly made: Made;
  readonly name: string;
  readonly undo: () => void;
  turn(level: string): void;
} {
  const made = adapter.make();
  const given = `test${++count}`;
  const undo = made.bridge(given);
  const name = adapter.loggerName?.(given) ?? given;
  return { made, name, undo, turn: (level) => getLogger(name).setLevel(level) };
}

/** What a logger writes of one call at each level. */
function shown(instance: Instance, { lines }: Pick<Made, "lines">): CommonLevel[] {
  const from = lines.length;
  for (const level of LEVELS) instance.log(level, `a line at ${level}`);
  const new_ = lines.slice(from);
  return LEVELS.filter((level) => new_.some((line) => line.includes(`a line at ${level}`)));
}

for (const load of Object.values(ADAPTERS)) {
  const { ADAPTER: adapter } = await load();
  const all = adapter.only ?? LEVELS;
  /** Those of the levels that the library has. */
  const of = (...levels: CommonLevel[]) => levels.filter((one) => all.includes(one));
  const ALL = of(...LEVELS), ERRORS = of("ERROR"), USUAL = of("INFO", "ERROR");
  const test = (what: string, fn: () => void | Promise<void>) =>
    Deno.test(`${adapter.title}: ${what}`, fn);

  test("begins as the library was, and is turned from the tree", () => {
    const { made, turn, undo, name } = bridged(adapter);
    const atFirst = shown(made, made);
    assertEquals(atFirst, adapter.isLoud ? ALL : USUAL);
    turn("DEBUG");
    assertEquals(shown(made, made), ALL);
    turn("ERROR");
    assertEquals(shown(made, made), ERRORS);
    getLogger(name).disabled = true;
    assertEquals(shown(made, made), []);
    getLogger(name).disabled = false;
    turn("DEBUG");
    undo();
    assertEquals(shown(made, made), atFirst);
  });

  test("bridged after it was turned, it is what it was once that ends", () => {
    if (adapter.levels === undefined) return;
    const made = adapter.make();
    const given = `test${++count}`, name = adapter.loggerName?.(given) ?? given;
    const logger = getLogger(name), before = captureLogger(logger);
    for (const _ of ["once", "and after an undo"]) {
      logger.setLevel("DEBUG");
      const undo = made.bridge(given);
      assertEquals(shown(made, made), ALL);
      restoreLogger(logger, before);
      assertEquals(logger.getEffectiveLevel(), 20);
      assertEquals(shown(made, made), USUAL);
      undo();
      restoreLogger(logger, before);
    }
  });

  test("tells the truth of its level, and takes the program's word for it", () => {
    const { made, turn, name, undo } = bridged(adapter);
    for (const level of adapter.levels === undefined ? [] : LEVELS) {
      turn(level);
      assertEquals(made.level, adapter.levels![level]);
    }
    for (const level of LEVELS) {
      turn(level);
      const enabled = shown(made, made);
      if (made.isEnabled) assertEquals(all.filter((one) => made.isEnabled!(one)), enabled);
    }
    if (made.setLevel) {
      made.setLevel("DEBUG");
      assertEquals([getLogger(name).level, made.level], [10, adapter.levels!.DEBUG]);
      assertEquals(shown(made, made), ALL);
    }
    undo();
  });

  test("children follow, and one with a level of its own is a logger of its own", () => {
    const { made, turn, name, undo } = bridged(adapter);
    if (made.child) {
      const child = made.child({ requestId: "a1" });
      const grandchild = child.child!({ user: 42 });
      assertEquals(shown(grandchild, made), USUAL);
      turn("DEBUG");
      assertEquals([shown(child, made), shown(grandchild, made)], [ALL, ALL]);
      assertEquals(grandchild.level, made.level);
      turn("INFO");
    }
    if (made.childAt && adapter.childLogger) {
      const own = made.childAt("ERROR");
      turn("DEBUG");
      assertEquals(shown(own, made), ERRORS);
      assertEquals(own.level, adapter.levels!.ERROR);
      const logger = getLogger(adapter.childLogger(name, "ERROR"));
      assertEquals(logger.level, 40);
      logger.setLevel("DEBUG");
      assertEquals([shown(own, made), own.isEnabled!("DEBUG")], [ALL, true]);
      turn("ERROR");
      assertEquals(shown(own, made), ALL);
      undo();
      assertEquals([shown(own, made), shown(made, made)], [ERRORS, USUAL]);
    } else undo();
  });

  test("a scope lets single calls pass, by bound fields and the call's own", () => {
    const { made, name, undo } = bridged(adapter);
    const test = { where: [["user", "42"]] as const };
    getLogger(name).setLevel("INFO");
    setScopes(getLogger(name), [{ level: 10, test, opening: undefined, lines: undefined }]);
    made.log("DEBUG", "nobody's");
    made.log("DEBUG", "the call's", { user: 42 });
    made.log("DEBUG", "another's", { user: 7 });
    const child = made.child?.({ user: 42 });
    child?.log("DEBUG", "the child's");
    if (child?.isEnabled) {
      assertEquals([made.isEnabled!("DEBUG"), child.isEnabled("DEBUG")], [false, true]);
    }
    setScopes(getLogger(name), []);
    const wanted = ["the call's", ...child ? ["the child's"] : []];
    assertEquals(made.lines.length, wanted.length);
    for (const [at, text] of wanted.entries()) assert(made.lines[at]!.includes(text));
    undo();
  });

  test("those who watch see what it drops, with fields and level, once each", () => {
    const { made, name, undo } = bridged(adapter);
    const seen: LogRecord[] = [];
    const watch = (level: number) => ({
      levelFor: (of: string) => of.startsWith(name) ? level : Infinity,
      take: (record: LogRecord) => void seen.push(record),
    });
    getLogger(name).setLevel("INFO");
    defaultManager.tap = watch(10);
    made.log("DEBUG", "only watched", { user: 42 });
    defaultManager.tap = undefined;
    made.log("DEBUG", "unseen");
    const [record] = seen;
    assertEquals(made.lines, []);
    assertEquals([seen.length, record!.levelname, record!.name], [1, "DEBUG", name]);
    assert(record!.getMessage().includes("only watched"));
    assertEquals(fieldsOf(record!).own?.user, 42);
    seen.length = 0;
    getLogger(name).setLevel("DEBUG");
    defaultManager.tap = watch(10);
    made.log("DEBUG", "watched and written");
    defaultManager.tap = undefined;
    assertEquals([seen.length, made.lines.length], [1, 1]);
    undo();
  });

  test("undone, all properties are as before", () => {
    const made = adapter.make();
    const before = made.touched.map((one) => Object.getOwnPropertyDescriptors(one));
    const undo = made.bridge(`test${++count}`);
    const during = made.touched.map((one) => Object.getOwnPropertyDescriptors(one));
    assert(!isSame(before, during), "nothing was changed");
    undo();
    const after = made.touched.map((one) => Object.getOwnPropertyDescriptors(one));
    assert(isSame(before, after), "a property is not as before");
    undo();
    made.bridge(`test${count}`)();
  });

  test("two copies do not know each other, and none is bridged twice", () => {
    const first = bridged(adapter), second = bridged(adapter);
    first.turn("DEBUG");
    second.turn("INFO");
    assertEquals(shown(first.made, first.made), ALL);
    assertEquals(shown(second.made, second.made), USUAL);
    assertThrows(() => first.made.bridge("again"), ConfigError, "already");
    first.undo();
    second.turn("DEBUG");
    assertEquals(shown(second.made, second.made), ALL);
    second.undo();
  });

  test("without what is inside, its public level is set, and it says so once", async () => {
    const made = adapter.make();
    if (made.breakInside === undefined) return;
    made.breakInside();
    const name = `test${++count}`;
    let undo = () => {};
    const said = await captureStderr(() => void (undo = made.bridge(name)));
    assertEquals(said.match(/cannot look into/g)?.length, 1);
    const logger = getLogger(adapter.loggerName?.(name) ?? name);
    logger.setLevel("DEBUG");
    await Promise.resolve();
    assertEquals([made.level, shown(made, made)], [adapter.levels!.DEBUG, ALL]);
    logger.setLevel("ERROR");
    await Promise.resolve();
    assertEquals(shown(made, made), ERRORS);
    undo();
    assertEquals(shown(made, made), USUAL);
    if (made.setLevel === undefined) return;
    await captureStderr(() => void (undo = made.bridge(`${name}again`)));
    made.setLevel("DEBUG");
    // What is turned elsewhere takes the program's own word back as little as an undo does.
    getLogger(`${name}elsewhere`).setLevel("ERROR");
    await Promise.resolve();
    assertEquals(shown(made, made), ALL);
    undo();
    assertEquals(shown(made, made), ALL);
  });
}

type Descriptors = Readonly<Record<PropertyKey, PropertyDescriptor>>;

/** Whether properties, their order and all of their descriptors are the same. */
function isSame(before: readonly Descriptors[], after: readonly Descriptors[]): boolean {
  return before.every((one, at) => {
    const other = after[at]!;
    const keys = Reflect.ownKeys(one);
    return keys.length === Reflect.ownKeys(other).length && keys.every((key) => {
      const [a, b] = [one[key]!, other[key]];
      return b !== undefined && a.value === b.value && a.get === b.get && a.set === b.set &&
        a.writable === b.writable && a.enumerable === b.enumerable &&
        a.configurable === b.configurable;
    });
  });
}

Deno.test("what is no logger of its library is refused by each bridge, and leaves no trace", () => {
  const bridges: Record<string, (given: never) => () => void> = {
    pino: pinoBridge,
    winston: winstonBridge,
    log4js: log4jsBridge,
    debug: debugBridge,
    console: (given) => consoleBridge({ console: given, name: "refused" }),
  };
  for (const [kind, bridge] of Object.entries(bridges)) {
    for (const given of [null, {}, 1, { getLogger: () => null, child: () => null }] as never[]) {
      assertThrows(() => bridge(given), ConfigError, `Cannot bridge ${kind} as "`);
    }
  }
  assertEquals([...defaultManager.loggers()].some(({ name }) => name === "refused"), false);
});

Deno.test("a misspelt option is refused by each bridge, and leaves no trace", () => {
  const options = { nmae: "app" } as never;
  const calls = [
    ...[pinoBridge, winstonBridge, log4jsBridge, debugBridge].map((bridge) => () =>
      bridge({} as never, options)
    ),
    ...[consoleBridge, logtapeBridge].map((bridge) => () => bridge(options)),
  ];
  for (const call of calls) {
    const says = 'Cannot use option "nmae" of bridge: it is unknown, ';
    assertThrows(call, TypeError, says);
  }
  assertThrows(() => pinoBridge({} as never, { name: null } as never), TypeError, "must be a text");
});

Deno.test("what takes lines back to our loggers refuses what is none of these", () => {
  for (const give of [asPino, honoLogger, honoPrint, logtapeSink, pinoStream]) {
    for (const given of [null, {}, "app"] as never[]) {
      assertThrows(() => give(given), TypeError, "it must be a logger of getLogger");
    }
  }
});

Deno.test("what somebody has put on top of a bridge's method goes on once that is undone", () => {
  const lines: unknown[] = [];
  const write = (...args: unknown[]) => void lines.push(args[0]);
  const quiet = { debug: write, log: write, info: write, warn: write, error: write, trace: write };
  const undo = consoleBridge({ console: quiet, name: "wrapped" });
  const { debug, log } = quiet;
  quiet.log = (...args) => log(...args);
  getLogger("wrapped").setLevel("ERROR");
  quiet.log("dropped");
  const unreadable = new Proxy({}, {
    getPrototypeOf() {
      throw new Error("cannot be read");
    },
  });
  getLogger("wrapped").addFilter(() => true);
  quiet.error("written", unreadable);
  undo();
  quiet.log("after");
  debug("kept");
  assertEquals(lines, ["written", "after", "kept"]);
});

Deno.test("an error of console's is told with its stack once, and its text is no format", () => {
  const write: (...args: unknown[]) => void = () => {}, seen: LogRecord[] = [];
  const quiet = { debug: write, log: write, info: write, warn: write, error: write, trace: write };
  const undo = consoleBridge({ console: quiet, name: "once" });
  const error = new Error("100%s");
  defaultManager.tap = {
    levelFor: (name) => name === "once" ? 10 : Infinity,
    take: (record) => void seen.push(record),
  };
  quiet.error("failed", error, 1);
  quiet.error(error, "x");
  defaultManager.tap = undefined;
  undo();
  assertEquals(seen.map((record) => [record.getMessage(), record.exc_info]), [
    ["failed Error: 100%s 1", error],
    ["Error: 100%s x", error],
  ]);
});
