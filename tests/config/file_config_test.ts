import { assert, assertEquals, assertThrows } from "@std/assert";
import type { ConfigError } from "../../src/core/errors/config_error.ts";
import { Logger } from "../../src/core/loggers/logger.ts";
import { LogBench } from "../harness/log_bench.ts";
import { assertRefused, type Refusal } from "./assert_refused.ts";

/** A `.conf` with one handler on the root; parts can be replaced. */
function conf(parts: {
  loggers?: string;
  handlers?: string;
  formatters?: string;
  root?: string;
  handler?: string;
  formatter?: string;
  more?: string;
} = {}): string {
  return `
[loggers]
keys=${parts.loggers ?? "root"}
[handlers]
keys=${parts.handlers ?? "out"}
[formatters]
keys=${parts.formatters ?? "plain"}
[logger_root]
${parts.root ?? "level=INFO\nhandlers=out"}
[handler_out]
${parts.handler ?? "class=StreamHandler\nargs=(sys.stdout,)\nformatter=plain"}
[formatter_plain]
${parts.formatter ?? "format=%(levelname)s %(name)s %(message)s"}
${parts.more ?? ""}
`;
}

/** What a bench writes after a configuration: a warning of the root. */
function lineOf(text: string): string {
  const bench = new LogBench();
  bench.file(text);
  bench.logger().warning("hello");
  return bench.takeStdout();
}

Deno.test("fileConfig() takes what CPython takes", async (t) => {
  const line = "WARNING root hello\n";
  const cases: { desc: string; text: string; line?: string }[] = [
    { desc: "a plain configuration", text: conf() },
    {
      desc: "colons, blanks, capitals in option names",
      text: conf({ root: "LEVEL : INFO\nHandlers:out" }),
    },
    {
      desc: "comments and text after a header's bracket",
      text: conf().replace("[loggers]", "# one\n ; two\n[loggers] three"),
    },
    {
      desc: "defaults of fields, which are not interpolated",
      text: conf({
        formatter: "format=%(ip)s %(pc)s %(name)s %(message)s\n" +
          "defaults={'ip': '-', 'pc': '%d%%', 'name': 1}",
      }),
      line: "- %d%% root hello\n",
    },
    {
      desc: "None as defaults",
      text: conf({ formatter: "format=%(name)s\ndefaults=None" }),
      line: "root\n",
    },
    {
      desc: "a value that goes on in indented lines",
      text: conf({ handlers: "\n  out", loggers: "\n root" }),
    },
    {
      desc: "empty lists of handlers and formatters",
      text: conf({ handlers: "", formatters: "", root: "handlers=" }),
      line: "",
    },
    {
      desc: "sections that no list names",
      text: conf({ more: "[formatter_x]\nstyle=?\nx=%(y)s" }),
    },
    { desc: "lists with blanks around names", text: conf({ loggers: " root " }) },
    {
      desc: "values from [DEFAULT]",
      text: conf({
        more: "[DEFAULT]\nstream=sys.stdout",
        handler: "class=StreamHandler\n" +
          "args=(%(stream)s,)\nformatter=plain",
      }),
    },
    {
      desc: "a list from [DEFAULT]",
      text: conf().replace("[formatters]\nkeys=plain", "[formatters]") + "[DEFAULT]\nkeys=plain\n",
    },
    { desc: "WARN", text: conf({ root: "level=WARN\nhandlers=out" }) },
    { desc: "NOTSET", text: conf({ root: "level=NOTSET\nhandlers=out" }) },
    { desc: "FATAL", text: conf({ root: "level=FATAL\nhandlers=out" }), line: "" },
    { desc: "a class with its module", text: conf().replace("=StreamH", "=logging.StreamH") },
    {
      desc: "a class with a comment",
      text: conf().replace("=StreamHandler", "=StreamHandler # x"),
    },
    { desc: "a class in brackets", text: conf().replace("=StreamHandler", "=(StreamHandler)") },
    { desc: "a list in place of a tuple", text: conf().replace("(sys.stdout,)", "[sys.stdout]") },
    {
      desc: "keyword arguments",
      text: conf().replace("args=(sys.stdout,)", "kwargs={'stream': sys.stdout}"),
    },
    {
      desc: "arguments over several lines",
      text: conf().replace("(sys.stdout,)", "(\n    sys.stdout,\n  )"),
    },
    {
      desc: "a handler twice on one logger, which logs once",
      text: conf({ root: "handlers=out,out" }),
    },
    {
      desc: "a formatter class with its module",
      text: conf({ formatter: "class=logging.Formatter\nformat=%(message)s" }),
      line: "hello\n",
    },
    { desc: "an empty format, the default", text: conf({ formatter: "format=" }), line: "hello\n" },
    { desc: "no format, the default", text: conf({ formatter: "" }), line: "hello\n" },
    {
      desc: "brace style",
      text: conf({ formatter: "style={\nformat={levelname:>9}|{message}" }),
      line: "  WARNING|hello\n",
    },
    {
      desc: "dollar style",
      text: conf({ formatter: "style=$\nformat=$levelname ${message} $$" }),
      line: "WARNING hello $\n",
    },
    {
      desc: "a format that interpolation would not take",
      text: conf({ formatter: "format=100%% %(message)s" }),
      line: "100% hello\n",
    },
    {
      desc: "a datefmt without milliseconds",
      text: conf({ formatter: "format=%(asctime)s %(message)s\ndatefmt=then" }),
      line: "then hello\n",
    },
    {
      desc: "quotes around a format, which stay",
      text: conf({ formatter: "format='%(message)s'" }),
      line: "'hello'\n",
    },
    {
      desc: "a section of ours",
      text: conf({ more: "[logdial]\nlabel=x" }),
    },
  ];
  for (const { desc, text, line: expected = line } of cases) {
    await t.step(desc, () => assertEquals(lineOf(text), expected));
  }
});

