import { assert, assertEquals, assertThrows } from "@std/assert";
import { DevFormatter } from "../../src/core/formatters/dev_formatter.ts";
import { Formatter, type Style } from "../../src/core/formatters/formatter.ts";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import { Logger, type LoggerContext } from "../../src/core/loggers/logger.ts";
import { LoggerAdapter } from "../../src/core/loggers/logger_adapter.ts";
import { withContext } from "../../src/core/loggers/with_context.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import { recordDict } from "../../src/handlers/network/record_dict.ts";
import { QueueHandler } from "../../src/handlers/queues/queue_handler.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { newTree } from "../harness/logger_tree.ts";

const ERROR = new TypeError("bad"), OTHER = new Error("other");

class Job {
  id = 1;
}

class Url {
  constructor(readonly path: string) {}

  toString() {
    return this.path;
  }
}

Deno.test("what stands around message and arguments is told apart", async (t) => {
  const cases: {
    desc: string;
    call: [unknown, ...unknown[]];
    message: string;
    fields?: object;
    error?: unknown;
  }[] = [
    { desc: "fields last", call: ["up", { a: 1 }], message: "up", fields: { a: 1 } },
    {
      desc: "arguments, then fields",
      call: ["%d of %d", 1, 2, { a: 1 }],
      message: "1 of 2",
      fields: { a: 1 },
    },
    { desc: "a placeholder for it", call: ["%s", { a: 1 }], message: "{'a': 1}" },
    { desc: "named placeholders", call: ["%(a)d%(b)d", { a: 1, b: 2 }], message: "12" },
    {
      desc: "named placeholders, fields and an error",
      call: ["%(a)d%(b)d", { a: 1, b: 2 }, { c: 3 }, ERROR],
      message: "12",
      fields: { c: 3 },
      error: ERROR,
    },
    { desc: "a percent sign", call: ["100%%", { a: 1 }], message: "100%%", fields: { a: 1 } },
    { desc: "fields first", call: [{ a: 1 }, "up"], message: "up", fields: { a: 1 } },
    {
      desc: "fields first, arguments",
      call: [{ a: 1 }, "%s!", "up"],
      message: "up!",
      fields: { a: 1 },
    },
    {
      desc: "fields on both sides: the last count",
      call: [{ a: 1, b: 1 }, "up", { b: 2 }],
      message: "up",
      fields: { a: 1, b: 2 },
    },
    { desc: "an error first", call: [ERROR, "up"], message: "up", error: ERROR },
    {
      desc: "an error first, arguments and fields",
      call: [ERROR, "%s", "up", { a: 1 }],
      message: "up",
      error: ERROR,
      fields: { a: 1 },
    },
    {
      desc: "an error first, and one that the message shows",
      call: [ERROR, "%s", OTHER],
      message: "Error: other",
      error: ERROR,
    },
    {
      desc: "an error that the message shows, and one last",
      call: ["%s", OTHER, ERROR],
      message: "Error: other",
      error: ERROR,
    },
    {
      desc: "the same error first and last",
      call: [ERROR, "up", ERROR],
      message: "up",
      error: ERROR,
    },
    {
      desc: "two objects that the message has no place for",
      call: ["up", { a: 1, b: 1 }, { b: 2 }],
      message: "up",
      fields: { a: 1, b: 2 },
    },
    { desc: "an error alone", call: [ERROR], message: "TypeError: bad", error: ERROR },
    {
      desc: "error and fields",
      call: ["up", ERROR, { a: 1 }],
      message: "up",
      error: ERROR,
      fields: { a: 1 },
    },
    {
      desc: "fields and error",
      call: ["up", { a: 1 }, ERROR],
      message: "up",
      error: ERROR,
      fields: { a: 1 },
    },
    {
      desc: "fields, then options",
      call: ["up", { a: 1 }, { exc_info: ERROR }],
      message: "up",
      fields: { a: 1 },
      error: ERROR,
    },
    {
      desc: "options, then fields",
      call: ["up", { exc_info: ERROR }, { a: 1 }],
      message: "up",
      fields: { a: 1 },
      error: ERROR,
    },
    {
      desc: "an option's name among others",
      call: ["up", { extra: 1, a: 1 }],
      message: "up",
      fields: { extra: 1, a: 1 },
    },
    {
      desc: "a number called extra",
      call: ["up", { extra: 5 }],
      message: "up",
      fields: { extra: 5 },
    },
    {
      desc: "a list called extra",
      call: ["up", { extra: ["a"] }],
      message: "up",
      fields: { extra: ["a"] },
    },
    {
      desc: "a text called stacklevel",
      call: ["up", { stacklevel: "2" }],
      message: "up",
      fields: { stacklevel: "2" },
    },
    {
      desc: "no prototype",
      call: ["up", Object.assign(Object.create(null), { a: 1 })],
      message: "up",
      fields: { a: 1 },
    },
    { desc: "an object alone is a message, as in Python", call: [{ a: 1 }], message: "{'a': 1}" },
    {
      desc: "an object of a class first",
      call: [new Job(), "%s", "up"],
      message: "up",
      fields: { id: 1 },
    },
    {
      desc: "a request first",
      call: [new Request("http://h/"), "up"],
      message: "up",
      fields: { method: "GET", url: "http://h/", headers: {} },
    },
    { desc: "an object with a text of its own", call: [new Url("/%s"), "up"], message: "/up" },
    { desc: "a list is an argument", call: ["%s", ["a"]], message: "['a']" },
  ];
  for (const { desc, call, message, fields = {}, error } of cases) {
    await t.step(desc, () => {
      const { root, handler } = newTree();
      root.info(...call);
      const record = handler.records[0]!;
      assertEquals(record.getMessage(), message);
      assertEquals({ ...record.fields }, { ...fields });
      assertEquals(record.exc_info, error);
    });
  }
});

