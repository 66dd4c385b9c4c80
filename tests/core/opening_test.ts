import { assertEquals, assertNotEquals } from "@std/assert";
import { Filter } from "../../src/core/filters/filter.ts";
import type { Handler } from "../../src/core/handlers/handler.ts";
import { ERROR, INFO, WARNING } from "../../src/core/levels/levels.ts";
import { Logger } from "../../src/core/loggers/logger.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { outlets, routeOf, silenceOf } from "../../src/core/loggers/route.ts";
import { applyConfig } from "../../src/config/apply/configurator.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { readConfigText } from "../../src/config/text/config_text.ts";
import { RedactFilter } from "../../src/filters/redact_filter.ts";
import { NullHandler } from "../../src/handlers/null_handler.ts";
import { FingersCrossedHandler } from "../../src/handlers/queues/fingers_crossed_handler.ts";
import { MemoryHandler } from "../../src/handlers/queues/memory_handler.ts";
import { Queue } from "../../src/handlers/queues/queue.ts";
import { QueueHandler } from "../../src/handlers/queues/queue_handler.ts";
import { QueueListener } from "../../src/handlers/queues/queue_listener.ts";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";
import { ListHandler } from "../harness/list_handler.ts";

const registry = standardRegistry();

/** A tree whose root has handlers, with what comes out of them. */
class Tree {
  readonly manager = new Manager();
  readonly lines: string[] = [];

  /** A handler for lines. */
  lineHandler(name: string, level: number, ...filters: Filter[]): StreamHandler {
    const stream = { write: (text: string) => this.lines.push(`${name}|${text.trimEnd()}`) };
    return this.add(new StreamHandler(stream), name, level, ...filters);
  }

  /** Puts a handler on the root. */
  add<T extends Handler>(handler: T, name: string, level: number, ...filters: Filter[]): T {
    handler.name = name;
    handler.setLevel(level);
    for (const filter of filters) handler.addFilter(filter);
    this.manager.root.addHandler(handler);
    return handler;
  }

  /** Sets levels as somebody does from outside. */
  turn(levels: Record<string, string>, open: unknown = true): void {
    const { root, ...rest } = levels;
    const loggers = Object.fromEntries(
      Object.entries(rest).map(([name, level]) => [name, { level }]),
    );
    const dict = { version: 1, incremental: true, loggers, logdial: { open } };
    const text = JSON.stringify(root === undefined ? dict : { ...dict, root: { level: root } });
    applyConfig(this.manager, readConfigText(text, () => undefined), registry);
  }

  /** What comes out of a call at DEBUG and one at ERROR. */
  said(name: string): string[] {
    this.lines.length = 0;
    const logger = this.manager.getLogger(name);
    logger.debug("debug");
    logger.error("error");
    return [...this.lines];
  }
}

Deno.test("a turned level shows on the logger that is named, and on no other", () => {
  const tree = new Tree();
  tree.lineHandler("file", ERROR);
  tree.manager.getLogger("app.http").setLevel("DEBUG");
  tree.manager.getLogger("app.db").setLevel("ERROR");
  assertEquals(tree.said("app.http"), ["file|error"]);
  tree.turn({ "app.db": "DEBUG" });
  assertEquals(tree.said("app.db"), ["file|error", "file|debug"].reverse());
  assertEquals(tree.said("app.http"), ["file|error"], "though it is at DEBUG itself");
  assertEquals(
    tree.said("app.db.pool"),
    ["file|debug", "file|error"],
    "it has the level from app.db",
  );
  tree.manager.getLogger("app.db").setLevel("DEBUG");
  assertEquals(tree.said("app.db"), ["file|error"], "the program has set the level anew");
});