Deno.test("fileConfig() refuses what CPython refuses, says where, and changes nothing", async (t) => {
  const app = "[logger_app]\nqualname=app\nhandlers=\n";
  const cases: ({ desc: string; text: string } & Refusal)[] = [
    { desc: "nothing", text: "", says: /empty configuration/ },
    { desc: "blank lines only", text: "\n\n", says: /\[formatters\]|\[loggers\]|\[handlers\]/ },
    {
      desc: "a byte order mark",
      text: "\ufeff" + conf(),
      says: /byte order mark .*, save it without one/,
    },
    {
      desc: "a missing list",
      text: conf().replace("[formatters]\nkeys=plain", ""),
      says: /Cannot find section \[formatters\]/,
      section: "formatters",
    },
    { desc: "a list without keys", text: conf().replace("keys=root", ""), says: /key "keys"/ },
    { desc: "no root in the list", text: conf({ loggers: "" }), says: /"root" must be listed/ },
    {
      desc: "a comma at the end of a list",
      text: conf({ handlers: "out," }),
      says: /remove the extra comma/,
      section: "handlers",
      key: "keys",
    },
    {
      desc: "a comma at the end of a logger's handlers",
      text: conf({ root: "handlers=out," }),
      says: /item of the list is empty/,
      section: "logger_root",
      key: "handlers",
    },
    {
      desc: "a listed section that is not there",
      text: conf({ loggers: "root,app" }),
      says: /\[logger_app\]: it is listed in \[loggers\]/,
      section: "loggers",
      key: "keys",
    },
    {
      desc: "a logger without handlers=",
      text: conf({ root: "level=INFO" }),
      says: /key "handlers"/,
      section: "logger_root",
      key: "handlers",
    },
    {
      desc: "a logger without qualname=",
      text: conf({ loggers: "root,app", more: "[logger_app]\nhandlers=\n" }),
      says: /key "qualname"/,
    },
    {
      desc: "an unused handler with an unknown class",
      text: conf({ handlers: "out,x", more: "[handler_x]\nclass=Nothing\n" }),
      says: /unknown class "Nothing"/,
      section: "handler_x",
      key: "class",
    },
    {
      desc: "a handler of the wrong spelling",
      text: conf().replace("=StreamHandler", "=streamHandler"),
      says: /did you mean "StreamHandler"/,
    },
    {
      desc: "a handler without a class",
      text: conf().replace("class=StreamHandler\n", ""),
      says: /key "class"/,
    },
    {
      desc: "an unknown handler",
      text: conf({ root: "handlers=nobody" }),
      says: /Cannot find handler "nobody": defined are out/,
    },
    {
      desc: "an unknown formatter",
      text: conf().replace("formatter=plain", "formatter=nobody"),
      says: /Cannot find formatter "nobody"/,
    },
    {
      desc: "a level in small letters",
      text: conf({ root: "level=info\nhandlers=" }),
      says: /"INFO"/,
    },
    {
      desc: "a level in digits",
      text: conf({ root: "level=10\nhandlers=" }),
      says: /unknown level/,
    },
    { desc: "an empty level", text: conf({ root: "level=\nhandlers=" }), says: /unknown level ""/ },
    {
      desc: "a stream in brackets without a comma",
      text: conf().replace("(sys.stdout,)", "(sys.stdout)"),
      says: /must be a tuple/,
      section: "handler_out",
      key: "args",
    },
    {
      desc: "defaults that are no dict",
      text: conf({ formatter: "format=%(name)s\ndefaults=['ip']" }),
      says: /Cannot read defaults: it must be a dict/,
      section: "formatter_plain",
      key: "defaults",
    },
    {
      desc: "defaults with names that are no text",
      text: conf({ formatter: "format=%(name)s\ndefaults={1: 2}" }),
      says: /Cannot read defaults/,
    },
    {
      desc: "defaults that are no literal",
      text: conf({ formatter: "format=%(name)s\ndefaults={'ip': open('x')}" }),
      says: /Cannot read defaults/,
      key: "defaults",
    },
    { desc: "empty args", text: conf().replace("(sys.stdout,)", ""), says: /Cannot read args/ },
    {
      desc: "empty kwargs",
      text: conf().replace("formatter=plain", "kwargs="),
      says: /Cannot read kwargs/,
    },
    {
      desc: "kwargs that are no dict",
      text: conf().replace("formatter=plain", "kwargs=()"),
      says: /must be a dict/,
    },
    {
      desc: "too many arguments",
      text: conf().replace("(sys.stdout,)", "(sys.stdout, 1)"),
      says: /at most 1 argument/,
    },
    {
      desc: "an argument twice",
      text: conf().replace("formatter=plain", "kwargs={'stream': sys.stderr}"),
      says: /"stream" twice/,
    },
    {
      desc: "an unknown argument",
      text: conf().replace("formatter=plain", "kwargs={'mode': 'w'}"),
      says: /no argument "mode"/,
    },
    {
      desc: "a name that nobody has registered",
      text: conf().replace("sys.stdout", "sys.stdin"),
      says: /sys\.stdin/,
    },
    {
      desc: "code",
      text: conf().replace("sys.stdout", "__import__('os')"),
      says: /no code is evaluated/,
    },
    {
      desc: "a level with its module in args",
      text: conf({ handler: "class=NullHandler\nargs=(logging.INFO,)" }),
      says: /logging\.INFO/,
    },
    { desc: "a format without a field", text: conf({ formatter: "format=x" }), says: /format/i },
    {
      desc: "a brace format that does not parse",
      text: conf({ formatter: "style={\nformat={message" }),
      says: /format/i,
    },
    {
      desc: "a dollar format without a field",
      text: conf({ formatter: "style=$\nformat=$$" }),
      says: /format/i,
    },
    { desc: "an unknown style", text: conf({ formatter: "style=x" }), says: /style "x"/ },
    { desc: "an empty style", text: conf({ formatter: "style=" }), says: /style ""/ },
    {
      desc: "a formatter class without its module",
      text: conf({ formatter: "class=Formatter" }),
      says: /did you mean "logging.Formatter"/,
    },
    {
      desc: "an option twice",
      text: conf({ root: "handlers=\nHANDLERS=out" }),
      says: /already/,
    },
    { desc: "a section twice", text: conf() + "[loggers]\n", says: /already/ },
    {
      desc: "a reference to nothing",
      text: conf({ root: "handlers=%(x)s" }),
      says: /no option "x"/,
    },
    { desc: "a bare percent sign", text: conf({ root: "handlers=%" }), says: /"%" must be/ },
    {
      desc: "a propagate that is no number",
      text: conf({ loggers: "root,app", more: app + "propagate=no" }),
      says: /propagate "no"/,
      section: "logger_app",
      key: "propagate",
    },
    {
      desc: "an empty propagate",
      text: conf({ loggers: "root,app", more: app + "propagate=" }),
      says: /propagate ""/,
    },
    {
      desc: "an unknown target",
      text: conf({ handler: "class=handlers.MemoryHandler\nargs=(2,)\ntarget=x" }),
      says: /Cannot find handler "x"/,
    },
  ];
  for (const { desc, text, ...refusal } of cases) {
    await t.step(desc, () => {
      const bench = new LogBench();
      bench.file(conf());
      bench.logger("app").setLevel("ERROR");
      assertRefused(bench, () => bench.file(text), refusal);
    });
  }
});