Deno.test("a second error that the message has no place for is an argument too many", async (t) => {
  const cases: [desc: string, call: [unknown, ...unknown[]], first: Error, second: Error][] = [
    ["before and behind the text", [ERROR, "up", OTHER], ERROR, OTHER],
    ["before, and behind arguments", [ERROR, "%d up", 1, OTHER, { a: 1 }], ERROR, OTHER],
    ["both behind", ["up", ERROR, OTHER], OTHER, ERROR],
    ["before, and as an option", [ERROR, "up", { exc_info: OTHER }], OTHER, ERROR],
    ["behind, and as an option", ["up", ERROR, { exc_info: OTHER }], OTHER, ERROR],
    ["behind an option", ["up", { exc_info: OTHER }, ERROR], OTHER, ERROR],
    ["before and behind a lazy text", [ERROR, () => "up", OTHER], ERROR, OTHER],
    ["a lazy one", ["up", () => ERROR, OTHER], OTHER, ERROR],
  ];
  for (const [desc, call, first, second] of cases) {
    await t.step(desc, () => {
      const { root, handler } = newTree();
      root.info(...call);
      const record = handler.records[0]!;
      assertThrows(() => record.getMessage(), Error, "not all arguments converted");
      assertEquals(record.exc_info, first);
      assertEquals(record.args.at(-1), second);
    });
  }
});

Deno.test("text formats show fields where they say so, and nowhere else", async (t) => {
  const cases: [style: Style, format: string, fields: object, text: string][] = [
    ["%", "%(message)s %(fields)s", { user: "kim", ms: 1.5 }, "up user=kim ms=1.5"],
    ["{", "{message} {fields}", { user: "kim" }, "up user=kim"],
    ["$", "${message} ${fields}", { user: "kim" }, "up user=kim"],
    ["%", "%(message)s [%(fields)-8s]", { a: 1 }, "up [a=1     ]"],
    ["%", "%(message)s", { user: "kim" }, "up"],
    ["%", "%(message)s|%(fields)s", {}, "up|"],
    ["%", "%(user)s %(message)s %(fields)s", { user: "kim", a: 1 }, "kim up a=1"],
    [
      "%",
      "%(fields)s",
      { a: "x y", b: 'q"', c: "", d: "k=v", e: "l\nm", f: [1, { g: 2 }], h: null, "i j": true },
      String
        .raw`a="x y" b="q\"" c="" d="k=v" e="l\nm" f="[1,{\"g\":2}]" h=null i_j=true`,
    ],
    ["%", "%(fields)s", { at: new Date(0), n: 1n }, "at=1970-01-01T00:00:00.000Z n=1"],
    ["%", "%(fields)s", { err: ERROR }, 'err="TypeError: bad"'],
    // A format's attribute is the record's: a field of that name is shown with the others.
    ["%", "%(name)s %(message)s %(fields)s", { name: "kim" }, "root up name=kim"],
    [
      "{",
      "{threadName:.1} {message} {fields}",
      { message: "m", threadName: "p" },
      "M up message=m threadName=p",
    ],
    ["$", "$message ${fields}", { fields: 1, message: 2, args: 3 }, "up fields=1 message=2 args=3"],
  ];
  for (const [style, format, fields, text] of cases) {
    await t.step(`${format} ${Object.keys(fields)}`, () => {
      const { root, handler } = newTree();
      root.info(fields, "up");
      assertEquals(new Formatter(format, null, style).format(handler.records[0]!), text);
    });
  }
});