Deno.test("of the handlers on the way the lowest that write lines are opened", async (t) => {
  const cases: { desc: string; set: (tree: Tree) => void; open?: unknown; shows: string[] }[] = [
    {
      desc: "one that takes the level is enough",
      set: (tree) => [tree.lineHandler("low", 10), tree.lineHandler("high", ERROR)],
      shows: ["low|debug"],
    },
    {
      desc: "an alert stays silent",
      set: (tree) => [tree.lineHandler("console", INFO), tree.lineHandler("alert", ERROR)],
      shows: ["console|debug"],
    },
    {
      desc: "all of the same level",
      set: (tree) => [tree.lineHandler("one", ERROR), tree.lineHandler("two", ERROR)],
      shows: ["one|debug", "two|debug"],
    },
    {
      desc: "classes of the program's own are not for everybody to see",
      set: (tree) => [tree.add(new ListHandler(), "mail", INFO), tree.lineHandler("file", ERROR)],
      shows: ["file|debug"],
    },
    {
      desc: "one of them that takes the level shows it where it shows things",
      set: (tree) => [tree.add(new ListHandler(), "mine", 0), tree.lineHandler("file", ERROR)],
      shows: [],
    },
    {
      desc: "what drops everything shows nothing",
      set: (tree) => [tree.add(new NullHandler(), "null", 0), tree.lineHandler("file", ERROR)],
      shows: ["file|debug"],
    },
    {
      desc: "what is for other loggers shows nothing of this one",
      set: (tree) => [
        tree.lineHandler("http", INFO, new Filter("app.http")),
        tree.lineHandler("low", 0, new Filter("app.http")),
        tree.lineHandler("file", ERROR, new Filter("app")),
      ],
      shows: ["file|debug"],
    },
    {
      desc: "a stream that is gone shows nothing",
      set: (tree) => {
        tree.lineHandler("gone", 0).stream = undefined;
        tree.lineHandler("file", ERROR);
      },
      shows: ["file|debug"],
    },
    {
      desc: "those that are named are opened in any case",
      set: (tree) => [tree.lineHandler("low", 0), tree.lineHandler("named", ERROR)],
      open: ["named"],
      shows: ["low|debug", "named|debug"],
    },
    {
      desc: "a name does not keep the others closed",
      set: (tree) => [tree.lineHandler("low", INFO), tree.lineHandler("named", ERROR)],
      open: ["named"],
      shows: ["low|debug", "named|debug"],
    },
    { desc: "none", set: (tree) => tree.lineHandler("file", ERROR), open: false, shows: [] },
    {
      desc: "senders that know nothing of it, as CPython's",
      set: (tree) => tree.lineHandler("file", ERROR),
      open: null,
      shows: [],
    },
    {
      desc: "a handler that the program says is where people look",
      set: (tree) => tree.lineHandler("file", ERROR).opens = false,
      shows: [],
    },
    {
      desc: "memory whose target is for lines",
      set: (tree) => {
        const target = tree.lineHandler("target", 50);
        tree.manager.root.removeHandler(target);
        tree.add(new MemoryHandler(1, ERROR, target), "memory", ERROR);
      },
      shows: ["target|debug"],
    },
    {
      desc: "memory whose target mails",
      set: (tree) => [
        tree.add(new MemoryHandler(1, ERROR, new ListHandler()), "memory", WARNING),
        tree.lineHandler("file", ERROR),
      ],
      shows: ["file|debug"],
    },
  ];
  for (const { desc, set, open = true, shows } of cases) {
    await t.step(desc, () => {
      const tree = new Tree();
      set(tree);
      tree.turn({ "app.db": "DEBUG" }, open);
      const lines = tree.said("app.db").filter((line) => line.endsWith("|debug"));
      assertEquals(lines, shows);
      const route = routeOf(tree.manager, "app.db", 10);
      const names = outlets(route).map(({ handler }) => handler.name);
      const told = names.map((name) => `${name === "memory" ? "target" : name}|debug`);
      assertEquals(told.filter((one) => one !== "mine|debug"), shows, "and that is known ahead");
    });
  }
});