Deno.test("fileConfig() tells the line of an error", () => {
  const text = "[loggers]\nkeys=root\n[handlers]\nkeys=\n[formatters]\nkeys=\n" +
    "[logger_root]\nhandlers=\nlevel=LOUD\n";
  const error = assertThrows(() => new LogBench().file(text)) as ConfigError;
  assertEquals([error.section, error.key, error.line], ["logger_root", "level", 9]);
});

Deno.test("fileConfig() reads propagate as a whole number and resets it to 1", async (t) => {
  const more = (value: string) => `[logger_app]\nqualname=app\nhandlers=\n${value}\n`;
  const cases = [
    { desc: "missing", value: "", propagates: true },
    { desc: "0", value: "propagate=0", propagates: false },
    { desc: "1", value: "propagate=1", propagates: true },
    { desc: "2", value: "propagate=2", propagates: true },
    { desc: "-1", value: "propagate=-1", propagates: true },
    { desc: "+0", value: "propagate=+0", propagates: false },
    { desc: "00", value: "propagate=00", propagates: false },
    { desc: "0_0", value: "propagate=0_0", propagates: false },
  ];
  for (const { desc, value, propagates } of cases) {
    await t.step(desc, () => {
      const bench = new LogBench();
      bench.logger("app").propagate = !propagates;
      bench.file(conf({ loggers: "root,app", more: more(value) }));
      assertEquals(bench.logger("app").propagate, propagates);
    });
  }
});

