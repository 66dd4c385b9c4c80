import { assert, assertEquals, assertThrows } from "@std/assert";
import { defaultRegistry } from "../../src/config/build/registry.ts";
import { prepareConfig } from "../../src/config/apply/configurator.ts";
import { readDictConfig } from "../../src/config/dict/read_dict_config.ts";
import type { FullSpec } from "../../src/config/spec/config_spec.ts";
import { registerHandler, registerObject } from "../../src/config/register.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { type Handler, livingHandlers } from "../../src/core/handlers/handler.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import type { FileHandler } from "../../src/handlers/files/file_handler.ts";
import { NullHandler } from "../../src/handlers/null_handler.ts";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";
import { LogBench } from "../harness/log_bench.ts";
import { assertRefused, type Refusal } from "./assert_refused.ts";

type Dict = Record<string, unknown>;

/** A dict with one handler on the root; parts can be replaced and added. */
function dict(parts: Dict = {}): Dict {
  return {
    version: 1,
    formatters: { plain: { format: "%(levelname)s %(name)s %(message)s" } },
    handlers: { out: handler() },
    root: { level: "INFO", handlers: ["out"] },
    ...parts,
  };
}

function handler(parts: Dict = {}): Dict {
  return {
    class: "logging.StreamHandler",
    stream: "ext://sys.stdout",
    formatter: "plain",
    ...parts,
  };
}

function withHandler(parts: Dict): Dict {
  return dict({ handlers: { out: handler(parts) } });
}

function withFormatter(formatter: unknown): Dict {
  return dict({ formatters: { plain: formatter } });
}

