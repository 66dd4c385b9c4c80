import { assertEquals, assertThrows } from "@std/assert";
import { pino as pino9 } from "npm:pino@9.14.0";
import { type DestinationStream, type LoggerOptions, pino as pino10 } from "npm:pino@10.4.0";
import { bridge } from "../../src/bridge/pino.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { defaultManager } from "../../src/core/loggers/manager.ts";
import { getLogger } from "../../src/core/loggers/module_functions.ts";
import { setScopes } from "../../src/core/loggers/logger_node.ts";
import { fieldsOf, type LogRecord } from "../../src/core/records/log_record.ts";

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