Deno.test("nothing is shown that something else than a handler's level holds back", async (t) => {
  const cases: { desc: string; hold: (tree: Tree, logger: Logger) => unknown; why: RegExp }[] = [
    {
      desc: "disabled",
      hold: (_, logger) => logger.disabled = true,
      why: /^logger app is disabled$/,
    },
    {
      desc: "disable()",
      hold: ({ manager }) => manager.disable = "INFO",
      why: /^disable\(\) drops INFO and below on all loggers$/,
    },
    {
      desc: "a filter of the logger",
      hold: (_, logger) =>
        logger.addFilter(function quiet() {
          return false;
        }),
      why: /^it may be held back by filter quiet of logger app$/,
    },
    {
      desc: "a filter of the handler",
      hold: ({ manager }) => manager.root.handlers[0]!.addFilter({ filter: () => false }),
      why: /^it may be held back by filter Object of handler file$/,
    },
    {
      desc: "a filter for other loggers",
      hold: ({ manager }) => manager.root.handlers[0]!.addFilter(new Filter("other")),
      why: /^handler file \(StreamHandler\) has a filter for other loggers$/,
    },
    {
      desc: "propagate",
      hold: ({ manager }, logger) => {
        manager.lastResort = undefined;
        logger.propagate = false;
      },
      why: /^no handler is on its way$/,
    },
    {
      desc: "a handler's class",
      hold: ({ manager }) => manager.root.handlers = [new ListHandler(ERROR)],
      why: /^handler ListHandler takes ERROR and above, and opens only by name$/,
    },
  ];
  for (const { desc, hold, why } of cases) {
    await t.step(desc, () => {
      const tree = new Tree();
      const handler = tree.lineHandler("file", ERROR);
      handler.toString = () => "<StreamHandler (ERROR)>";
      tree.turn({ app: "DEBUG" });
      hold(tree, tree.manager.getLogger("app"));
      assertEquals(tree.said("app").includes("file|debug"), false);
      const silence = silenceOf(routeOf(tree.manager, "app", 10)) ?? "";
      assertEquals(why.test(silence), true, silence);
    });
  }
});

Deno.test("a filter that only takes secrets out leaves no doubt, one of a class of the program's does", () => {
  class Quiet extends RedactFilter {
    override filter(record: LogRecord): LogRecord {
      return super.filter(record);
    }
  }
  const told = [RedactFilter, Quiet].map((Kind) => {
    const tree = new Tree();
    tree.lineHandler("file", ERROR).addFilter(new Kind());
    tree.turn({ app: "DEBUG" });
    return silenceOf(routeOf(tree.manager, "app", 10));
  });
  assertEquals(told, [undefined, "it may be held back by filter Quiet of handler file"]);
});

Deno.test("a raised level shows nothing more than before, but what it still takes", () => {
  const tree = new Tree();
  tree.lineHandler("file", 50);
  const at = (level: string) => {
    tree.turn({ app: level });
    return tree.said("app");
  };
  tree.manager.getLogger("app").setLevel("INFO");
  assertEquals(at("ERROR"), [], "errors were not shown before either");
  assertEquals(at("ERROR"), ["file|error"], "asked for once more, they are");
  assertEquals(at("DEBUG"), ["file|debug", "file|error"]);
  assertEquals(at("INFO"), ["file|error"], "DEBUG is off again, what is above is shown on");
  assertEquals(at("NOTSET"), [], "and it is as its parent is");
});

Deno.test("the last resort shows what is turned on where there is no handler", () => {
  const tree = new Tree();
  const resort = tree.lineHandler("resort", WARNING);
  tree.manager.root.removeHandler(resort);
  tree.manager.lastResort = resort;
  assertEquals(tree.said("app"), ["resort|error"]);
  tree.turn({ root: "DEBUG" });
  assertEquals(tree.said("app"), ["resort|debug", "resort|error"]);
  tree.manager.getLogger("app").addHandler(new NullHandler());
  assertEquals(tree.said("app"), [], "with a handler of whatever kind it is not asked");
});

Deno.test("a record keeps its opening on its way through a queue", async (t) => {
  const cases = [
    { desc: "levels respected", queueLevel: 0, respectHandlerLevel: true },
    {
      desc: "levels respected, and the queue is opened",
      queueLevel: ERROR,
      respectHandlerLevel: true,
    },
    // What was logged for its own sake goes to all, as in Python; what is shown, where it shows.
    {
      desc: "levels not respected, the queue opened",
      queueLevel: ERROR,
      respectHandlerLevel: false,
    },
  ];
  for (const { desc, queueLevel, respectHandlerLevel } of cases) {
    await t.step(desc, () => {
      const tree = new Tree();
      const file = tree.lineHandler("file", ERROR), mail = new ListHandler(ERROR);
      tree.manager.root.handlers = [];
      const queue = new Queue();
      tree.add(new QueueHandler(queue), "queue", queueLevel);
      const listener = new QueueListener(queue, file, mail, { respectHandlerLevel });
      listener.start();
      tree.turn({ app: "DEBUG" });
      tree.manager.getLogger("other").setLevel("DEBUG");
      tree.manager.getLogger("other").debug("of another logger");
      tree.manager.getLogger("app").debug("debug");
      tree.manager.getLogger("app").error("error");
      listener.stop();
      assertEquals(tree.lines, ["file|debug", "file|error"]);
      assertEquals(mail.messages, ["error"]);
    });
  }
});

