import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { DEBUG, ERROR, INFO } from "../../src/core/levels/levels.ts";
import type { Dial } from "../../src/core/loggers/dial.ts";
import { dialFor, dialIfFree } from "../../src/bridge/dial_for.ts";
import { setOpening, setScopes, writtenBy } from "../../src/core/loggers/logger_node.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { fieldsOf } from "../../src/core/records/log_record.ts";
import { withContext } from "../../src/core/loggers/with_context.ts";
import { routeOf } from "../../src/core/loggers/route.ts";
import { RedactFilter } from "../../src/filters/redact_filter.ts";
import { watchedRecord } from "../../src/core/loggers/watched_record.ts";
import { captureLogger, restoreLogger } from "../../src/config/apply/logger_state.ts";
import type { Fields } from "../../src/core/records/shared_fields.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { newTree } from "../harness/logger_tree.ts";

/** A library of one method, bridged as the comment on `Dial` says. */
function library(
  dial: Dial,
): { lines: string[]; log(level: number, msg: string, f?: Fields): void } {
  const lines: string[] = [];
  return {
    lines,
    log: function log(level, msg, fields) {
      if (dial.isOff(level)) return;
      if (dial.admits(level, msg, fields)) lines.push(msg);
      if (dial.wants(level)) dial.passed(level, msg, fields, undefined, log);
      else dial.passed(level);
    },
  };
}

/** A budget of so many lines. */
function budget(count: number) {
  let left = count;
  return { take: () => left-- > 0, settle: () => {}, left: () => left };
}

Deno.test("a dial follows the level of its logger, and says it", () => {
  const { manager, root } = newTree("WARNING");
  const dial = dialFor("lib.http", "lib", {}, manager);
  const { lines, log } = library(dial);
  log(INFO, "dropped");
  dial.start(INFO);
  log(INFO, "shown");
  dial.start(DEBUG);
  assertEquals([dial.level, dial.isEnabled(DEBUG), dial.isEnabled(INFO)], [INFO, false, true]);
  manager.getLogger("lib.http").setLevel("DEBUG");
  log(DEBUG, "turned");
  assertEquals([dial.level, dial.isEnabled(DEBUG)], [DEBUG, true]);
  manager.disable = INFO;
  log(DEBUG, "disabled");
  assertEquals(dial.level, INFO + 1);
  manager.disable = 0;
  dial.logger.disabled = true;
  log(ERROR, "off");
  assertEquals([dial.level, dial.isOff(ERROR)], [Infinity, true]);
  dial.logger.disabled = false;
  dial.level = "NOTSET";
  assertEquals(dial.level, root.level);
  assertEquals(lines, ["shown", "turned"]);
});

Deno.test("bridged while an override is in force, a library goes on with its own level after it", () => {
  const { manager } = newTree("ERROR");
  const logger = manager.getLogger("lib");
  const before = captureLogger(logger);
  logger.setLevel("DEBUG");
  const dial = dialFor("lib", "lib", {}, manager);
  dial.start(INFO);
  assertEquals(dial.level, DEBUG);
  restoreLogger(logger, before);
  assertEquals(dial.level, INFO);
  // What the program says later counts instead.
  dial.level = "NOTSET";
  logger.setLevel("DEBUG");
  restoreLogger(logger, before);
  assertEquals(dial.level, ERROR);
});

Deno.test("two of one name keep their own levels until the logger is turned, and leave none behind", () => {
  const { manager } = newTree("ERROR");
  const logger = manager.getLogger("lib");
  const one = dialFor("lib", "lib", {}, manager), other = dialFor("lib", "lib", {}, manager);
  one.start(INFO);
  assertEquals(logger.level, INFO);
  other.start(DEBUG);
  assertEquals([one.level, other.level, logger.level], [INFO, DEBUG, 0]);
  const first = library(one), second = library(other.with({ user: 1 }));
  for (const { log } of [first, second]) log(DEBUG, "own");
  assertEquals([other.isEnabled(DEBUG), one.isEnabled(DEBUG)], [true, false]);
  logger.setLevel("ERROR");
  for (const { log } of [first, second]) log(INFO, "turned");
  assertEquals([one.level, other.level], [ERROR, ERROR]);
  logger.setLevel("NOTSET");
  one.level = ERROR;
  first.log(INFO, "no");
  assertEquals([first.lines, second.lines, one.level], [[], ["own"], ERROR]);
  one.close();
  assertEquals([other.level, logger.level], [DEBUG, DEBUG]);
  other.close();
  assertEquals(logger.level, 0);
  const next = dialFor("lib", "lib", {}, manager);
  next.start(INFO);
  assertEquals(next.level, INFO);
});

