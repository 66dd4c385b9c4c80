import { assert, assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { Handler } from "../../src/core/handlers/handler.ts";
import { Filter } from "../../src/core/filters/filter.ts";
import { applyBasicConfig } from "../../src/config/basic_config.ts";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import { stringifyConfig } from "../../src/config/describe/stringify_config.ts";
import { NullHandler } from "../../src/handlers/null_handler.ts";
import { LogBench } from "../harness/log_bench.ts";
import { Random, testSeed } from "../harness/python_oracle.ts";

type Dict = Record<string, unknown>;

const CONF = `
[loggers]
keys=root,app
[handlers]
keys=out,memory
[formatters]
keys=plain,brace
[logger_root]
level=INFO
handlers=out
[logger_app]
qualname=app.db
level=DEBUG
handlers=memory,out
propagate=0
[handler_out]
class=StreamHandler
args=(sys.stdout,)
level=WARNING
formatter=plain
[handler_memory]
class=handlers.MemoryHandler
args=(10, ERROR)
kwargs={'flushOnClose': False}
target=out
[formatter_plain]
format=100%% %(message)s
datefmt=%H:%M
[formatter_brace]
class=logging.ColorFormatter
style={
format={message}
`;

function describe(bench: LogBench, allLoggers = false): Dict {
  return describeConfig(bench.manager, bench.registry, { allLoggers });
}

Deno.test("getConfig() says what a .conf has set up", () => {
  const bench = new LogBench();
  bench.logger("other");
  bench.file(CONF, { disableExistingLoggers: false });
  assertEquals(describe(bench), {
    version: 1,
    disable_existing_loggers: false,
    formatters: { plain: { format: "100%% %(message)s", datefmt: "%H:%M" } },
    filters: {},
    handlers: {
      out: {
        class: "logging.StreamHandler",
        level: "WARNING",
        stream: "ext://sys.stdout",
        formatter: "plain",
      },
      memory: {
        class: "logging.handlers.MemoryHandler",
        capacity: 10,
        flushLevel: 40,
        target: "out",
        flushOnClose: false,
      },
    },
    loggers: { "app.db": { level: "DEBUG", handlers: ["memory", "out"], propagate: false } },
    root: { level: "INFO", handlers: ["out"] },
  });
});

Deno.test("getConfig() has all later changes, by configurations and by the program", () => {
  const bench = new LogBench();
  bench.file(CONF);
  bench.dict({
    version: 1,
    incremental: true,
    handlers: { out: { level: "ERROR" } },
    loggers: { "app.db": { propagate: true } },
    root: { level: 15 },
  });
  bench.logger("late").setLevel("CRITICAL");
  bench.logger("off").disabled = true;
  bench.logger("off").addFilter(new Filter("off.x"));
  const { handlers, loggers, root, filters, logdial } = describe(bench) as Record<string, Dict>;
  assertEquals((handlers!.out as Dict).level, "ERROR");
  assertEquals(loggers, {
    "app.db": { level: "DEBUG", handlers: ["memory", "out"], propagate: true },
    late: { level: "CRITICAL", handlers: [], propagate: true },
    off: { level: "NOTSET", handlers: [], filters: ["filter1"], propagate: true },
  });
  assertEquals(root!.level, 15);
  assertEquals(filters, { filter1: { name: "off.x" } });
  assertEquals(logdial, { disabled: ["off"] });
});

Deno.test("getConfig() names what the program has made, where a name stands for it", () => {
  class OwnHandler extends Handler {
    emit() {}
  }
  const bench = new LogBench();
  applyBasicConfig(bench.manager, { format: "{message}", style: "{", level: "INFO" });
  const own = new OwnHandler();
  own.setFormatter(new Formatter("%(ip)s", null, "%", true, { defaults: { ip: "-" } }));
  const pass = () => true;
  bench.logger("app").addHandler(own);
  bench.logger("app").addFilter(pass);
  // The stream is the real one, not the bench's.
  bench.registry.registerObject(
    "real.stderr",
    (bench.logger().handlers[0] as { stream?: unknown }).stream,
  );
  const config = describe(bench) as Record<string, Record<string, Dict>>;
  assertEquals(config.handlers!.handler1, {
    class: "logging.StreamHandler",
    stream: "ext://real.stderr",
    formatter: "formatter1",
  });
  assertEquals(config.formatters!.formatter1, { format: "{message}", style: "{" });
  assertEquals(config.loggers!.app!.filters, [pass]);
  assertEquals((config.handlers!.handler2!["()"] as () => unknown)(), own);
  bench.dict(config);
  assertEquals(bench.logger("app").handlers, [own]);
});

Deno.test("many parts are described in no more time than it takes to make them", () => {
  // In the square of their number, it took twenty times as long: 10,000 held up a thread for a minute.
  const bench = new LogBench();
  const indexes = Array.from({ length: 4000 }, (_, index) => index);
  const all = (prefix: string, part: (index: number) => Dict) =>
    Object.fromEntries(indexes.map((index) => [`${prefix}${index}`, part(index)]));
  const config = {
    version: 1,
    formatters: all("f", (index) => ({ format: `%(message)s ${index}` })),
    handlers: all("h", (index) => ({ class: "logging.NullHandler", formatter: `f${index}` })),
    loggers: all("app.l", (index) => ({ handlers: [`h${index}`] })),
  };
  const timed = (does: () => void) => {
    const begin = performance.now();
    does();
    return performance.now() - begin;
  };
  const making = timed(() => bench.dict(config));
  // Those of the program get numbers.
  for (const index of indexes) {
    const handler = new NullHandler();
    handler.setFormatter(new Formatter());
    bench.logger(`app.l${index}`).addHandler(handler);
  }
  let described: unknown;
  const describing = timed(() => described = describe(bench));
  assert(describing < 3 * making, `${describing} ms, and ${making} ms to make them`);
  const { handlers, formatters } = described as Record<string, Dict>;
  assertEquals(Object.keys(handlers!).slice(-2), ["handler3999", "handler4000"]);
  assertEquals([Object.keys(handlers!).length, Object.keys(formatters!).length], [8000, 8000]);
});

Deno.test("a dict, and a .conf where it has the words, lead back to the same", async (t) => {
  const parts: Dict = {
    formatters: { f: { format: "%(message)s" } },
    handlers: { h: { class: "logging.StreamHandler", stream: "ext://sys.stderr", formatter: "f" } },
  };
  const cases: { desc: string; config: Dict; isDictOnly?: boolean }[] = [
    { desc: "nothing but a root", config: { root: { level: "ERROR" } } },
    {
      desc: "handlers and propagate",
      config: { ...parts, loggers: { a: { handlers: ["h"], propagate: 0 } } },
    },
    {
      desc: "odd names",
      config: {
        ...parts,
        loggers: {
          "a b": { level: "INFO" },
          "10": { level: 10 },
          constructor: { handlers: ["h"] },
          "é.%s": { level: 10 },
        },
      },
    },
    {
      desc: "filters",
      isDictOnly: true,
      config: { filters: { x: { name: "a" } }, loggers: { a: { filters: ["x"] } } },
    },
    { desc: "levels without a name", isDictOnly: true, config: { root: { level: 15 } } },
    {
      desc: "attributes",
      isDictOnly: true,
      config: {
        handlers: {
          h: {
            class: "logging.StreamHandler",
            stream: "ext://sys.stdout",
            ".": { terminator: "|" },
          },
        },
        root: { handlers: ["h"] },
      },
    },
    {
      desc: "validate",
      isDictOnly: true,
      config: {
        formatters: { f: { format: "x", validate: false } },
        handlers: { h: { class: "logging.NullHandler", formatter: "f" } },
      },
    },
    {
      desc: "validate, where the class has something else as its fourth argument",
      isDictOnly: true,
      config: {
        formatters: { f: { "()": "colorlog.ColoredFormatter", fmt: "x", validate: false } },
        handlers: { h: { class: "logging.NullHandler", formatter: "f" } },
      },
    },
    {
      desc: "a target that is none",
      config: {
        handlers: { h: { "()": "logging.handlers.MemoryHandler", capacity: 1, target: null } },
      },
    },
    {
      desc: "defaults, of a factory and of a class",
      config: {
        formatters: {
          f: { "()": "logging.Formatter", fmt: "%(ip)s", defaults: { ip: "-" } },
          g: { format: "{ip}", style: "{", defaults: { ip: "50%%", list: [1, { a: null }] } },
        },
        handlers: {
          h: { class: "logging.NullHandler", formatter: "f" },
          i: { class: "logging.NullHandler", formatter: "g" },
        },
      },
    },
    {
      desc: "files",
      config: {
        handlers: {
          h: {
            class: "logging.FileHandler",
            filename: '/tmp/it\'s "é"\\.log',
            mode: "a",
            delay: true,
          },
        },
      },
    },
    {
      desc: "rotating files with a gap in the arguments",
      config: {
        handlers: {
          h: {
            class: "logging.handlers.RotatingFileHandler",
            filename: "/tmp/x.log",
            backupCount: 3,
            delay: true,
          },
        },
      },
    },
    {
      desc: "targets",
      config: {
        handlers: {
          a: { class: "logging.handlers.MemoryHandler", capacity: 9, target: "z" },
          z: { class: "logging.NullHandler", level: 30 },
        },
      },
    },
  ];
  for (const { desc, config, isDictOnly = false } of cases) {
    await t.step(desc, () => {
      const bench = new LogBench();
      bench.logger("default");
      bench.dict({ version: 1, disable_existing_loggers: false, ...config });
      const once = describe(bench, true);
      const again = new LogBench();
      again.dict(JSON.parse(JSON.stringify(once)));
      assertEquals(describe(again, true), once);
      if (isDictOnly) {
        const error = assertThrows(() => stringifyConfig(once), ConfigError) as ConfigError;
        assert(/^Cannot print/.test(error.message) && error.section !== undefined);
        return;
      }
      const read = new LogBench();
      read.file(stringifyConfig(once));
      assertEquals(describe(read, true), once);
    });
  }
});

Deno.test("stringifyConfig() prints what CPython's users know", () => {
  const bench = new LogBench();
  bench.file(CONF);
  assertEquals(
    stringifyConfig(describe(bench)),
    `[loggers]
keys=root,app.db

[handlers]
keys=out,memory

[formatters]
keys=plain

[logger_root]
level=INFO
handlers=out

[logger_app.db]
level=DEBUG
handlers=memory,out
qualname=app.db
propagate=0

[handler_out]
class=logging.StreamHandler
level=WARNING
formatter=plain
args=(sys.stdout,)

[handler_memory]
class=logging.handlers.MemoryHandler
target=out
args=(10, 40)
kwargs={'flushOnClose': False}

[formatter_plain]
format=100%% %(message)s
datefmt=%H:%M
`,
  );
});

Deno.test("stringifyConfig() refuses names that lists cannot hold", () => {
  for (const name of ["a,b", " a", ""]) {
    const handlers = { [name]: { class: "logging.NullHandler" } };
    assertThrows(() => stringifyConfig({ version: 1, handlers }), ConfigError, "Cannot print name");
  }
  const handlers = { h: { class: "logging.StreamHandler", stream: "cfg://x" } };
  stringifyConfig({ version: 1, handlers: {}, loggers: { "a,b": {} } });
  assertThrows(
    () => stringifyConfig({ version: 1, handlers: { h: { class: handlers } } }),
    ConfigError,
    "plain text",
  );
});

Deno.test("any text is printed as a literal that reads back to it", () => {
  const random = new Random(testSeed());
  const letters = [..."ab'\"\\\n\t\r%é😀\x01\x7f\u2028{}(), "];
  for (let i = 0; i < 300; i++) {
    const filename = `/tmp/${
      Array.from({ length: random.below(8) }, () => random.pick(letters)).join("")
    }x`;
    const bench = new LogBench();
    const handlers = { h: { class: "logging.FileHandler", filename, delay: true } };
    bench.dict({ version: 1, handlers, root: { handlers: ["h"] } });
    const once = describe(bench);
    const again = new LogBench();
    again.file(stringifyConfig(once));
    assertEquals(describe(again), once);
  }
});
