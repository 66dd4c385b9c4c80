import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { Filter } from "../../src/core/filters/filter.ts";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { Handler } from "../../src/core/handlers/handler.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";
import { LogBench } from "../harness/log_bench.ts";

type Dict = Record<string, unknown>;

const STDOUT = { class: "logging.StreamHandler", stream: "ext://sys.stdout" };

class Brackets extends Formatter {
  label = "";
  override formatMessage(record: LogRecord) {
    return `[${super.formatMessage(record)}]${this.label}`;
  }
}
class Once extends Formatter {
  constructor({ format, times = 1 }: { format: string; times?: number }) {
    super(format.repeat(times));
  }
}
class Numbered extends Formatter {
  constructor(fmt: string, datefmt: string | undefined, style: "%", validate: boolean) {
    super(`${datefmt} ${fmt}`, null, style, validate);
  }
}
/** Not even a formatter by its class. */
class Plain {
  readonly args: unknown[];
  constructor(...args: unknown[]) {
    this.args = args;
  }
  format(record: LogRecord) {
    return `${this.args[0]} ${record.msg}`;
  }
}

function lineWith(formatter: Dict): string {
  const bench = new LogBench();
  bench.registry.registerFormatter("my.Brackets", Brackets);
  bench.registry.registerObject("my.Once", Once);
  bench.dict({
    version: 1,
    formatters: { f: formatter },
    handlers: { h: { ...STDOUT, formatter: "f" } },
    root: { level: "INFO", handlers: ["h"] },
  });
  const config = describeConfig(bench.manager, bench.registry) as Dict;
  const again = new LogBench();
  again.registry.registerFormatter("my.Brackets", Brackets);
  again.registry.registerObject("my.Once", Once);
  again.dict(config);
  bench.logger().info("x");
  again.logger().info("x");
  const line = bench.takeStdout();
  // Only formatters are described, whatever else has their method.
  const expected = formatter.class === Plain ? "x\n" : line;
  assertEquals(again.takeStdout(), expected, "what it is described as makes another line");
  return line;
}

Deno.test("a class of the program's own makes a formatter, by name or itself", async (t) => {
  const cases: { desc: string; formatter: Dict; line: string }[] = [
    {
      desc: "a factory, which is given format for fmt",
      formatter: { "()": Brackets, format: "%(message)s" },
      line: "[x]\n",
    },
    {
      desc: "a factory with all that formatters take, and an attribute",
      formatter: {
        "()": Brackets,
        style: "{",
        datefmt: "%Y",
        format: "{message}{ip}",
        defaults: { ip: "-" },
        validate: true,
        ".": { label: "!" },
      },
      line: "[x-]!\n",
    },
    {
      desc: "a class",
      formatter: { class: Brackets, format: "{message}", style: "{" },
      line: "[x]\n",
    },
    {
      desc: "a class by name, without validation",
      formatter: { class: "my.Brackets", format: "none", validate: false },
      line: "[none]\n",
    },
    {
      desc: "a class with a constructor, which is given what any formatter is",
      formatter: { class: Numbered, format: "%(message)s", datefmt: "d", validate: true },
      line: "d x\n",
    },
    {
      desc: "a class that is no formatter",
      formatter: { class: Plain, format: "its", validate: false },
      line: "its x\n",
    },
    {
      desc: "a factory with a constructor, which is given one object",
      formatter: { "()": Once, format: "%(message)s", times: 2 },
      line: "xx\n",
    },
    {
      desc: "a registered object that is such a class",
      formatter: { "()": "my.Once", format: "%(message)s" },
      line: "x\n",
    },
    {
      desc: "a function",
      formatter: {
        "()": ({ format, validate }: { format: string; validate: boolean }) =>
          new Formatter(format, null, "%", validate),
        format: "none",
        validate: false,
      },
      line: "none\n",
    },
  ];
  for (const { desc, formatter, line } of cases) {
    await t.step(desc, () => assertEquals(lineWith(formatter), line));
  }
  await t.step("a wrong format is refused", () => {
    assertThrows(
      () => lineWith({ class: Brackets, format: "none" }),
      ConfigError,
      "Invalid format",
    );
    assertThrows(() => lineWith({ "()": Brackets, form: "x" }), ConfigError, 'no argument "form"');
  });
});

