import { assertEquals, assertThrows } from "@std/assert";
import { Handler, livingHandlers, shutdownHandlers } from "../../src/core/handlers/handler.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import {
  getHandlerByName,
  getHandlerNames,
  getLogger,
} from "../../src/core/loggers/module_functions.ts";
import { applyBasicConfig } from "../../src/config/basic_config.ts";
import { dictConfig } from "../../src/config/dict_config.ts";
import { getRaiseExceptions, setRaiseExceptions } from "../../src/core/io/diagnostics.ts";
import { pythonError } from "../../src/core/python/py_repr.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import type { StdStream } from "../../src/core/io/std_stream.ts";
import { FileHandler } from "../../src/handlers/files/file_handler.ts";
import { RotatingFileHandler } from "../../src/handlers/files/rotating_file_handler.ts";
import { TimedRotatingFileHandler } from "../../src/handlers/files/timed_rotating_file_handler.ts";
import { WatchedFileHandler } from "../../src/handlers/files/watched_file_handler.ts";
import { SysLogHandler } from "../../src/handlers/network/syslog_handler.ts";
import { MemoryHandler } from "../../src/handlers/queues/memory_handler.ts";
import { RingHandler } from "../../src/handlers/rings/ring_handler.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { newTree } from "../harness/logger_tree.ts";
import { captureStderr } from "./captured_stderr.ts";
import { logRecord } from "./log_record.ts";

/** Notes what is done to it, and fails where it is told to. */
class NotedHandler extends Handler {
  readonly done: string[] = [];
  readonly #fails: Readonly<Record<string, unknown>>;

  constructor(fails: Readonly<Record<string, unknown>> = {}) {
    super();
    this.#fails = fails;
  }

  emit(_record: LogRecord): void {}

  override flush(): void {
    this.#note("flush");
  }

  override close(): void {
    this.#note("close");
  }