Deno.test("dictConfig() takes what CPython takes", async (t) => {
  const line = "WARNING root hello\n";
  const cases: { desc: string; config: Dict; line?: string }[] = [
    { desc: "a plain dict", config: dict() },
    { desc: "version true", config: dict({ version: true }) },
    { desc: "unknown top-level keys", config: dict({ extra: 1, logdial: { label: "x" } }) },
    { desc: "an int as level", config: dict({ root: { level: 20, handlers: ["out"] } }) },
    { desc: "true as level", config: dict({ root: { level: true, handlers: ["out"] } }) },
    { desc: "null as level", config: dict({ root: { level: null, handlers: ["out"] } }) },
    {
      desc: "a level by ext://",
      config: dict({ root: { level: "ext://logging.ERROR", handlers: ["out"] } }),
      line: "",
    },
    {
      desc: "handlers as a text, letter by letter",
      config: dict({ handlers: { o: handler(), u: handler() }, root: { handlers: "ou" } }),
      line: line + line,
    },
    {
      desc: "handlers as the keys of a dict",
      config: dict({ root: { handlers: { out: null } } }),
    },
    { desc: "null filters", config: withHandler({ filters: null }) },
    { desc: "an empty formatter name", config: withHandler({ formatter: "" }), line: "hello\n" },
    {
      desc: "unknown formatter keys",
      config: withFormatter({ format: "x%(message)s", a: 1 }),
      line: "xhello\n",
    },
    { desc: "an empty formatter", config: withFormatter({}), line: "hello\n" },
    { desc: "a format of null", config: withFormatter({ format: null }), line: "hello\n" },
    { desc: "a format of 0, which is none", config: withFormatter({ format: 0 }), line: "hello\n" },
    {
      desc: "an invalid format with validate off",
      config: withFormatter({ format: "x", validate: false }),
      line: "x\n",
    },
    {
      desc: "brace style",
      config: withFormatter({ format: "{levelname:.1}|{message}", style: "{" }),
      line: "W|hello\n",
    },
    {
      desc: "a formatter by a factory",
      config: withFormatter({ "()": "logging.Formatter", fmt: "f %(message)s" }),
      line: "f hello\n",
    },
    {
      desc: "a factory that gets format for fmt",
      config: withFormatter({ "()": "logging.Formatter", format: "f %(message)s" }),
      line: "f hello\n",
    },
    {
      desc: "a factory by ext://",
      config: withFormatter({ "()": "ext://logging.Formatter", fmt: "f %(message)s" }),
      line: "f hello\n",
    },
    {
      desc: "defaults of fields, for a factory",
      config: withFormatter({
        "()": "logging.Formatter",
        fmt: "%(ip)s %(message)s",
        defaults: { ip: "-" },
      }),
      line: "- hello\n",
    },
    {
      desc: "defaults of fields",
      config: withFormatter({
        format: "%(ip)s %(name)s %(message)s",
        defaults: { ip: "-", name: "nobody" },
      }),
      line: "- root hello\n",
    },
    {
      desc: "defaults of fields in brace style",
      config: withFormatter({ format: "{ip} {message}", style: "{", defaults: { ip: 4 } }),
      line: "4 hello\n",
    },
    {
      desc: "null as defaults",
      config: withFormatter({ format: "%(name)s", defaults: null }),
      line: "root\n",
    },
    {
      desc: "attributes of a handler",
      config: withHandler({ ".": { terminator: "!\n" } }),
      line: "WARNING root hello!\n",
    },
    {
      desc: "attributes keep references as text",
      config: withHandler({ ".": { terminator: "cfg://x\n" } }),
      line: "WARNING root hellocfg://x\n",
    },
    {
      desc: "a handler by a factory",
      config: dict({
        handlers: { out: { "()": "logging.StreamHandler", stream: "ext://sys.stdout" } },
      }),
      line: "hello\n",
    },
    {
      desc: "a class by ext://",
      config: withHandler({ class: "ext://logging.StreamHandler" }),
    },
    {
      desc: "a null stream, which is stderr",
      config: withHandler({ class: "logging.NullHandler", stream: undefined }),
      line: "",
    },
    {
      desc: "a filter by name, with a dot boundary",
      config: dict({
        filters: { f: { name: "roo" } },
        handlers: { out: handler({ filters: ["f"] }) },
      }),
      line: "",
    },
    {
      desc: "a filter of the empty name",
      config: dict({ filters: { f: {} }, handlers: { out: handler({ filters: ["f"] }) } }),
    },
    { desc: "empty lists for tables", config: dict({ filters: [], loggers: "" }) },
  ];
  for (const { desc, config, line: expected = line } of cases) {
    await t.step(desc, () => {
      const bench = new LogBench();
      bench.dict(JSON.parse(JSON.stringify(config)));
      bench.logger().warning("hello");
      assertEquals(bench.takeStdout(), expected);
    });
  }
});

