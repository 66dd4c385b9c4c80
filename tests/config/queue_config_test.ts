import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { stringifyConfig } from "../../src/config/describe/stringify_config.ts";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import type { Handler } from "../../src/core/handlers/handler.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { Queue } from "../../src/handlers/queues/queue.ts";
import { QueueHandler } from "../../src/handlers/queues/queue_handler.ts";
import { QueueListener } from "../../src/handlers/queues/queue_listener.ts";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";
import { LogBench } from "../harness/log_bench.ts";
import { assertRefused, type Refusal } from "./assert_refused.ts";

type Dict = Record<string, unknown>;

class OwnQueue extends Queue {}
class OwnListener extends QueueListener {}
/** What a program puts between itself and another one. */
class Courier {
  readonly records: LogRecord[] = [];
  readonly limit: unknown;
  constructor({ limit }: { limit?: number } = {}) {
    this.limit = limit;
  }
  put_nowait(record: LogRecord) {
    this.records.push(record);
  }
  get() {
    return this.records.shift();
  }
}

/** A dict whose root logs into a queue, with the handler before those that it needs. */
function withQueue(parts: Dict = {}): Dict {
  return {
    version: 1,
    handlers: {
      a: { class: "logging.handlers.QueueHandler", handlers: ["out"], ...parts },
      out: { class: "logging.StreamHandler", stream: "ext://sys.stdout" },
    },
    root: { level: "DEBUG", handlers: ["a"] },
  };
}

function applied(config: Dict): { bench: LogBench; handler: QueueHandler } {
  const bench = new LogBench();
  bench.registry.registerObject("my.Queue", OwnQueue);
  bench.registry.registerObject("my.Courier", Courier);
  bench.registry.registerObject("my.makeQueue", () => new Queue());
  bench.registry.registerObject("my.ready", READY);
  bench.registry.registerObject("my.Listener", OwnListener);
  bench.registry.registerObject(
    "my.makeListener",
    ({ extra }: { extra: unknown }) => (queue: Queue, ...handlers: Handler[]) => {
      assertEquals(extra, 1);
      return new OwnListener(queue, ...handlers);
    },
  );
  bench.dict(config);
  return { bench, handler: bench.manager.namedHandlers.get("a") as QueueHandler };
}

function isBounded(queue: unknown): boolean {
  return typeof queue === "object" && queue !== null && "()" in queue && "maxsize" in queue;
}

/** What is in force before. */
const BEFORE = {
  version: 1,
  formatters: { f: { format: "%(levelname)s %(name)s %(message)s" } },
  handlers: { h: { class: "logging.StreamHandler", stream: "ext://sys.stdout", formatter: "f" } },
  root: { level: "INFO", handlers: ["h"] },
};

const READY = new Queue();

Deno.test("a QueueHandler of a dict has a queue and a listener, whatever says which", async (t) => {
  const queues: [unknown, type: unknown][] = [
    [undefined, Queue],
    ["queue.Queue", Queue],
    [{ "()": "queue.SimpleQueue" }, Queue],
    [{ "()": "multiprocessing.Queue", maxsize: 10 }, Queue],
    ["my.makeQueue", Queue],
    ["my.Queue", OwnQueue],
    ["ext://my.ready", Queue],
    [{ "()": "my.Queue", maxsize: 10 }, OwnQueue],
    [{ "()": OwnQueue, maxsize: 10, ".": { label: "mine" } }, OwnQueue],
    [{ "()": () => new OwnQueue() }, OwnQueue],
    [new OwnQueue(), OwnQueue],
  ];
  const listeners: [unknown, type: unknown][] = [
    [undefined, QueueListener],
    ["my.Listener", OwnListener],
    [OwnListener, OwnListener],
    [{ "()": "my.makeListener", extra: 1 }, OwnListener],
  ];
  for (const [queue, queueType] of queues) {
    for (const [listener, listenerType] of listeners) {
      const named = typeof listener === "function" ? listener.name : JSON.stringify(listener);
      await t.step(`queue ${JSON.stringify(queue)}, listener ${named}`, () => {
        const { bench, handler } = applied(withQueue({ queue, listener }));
        assertEquals(handler.queue.constructor, queueType);
        assertEquals(handler.listener?.constructor, listenerType);
        assert(handler.listener?.queue === handler.queue);
        assertEquals((handler.queue as Queue).maxsize, isBounded(queue) ? 10 : 0);
        assertEquals(handler.silence, "its listener is not started");
        handler.listener!.start();
        for (const line of ["foo", "bar"]) bench.logger().info(line);
        assertEquals([handler.silence, bench.takeStdout()], [undefined, ""]);
        handler.listener!.stop();
        assertEquals(bench.takeStdout(), "foo\nbar\n");
      });
    }
  }
});