Deno.test("a class of the program's own makes a handler, by class or factory", () => {
  class Loud extends StreamHandler {
    override terminator = "!\n";
  }
  class Louder extends Loud {}
  class Resource extends StreamHandler {
    readonly type: string;
    constructor({ resource }: { resource: { type: string } }) {
      super({ write: (text) => lines.push(text) });
      this.type = resource.type;
    }
    override format(record: LogRecord) {
      return `${super.format(record)} ${this.type}`;
    }
  }
  class Counter extends Handler {
    count = 0;
    emit() {
      this.count++;
    }
  }
  const lines: string[] = [];
  const bench = new LogBench();
  const dict = (handlers: Dict) =>
    bench.dict({ version: 1, handlers, root: { level: "INFO", handlers: Object.keys(handlers) } });
  for (const key of ["class", "()"]) {
    dict({ h: { [key]: Louder, stream: "ext://sys.stdout", level: "INFO" } });
    bench.logger().info("hey");
    assertEquals(bench.takeStdout(), "hey!\n");
    const config = describeConfig(bench.manager, bench.registry);
    bench.dict(config);
    assertEquals(describeConfig(bench.manager, bench.registry), config);
    dict({ h: { [key]: Resource, resource: { type: "mine" } }, c: { [key]: Counter } });
    bench.logger().info("x");
    assertEquals([lines.splice(0), bench.logger().handlers.map((one) => (one as Counter).count)], [
      ["x mine\n"],
      [undefined, 1],
    ]);
    assertThrows(() => dict({ c: { [key]: Counter, what: 1 } }), ConfigError, 'no argument "what"');
    assertThrows(
      () => dict({ h: { [key]: Louder, steam: 1 } }),
      ConfigError,
      'no argument "steam"',
    );
    const says = 'Cannot build handler "h": "Filter" does not make a handler (';
    assertThrows(() => dict({ h: { [key]: Filter } }), ConfigError, says);
    const nameless = 'Cannot build handler "h": a function does not make a handler (';
    assertThrows(() => dict({ h: { [key]: (() => () => "its text")() } }), ConfigError, nameless);
    class OtherCopys {
      constructor(level: unknown = 0) {
        if (typeof level !== "number") throw new TypeError("Cannot use level an object");
      }
      handle() {}
    }
    const way = "does not make a handler of this copy of logdial: add it by addHandler (";
    assertThrows(() => dict({ h: { [key]: OtherCopys } }), ConfigError, way);
  }
});

Deno.test("a class of the program's own makes a filter", () => {
  class NotBelow extends Filter {
    override filter(record: LogRecord) {
      return !super.filter(record);
    }
  }
  const bench = new LogBench();
  bench.dict({
    version: 1,
    filters: { f: { "()": NotBelow, name: "app" } },
    root: { filters: ["f"] },
  });
  const [filter] = bench.logger().filters;
  assertInstanceOf(filter, NotBelow);
  assertEquals((filter as NotBelow).name, "app");
});

Deno.test("a formatter's class that takes other arguments is told how it is given them", () => {
  const bench = new LogBench();
  bench.registry.registerFormatter("my.Brackets", Brackets, { parameters: ["left?", "right?"] });
  const configure = (formatter: Dict) => bench.dict({ version: 1, formatters: { f: formatter } });
  const says = "takes at most 2 arguments (left?, right?), not 3; as class it is given format, " +
    'datefmt and style, by "()" in place of class its own arguments';
  assertThrows(() => configure({ class: "my.Brackets", left: "<" }), ConfigError, says);
  configure({ "()": "my.Brackets", left: "%(message)s" });
  const ini = "[loggers]\nkeys=root\n[handlers]\nkeys=\n[formatters]\nkeys=f\n" +
    "[logger_root]\nhandlers=\n[formatter_f]\nclass=my.Brackets\n";
  const { message } = assertThrows(() => bench.file(ini), ConfigError);
  assertEquals(
    message.includes("not 3; as class it is given format, datefmt and style ("),
    true,
    message,
  );
});

Deno.test("a formatter's name may be that of a method of every object", () => {
  const bench = new LogBench();
  bench.registry.registerFormatter("toString", Brackets);
  bench.dict({
    version: 1,
    formatters: { f: { "()": "toString", fmt: "%(message)s" } },
    handlers: { h: { ...STDOUT, formatter: "f" } },
    root: { level: "INFO", handlers: ["h"] },
  });
  bench.logger().info("x");
  assertEquals(bench.takeStdout(), "[x]\n");
});