Deno.test("dictConfig() refuses what CPython refuses, says where, and changes nothing", async (t) => {
  const cases: ({ desc: string; config: unknown } & Refusal)[] = [
    { desc: "no dict", config: [], says: /must be an object/ },
    { desc: "no version", config: { root: {} }, says: /needs "version": 1/ },
    { desc: "another version", config: dict({ version: 2 }), says: /version 2/ },
    { desc: "a version as text", config: dict({ version: "1" }), says: /version "1"/ },
    { desc: "null in place of a table", config: dict({ loggers: null }), says: /"loggers"/ },
    { desc: "a list in place of a table", config: dict({ handlers: [1] }), says: /"handlers"/ },
    {
      desc: "null in place of a logger",
      config: dict({ loggers: { a: null } }),
      says: /"a"/,
      section: "loggers.a",
    },
    { desc: "text in place of the root", config: dict({ root: "x" }), says: /"root"/ },
    {
      desc: "a level in digits",
      config: dict({ root: { level: "10" } }),
      says: /unknown level "10"/,
      section: "root",
      key: "level",
    },
    { desc: "an empty level", config: dict({ root: { level: "" } }), says: /unknown level ""/ },
    {
      desc: "a dict as level",
      config: dict({ root: { level: { a: 1 } } }),
      says: /level an object:/,
    },
    {
      desc: "a dict as level of a handler",
      config: withHandler({ level: { a: 1 } }),
      says: /level an object:/,
    },
    {
      desc: "a text as stream",
      config: withHandler({ stream: "out" }),
      says: /Cannot log to stream 'out'.*; a dict names a stream by "ext:\/\/sys.stdout"/,
      section: "handlers.out",
      key: "stream",
    },
    {
      desc: "an unknown level to flush from",
      config: withHandler({
        class: "logging.handlers.MemoryHandler",
        stream: undefined,
        capacity: 1,
        flushLevel: "LOUD",
      }),
      says: /Cannot use flushLevel: unknown level "LOUD"/,
      section: "handlers.out",
      key: "flushLevel",
    },
    {
      desc: "a number as format",
      config: withFormatter({ format: 5 }),
      says: /Cannot use format 5: it must be a string/,
      section: "formatters.plain",
      key: "format",
    },
    {
      desc: "an unknown part of a JSON head",
      config: withFormatter({ class: "logdial.JsonFormatter", head: "tiem" }),
      says: /Cannot write "tiem" into the head of JSON: did you mean "time"/,
      section: "formatters.plain",
      key: "head",
    },
    { desc: "a fraction as level", config: dict({ root: { level: 2.5 } }), says: /level 2.5/ },
    {
      desc: "an unknown handler",
      config: dict({ loggers: { a: { handlers: ["x"] } } }),
      says: /handler "x"/,
      section: "loggers.a",
      key: "handlers",
    },
    {
      desc: "a reference as an item of a list",
      config: dict({ root: { handlers: ["cfg://names.one"] }, names: { one: "out" } }),
      says: /Cannot find handler "cfg:/,
    },
    {
      desc: "a number in place of a list",
      config: dict({ root: { handlers: 5 } }),
      says: /list of names/,
    },
    {
      desc: "an unknown formatter",
      config: withHandler({ formatter: "x" }),
      says: /formatter "x"/,
    },
    {
      desc: "a dict as formatter",
      config: withHandler({ formatter: { a: 1 } }),
      says: /Cannot find formatter an object:/,
    },
    { desc: "an unknown filter", config: withHandler({ filters: ["x"] }), says: /filter "x"/ },
    {
      desc: "a filter that only looks like one",
      config: withHandler({ filters: [{ filter: "x" }, ["out"]] }),
      says: /Cannot find filter/,
    },
    {
      desc: "a class without its module",
      config: withHandler({ class: "StreamHandler" }),
      says: /did you mean/,
    },
    {
      desc: "a handler without a class",
      config: dict({ handlers: { out: {} } }),
      says: /needs a class/,
    },
    { desc: "null as class", config: withHandler({ class: null }), says: /needs a class/ },
    {
      desc: "an unknown key of a handler",
      config: withHandler({ mode: "w" }),
      says: /no argument "mode"/,
    },
    {
      desc: "a class beside a factory, as its argument",
      config: withHandler({ "()": "logging.StreamHandler" }),
      says: /no argument "class"/,
    },
    { desc: "a key that is no identifier", config: withHandler({ "a b": 1 }), says: /identifier/ },
    {
      desc: "attributes that are no dict",
      config: withHandler({ ".": ["x"] }),
      says: /attributes/,
    },
    { desc: "a format without a field", config: withFormatter({ format: "x" }), says: /format/i },
    { desc: "a format that is no text", config: withFormatter({ format: 7 }), says: /format 7/ },
    {
      desc: "defaults that are no dict",
      config: withFormatter({ format: "%(name)s", defaults: "x" }),
      says: /defaults/,
    },
    { desc: "null as style", config: withFormatter({ style: null }), says: /style null/ },
    {
      desc: "an unknown name",
      config: withHandler({ stream: "ext://sys.stdin" }),
      says: /sys\.stdin/,
    },
    { desc: "a module", config: withHandler({ stream: "ext://os" }), says: /registered/ },
    {
      desc: "null as factory",
      config: dict({ filters: { f: { "()": null } } }),
      says: /needs a class/,
      section: "filters.f",
    },
    {
      desc: "an unknown factory",
      config: withHandler({ "()": "os.system", class: undefined }),
      says: /unknown class "os.system"/,
    },
    {
      desc: "a filter name that is no text",
      config: dict({ filters: { f: { name: null } } }),
      says: /filter/,
    },
    {
      desc: "a circle of references",
      config: dict({ a: "cfg://b", b: "cfg://a", root: { level: "cfg://a" } }),
      says: /circle/,
    },
  ];
  for (const { desc, config, ...refusal } of cases) {
    await t.step(desc, () => {
      const bench = new LogBench();
      bench.dict(dict());
      bench.logger("app.x").setLevel("ERROR");
      assertRefused(bench, () => bench.dict(config), refusal);
    });
  }
});