Deno.test("a property called fields is what it is in Python", () => {
  const { root, handler } = newTree();
  root.info("up", { extra: { fields: "mine" } });
  const format = new Formatter("%(fields)s");
  assertEquals(format.format(handler.records[0]!), "mine");
  assertThrows(() => new Formatter("%(nothing)s").format(handler.records[0]!), Error, "nothing");
});

Deno.test("fields stand in JSON by where they come from, those nearest to the call counting", () => {
  const { root, handler } = newTree();
  const format = new JsonFormatter();
  const bound = root.with({ a: 1, b: { c: 1 } });
  bound.info("up", { d: 1 });
  bound.info("up", { a: 2, e: 1 });
  bound.with({ level: 3 }).info("up");
  bound.info("%(x)s", { x: 1 });
  root.info({ user: "kim" });
  const tails = handler.records.map((record) => format.format(record).split('"logger":"root",')[1]);
  assertEquals(tails, [
    '"message":"up","a":1,"b":{"c":1},"d":1}',
    '"message":"up","a":2,"b":{"c":1},"e":1}',
    '"message":"up","a":1,"b":{"c":1},"level_":3}',
    '"message":"1","a":1,"b":{"c":1},"x":1}',
    '"message":"","user":"kim"}',
  ]);
});

Deno.test("an object that the message shows is no fields, and one of which it names a part is", () => {
  const { root, handler } = newTree();
  const calls: [message: string, ...args: unknown[]][] = [
    ["got %s", { a: 1 }],
    ["%d got %r", 5, { a: 1 }],
    ["%*d got %-9s!", 3, 5, { a: 1 }],
    ["got %s", { a: 1 }, { b: 2 }],
    ["got %(a)s", { a: 1 }],
    ["100% done", { a: 1 }],
    ["got", { a: 1 }],
  ];
  for (const [message, ...args] of calls) root.info(message, ...args);
  root.info`got ${{ a: 1 }}`;
  const json = new JsonFormatter(), shown = `{"message":"got {'a': 1}"`;
  assertEquals(
    handler.records.map((record) => json.format(record).replace(/.*"message"/, '{"message"')),
    [
      `${shown}}`,
      `{"message":"5 got {'a': 1}"}`,
      `{"message":"  5 got {'a': 1} !"}`,
      `${shown},"b":2}`,
      '{"message":"got 1","a":1}',
      '{"message":"100% done","a":1}',
      '{"message":"got","a":1}',
      `${shown}}`,
    ],
  );
  const dev = new DevFormatter(null, null, "%", true, { source: false, colors: false });
  assertEquals(dev.format(handler.records[0]!).endsWith("got {'a': 1}"), true);
});

Deno.test("an object that is bound, or in a context, is in each JSON line what it is then", () => {
  const { root, handler } = newTree();
  const format = new JsonFormatter();
  handler.emit = (record) => void lines.push(format.format(record).split('"message":')[1]!);
  const lines: string[] = [];
  const session = { id: 1 };
  const log = root.with({ session });
  withContext({ session }, () => {
    for (const text of ["one", "two"]) {
      log.info(text);
      root.info(text);
      session.id++;
    }
  });
  assertEquals(lines, [
    '"one","session":{"id":1}}',
    '"one","session":{"id":1}}',
    '"two","session":{"id":2}}',
    '"two","session":{"id":2}}',
  ]);
});