Deno.test("a QueueHandler of a dict may put records where no listener of ours can take them", () => {
  const courier = new Courier();
  for (const queue of [courier, { "()": "my.Courier", limit: 3 }, "my.Courier"]) {
    const { bench, handler } = applied(withQueue({ handlers: undefined, queue }));
    bench.logger().info("x");
    const { records, limit } = handler.queue as unknown as Courier;
    assertEquals([records.length, handler.listener], [1, undefined]);
    assertEquals(limit, typeof queue === "object" && "()" in queue ? 3 : undefined);
  }
});

Deno.test("respect_handler_level is what Python calls true", () => {
  for (const [value, expected] of [[undefined, "x\n"], [0, "x\n"], [true, ""], [1, ""]] as const) {
    const config = withQueue({ respect_handler_level: value });
    (config.handlers as Record<string, Dict>).out!.level = "ERROR";
    const { bench, handler } = applied(config);
    handler.listener!.start();
    bench.logger().info("x");
    handler.listener!.stop();
    assertEquals(bench.takeStdout(), expected);
  }
});

Deno.test("what cannot be a queue, a listener or its handlers is refused as a whole", async (t) => {
  class NoListener {}
  const cases: ({ desc: string; parts: Dict } & Refusal)[] = [
    ...[4, Number, "", "nosuch", {}, { maxsize: 1 }, { "()": 4 }, [], { put() {} }, "my.ready"].map(
      (queue) => ({
        desc: `queue ${queue}`,
        parts: { queue },
        says: /Cannot use queue/,
        key: "queue",
      }),
    ),
    ...[4, Number, "", "nosuch", {}, NoListener, { "()": () => new NoListener() }, "my.Queue"].map(
      (listener) => ({
        desc: `listener ${listener}`,
        parts: { listener },
        says: /listener/,
        key: "listener",
      }),
    ),
    {
      desc: "a handler that there is not",
      parts: { handlers: ["x"] },
      says: /Cannot find handler "x"/,
    },
    { desc: "handlers that are no list", parts: { handlers: 3 }, says: /list of names/ },
    { desc: "itself", parts: { handlers: ["a"] }, says: /Cannot find handler "a"/ },
    {
      desc: "a listener of somebody's queue",
      parts: { queue: new Courier() },
      says: /Cannot listen/,
    },
    { desc: "an argument of no one", parts: { foo: 1 }, says: /no argument "foo"/, key: "foo" },
  ];
  for (const { desc, parts, ...refusal } of cases) {
    await t.step(desc, () => {
      const { bench } = applied(BEFORE);
      assertRefused(bench, () => bench.dict(withQueue(parts)), refusal);
    });
  }
});

Deno.test("arguments of one's own QueueHandler are given after its queue", () => {
  class Named extends QueueHandler {
    readonly foo: unknown;
    constructor(queue: Queue, { foo }: { foo: string }) {
      super(queue);
      this.foo = foo;
    }
  }
  class Plain extends QueueHandler {}
  const named = applied(withQueue({ class: Named, foo: "bar" })).handler as Named;
  assertEquals([named.foo, named.queue.constructor], ["bar", Queue]);
  assertInstanceOf(applied(withQueue({ class: Plain })).handler, Plain);
  const bench = new LogBench();
  bench.registry.registerHandler("my.Named", Named, { parameters: ["queue", "options"] });
  bench.dict(withQueue({ class: "my.Named", options: { foo: "baz" } }));
  assertEquals((bench.manager.namedHandlers.get("a") as Named).foo, "baz");
});

Deno.test("a configuration that is replaced loses no record that is in a queue", () => {
  const { bench, handler } = applied(withQueue());
  handler.listener!.start();
  bench.logger().info("last");
  bench.dict({ version: 1, root: { level: "ERROR" } });
  assertEquals(bench.takeStdout(), "last\n");
  assertEquals(handler.listener!.isStarted, false);
});

Deno.test("a dict tells of its queue handler, and leads back to it; a .conf has no words for it", () => {
  const { bench } = applied(withQueue({ queue: { "()": "queue.Queue", maxsize: 5 } }));
  const config = describeConfig(bench.manager, bench.registry);
  const again = new LogBench();
  again.dict(JSON.parse(JSON.stringify(config)));
  assertEquals(describeConfig(again.manager, again.registry), config);
  assertThrows(() => stringifyConfig(config), ConfigError, "a .conf has no words for it");
});

Deno.test("a class may stand for its name, with the parameters of the class below which it is", () => {
  class Shout extends StreamHandler {
    override terminator = "!\n";
  }
  const bench = new LogBench();
  const handlers = { h: { class: Shout, stream: "ext://sys.stdout" } };
  bench.dict({ version: 1, handlers, root: { level: "INFO", handlers: ["h"] } });
  bench.logger().info("hey");
  assertEquals(bench.takeStdout(), "hey!\n");
});