Deno.test("cfg:// leads through dots, indexes and keys", async (t) => {
  const values = {
    low: "DEBUG",
    list: ["INFO", ["WARNING"], { x: "ERROR" }],
    dict: { "0": "CRITICAL", "é": "INFO", next: "cfg://values.low", to: "cfg://values.list" },
    odd: { "a b": "DEBUG", " c ": "INFO", "d%( - ©": "WARNING", "": "ERROR", "1 2": "CRITICAL" },
  };
  const cases: { path: string; level?: number }[] = [
    { path: "cfg://values.low", level: 10 },
    { path: "cfg://values[low]", level: 10 },
    { path: "cfg://values.list[0]", level: 20 },
    { path: "cfg://values.list[1][0]", level: 30 },
    { path: "cfg://values.list[2].x", level: 40 },
    { path: "cfg://values.list[2][x]", level: 40 },
    { path: "cfg://values.dict.0", level: 50 },
    { path: "cfg://values.dict.é", level: 20 },
    { path: "cfg://values.dict.next", level: 10 },
    { path: "cfg://values.dict.to[0]", level: 20 },
    { path: "cfg:// values . dict [next] ", level: 10 },
    { path: "cfg://values.low\n", level: 10 },
    { path: "cfg://root.level2", level: 40 },
    { path: "ext://logging.INFO", level: 20 },
    { path: "cfg://values.odd[a b]", level: 10 },
    { path: "cfg://values[odd][ c ]", level: 20 },
    { path: "cfg://values.odd[d%( - ©]", level: 30 },
    { path: "cfg://values.odd[]", level: 40 },
    { path: "cfg://values.odd[1 2]", level: 50 },
    { path: "cfg://values.odd[a b ]" },
    { path: "cfg://values.odd[c]" },
    { path: "cfg://values.odd[a ] b]" },
    { path: "cfg://values.odd[a [ b]" },
    { path: "cfg://values.odd.a b" },
    { path: "cfg://values.dict[ next ]" },
    { path: "cfg://" },
    { path: "cfg://nothing" },
    { path: "cfg://values.nothing" },
    { path: "cfg://values.list[3]" },
    { path: "cfg://values.list.0" },
    { path: "cfg://values.list[-1]" },
    { path: "cfg://values.dict[0]" },
    { path: "cfg://values.low[9]" },
    { path: "cfg://values.low.x" },
    { path: "cfg://values.constructor" },
    { path: "cfg://values.__proto__" },
    { path: "cfg://values.list.length" },
    { path: "cfg://values..low" },
    { path: "cfg://values.low\nx" },
    { path: "cfg://disable_existing_loggers" },
    { path: "CFG://values.low" },
    { path: " cfg://values.low" },
    { path: "http://values.low" },
  ];
  for (const { path, level } of cases) {
    await t.step(JSON.stringify(path), () => {
      const bench = new LogBench();
      const config = { version: 1, values, disable_existing_loggers: false };
      const apply = () => bench.dict({ ...config, root: { level: path, level2: "ERROR" } });
      if (level === undefined) assertThrows(apply, ConfigError);
      else {
        apply();
        assertEquals(bench.logger().level, level);
      }
    });
  }
});