Deno.test("fields go along with records that are copied, and through adapters", () => {
  const { root } = newTree();
  const queue: LogRecord[] = [];
  root.addHandler(new QueueHandler(queue));
  new LoggerAdapter(root.with({ a: 1 }), { user: "kim" }).info("up", { b: 2 });
  const { a, b, user } = JSON.parse(new JsonFormatter().format(queue[0]!));
  assertEquals([a, b, user], [1, 2, "kim"]);
  assert(queue[0] instanceof LogRecord);
  const sent = recordDict(queue[0]!);
  assertEquals([sent.a, sent.b, sent.user, sent.name], [1, 2, "kim", "root"]);
});

Deno.test("fields with names of Python's attributes go to other hosts with a `_` behind them", () => {
  const { root, handler } = newTree();
  withContext({ thread: "t" }, () => {
    root.with({ name: "kim" }).info("%s is in", "kim", { message: "hi", msg: 1, name_: 2 });
  });
  const { name, name_, name__, thread, thread_, message_, msg, msg_ } = recordDict(
    handler.records[0]!,
  );
  assertEquals([name, name_, name__], ["root", "kim", 2]);
  assertEquals([thread, thread_, message_, msg, msg_], [0, "t", "hi", "%s is in", 1]);
});

Deno.test("a bound logger has no state but its fields", () => {
  const { manager, handler } = newTree();
  const log = manager.getLogger("app.db");
  const bound = log.with({ a: 1 });
  assertEquals([bound.name, bound === log, manager.getLogger("app.db") === log], [
    "app.db",
    false,
    true,
  ]);
  assertEquals(bound instanceof log.constructor, true);
  bound.setLevel("ERROR");
  assertEquals([log.level, bound.level, bound.getEffectiveLevel()], [40, 40, 40]);
  log.setLevel("DEBUG");
  assertEquals([bound.isEnabledFor("DEBUG"), bound.isEnabledFor(5)], [true, false]);
  const own = new ListHandler();
  bound.addHandler(own);
  assertEquals([log.handlers, bound.handlers], [[own], [own]]);
  log.addFilter(() => false);
  bound.debug("held back");
  assertEquals([bound.filters.length, own.records.length], [1, 0]);
  bound.filters = [];
  bound.propagate = false;
  bound.debug("only here");
  assertEquals([log.filters.length, own.records.length, handler.records.length], [0, 1, 0]);
  bound.disabled = true;
  log.debug("dropped");
  assertEquals(own.records.length, 1);
  log.disabled = false;
  bound.removeHandler(own);
  assertEquals([log.hasHandlers(), bound.parent], [false, manager.root]);
  assertEquals(bound.getChild("pool"), manager.getLogger("app.db.pool"));
  assertEquals(bound.getChildren(), log.getChildren());
  assertEquals(String(bound), String(log));
  assertEquals(manager.getLogger("app.db.pool").parent, log);
});

Deno.test("bound loggers nest, and their fields stay what they were", () => {
  const { root, handler } = newTree();
  const fields = { a: 1, b: 1 };
  const outer = root.with(fields), inner = outer.with({ b: 2, c: 2 });
  fields.a = 9;
  inner.info("up", { c: 3 });
  outer.info("up");
  assertEquals(handler.records.map(({ fields }) => fields), [{ a: 1, b: 2, c: 3 }, { a: 1, b: 1 }]);
  for (const wrong of [undefined, null, "text", 5, ["a"], new Map([["a", 1]]), new Headers()]) {
    assertThrows(() => root.with(wrong as never), TypeError, "Cannot bind fields");
  }
});

Deno.test("a bound logger is of its logger's class, and whose methods count", () => {
  const { manager, handler } = newTree();
  let made = 0;
  class Tracing extends Logger {
    constructor(name: string, context: LoggerContext) {
      super(name, context);
      made++;
    }
    trace(msg: string) {
      this.logFrom(this.trace, 30, msg);
    }
  }
  manager.loggerClass = Tracing;
  const log = manager.getLogger("app") as Tracing;
  log.with({ a: 1 }).trace("x");
  assertEquals([made, handler.records[0]?.fields, handler.records[0]?.name], [1, { a: 1 }, "app"]);
});

Deno.test("records of a bound logger name their caller", () => {
  const { root, handler } = newTree();
  const bound = root.with({ a: 1 });
  function here() {
    bound.info("up", { stacklevel: 1 });
    bound.warning("up", { b: 1 });
  }
  here();
  assertEquals(handler.records.map(({ funcName }) => funcName), ["here", "here"]);
});