  #note(what: string): void {
    this.done.push(what);
    if (Object.hasOwn(this.#fails, what)) throw this.#fails[what];
  }
}

Deno.test("a handler that is closed is not found by its name any more, nor changed by it", () => {
  const handler = new ListHandler(), other = new ListHandler();
  handler.name = "closing_test.x";
  const isKnown = () => [
    getHandlerByName("closing_test.x") === handler,
    getHandlerNames().has("closing_test.x"),
  ];
  assertEquals(isKnown(), [true, true]);
  handler.close();
  assertEquals([...isKnown(), handler.name], [false, false, "closing_test.x"]);
  getLogger("closing_test").addHandler(handler);
  const change = { version: 1, incremental: true } as const;
  assertThrows(
    () => dictConfig({ ...change, handlers: { "closing_test.x": { level: "ERROR" } } }),
    ConfigError,
    "there is none of that name",
  );
  getLogger("closing_test").removeHandler(handler);
  // Another one of the name is.
  other.name = handler.name;
  assertEquals(getHandlerByName("closing_test.x"), other);
  handler.name = "closing_test.y";
  assertEquals(getHandlerByName("closing_test.y"), handler);
});

Deno.test("a handler of a configuration is found by the name that the program gives it", () => {
  const handlers = { "closing_test.of": { class: "logging.NullHandler" } } as const;
  const loggers = { closing_test: { handlers: ["closing_test.of"] } };
  const quiet = { version: 1, disable_existing_loggers: false } as const;
  dictConfig({ ...quiet, handlers, loggers });
  try {
    const handler = getHandlerByName("closing_test.of")!;
    handler.name = "closing_test.to";
    assertEquals(getHandlerByName("closing_test.to"), handler);
    assertEquals(getHandlerNames().has("closing_test.to"), true);
    const levels = { "closing_test.to": { level: "ERROR" } } as const;
    dictConfig({ version: 1, incremental: true, handlers: levels });
    assertEquals(handler.level, 40);
    // It stays what the configuration calls it.
    assertEquals(getHandlerByName("closing_test.of"), handler);
  } finally {
    dictConfig(quiet);
  }
  assertEquals(getHandlerByName("closing_test.to"), undefined);
});

Deno.test("a program's own handler that a configuration has closed is not closed again at the end", () => {
  const handler = new NotedHandler(), { manager } = newTree();
  manager.root.addHandler(handler);
  applyBasicConfig(manager, { force: true, handlers: [] });
  assertEquals(handler.done, ["flush", "close"]);
  assertEquals(livingHandlers().includes(handler), false);
  // Unless it is in use again.
  manager.root.addHandler(handler);
  assertEquals(livingHandlers().includes(handler), true);
});

// CPython's ShutdownTest: OSError and ValueError are passed over, others raised if reports are on.
Deno.test("shutdown closes all handlers, and then says what one has thrown", async (t) => {
  const cases: { desc: string; error: unknown; raises: boolean }[] = [
    { desc: "what the system says", error: new Deno.errors.BadResource("closed"), raises: false },
    { desc: "a ValueError", error: pythonError("ValueError", "closed"), raises: false },
    { desc: "another error", error: pythonError("IndexError", "no"), raises: true },
    { desc: "a mistake", error: new TypeError("no"), raises: true },
    { desc: "no error at all", error: null, raises: true },
  ];
  const before = getRaiseExceptions();
  for (const { desc, error, raises } of cases) {
    for (const method of ["flush", "close"]) {
      for (const isOn of [true, false]) {
        await t.step(`${desc} in ${method}, reports ${isOn ? "on" : "off"}`, async () => {
          const handlers = [new NotedHandler(), new NotedHandler({ [method]: error })];
          handlers.push(new NotedHandler());
          let thrown: unknown = "nothing";
          setRaiseExceptions(isOn);
          const told = await captureStderr(() => {
            try {
              shutdownHandlers(handlers);
            } catch (caught) {
              thrown = caught;
            } finally {
              setRaiseExceptions(before);
            }
          });
          for (const { done } of handlers) assertEquals(done, ["flush", "close"]);
          assertEquals(thrown, raises && isOn ? error : "nothing");
          assertEquals(told.includes("cannot close handler"), !raises && isOn);
        });
      }
    }
  }
});

Deno.test("several handlers that throw are told together", () => {
  const handlers = ["one", "two"].map((text) => new NotedHandler({ close: new Error(text) }));
  const error = assertThrows(() => shutdownHandlers(handlers), AggregateError);
  assertEquals(error.errors.map(String), ["Error: two", "Error: one"]);
});

Deno.test("a handler that could not be made is none that shutdown would close", () => {
  const before = new Set(livingHandlers());
  const makers: (() => Handler)[] = [
    () => new FileHandler("no_such_folder/x.log"),
    () => new RotatingFileHandler("no_such_folder/x.log"),
    () => new TimedRotatingFileHandler("no_such_folder/x.log"),
    () => new WatchedFileHandler("no_such_folder/x.log"),
    () => new SysLogHandler(["localhost", 514], "nonsense"),
    () => new RingHandler({} as StdStream),
  ];
  for (const make of makers) assertThrows(make);
  // What is closed here lacks what its class would have added, which throws a TypeError.
  shutdownHandlers(livingHandlers().filter((handler) => !before.has(handler)));
});

Deno.test("shutdown does not flush a handler whose flushOnClose is false", () => {
  for (const flushOnClose of [true, false]) {
    const target = new ListHandler();
    const handler = new MemoryHandler(10, "ERROR", target, flushOnClose);
    handler.handle(logRecord("kept"));
    shutdownHandlers([handler]);
    assertEquals(target.messages, flushOnClose ? ["kept"] : []);
  }
});

Deno.test("a target that throws gets the other records all the same", async () => {
  const target = new ListHandler();
  target.addFilter((record: LogRecord) => {
    if (record.getMessage() === "bad") throw new Error("filter");
    return true;
  });
  const handler = new MemoryHandler(3, "CRITICAL", target);
  const told = await captureStderr(() => {
    for (const text of ["one", "bad", "two"]) handler.handle(logRecord(text));
  });
  assertEquals(target.messages, ["one", "two"]);
  assertEquals(told.split("\n").slice(0, 2), ["--- Logging error ---", "Error: filter"]);
});