Deno.test("a part that is made is an object for the references that come later", () => {
  const bench = new LogBench();
  const [a, b] = [handler({ level: "cfg://handlers.b.level" }), handler({ level: "ERROR" })];
  bench.dict(dict({ handlers: { a, b }, root: {} }));
  assertEquals(bench.manager.namedHandlers.get("a")?.level, 40);
  // Handlers are made in the order of their names.
  b.level = "cfg://handlers.a.level";
  assertThrows(() => bench.dict(dict({ handlers: { a: handler({ level: 10 }), b } })), ConfigError);
});

Deno.test("whole parts and lists may be references", () => {
  const bench = new LogBench();
  bench.dict(dict({
    parts: { root: { level: "ERROR", handlers: "cfg://names" }, out: handler() },
    names: ["out"],
    handlers: { out: "cfg://parts.out" },
    root: "cfg://parts.root",
  }));
  bench.logger().error("hello");
  assertEquals(bench.takeStdout(), "ERROR root hello\n");
});

Deno.test("a stream that is an object literal is used itself, and no copy of it", () => {
  const stream = {
    text: "",
    write(text: string) {
      this.text += text;
    },
  };
  const bench = new LogBench();
  bench.dict(withHandler({ stream }));
  bench.logger().error("hello");
  assertEquals(stream.text, "ERROR root hello\n");
});

Deno.test("lists of lists of references are refused before they fill the memory", () => {
  const parts: Dict = { x0: "x" };
  for (let i = 1; i < 40; i++) {
    parts[`x${i}`] = [`cfg://x${i - 1}`, `cfg://x${i - 1}`];
  }
  const config = dict({ ...parts, handlers: { out: handler({ stream: "cfg://x39" }) } });
  assertThrows(() => new LogBench().dict(config), ConfigError, "100000");
});

Deno.test("incremental takes levels and propagation only", () => {
  const bench = new LogBench();
  bench.dict(dict({ loggers: { app: { level: "DEBUG", handlers: ["out"] } } }));
  const { handlers } = bench.logger("app");
  bench.logger("app").disabled = true;
  bench.logger("other").disabled = true;
  bench.dict({
    version: 1,
    incremental: true,
    formatters: 5,
    filters: null,
    handlers: { out: { level: "ERROR", class: "x", filters: 5 } },
    loggers: {
      app: { level: "WARNING", propagate: false, handlers: ["x"], filters: 5 },
      fresh: {},
    },
    root: { level: "CRITICAL", handlers: ["x"] },
  });
  const { app, other } = { app: bench.logger("app"), other: bench.logger("other") };
  assertEquals([app.level, app.propagate, app.disabled], [30, false, false]);
  assertEquals(app.handlers, handlers);
  assertEquals(handlers[0]?.level, 40);
  assertEquals(other.disabled, true);
  assertEquals(bench.logger().level, 50);
  assert(bench.manager.loggerDict.has("fresh"));
});

Deno.test("incremental reaches handlers that the program has named itself", () => {
  const bench = new LogBench();
  const own = new NullHandler();
  own.name = "own";
  bench.logger("app").addHandler(own);
  bench.dict({ version: 1, incremental: true, handlers: { own: { level: "ERROR" } } });
  assertEquals(own.level, 40);
  own.name = "other";
  assertThrows(
    () => bench.dict({ version: 1, incremental: true, handlers: { own: { level: "INFO" } } }),
    ConfigError,
    'Cannot change handler "own": there is none of that name, no handler has one',
  );
});

Deno.test("incremental is refused as a whole", async (t) => {
  const cases: { desc: string; config: Dict }[] = [
    { desc: "an unknown handler", config: { handlers: { x: {} } } },
    { desc: "a handler of null", config: { handlers: { out: null } } },
    { desc: "an unknown level of a handler", config: { handlers: { out: { level: "LOUD" } } } },
    { desc: "an unknown level of a logger", config: { loggers: { app: { level: "LOUD" } } } },
    { desc: "an unknown level of the root", config: { root: { level: "LOUD" } } },
  ];
  for (const { desc, config } of cases) {
    await t.step(desc, () => {
      const bench = new LogBench();
      bench.dict(dict({ loggers: { app: {} } }));
      const before = bench.describe();
      const first = { handlers: { out: { level: 40 } }, loggers: { fresh: { level: 10 } } };
      assertThrows(
        () => bench.dict({ version: 1, incremental: true, ...first, ...config }),
        ConfigError,
      );
      assertEquals(bench.describe(), before);
    });
  }
});

