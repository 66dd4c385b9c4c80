import { assertEquals } from "@std/assert";
import { checkLevel, type Level } from "../../src/core/levels/levels.ts";
import { LoggerAdapter } from "../../src/core/loggers/logger_adapter.ts";
import type { LogOptions } from "../../src/core/records/log_options.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { ListHandler } from "../harness/list_handler.ts";

type Fields = LogRecord & Record<string, unknown>;

/** A logger that keeps its records. */
function newLogger() {
  const handler = new ListHandler();
  const logger = new Manager().getLogger("app");
  logger.setLevel("DEBUG");
  logger.addHandler(handler);
  return { logger, records: handler.records as Fields[] };
}

Deno.test("an adapter adds its fields to each record, at every level", () => {
  const { logger, records } = newLogger();
  const log = new LoggerAdapter(logger, { user: "kim" });
  log.debug("a");
  log.info("a");
  log.warning("a");
  log.warn("a");
  log.error("a");
  log.exception("a");
  log.critical("a");
  log.log(25, "a");
  assertEquals(records.map(({ levelno }) => levelno), [10, 20, 30, 30, 40, 40, 50, 25]);
  assertEquals(new Set(records.map(({ user }) => user)), new Set(["kim"]));
});

Deno.test("a call's own fields are replaced, or merged where that is asked for", () => {
  const { logger, records } = newLogger();
  const options: LogOptions = { extra: { a: "call", b: "call" } };
  new LoggerAdapter(logger, { a: "adapter" }).info("x", options);
  new LoggerAdapter(logger, { a: "adapter" }, true).info("x", options);
  assertEquals(records.map(({ a, b }) => [a, b]), [["adapter", undefined], ["call", "call"]]);
});

Deno.test("process() changes messages and options", () => {
  const { logger, records } = newLogger();
  class Prefixed extends LoggerAdapter {
    override process(msg: unknown, options: LogOptions): [unknown, LogOptions] {
      return [`[${this.extra?.id}] ${msg}`, options];
    }
  }
  const error = new Error("why");
  new Prefixed(logger, { id: 7 }).error("%s failed", "it", error);
  new Prefixed(logger, { id: "100%(x)" }).info("done");
  assertEquals(records.map((record) => record.getMessage()), [
    "[7] it failed",
    "[100%(x)] done",
  ]);
  assertEquals(records[0]?.exc_info, error);
});

Deno.test("options that process() changes are those of one call", () => {
  const { logger, records } = newLogger();
  const seen: LogOptions[] = [];
  class Marking extends LoggerAdapter {
    override process(msg: unknown, options: LogOptions): [unknown, LogOptions] {
      seen.push({ ...options });
      options.extra = { ...options.extra, mark: msg };
      return [msg, options];
    }
  }
  const log = new Marking(logger);
  const options: LogOptions = { extra: { a: 1 } };
  for (const msg of ["x", "y"]) log.info(msg);
  for (const msg of ["x", "y"]) log.info(msg, options);
  for (const msg of ["x", "y"]) log.logFrom(log.info, 20, msg, [], options);
  assertEquals(seen.map(({ extra }) => extra), [undefined, undefined, ...Array(4).fill({ a: 1 })]);
  assertEquals(records.map(({ mark }) => mark), ["x", "y", "x", "y", "x", "y"]);
  assertEquals(options, { extra: { a: 1 } });
});

Deno.test("records name the caller of the adapter, through adapters of adapters", () => {
  const { logger, records } = newLogger();
  const log = new LoggerAdapter(new LoggerAdapter(logger, { a: 1 }), { b: 2 });
  function caller() {
    log.info("x");
  }
  function outer() {
    inner();
  }
  function inner() {
    log.info("x", { stacklevel: 2 });
  }
  caller();
  outer();
  assertEquals(records.map(({ funcName }) => funcName), ["caller", "outer"]);
  assertEquals(records[0]?.filename, "logger_adapter_test.ts");
});

Deno.test("logFrom() names the caller of the function that it is given", () => {
  const { logger, records } = newLogger();
  function trace(msg: string, ...args: unknown[]) {
    (() => logger.logFrom(trace, 15, msg, args))();
  }
  function caller() {
    trace("%d", 3);
    trace("x", new Error("given last"));
    logger.logFrom(caller, 15, "%s", [{ extra: 1 }], { extra: { own: 2 } });
  }
  caller();
  assertEquals(records.map(({ funcName }) => funcName), ["caller", "caller", "<module>"]);
  assertEquals(records.map((record) => record.getMessage()), ["3", "x", "{'extra': 1}"]);
  assertEquals((records[1]?.exc_info as Error).message, "given last");
  assertEquals(records[2]?.own, 2);
});

Deno.test("levels and handlers are the logger's", () => {
  const { logger, records } = newLogger();
  const log = new LoggerAdapter(logger);
  log.setLevel("ERROR");
  let processed = 0;
  log.process = (msg, options) => [processed++ ? msg : msg, options];
  log.info("below the level, and not processed");
  assertEquals([processed, records.length, logger.level], [0, 0, 40]);
  assertEquals(log.isEnabledFor("ERROR"), true);
  assertEquals([log.name, log.getEffectiveLevel(), log.hasHandlers()], ["app", 40, true]);
  assertEquals(`${log}`, "<LoggerAdapter app (ERROR)>");
});

Deno.test("isEnabledFor() of a class is asked before anything else of a call is looked at", () => {
  const { logger, records } = newLogger();
  let processed = 0;
  class Serious extends LoggerAdapter {
    override isEnabledFor(level: Level): boolean {
      return checkLevel(level) >= 40;
    }
    override process(msg: unknown, options: LogOptions): [unknown, LogOptions] {
      processed++;
      return super.process(msg, options);
    }
  }
  const log = new Serious(logger);
  log.info("held");
  log.log(20, "held");
  log.logFrom(newLogger, 20, "held");
  log.error("passes");
  new LoggerAdapter(log as never).info("held by the adapter within");
  logger.setLevel("CRITICAL");
  log.error("its yes is not the logger's");
  assertEquals([records.map(({ msg }) => msg), processed], [["passes"], 1]);
});

Deno.test("log() of a class gets what the other methods are called with, and records name their caller", () => {
  const { logger, records } = newLogger();
  class Loud extends LoggerAdapter {
    override log(level: number, msg: unknown, ...args: readonly unknown[]): void {
      super.log(level + 5, `${msg}!`, ...args);
    }
  }
  const log = new Loud(logger, { user: "kim" });
  function caller() {
    log.debug("%d", 1);
    log.info("a");
    log.warning("a");
    log.warn("a");
    log.error("a");
    log.exception("a", new Error("why"));
    log.critical("a");
    log.log(20, "a");
    new LoggerAdapter(log as never).info("b");
  }
  caller();
  assertEquals(records.map(({ levelno }) => levelno), [15, 25, 35, 35, 45, 45, 55, 25, 20]);
  assertEquals(records.map((record) => record.getMessage()).slice(0, 2), ["1!", "a!"]);
  assertEquals(new Set(records.map(({ funcName }) => funcName)), new Set(["caller"]));
  assertEquals((records[5]?.exc_info as Error).message, "why");
  assertEquals(records[0]?.user, "kim");
});