Deno.test("a missing level= leaves the level, empty handlers= takes handlers away", () => {
  const bench = new LogBench();
  bench.file(conf({ root: "level=ERROR\nhandlers=out" }));
  bench.file(conf({ root: "handlers=" }));
  assertEquals(bench.logger().level, 40);
  assertEquals(bench.logger().handlers, []);
});

Deno.test("a class is found by the way through logging.handlers, as in CPython", () => {
  for (
    const way of [
      "handlers.logging.",
      "logging.handlers.logging.",
      "handlers.logging.handlers.logging.",
    ]
  ) {
    const handler = `class=${way}StreamHandler\nargs=(sys.stdout,)\nformatter=plain`;
    assertEquals(lineOf(conf({ handler })), "WARNING root hello\n", way);
  }
});

Deno.test("a handler may be a target before it is listed", () => {
  const bench = new LogBench();
  bench.file(conf({
    handlers: "memory,out",
    root: "level=INFO\nhandlers=memory",
    more: "[handler_memory]\nclass=handlers.MemoryHandler\nargs=(2,)\ntarget=out",
  }));
  bench.logger().info("one");
  assertEquals(bench.takeStdout(), "");
  bench.logger().info("two");
  assertEquals(bench.takeStdout(), "INFO root one\nINFO root two\n");
});

Deno.test("target= of other handlers is not even read", () => {
  lineOf(conf().replace("formatter=plain", "target=%(nothing)s"));
});

Deno.test("a section may mean the root by its qualname, and then comes last", async (t) => {
  for (const name of ["", "root"]) {
    await t.step(JSON.stringify(name), () => {
      const bench = new LogBench();
      bench.file(conf({
        loggers: "root,again",
        more: `[logger_again]\nqualname=${name}\nlevel=ERROR\nhandlers=`,
      }));
      assertEquals([bench.logger().level, bench.logger().handlers.length], [40, 0]);
    });
  }
});

Deno.test("options given as defaults stand behind [DEFAULT]", () => {
  const bench = new LogBench();
  const text = conf({ root: "handlers=%(one)s%(two)s", more: "[DEFAULT]\ntwo=t" });
  bench.file(text, { defaults: { ONE: "ou", two: "x", level: "CRITICAL" } });
  assertEquals([bench.logger().level, bench.logger().handlers.length], [50, 1]);
});

Deno.test("options given as defaults may be anything, as long as nobody reads them", () => {
  const bench = new LogBench();
  const formatters = { generic: { format: "%(asctime)s [%(process)d]", datefmt: "[%Y]" } };
  const defaults = { version: 1, disable_existing_loggers: false, formatters } as object;
  bench.file(conf(), { defaults: defaults as Record<string, string> });
  assertEquals(bench.logger().level, 20);
});