Deno.test("an empty level of a handler counts as none in incremental only", () => {
  const bench = new LogBench();
  bench.dict(dict());
  bench.dict({ version: 1, incremental: true, handlers: { out: { level: "" } } });
  assertThrows(() => bench.dict(withHandler({ level: "" })), ConfigError);
});

Deno.test("a dict without a root keeps the old one", async (t) => {
  for (const root of [undefined, null, {}, [], "", 0]) {
    await t.step(JSON.stringify(root) ?? "missing", () => {
      const bench = new LogBench();
      bench.dict(dict());
      bench.dict({ version: 1, ...(root === undefined ? {} : { root }) });
      bench.logger().info("old handler");
      assertEquals(bench.takeStdout(), "INFO root old handler\n");
    });
  }
});

Deno.test("a root with a level only loses its handlers", () => {
  const bench = new LogBench();
  bench.dict(dict());
  bench.dict({ version: 1, root: { level: "DEBUG" } });
  assertEquals([bench.logger().level, bench.logger().handlers.length], [10, 0]);
});

Deno.test("propagate is what Python calls true, and stays where it is missing", async (t) => {
  const cases: [unknown, boolean][] = [
    [true, true],
    [false, false],
    [0, false],
    [1, true],
    ["", false],
    ["no", true],
    [[], false],
    [{}, false],
    [null, false],
    [undefined, false],
    ["cfg://off", false],
  ];
  for (const [propagate, expected] of cases) {
    await t.step(JSON.stringify(propagate) ?? "missing", () => {
      const bench = new LogBench();
      bench.logger("app").propagate = false;
      bench.dict({ version: 1, off: 0, loggers: { app: { propagate } } });
      assertEquals(bench.logger("app").propagate, expected);
    });
  }
});

Deno.test("disable_existing_loggers is what Python calls true", async (t) => {
  const cases: [unknown, boolean][] = [[true, true], [false, false], [null, false], ["no", true]];
  for (const [disable_existing_loggers, disabled] of cases) {
    await t.step(JSON.stringify(disable_existing_loggers), () => {
      const bench = new LogBench();
      bench.logger("old");
      bench.dict({ version: 1, disable_existing_loggers });
      assertEquals(bench.logger("old").disabled, disabled);
    });
  }
});

Deno.test("loggers called root, or nothing, are the root", () => {
  const bench = new LogBench();
  bench.dict({ version: 1, loggers: { root: { level: "ERROR" }, "": { propagate: false } } });
  assertEquals([bench.logger().level, bench.logger().propagate], [40, false]);
  assertEquals(bench.manager.loggerDict.size, 0);
});

Deno.test("filters of loggers add up, as in CPython", () => {
  const bench = new LogBench();
  const config = { version: 1, filters: { f: { name: "a" } }, loggers: { a: { filters: ["f"] } } };
  bench.dict(config);
  bench.dict(config);
  assertEquals(bench.logger("a").filters.length, 2);
});

Deno.test("a logger that a list disables twice is told of once before it is put in force", () => {
  const bench = new LogBench();
  bench.logger("there");
  const config = { version: 1, logdial: { disabled: ["there", "new", "new"] } };
  const spec = readDictConfig(config, () => undefined) as FullSpec;
  const prepared = prepareConfig(bench.manager, spec, bench.registry);
  assertEquals(prepared.preview().disabled, ["there", "new"]);
  prepared.abort();
});

