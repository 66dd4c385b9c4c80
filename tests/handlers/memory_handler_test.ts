import { assertEquals, assertThrows } from "@std/assert";
import { shutdownHandlers } from "../../src/core/handlers/handler.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { Logger } from "../../src/core/loggers/logger.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { MemoryHandler } from "../../src/handlers/queues/memory_handler.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { LogBench } from "../harness/log_bench.ts";
import { captureStderr } from "./captured_stderr.ts";
import { logRecord } from "./log_record.ts";

Deno.test("records go to the target when there are enough, or one is serious", () => {
  const target = new ListHandler();
  const handler = new MemoryHandler(3, 40, target);
  for (const text of ["a", "b"]) handler.handle(logRecord(text));
  assertEquals(target.messages, []);
  handler.handle(logRecord("c"));
  assertEquals(target.messages, ["a", "b", "c"]);
  handler.handle(logRecord("d"));
  handler.handle(logRecord("e", 40));
  assertEquals(target.messages, ["a", "b", "c", "d", "e"]);
});

Deno.test("the target's filters count, its level does not, as in CPython", () => {
  const target = new ListHandler();
  target.setLevel("ERROR");
  target.addFilter((record: LogRecord) => record.getMessage() !== "b");
  const handler = new MemoryHandler(3, "ERROR", target);
  for (const text of ["a", "b", "c"]) handler.handle(logRecord(text));
  assertEquals(target.messages, ["a", "c"]);
});

Deno.test("without a target records are kept", () => {
  const handler = new MemoryHandler(2);
  for (const text of ["a", "b", "c"]) handler.handle(logRecord(text));
  assertEquals(handler.buffer.length, 3);
  const target = new ListHandler();
  handler.setTarget(target);
  handler.flush();
  assertEquals(target.messages, ["a", "b", "c"]);
});

for (const [flushOnClose, expected] of [[true, ["a"]], [false, []]] as const) {
  Deno.test(`closing flushes, unless told otherwise: ${flushOnClose}`, () => {
    const target = new ListHandler();
    const handler = new MemoryHandler(10, "ERROR", target, flushOnClose);
    handler.handle(logRecord("a"));
    handler.close();
    assertEquals(target.messages, [...expected]);
    assertEquals([handler.target, handler.buffer], [undefined, []]);
  });
}

Deno.test("a record that is kept knows where it was logged", () => {
  const target = new ListHandler();
  const handler = new MemoryHandler(10, "ERROR", target);
  const logger = new Logger("here", new Manager(), 10);
  logger.addHandler(handler);
  (function logsIt() {
    logger.info("x");
  })();
  handler.flush();
  assertEquals(target.records[0]!.funcName, "logsIt");
  assertEquals(target.records[0]!.filename, "memory_handler_test.ts");
});

Deno.test("a filter that fails is told, and no log call throws", async () => {
  const target = new ListHandler();
  target.addFilter(() => {
    throw new Error("filter");
  });
  const handler = new MemoryHandler(1, "ERROR", target);
  const text = await captureStderr(() => handler.handle(logRecord("a")));
  assertEquals(text.split("\n").slice(0, 2), ["--- Logging error ---", "Error: filter"]);
});

Deno.test("what cannot be a capacity or a level is refused", () => {
  assertThrows(() => new MemoryHandler("9" as unknown as number), TypeError, "must be a number");
  assertThrows(() => new MemoryHandler(9, "LOUD"), RangeError, 'unknown level "LOUD"');
});

Deno.test("a target that is no handler is refused: a handler's name in args= failed with each record", () => {
  const conf = (args: string) =>
    `[loggers]\nkeys=root\n[handlers]\nkeys=h,m\n[formatters]\nkeys=\n[logger_root]\nhandlers=m\n` +
    `[handler_h]\nclass=StreamHandler\nargs=(sys.stdout,)\n[handler_m]\nclass=handlers.MemoryHandler\nargs=${args}\n`;
  const bench = new LogBench();
  const error = assertThrows(() => bench.file(conf("(1, ERROR, 'h')")), ConfigError);
  assertEquals(
    [error.reason, error.section, error.key],
    [
      'Cannot build handler "m": Cannot use target "h": it must be a handler; a configuration names ' +
      'one by "target" beside "class"',
      "handler_m",
      "args",
    ],
  );
  const handler = new MemoryHandler(1);
  assertThrows(() => handler.setTarget("h" as unknown as MemoryHandler), TypeError, 'target "h"');
  handler.setTarget(null);
  assertEquals(handler.target, undefined);
  bench.file(`${conf("(1, ERROR)")}target=h\n`);
  bench.logger().error("x");
  assertEquals(bench.takeStdout(), "x\n");
});

Deno.test("an asynchronous flush that fails when it is closed is told of, and ends nothing", async () => {
  class SlowHandler extends MemoryHandler {
    override flush(): Promise<void> {
      this.buffer = [];
      return Promise.reject(new Error("it is gone"));
    }
  }
  const text = await captureStderr(async () => {
    shutdownHandlers([new SlowHandler(3)]);
    await new Promise((resolve) => setTimeout(resolve));
  });
  const told = "logdial: cannot close handler <SlowHandler (NOTSET)>: Error: it is gone\n";
  assertEquals(text, told + told);
});
