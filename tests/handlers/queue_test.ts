import { assertEquals, assertThrows } from "@std/assert";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { Handler } from "../../src/core/handlers/handler.ts";
import { pyRepr } from "../../src/core/python/py_repr.ts";
import { makeLogRecord } from "../../src/core/loggers/module_functions.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { Queue } from "../../src/handlers/queues/queue.ts";
import { QueueHandler, type RecordQueue } from "../../src/handlers/queues/queue_handler.ts";
import { QueueListener } from "../../src/handlers/queues/queue_listener.ts";
import { captureStderr } from "./captured_stderr.ts";
import { logRecord } from "./log_record.ts";

class ListHandler extends Handler {
  readonly messages: string[] = [];

  emit(record: LogRecord): void {
    this.messages.push(this.format(record));
  }
}

Deno.test("a queue gives out what was put in, in its order", () => {
  const queue = new Queue<number>();
  const taken: (number | undefined)[] = [];
  for (let number = 0; number < 5000; number++) {
    queue.put(number);
    if (number % 3 === 2) taken.push(queue.get());
  }
  while (queue.size > 0) taken.push(queue.get());
  assertEquals(taken, Array.from({ length: 5000 }, (_, number) => number));
  assertEquals(queue.get(), undefined);
});

Deno.test("a full queue takes nothing", () => {
  const queue = new Queue<number>(2);
  queue.put(1);
  queue.put(2);
  assertThrows(() => queue.put(3), RangeError, "it is full with 2 items");
});

Deno.test("a listener refuses a queue that it cannot take records from, and what is no handler", () => {
  const Class = QueueListener as new (...args: unknown[]) => QueueListener;
  const cases: readonly [args: readonly unknown[], says: string][] = [
    [[[], new ListHandler()], "Cannot listen to []: it must be a Queue"],
    [[undefined], "Cannot listen to undefined: it must be a Queue"],
    [[new Queue(), ListHandler, new ListHandler()], "Cannot hand records to a function"],
    [[new Queue(), 5, new ListHandler()], "Cannot hand records to 5: it is no handler"],
    [[new Queue(), 5], "Cannot use 5 as options of QueueListener: give an object"],
  ];
  for (const [args, says] of cases) assertThrows(() => new Class(...args), TypeError, says);
});

Deno.test("a record is prepared as CPython does, and others see the original", () => {
  const queue: LogRecord[] = [];
  const handler = new QueueHandler(queue);
  handler.setFormatter(new Formatter("%(levelname)s %(message)s"));
  const record = logRecord("%s!", 40, ["hello"]);
  Object.assign(record, { user: "anna" });
  record.exc_info = new Error("boom");
  handler.handle(record);
  const [copy] = queue;
  assertEquals(copy!.msg, copy!.message);
  assertEquals(String(copy!.msg).split("\n").slice(0, 2), ["ERROR hello!", "Error: boom"]);
  assertEquals([copy!.args, copy!.exc_info, copy!.exc_text, copy!.stack_info], [
    [],
    undefined,
    undefined,
    undefined,
  ]);
  const { name, levelno, created, funcName, lineno } = copy!;
  assertEquals({ name, levelno, created, funcName, lineno }, {
    name: "app.db",
    levelno: 40,
    created: record.created,
    funcName: "run",
    lineno: 7,
  });
  assertEquals((copy as unknown as { user: string }).user, "anna");
  assertEquals([record.msg, record.args], ["%s!", ["hello"]]);
});

Deno.test("a prepared record keeps what it was given in place of what is computed", () => {
  const queue: LogRecord[] = [];
  const handler = new QueueHandler(queue);
  const given = {
    ...{ process: 7, processName: "W1", thread: 8, threadName: "T1", taskName: "t", fields: 1 },
    ...{ pathname: "/a/b.py", filename: "b.py", module: "b", lineno: 3, funcName: "f" },
    ...{ created: 1700000000.25, msecs: 250.5, relativeCreated: 12.5, asctime: "now" },
    ...{ exc_info: null, exc_text: null, stack_info: null },
  };
  handler.handle(makeLogRecord({ name: "app", levelno: 20, msg: "two", ...given }));
  const copy = queue[0] as unknown as Record<string, unknown>;
  const kept = Object.keys(given).map((name) => [name, copy[name]]);
  const inText = { exc_info: undefined, exc_text: undefined, stack_info: undefined };
  assertEquals(Object.fromEntries(kept), { ...given, ...inText });
  assertEquals([queue[0]!.getMessage(), copy.message, copy.name], ["two", "two", "app"]);
});

Deno.test("a queue may have put, Python's put_nowait, or be an array", async () => {
  const got: string[] = [];
  const take = (record: LogRecord) => got.push(record.getMessage());
  const queues: RecordQueue[] = [{ put: take }, { put_nowait: take }, []];
  for (const queue of queues) new QueueHandler(queue).handle(logRecord("x"));
  assertEquals(got, ["x", "x"]);
  assertEquals((queues[2] as LogRecord[]).length, 1);
  for (const none of [undefined, null, "q", {}, { queue: [] }, { put: 1 }]) {
    const says = `Cannot put records into queue ${pyRepr(none)}: it must be an array, or have a m`;
    assertThrows(() => new QueueHandler(none as never), TypeError, says);
    // A subclass may know what to do with it.
    class Own extends QueueHandler {
      override enqueue = take;
    }
    new Own(none as never).handle(logRecord("own"));
  }
  assertEquals(got.splice(2), Array(6).fill("own"));
  const slow = { put: () => Promise.reject(new Error("refused later")) };
  const full = new Queue(1);
  full.put(logRecord("there"));
  const text = await captureStderr(async () => {
    new QueueHandler(slow).handle(logRecord("x"));
    new QueueHandler(full).handle(logRecord("x"));
    await Promise.resolve();
  });
  assertEquals(text.match(/^\w*Error: .*$/gm), [
    "RangeError: Cannot put into the queue: it is full with 1 items",
    "Error: refused later",
  ]);
});