Deno.test("targets are found before they are made, once", () => {
  const memory = (target: string) => ({
    class: "logging.handlers.MemoryHandler",
    capacity: 1,
    target,
  });
  const bench = new LogBench();
  bench.dict(dict({
    handlers: { a: memory("z"), b: memory("a"), z: handler() },
    root: { level: "INFO", handlers: ["b"] },
  }));
  bench.logger().info("through");
  assertEquals(bench.takeStdout(), "INFO root through\n");
  // Backwards through two, CPython gives up.
  assertThrows(
    () => bench.dict(dict({ handlers: { a: memory("b"), b: memory("z"), z: handler() } })),
    ConfigError,
    'Cannot find handler "b" yet: handlers are made in the order of their names',
  );
  assertThrows(() => bench.dict(dict({ handlers: { a: memory("nobody") } })), ConfigError);
});

Deno.test("where a handler takes an unknown one, all that are defined are named", async (t) => {
  const takers = {
    target: { class: "logging.handlers.MemoryHandler", capacity: 1, target: "nobody" },
    handlers: { class: "logging.handlers.QueueHandler", handlers: ["nobody"] },
  };
  for (const [key, taker] of Object.entries(takers)) {
    await t.step(key, () => {
      const config = dict({ handlers: { first: taker, out: handler() } });
      const error = assertThrows(() => new LogBench().dict(config)) as ConfigError;
      assertEquals(error.reason, 'Cannot find handler "nobody": defined are first, out');
      assertEquals([error.section, error.key], ["handlers.first", key]);
    });
  }
});

Deno.test("the program's own classes, factories, filters and objects", () => {
  const bench = new LogBench();
  class Shout extends StreamHandler {
    readonly times: number;
    constructor(stream: { write(text: string): void }, times = 1) {
      super(stream);
      this.times = times;
    }
    override format(record: LogRecord) {
      return super.format(record).toUpperCase().repeat(this.times);
    }
  }
  bench.registry.registerHandler("my.Shout", Shout, { parameters: ["stream", "times?"] });
  const onlyApp = (record: LogRecord) => record.name === "app";
  bench.dict(dict({
    filters: { app: { "()": () => onlyApp } },
    handlers: { out: handler({ class: "my.Shout", times: 2, filters: ["app", onlyApp] }) },
  }));
  bench.logger("app").info("x");
  bench.logger("other").info("x");
  assertEquals(bench.takeStdout(), "INFO APP XINFO APP X\n");
  assertThrows(() =>
    bench.dict(withHandler({ class: "my.Shout", stream: undefined, formatter: "" }))
  );
  bench.registry.registerObject("make", ({ prefix }: { prefix: string }) => ({
    filter: ({ name }: LogRecord) => name.startsWith(prefix),
  }));
  bench.dict(
    dict({
      filters: { f: { "()": "make", prefix: "z" } },
      root: { level: 1, filters: ["f"], handlers: ["out"] },
    }),
  );
  bench.logger().info("dropped");
  bench.logger("zebra").info("a filter of the root is for the root's own records");
  assertEquals(
    bench.takeStdout(),
    "INFO zebra a filter of the root is for the root's own records\n",
  );
});

Deno.test("what is registered is a class, under a name", () => {
  const register = registerHandler as (...args: unknown[]) => void;
  const cases: readonly [args: readonly unknown[], says: string][] = [
    [
      ["my.H", 5],
      'Cannot register 5 as "my.H": it must be a class; a function that makes one goes',
    ],
    [
      ["my.H", () => new StreamHandler()],
      'Cannot register a function as "my.H": it must be a class',
    ],
    [["my.H", undefined], 'Cannot register undefined as "my.H"'],
    [[StreamHandler, "my.H"], "Cannot register under a function: a name must be a text"],
    [["", StreamHandler], 'Cannot register under "": a name must be a text'],
  ];
  for (const [args, says] of cases) assertThrows(() => register(...args), TypeError, says);
  assertThrows(() => registerObject("", 5), TypeError, "a name must be a text");
  assertEquals(defaultRegistry.handler("my.H"), undefined);
});