Deno.test("a budget above two of one name is not charged for what their own levels let pass", () => {
  const { manager, root } = newTree("ERROR");
  const dials = [INFO, DEBUG].map((level) => {
    const dial = dialFor("lib", "lib", {}, manager);
    dial.start(level);
    return dial;
  });
  root.setLevel("DEBUG");
  const lines = budget(1);
  const opening = { lines, beneath: ERROR, wasDisabled: false, openBeneath: Infinity };
  setOpening(root, { from: Infinity, handlers: [], budget: opening });
  const shown = dials.map((dial) => {
    const { log, lines } = library(dial);
    for (const text of ["1", "2"]) log(DEBUG, text);
    return lines;
  });
  assertEquals([shown, lines.left()], [[[], ["1", "2"]], 1]);
});

Deno.test("undone while an override is in force, a library leaves no level behind once it ends", () => {
  const { manager } = newTree("ERROR");
  const logger = manager.getLogger("lib");
  const bridged = () => {
    const dial = dialFor("lib", "lib", {}, manager);
    dial.start(INFO);
    return dial;
  };
  const first = bridged(), before = captureLogger(logger);
  logger.setLevel("DEBUG");
  first.close();
  restoreLogger(logger, before);
  assertEquals(logger.level, 0);
  const second = bridged(), again = captureLogger(logger);
  logger.setLevel("DEBUG");
  second.close();
  const third = bridged();
  assertEquals(third.level, DEBUG);
  restoreLogger(logger, again);
  assertEquals(third.level, INFO);
  third.close();
  assertEquals(logger.level, 0);
  // What the program sets once nobody is bridged is its own.
  logger.setLevel("INFO");
  const own = captureLogger(logger);
  logger.setLevel("DEBUG");
  restoreLogger(logger, own);
  assertEquals(logger.level, INFO);
});

Deno.test("a part whose name is another library's is none of its own, and keeps its level however it is turned", () => {
  const { manager } = newTree("ERROR");
  const dial = dialFor("lib", "lib", {}, manager), taken = dialFor("lib.db", "other", {}, manager);
  dial.start(INFO);
  assertEquals(dialIfFree("lib.db", "lib", {}, manager), undefined);
  const quiet = dial.fixed(ERROR), plain = dial.fixed(0);
  dial.logger.setLevel("DEBUG");
  assertEquals([quiet.level, plain.level, dial.level], [ERROR, DEBUG, DEBUG]);
  quiet.level = INFO;
  assertEquals([quiet.level, dial.level], [INFO, DEBUG]);
  taken.close();
  dialIfFree("lib.db", "lib", {}, manager)!.close();
});

Deno.test("scopes let single calls through a dial, by own, bound and context fields", () => {
  const { manager } = newTree();
  const dial = dialFor("lib", "lib", {}, manager);
  dial.start(INFO);
  const test = { where: [["user", "42"]] as const };
  setScopes(dial.logger, [{ level: DEBUG, test, opening: undefined, lines: undefined }]);
  const plain = library(dial), bound = library(dial.with({ user: 42 }));
  const other = library(dial.with({ user: 7 }));
  plain.log(DEBUG, "nobody's");
  plain.log(DEBUG, "own", { user: 42 });
  withContext({ user: 42 }, () => plain.log(DEBUG, "context"));
  bound.log(DEBUG, "bound");
  other.log(DEBUG, "another's");
  other.log(INFO, "enabled");
  assertEquals([plain.lines, bound.lines, other.lines], [["own", "context"], ["bound"], [
    "enabled",
  ]]);
});

Deno.test("a scope opens a library's places, also for calls that the level lets pass", () => {
  const { manager } = newTree();
  const place = new ListHandler(ERROR);
  place.opens = true;
  const dial = dialFor("lib", "lib", { outlets: () => [place] }, manager);
  dial.start(INFO);
  assertEquals(dial.isPlain(INFO), true);
  const test = { where: [["user", "42"]] as const }, opening = { from: DEBUG, handlers: [] };
  setScopes(dial.logger, [{ level: DEBUG, test, opening, lines: budget(1) }]);
  const opened = (level: number, user: number) => {
    if (dial.isOff(level) || dial.isPlain(level)) return [];
    if (!dial.admits(level, "x", { user })) return [];
    const places = dial.open(level);
    dial.passed(level);
    return places;
  };
  assertEquals(opened(INFO, 7), []);
  assertEquals(opened(INFO, 42), [place]);
  assertEquals(opened(INFO, 42), [], "no line is left");
});