Deno.test("an error in a default that the program gives names no line that is not there", async (t) => {
  const text = conf({ handler: "class=StreamHandler\nargs=(%(what)s,)" });
  const cases: [defaults: Record<string, string>, says: RegExp, key: string, line: number][] = [
    [{ what: "%x" }, /^Cannot expand given default "what": "%" must be followed by/, "args", 13],
    [{ what: "%(no)s" }, /^Cannot expand given default "what": no option "no"/, "args", 13],
    [
      { what: "(1" },
      /\)" is missing \(section \[handler_out\], key "args", line 13\)$/,
      "args",
      13,
    ],
    // The header of the section that reads it.
    [{ what: "sys.stdout", level: "LOUD" }, /unknown level "LOUD"/, "level", 11],
    [
      { what: "sys.stdout", kwargs: "{'a'" },
      /"}" is missing \(section \[handler_out\], key "kwargs", line 11\)$/,
      "kwargs",
      11,
    ],
  ];
  for (const [defaults, says, key, line] of cases) {
    await t.step(JSON.stringify(defaults), () => {
      const bench = new LogBench();
      const error = assertThrows(() => bench.file(text, { defaults })) as ConfigError;
      assert(says.test(error.message), error.message);
      assertEquals([error.section, error.key, error.line], ["handler_out", key, line]);
    });
  }
});

Deno.test("propagate may begin on the line below its name, as in CPython", () => {
  const bench = new LogBench();
  const more = "[logger_app]\nqualname=app\nhandlers=\npropagate=\n  # none of its records\n  0";
  bench.file(conf({ loggers: "root,app", more }));
  assertEquals(bench.logger("app").propagate, false);
});

Deno.test("unmentioned loggers are disabled, but not those below named ones", () => {
  const bench = new LogBench();
  const named = (name: string) => `[logger_app]\nqualname=${name}\nhandlers=`;
  for (const name of ["app.db", "other.x", "application"]) bench.logger(name).setLevel("DEBUG");
  bench.logger("app.db").propagate = false;
  bench.file(conf({ loggers: "root,app", more: named("app") }));
  const states = ["app", "app.db", "other.x", "application"].map((name) => {
    const { disabled, level, propagate } = bench.logger(name);
    return [name, disabled, level, propagate];
  });
  assertEquals(states, [
    ["app", false, 0, true],
    // It was an implicit name before, and so protects what is below it.
    ["app.db", false, 0, true],
    ["other.x", true, 10, true],
    ["application", true, 10, true],
  ]);
  assert(!(bench.manager.loggerDict.get("other") instanceof Logger));
});

Deno.test("a name that was not there before protects nobody", () => {
  const bench = new LogBench();
  bench.logger("a.b.c");
  bench.file(conf({ loggers: "root,x", more: "[logger_x]\nqualname=z\nhandlers=" }));
  assertEquals(bench.logger("a.b.c").disabled, true);
});

Deno.test("disableExistingLoggers: false enables all, and leaves old handlers working", () => {
  const bench = new LogBench();
  bench.file(conf({
    loggers: "root,app,app.db",
    more: "[logger_app]\nqualname=app\nhandlers=out\n[logger_app.db]\nqualname=app.db\nhandlers=",
  }));
  bench.logger("off").disabled = true;
  bench.file(conf({ root: "handlers=" }), { disableExistingLoggers: false });
  assertEquals(bench.logger("off").disabled, false);
  bench.logger("app").error("old handler");
  assertEquals(bench.takeStdout(), "ERROR app old handler\n");
});

Deno.test("children of named loggers are not enabled again", () => {
  const bench = new LogBench();
  const text = conf({ loggers: "root,app", more: "[logger_app]\nqualname=app\nhandlers=" });
  bench.logger("app.db").disabled = true;
  bench.file(text, { disableExistingLoggers: false });
  assertEquals(bench.logger("app.db").disabled, true);
});

Deno.test("names that mean something to JavaScript are names like others", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "10", "1"];
  const bench = new LogBench();
  bench.file(conf({
    loggers: ["root", ...names].join(","),
    handlers: names.join(","),
    formatters: names.join(","),
    root: `level=INFO\nhandlers=__proto__`,
    more: names.map((name) =>
      `[logger_${name}]\nqualname=${name}.$&\nhandlers=${name}\nlevel=DEBUG\npropagate=0\n` +
      `[handler_${name}]\nclass=StreamHandler\nargs=(sys.stdout,)\nformatter=${name}\n` +
      `[formatter_${name}]\nformat=${name}|%(name)s|%(message)s\n`
    ).join(""),
  }));
  for (const name of names) bench.logger(`${name}.$&`).debug("$& %s", "$1");
  bench.logger("toString").info("root's");
  assertEquals(
    bench.takeStdout(),
    names.map((name) => `${name}|${name}.$&|$& $1\n`).join("") + "__proto__|toString|root's\n",
  );
});