Deno.test("names that mean something to JavaScript are names like others", () => {
  const bench = new LogBench();
  // As JSON, since a literal would set the prototype.
  const text = JSON.stringify(dict({
    formatters: { PROTO: { format: "%(name)s|%(message)s" } },
    filters: { PROTO: { name: "PROTO" } },
    handlers: {
      PROTO: handler({ formatter: "PROTO", filters: ["PROTO"] }),
      constructor: handler({ formatter: "PROTO" }),
      10: handler({ formatter: "PROTO" }),
    },
    root: {},
    loggers: {
      PROTO: { level: "DEBUG", handlers: ["PROTO"], propagate: false },
      "PROTO.x": { level: "INFO" },
      constructor: { handlers: ["constructor", "10"], propagate: false },
    },
  })).replaceAll("PROTO", "__proto__");
  bench.dict(JSON.parse(text));
  bench.logger("__proto__.x").info("$& %s", "$1");
  bench.logger("constructor").error("%(constructor)s", { constructor: "c" });
  bench.logger("toString").error("%(toString)s %s", "x");
  assertEquals(bench.takeStdout(), "__proto__.x|$& $1\nconstructor|c\nconstructor|c\n");
});

Deno.test("replaced handlers are let go, also in a thread that never yields", () => {
  const bench = new LogBench();
  bench.dict(dict());
  const count = livingHandlers().length;
  for (let turn = 0; turn < 10; turn++) bench.dict(dict());
  assertEquals(livingHandlers().length, count);
});

Deno.test("a handler that a logger keeps is closed once, and again when it goes", async (t) => {
  for (const isOwn of [false, true]) {
    await t.step(isOwn ? "one of the program's" : "one of a configuration", () => {
      let closed = 0;
      class Counting extends NullHandler {
        override close(): void {
          closed++;
          super.close();
        }
      }
      const bench = new LogBench();
      const own = new Counting();
      const handlers = { own: { "()": () => own } };
      if (isOwn) bench.logger("app").addHandler(own);
      else bench.dict(dict({ handlers, loggers: { app: { handlers: ["own"] } }, root: {} }));
      const others = { disable_existing_loggers: false, handlers: {}, root: {} };
      for (let turn = 0; turn < 3; turn++) bench.dict(dict(others));
      assertEquals([closed, bench.logger("app").handlers], [1, [own]]);
      // It may have opened its file again meanwhile.
      bench.dict(dict({ ...others, loggers: { app: {} } }));
      assertEquals([closed, bench.logger("app").handlers], [2, []]);
    });
  }
});

Deno.test("a file that a logger goes on with after a configuration is closed with the next one", () => {
  const bench = new LogBench();
  const folder = Deno.makeTempDirSync();
  try {
    const file = { class: "logging.FileHandler", filename: `${folder}/a.log` };
    bench.dict(dict({ handlers: { file }, loggers: { app: { handlers: ["file"] } }, root: {} }));
    const [handler] = bench.logger("app").handlers as FileHandler[];
    bench.dict(dict({ disable_existing_loggers: false }));
    bench.logger("app").error("as in Python");
    assert(handler!.stream !== undefined);
    bench.dict(dict());
    bench.dict(dict({ loggers: { app: {} } }));
    assertEquals(handler!.stream, undefined);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a replaced handler that comes back into use is known again", async (t) => {
  const ways: [string, (bench: LogBench, config: Dict, handler: Handler) => void][] = [
    ["by a configuration", (bench, config) => bench.dict(config)],
    ["by the program", (bench, _, handler) => bench.logger("app").addHandler(handler)],
  ];
  for (const [way, comeBack] of ways) {
    await t.step(way, () => {
      const bench = new LogBench();
      let handler: Handler | undefined;
      const config = dict({ handlers: { out: { "()": () => handler ??= new NullHandler() } } });
      bench.dict(config);
      bench.dict(dict());
      assert(!livingHandlers().includes(handler!));
      comeBack(bench, config, handler!);
      assert(livingHandlers().includes(handler!));
    });
  }
});