Deno.test("what a handler hands on is judged by those that get it", async (t) => {
  /** A tree with a handler for lines at WARNING, and `handler`, which hands on to another. */
  const withOne = (
    level: number,
    make: (inner: StreamHandler) => Handler,
    ...filters: Filter[]
  ) => {
    const tree = new Tree();
    const inner = tree.lineHandler("inner", level, ...filters);
    tree.manager.root.removeHandler(inner);
    tree.lineHandler("lines", WARNING);
    tree.add(make(inner), "outer", 0);
    tree.manager.root.setLevel("DEBUG");
    return tree;
  };
  const queued = (respectHandlerLevel: boolean, inner: Handler): QueueHandler => {
    const queue = new Queue(), handler = new QueueHandler(queue);
    handler.listener = new QueueListener(queue, inner, { respectHandlerLevel }).start();
    return handler;
  };
  const told = ({ manager }: Tree) => {
    const route = routeOf(manager, "app", 10);
    return { out: outlets(route).map(({ handler }) => handler.name), silent: silenceOf(route) };
  };
  const WARNED = "takes WARNING and above";
  await t.step("a queue whose listener respects its handlers' levels", () => {
    const tree = withOne(WARNING, (inner) => queued(true, inner));
    const lines = `handler lines (StreamHandler) ${WARNED}`;
    const outer =
      `handler outer (QueueHandler) hands it on to inner (StreamHandler), which ${WARNED}`;
    assertEquals(told(tree), { out: [], silent: `${lines}; ${outer}` });
    tree.turn({ app: "DEBUG" });
    assertEquals(told(tree), { out: ["outer"], silent: undefined }, "the listener opens the other");
    const free = withOne(WARNING, (inner) => queued(false, inner));
    assertEquals(told(free), { out: ["outer"], silent: undefined });
  });
  const others = new Filter("other");
  const deadEnds: [desc: string, make: (inner: StreamHandler) => Handler, filters: Filter[]][] = [
    ["a queue for other loggers", (inner) => queued(false, inner), [others]],
    ["a queue of what drops all", () => queued(false, new NullHandler()), []],
    ["a target for other loggers", (inner) => new MemoryHandler(1, "DEBUG", inner), [others]],
    ["one that keeps until an error comes", (target) => {
      return new FingersCrossedHandler({ target });
    }, []],
  ];
  for (const [desc, make, filters] of deadEnds) {
    await t.step(`${desc} keeps no other handler from being opened`, () => {
      const tree = withOne(0, make, ...filters);
      assertNotEquals(told(tree).silent, undefined);
      tree.turn({ app: "DEBUG" });
      assertEquals(told(tree).out.includes("lines"), true);
      assertEquals(tree.said("app").includes("lines|debug"), true);
    });
  }
});

Deno.test("loggers with methods of their own see every record that is opened", () => {
  const seen: string[] = [];
  class MyLogger extends Logger {
    override callHandlers(record: LogRecord): void {
      seen.push(record.getMessage());
      super.callHandlers(record);
    }
  }
  const tree = new Tree();
  tree.manager.loggerClass = MyLogger;
  tree.lineHandler("file", ERROR);
  tree.turn({ app: "DEBUG" });
  assertEquals(tree.said("app"), ["file|debug", "file|error"]);
  assertEquals(seen, ["debug", "error"]);
});

Deno.test("a record that is handed to a logger that never logged is shown as well", () => {
  const tree = new Tree();
  tree.lineHandler("file", ERROR);
  const logger = tree.manager.getLogger("received");
  tree.turn({ root: "DEBUG" });
  logger.handle(tree.manager.recordFactory("received", 10, "there.ts", 1, "from elsewhere"));
  assertEquals(tree.lines, ["file|from elsewhere"]);
});

Deno.test("a logger that does not exist is judged as it would be, and is not made", () => {
  const tree = new Tree();
  tree.lineHandler("file", ERROR);
  tree.turn({ app: "DEBUG" });
  tree.manager.getLogger("app").disabled = true;
  const route = routeOf(tree.manager, "app.db.pool", 10);
  assertEquals([route.isNew, silenceOf(route)], [true, undefined], "its parent's state is its own");
  assertEquals(tree.manager.loggerDict.has("app.db.pool"), false);
  assertEquals(tree.said("app.db.pool"), ["file|debug", "file|error"]);
});