Deno.test("a listener gives records out after the code that logged them", async () => {
  const queue = new Queue();
  const [all, serious] = [new ListHandler(), new ListHandler()];
  serious.setLevel("ERROR");
  const listener = new QueueListener(queue, all, serious, { respectHandlerLevel: true });
  const handler = new QueueHandler(queue);
  handler.handle(logRecord("before start"));
  listener.start();
  handler.handle(logRecord("one"));
  handler.handle(logRecord("two", 40));
  assertEquals(all.messages, []);
  await Promise.resolve();
  assertEquals(all.messages, ["before start", "one", "two"]);
  assertEquals(serious.messages, ["two"]);
});

Deno.test("stop gives out what is left, and later records stay in the queue", async () => {
  const queue = new Queue();
  const target = new ListHandler();
  target.setLevel("CRITICAL");
  const listener = new QueueListener(queue, target);
  const handler = new QueueHandler(queue);
  listener.start();
  handler.handle(logRecord("one"));
  listener.stop();
  assertEquals(target.messages, ["one"]);
  handler.handle(logRecord("two"));
  await Promise.resolve();
  assertEquals([target.messages, queue.size], [["one"], 1]);
  listener.start();
  listener.stop();
  assertEquals(target.messages, ["one", "two"]);
});

Deno.test("a queue has one listener at a time", () => {
  const queue = new Queue();
  const one = new QueueListener(queue, new ListHandler());
  const two = new QueueListener(queue, new ListHandler());
  one.start();
  assertThrows(() => two.start(), Error, "another one listens to its queue");
  one.stop();
  two.start();
  two.stop();
});

Deno.test("a filter that fails is told, and the next record is given out", async () => {
  const queue = new Queue();
  const target = new ListHandler();
  target.addFilter((record: LogRecord) => {
    if (record.getMessage() === "bad") throw new Error("filter");
    return true;
  });
  const listener = new QueueListener(queue, target);
  listener.start();
  const text = await captureStderr(() => {
    for (const message of ["bad", "good"]) queue.put(logRecord(message));
    listener.stop();
  });
  assertEquals(target.messages, ["good"]);
  assertEquals(text.split("\n")[1], "Error: filter");
});

Deno.test("a listener is started once, and stopped as often as one likes", () => {
  const queue = new Queue();
  const target = new ListHandler();
  const listener = new QueueListener(queue, target);
  listener.stop();
  listener.start();
  const error = assertThrows(() => listener.start(), Error, "it is started already");
  assertEquals(error.name, "RuntimeError");
  queue.put(logRecord("one"));
  listener.stop();
  listener.stop();
  listener.start();
  listener.stop();
  assertEquals(target.messages, ["one"]);
});

Deno.test("a listener that is a resource is stopped at the end of its block", () => {
  const queue = new Queue();
  const target = new ListHandler();
  {
    using listener = new QueueListener(queue, target).start();
    queue.put(logRecord("one"));
    assertEquals([listener.handlers.length, target.messages], [1, []]);
  }
  queue.put(logRecord("two"));
  assertEquals([target.messages, queue.size], [["one"], 1]);
});

/** Puts each record that it gets into the queue once more. */
class EchoHandler extends ListHandler {
  readonly #queue: Queue;

  constructor(queue: Queue) {
    super();
    this.#queue = queue;
  }

  override emit(record: LogRecord): void {
    super.emit(record);
    this.#queue.put(record);
  }
}

Deno.test("a handler that puts into its own queue holds up neither stop nor the program", async () => {
  const queue = new Queue();
  const target = new EchoHandler(queue);
  const listener = new QueueListener(queue, target).start();
  queue.put(logRecord("again"));
  // The program goes on: each of these comes in its turn.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve));
  assertEquals(target.messages.length > 1, true, String(target.messages.length));
  const before = target.messages.length;
  listener.stop();
  assertEquals([target.messages.length, queue.size], [before + 1, 1]);
});

Deno.test("a handler of a listener that throws takes no record from the others", async () => {
  const queue = new Queue();
  const [broken, level, target] = [new ListHandler(), new ListHandler(), new ListHandler()];
  broken.handle = () => {
    throw new Error("broken");
  };
  Object.defineProperty(level, "level", {
    get() {
      throw new Error("no level");
    },
  });
  const options = { respectHandlerLevel: true };
  const listener = new QueueListener(queue, broken, level, target, options).start();
  const text = await captureStderr(() => {
    queue.put(logRecord("one"));
    listener.stop();
  });
  assertEquals(target.messages, ["one"]);
  assertEquals(text.match(/^Error: .*$/gm), ["Error: broken", "Error: no level"]);
});