Deno.test("a call through a dial takes a line of what its level may bring out", () => {
  const { manager } = newTree();
  const dial = dialFor("lib", "lib", {}, manager);
  dial.start(DEBUG);
  const lines = budget(2);
  const opening = { lines, beneath: INFO, wasDisabled: false, openBeneath: Infinity };
  setOpening(dial.logger, { from: Infinity, handlers: [], budget: opening });
  const { log, lines: shown } = library(dial);
  for (const text of ["1", "2", "3"]) log(DEBUG, text);
  log(INFO, "free");
  assertEquals(shown, ["1", "2", "free"]);
});

Deno.test("those who watch get records that the library does not write", () => {
  const { manager } = newTree();
  const dial = dialFor("lib", "lib", {}, manager);
  dial.start(INFO);
  const seen: LogRecord[] = [];
  manager.tap = {
    levelFor: () => DEBUG,
    take: (record) => {
      record.resolveCaller();
      seen.push(record);
    },
  };
  const { log, lines } = library(dial.with({ requestId: "a1" }));
  log(5, "trace");
  log(DEBUG, "100% sure", { user: 1 });
  assertEquals(lines, []);
  const [record] = seen;
  assertEquals(seen.length, 1);
  assertEquals([record!.name, record!.getMessage(), record!.levelname], [
    "lib",
    "100% sure",
    "DEBUG",
  ]);
  const { bound, own } = fieldsOf(record!);
  assertEquals([bound?.values, own], [{ requestId: "a1" }, { user: 1 }]);
  assertEquals(record!.filename, "dial_test.ts");
  manager.tap = undefined;
  log(DEBUG, "unseen");
  assertEquals(seen.length, 1);
});

Deno.test("calls that a library writes are counted, and no others", () => {
  const { manager } = newTree();
  const dial = dialFor("lib", "lib", {}, manager);
  dial.start(INFO);
  const { log } = library(dial);
  manager.tap = { levelFor: () => DEBUG, take() {} };
  log(DEBUG, "only watched");
  log(INFO, "written and watched");
  manager.tap = undefined;
  log(ERROR, "written");
  assertEquals([dial.isPlain(DEBUG), dial.isPlain(ERROR)], [false, true]);
  const { total } = writtenBy(dial.logger)!.read(Date.now() / 1000);
  assertEquals(total, [0, 1, 0, 2, 0]);
});

Deno.test("what a redaction takes out, those who watch do not see of a library's calls either", () => {
  const { manager, handler } = newTree();
  handler.addFilter(new RedactFilter({ paths: ["password"], patterns: [/hunter\d/] }));
  const dial = dialFor("lib", "lib", {}, manager);
  const seen: LogRecord[] = [];
  manager.tap = {
    levelFor: () => DEBUG,
    take: (record, logger) => void seen.push(watchedRecord(record, logger)),
  };
  library(dial).log(INFO, "with hunter2", { password: "a", user: "kim" });
  assertEquals([seen[0]!.getMessage(), fieldsOf(seen[0]!).own], ["with [redacted]", {
    password: "[redacted]",
    user: "kim",
  }]);
});

Deno.test("filters of the logger hold calls back, and one that throws costs its call only", () => {
  const { manager } = newTree();
  const dial = dialFor("lib", "lib", {}, manager);
  const { log, lines } = library(dial);
  dial.logger.addFilter((record: LogRecord) => record.msg !== "no");
  log(INFO, "no");
  log(INFO, "yes");
  assertEquals(lines, ["yes"]);
});

Deno.test("a library's lines come out of the library", () => {
  const { manager } = newTree();
  const dial = dialFor("lib.http", "lib", {}, manager);
  const [stop] = routeOf(manager, "lib.http", ERROR).stops;
  assertEquals([stop!.handler.name, stop!.outcome, stop!.logger], ["lib", "taken", "lib.http"]);
  assertThrows(() => dialFor("lib.http", "other", {}, manager), ConfigError, "lib is");
  assertThrows(() => dialFor("root", "lib", {}, manager), ConfigError, "a name of its own");
  const second = dialFor("lib.http", "lib", {}, manager);
  second.close();
  second.close();
  assertThrows(() => dialFor("lib.http", "other", {}, manager), ConfigError);
  dial.close();
  dialFor("lib.http", "other", {}, manager).close();
  assertEquals(
    routeOf(manager, "lib.http", ERROR).stops[0]!.handler.constructor.name,
    "ListHandler",
  );
});

Deno.test("who follows a dial is told once after any number of changes", async () => {
  const { manager, root } = newTree();
  const dial = dialFor("lib", "lib", {}, manager);
  let told = 0;
  const leave = dial.follow(() => void told++);
  root.setLevel("ERROR");
  dial.level = DEBUG;
  assertEquals(told, 0);
  await Promise.resolve();
  assertEquals(told, 1);
  leave();
  root.setLevel("INFO");
  await Promise.resolve();
  assertEquals(told, 1);
});
