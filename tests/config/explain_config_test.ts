import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { explainConfig } from "../../src/config/check/explain_config.ts";
import { readNamedText } from "../../src/config/text/read_yaml.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { taggedConfig } from "../harness/tagged_config.ts";
import { LogBench } from "../harness/log_bench.ts";

const GOOD = taggedConfig("X", "DEBUG");

/** A `.conf` whose handler has that class and those arguments. */
function withHandler(className: string, args: string): string {
  return GOOD.replace("class = StreamHandler", `class = ${className}`)
    .replace("args = (sys.stdout,)", `args = ${args}`);
}

/** A JSON text of one handler. */
function withDictHandler(handler: object): string {
  return JSON.stringify({ version: 1, handlers: { h: handler }, root: { handlers: ["h"] } });
}

interface Case {
  readonly desc: string;
  readonly text: string;
  /** Each finding as `error` or `warning`, with `?` where a program may know better, and its reason. */
  readonly finds: readonly (readonly [kind: string, reason: RegExp])[];
}

const CASES: Case[] = [
  {
    desc: "a name that nobody knows where it stands for no argument",
    text: JSON.stringify({
      version: 1,
      disable_existing_loggers: "ext://app.keep",
      formatters: { f: { format: "%(message)s", source: "ext://app.source" } },
      loggers: { a: { propagate: "ext://app.up" } },
    }),
    finds: [
      ["warning?", /"ext:\/\/app\.source" needs registerObject/],
      ["warning?", /"ext:\/\/app\.keep" needs registerObject/],
      ["warning?", /"ext:\/\/app\.up" needs registerObject/],
    ],
  },
  {
    desc: "filters that are no names",
    text: JSON.stringify({ version: 1, root: { filters: [1, ["f"]] } }),
    finds: [["error", /Cannot find filter 1/], ["error", /Cannot find filter \["f"\]/]],
  },
  {
    desc: "handlers to be opened by a whole configuration, in a .conf",
    text: `${GOOD}\n[logdial]\nopen = true\n`,
    finds: [["error", /Cannot open handlers: only a change of levels can/]],
  },
  {
    desc: "handlers to be opened by a whole configuration, in a dict",
    text: JSON.stringify({ version: 1, logdial: { open: ["console"] } }),
    finds: [["error", /Cannot open handlers: only a change of levels can/]],
  },
  {
    desc: "handlers to be opened by levels",
    text: JSON.stringify({ version: 1, incremental: true, logdial: { open: true } }),
    finds: [],
  },
  {
    desc: "a word to logdial, beside another error",
    text: `${
      GOOD.replace("class = StreamHandler", "class = StreamHandlr")
    }\n[logdial]\nrecord = x\n`,
    finds: [["error", /StreamHandlr/], ["error", /Cannot use record "x": it must be like/]],
  },
  {
    desc: "log calls for which levels would be, which are no object",
    text: JSON.stringify({ version: 1, incremental: true, logdial: { where: 5 } }),
    finds: [["error", /Cannot use where 5: it must be an object/]],
  },
  {
    desc: "a size that is no text",
    text: JSON.stringify({ version: 1, logdial: { record_size: {} } }),
    finds: [["error", /1M, 64K to 4M, not an object/]],
  },
  {
    desc: "a port that is none",
    text: withHandler("handlers.SocketHandler", "('localhost', 'syslog')"),
    finds: [["error", /Cannot send to port 'syslog': it must be a whole number/]],
  },
  {
    desc: "a port out of range",
    text: withHandler("handlers.DatagramHandler", "('localhost', 70000)"),
    finds: [["error", /from 1 to 65535/]],
  },
  {
    desc: "port 0, at which nobody can be",
    text: withHandler("handlers.SocketHandler", "('localhost', 0)"),
    finds: [["error", /Cannot send to port 0: it must be from 1 to 65535/]],
  },
  {
    desc: "port 0 behind a host",
    text: withHandler("handlers.HTTPHandler", "('localhost:0', '/log')"),
    finds: [["error", /its port must be from 1 to 65535, and is 0/]],
  },
  {
    desc: "a port as text, as Python takes it",
    text: withHandler("handlers.SocketHandler", "('localhost', '9020')"),
    finds: [],
  },
  {
    desc: "a host that is none",
    text: withHandler("handlers.HTTPHandler", "(80, '/log')"),
    finds: [["error", /Cannot send to host 80: it must be a text/]],
  },
  {
    desc: "a method that is none",
    text: withHandler("handlers.HTTPHandler", "('localhost', '/log', 'PUT')"),
    finds: [["error", /method must be GET or POST/]],
  },
  {
    desc: "credentials that are none, which are not shown",
    text: withHandler("handlers.HTTPHandler", "('h', '/', 'GET', False, 'secret')"),
    finds: [["error", /^(?!.*secret).*the credentials: they must be a user and a password/]],
  },
  {
    desc: "an address that is none",
    text: withHandler("handlers.SysLogHandler", "(('localhost',),)"),
    finds: [["error", /Cannot use the syslog address/]],
  },
  {
    desc: "datagrams to a Unix socket, which this process may not send",
    text: withHandler("handlers.SysLogHandler", "('/dev/log', 1, socket.SOCK_DGRAM)"),
    finds: [],
  },
  {
    desc: "a mode that is none",
    text: withHandler("FileHandler", "('/app.log', 'q')"),
    finds: [["error", /mode "q": invalid mode/]],
  },
  {
    desc: "a mode that is none, where the file is opened later",
    text: withHandler("FileHandler", "('/app.log', 'q', None, True)"),
    finds: [["error", /mode "q": invalid mode/]],
  },
  {
    desc: "a default for a variable, which is what is known",
    text: withHandler("handlers.HTTPHandler", "('h', '/', os.getenv('METHOD', 'POST'))"),
    finds: [],
  },
  {
    desc: "a default that is wrong",
    text: withHandler("handlers.HTTPHandler", "('h', '/', os.environ.get('METHOD', 'PUT'))"),
    finds: [["error", /method must be GET or POST$/]],
  },
  {
    desc: "a variable that only the program knows, where not every text is good",
    text: withHandler("handlers.HTTPHandler", "('h', '/', os.environ['METHOD'])"),
    finds: [["warning", /method must be GET or POST, with a made-up value for what only the prog/]],
  },
  {
    desc: "a wrong argument beside one that only the program knows",
    text: withHandler("FileHandler", "(os.path.join(os.getcwd(), os.environ['NAME']), 'q')"),
    finds: [["error", /mode "q": invalid mode, known are .* if need be$/]],
  },
  {
    desc: "an encoding that is none",
    text: withHandler("handlers.WatchedFileHandler", "('/app.log', 'a', 'nosuch')"),
    finds: [["error", /encoding "nosuch"/]],
  },
  {
    desc: "a time that is none",
    text: withHandler("handlers.TimedRotatingFileHandler", "('/app.log', 'fortnight')"),
    finds: [["error", /Invalid rollover interval specified/]],
  },
  {
    desc: "a capacity that is none",
    text: withHandler("handlers.MemoryHandler", "('many',)"),
    finds: [["error", /capacity must be a number/]],
  },
  {
    desc: "a ring of what has none",
    text: withHandler("logdial.RingHandler", "('app.log',)"),
    finds: [["error", /Cannot make a ring for stream 'app.log': .*sys.stdout without quotes/]],
  },
  { desc: "a ring", text: withHandler("logdial.RingHandler", "(sys.stdout,)"), finds: [] },
  {
    desc: "Python's class in a module of its own, given without it",
    text: withHandler("RotatingFileHandler", "('/app.log',)"),
    finds: [["error", /"RotatingFileHandler", did you mean "handlers.RotatingFileHandler"\?/]],
  },
  {
    desc: "a class whose module is misspelt",
    text: withHandler("loging.handlers.RotatingFileHandler", "('/app.log',)"),
    finds: [["error", /, did you mean "logging.handlers.RotatingFileHandler"\?/]],
  },
  {
    desc: "a name that is nearly a known one",
    text: withHandler("StreamHandler", "(sys.stdot,)"),
    finds: [["error", /Unknown name "sys.stdot", did you mean "sys.stdout"\?/]],
  },
  {
    desc: "a name without its module",
    text: withHandler("StreamHandler", "(stderr,)"),
    finds: [["error", /Unknown name "stderr", did you mean "sys.stderr"\?/]],
  },
  {
    desc: "a variable of the program",
    text: withHandler("FileHandler", "(LOG_FILE,)"),
    finds: [["error?", /Name "LOG_FILE" needs registerObject\("LOG_FILE", …\)/]],
  },
  {
    desc: "a name of the program",
    text: withHandler("StreamHandler", "(app.log.stream,)"),
    finds: [["warning?", /Name "app.log.stream" needs registerObject\("app.log.stream", …\)/]],
  },
  {
    desc: "a level that a program may have named",
    text: taggedConfig("X", "AUDIT"),
    finds: [["error?", /unknown level "AUDIT"/]],
  },
  {
    desc: "a level in small letters",
    text: taggedConfig("X", "debug"),
    finds: [["error", /unknown level "debug", did you mean "DEBUG"\?/]],
  },
  {
    desc: "a format without a field",
    text: GOOD.replace(/format = .*/, "format = nothing"),
    finds: [["error", /Invalid format 'nothing' for '%' style/]],
  },
  {
    desc: "a format of colours alone",
    text: GOOD.replace(/format = .*/, "format = '$RED'\nclass = logging.ColorFormatter"),
    finds: [["error", /Invalid format '\$RED' for '%' style/]],
  },
  {
    desc: "several sections that cannot be read, and one that can",
    text: GOOD.replace("handlers = console\n", "propagate = 1\n").replace("class = ", "klass = ")
      .replace(/format = .*/, "format = nothing"),
    finds: [
      ["error", /Cannot build formatter "tagged"/],
      ["error", /Cannot find key "class"/],
      ["warning", /Key "klass" means nothing here/],
      ["error", /Cannot find key "handlers"/],
    ],
  },
  {
    desc: "levels of what is recorded, of which the first is misspelt",
    text: `${GOOD}\n[logdial]\nrecord = app=DEBGU, app.db=AUDIT`,
    finds: [["error", /^Cannot record: unknown level "DEBGU", did you mean "DEBUG"\?$/]],
  },
  {
    desc: "a level of what is recorded that a program may have named",
    text: '{"version": 1, "incremental": true, "logdial": {"record": {"app": "AUDIT"}}}',
    finds: [["error?", /^Cannot record: unknown level "AUDIT"/]],
  },
  {
    desc: "a comment behind a class",
    text: withHandler("StreamHandler ; to stdout", "(sys.stdout,)"),
    finds: [["error", /class "StreamHandler ; to stdout", did you mean "StreamHandler"\?$/]],
  },
  {
    desc: "a comment behind a class of the program's",
    text: withHandler("app.Mail ; to us", "()"),
    finds: [["error", /class "app.Mail ; to us", did you mean "app.Mail"\?$/]],
  },
  {
    desc: "a comment behind a level",
    text: taggedConfig("X", "DEBUG ; for now"),
    finds: [["error", /unknown level "DEBUG ; for now"/]],
  },
  {
    desc: "a class of another kind",
    text: GOOD.replace(/format = .*/, "format = %(message)s\nclass = logging.StreamHandler"),
    finds: [["error", /formatter "tagged": "logging.StreamHandler" is a class of handlers$/]],
  },
  {
    desc: "an empty class",
    text: withDictHandler({ class: "" }),
    finds: [["error", /Cannot build handler "h": it needs a class$/]],
  },
  {
    desc: "keys of a formatter",
    text: '{"version": 1, "formatters": {"f": {"fmt": "%(message)s", "dateformat": "%H"}}}',
    finds: [
      ["warning", /Key "fmt" of "formatters.f" means nothing here/],
      ["warning", /Key "dateformat" of "formatters.f" means nothing here/],
    ],
  },
  {
    desc: "arguments of a factory, whose formatter may have any",
    text: '{"version": 1, "formatters": {"f": {"()": "app.Formatter", "fmt": "x"}}}',
    finds: [["warning?", /needs registerFormatter\("app.Formatter", …\)/]],
  },
  {
    desc: "an argument of a handler",
    text: withDictHandler({ class: "logging.FileHandler", fname: "app.log" }),
    finds: [["error", /logging.FileHandler has no argument "fname"/]],
  },
  {
    desc: "a class without its module in a dict",
    text: withDictHandler({ class: "StreamHandler" }),
    finds: [["error", /"StreamHandler", did you mean "logging.StreamHandler"\?/]],
  },
  {
    desc: "a misspelt name in a dict",
    text: withDictHandler({ class: "logging.StreamHandler", stream: "ext://sys.stdot" }),
    finds: [["error", /Unknown name "ext:\/\/sys.stdot", did you mean "ext:\/\/sys.stdout"\?/]],
  },
  {
    desc: "a name of the program in a dict, beside its class and a level that is wrong",
    text: withDictHandler({ class: "app.Own", level: "DEBGU", to: ["ext://app.address"] }),
    finds: [
      ["warning?", /registerHandler\("app.Own", …\)/],
      ["error", /unknown level "DEBGU"/],
      ["warning?", /Name "ext:\/\/app.address" needs registerObject/],
    ],
  },
  {
    desc: "a reference that leads nowhere, and what is wrong beside it",
    text: JSON.stringify({
      version: 1,
      handlers: { h: { class: "logging.FileHandler", filename: "cfg://files.log" } },
      root: { level: "INOF", handlers: ["h"] },
    }),
    finds: [
      ["error", /Cannot resolve "cfg:\/\/files.log": there is no "files"/],
      ["error", /unknown level "INOF"/],
    ],
  },
  {
    desc: "a part that references lead to",
    text: JSON.stringify({
      version: 1,
      files: { log: "/app.log" },
      handlers: { h: { class: "logging.FileHandler", filename: "cfg://files.log" } },
    }),
    finds: [],
  },
  {
    desc: "several mistakes in one section of a logger",
    text: GOOD.replace("level = DEBUG", "level = Debug")
      .replace("handlers = console", "handlers = %(no)s"),
    finds: [
      ["error", /level "Debug", did you mean "DEBUG"/],
      ["error", /no option "no"/],
    ],
  },
  {
    desc: "a class and arguments that are both wrong",
    text: withHandler("StreamHandlr", "(sys.stdout)"),
    finds: [
      ["error", /Unknown handler class "StreamHandlr"/],
      ["error", /^Cannot read args: it must be a tuple/],
    ],
  },
  {
    desc: "named arguments in a tuple",
    text: withHandler("handlers.RotatingFileHandler", "('a.log', maxBytes=10)"),
    finds: [["error", /^Cannot read args: a tuple has no "maxBytes=".* kwargs={'maxBytes': …}$/]],
  },
  {
    desc: "several arguments that a class does not take",
    text: withDictHandler({ class: "logging.FileHandler", filname: "a", mde: "w" }),
    finds: [["error", /FileHandler has no argument "filname" and no "mde", it takes filename/]],
  },
  {
    desc: "a key that CPython does not give to a class",
    text: JSON.stringify({
      version: 1,
      formatters: { f: { class: "pythonjsonlogger.jsonlogger.JsonFormatter", rename_fields: {} } },
    }),
    finds: [["warning", /Key "rename_fields" of "formatters.f" means nothing here/]],
  },
  {
    desc: "parts of the wrong shape",
    text: '{"version": 1, "handlers": {"a": 1, "b": []}, "root": {"handlers": 3}}',
    finds: [
      ["error", /Cannot read "a": it must be an object/],
      ["error", /Cannot read "b": it must be an object/],
      ["error", /Cannot read handlers: it must be a list of names/],
    ],
  },
];

Deno.test("all that is wrong with a configuration is found at once", async (t) => {
  for (const { desc, text, finds } of CASES) {
    await t.step(desc, () => {
      const found = explainConfig(text).map(({ severity, reason, isForProgram, line }) => {
        assertEquals(typeof line, "number", reason);
        return [severity + (isForProgram ? "?" : ""), reason] as const;
      });
      const missing = [...finds];
      for (const [kind, reason] of found) {
        const at = missing.findIndex(([wanted, pattern]) =>
          wanted === kind && pattern.test(reason)
        );
        assertEquals(at >= 0, true, `${kind}: ${reason}`);
        missing.splice(at, 1);
      }
      assertEquals(missing, [], JSON.stringify(found));
    });
  }
});

Deno.test("findings in arguments and formats have the key where they stand", () => {
  const placesIn = (text: string) =>
    explainConfig(text).map(({ section, key, line }) => [section, key, line]);
  const conf = `[loggers]
keys=root
[handlers]
keys=h,i
[formatters]
keys=f,g
[logger_root]
handlers=h
[handler_h]
class=FileHandler
kwargs={'filname': 'a'}
[handler_i]
class=NullHandler
args=(1, 2)
[formatter_f]
datefmt=%H
format={message}
[formatter_g]
format=%(message)s
style=?
`;
  assertEquals(placesIn(conf), [
    ["handler_h", "kwargs", 11],
    ["handler_i", "args", 14],
    ["formatter_f", "format", 17],
    ["formatter_g", "style", 20],
  ]);
  const dict = `{"version": 1, "formatters": {
  "f": {"datefmt": "%H", "style": "{",
    "format": "%(message)s"},
  "g": {"()": "logging.Formatter",
    "fmt": "nothing"}},
"handlers": {
  "h": {"class": "logging.FileHandler",
    "filname": "a"}}}`;
  assertEquals(placesIn(dict), [
    ["formatters.f", "format", 3],
    ["formatters.g", "fmt", 5],
    ["handlers.h", "filname", 8],
  ]);
});

Deno.test("handlers that take one which is made too late are told, as every program refuses them", () => {
  const stream = { class: "logging.StreamHandler" };
  const memory = (target: string) => ({
    class: "logging.handlers.MemoryHandler",
    capacity: 3,
    target,
  });
  const queue = (...handlers: string[]) => ({ class: "logging.handlers.QueueHandler", handlers });
  const cases: [handlers: Record<string, object>, ...lateOnes: string[]][] = [
    [{ a: stream, b: memory("a"), c: memory("b"), d: memory("c") }],
    [{ a: memory("z"), b: queue("z"), z: stream }],
    [{ a: memory("a") }, "a takes a: target"],
    [{ a: memory("b"), b: memory("a") }, "a takes b: target"],
    [{ a: memory("b"), b: queue("c"), c: stream }, "a takes b: target"],
    [{ a: queue("z", "b"), b: memory("z"), z: stream }, "a takes b: handlers"],
  ];
  for (const [handlers, ...lateOnes] of cases) {
    const config = { version: 1, handlers, root: { handlers: Object.keys(handlers) } };
    const found = explainConfig(JSON.stringify(config)).map(({ section, key, reason }) =>
      `${section?.slice("handlers.".length)} takes ${/handler "(.)" yet/.exec(reason)?.[1]}: ${key}`
    );
    assertEquals(found, lateOnes);
    const bench = new LogBench();
    if (lateOnes.length === 0) bench.dict(config);
    else assertThrows(() => bench.dict(config), ConfigError, "yet: handlers are made in the order");
  }
});

Deno.test("a key of JSON that stands twice is told, and no other that is spelt so", () => {
  const text = `{"version": 1,
"root": {"level": "DEBUG"},
"loggers": {"app.level": {}, "app": {"level": "INFO",
  "level": "DEBUG"}},
"root": {}}`;
  const found = explainConfig(text).map(({ severity, section, key, line, reason }) => {
    return [severity, section, key, line, /line (\d)/.exec(reason)?.[1]];
  });
  assertEquals(found, [
    ["warning", "loggers.app", "level", 4, "3"],
    ["warning", undefined, "root", 5, "2"],
  ]);
});

Deno.test("many parts and many words that mean nothing take no time in their square", () => {
  const names = Array.from({ length: 3000 }, (_, at) => `part${at}`);
  const table = (part: object) => Object.fromEntries(names.map((name) => [name, part]));
  const { part0: _, ...words } = table({});
  const text = JSON.stringify({
    version: 1,
    handlers: table({ class: "logging.NullHandler" }),
    loggers: Object.fromEntries(names.map((name) => [name, { handlers: ["part2999", name] }])),
    root: { level: "cfg://part1.level" },
    ...words,
    part1: { level: "INFO" },
  });
  const start = performance.now();
  const found = explainConfig(text);
  // Some 0.2 s, and 30 s where each word looks for itself.
  assert(performance.now() - start < 10_000);
  assertEquals(found.length, 2998);
});

Deno.test("names of parts that there are not take no time in their square, and no page each", () => {
  const names = (word: string, from: number) =>
    Array.from({ length: 4000 }, (_, at) => `${word}${from + at}`);
  const sections = names("mising", 4000).map((name) =>
    `[handler_${name}]\nclass=NullHandler\nargs=()\n`
  );
  const text = `[loggers]
keys=root
[handlers]
keys=${names("missing", 0).join()}
[formatters]
keys=
[logger_root]
handlers=
${sections.join("")}`;
  const start = performance.now();
  const found = explainConfig(text);
  // Some 0.7 s, and a hundred where each is compared with all others.
  assert(performance.now() - start < 10_000);
  const missing = found.filter(({ reason }) =>
    reason.startsWith("Cannot find section [handler_missing")
  );
  assertEquals(missing.length, 4000);
  assertEquals(missing[0]!.hint, "is [handler_mising4000] meant to be it?");

  const handlers = Object.fromEntries(
    names("h", 0).map((name) => [name, { class: "logging.NullHandler" }]),
  );
  const [wrong] = explainConfig(
    JSON.stringify({ version: 1, handlers, root: { handlers: ["x"] } }),
  );
  assert(wrong!.reason.endsWith(", … (3980 more)"), wrong!.reason);
});

Deno.test("what a class says of an argument has the place of that argument", () => {
  const conf = `[loggers]
keys=root
[handlers]
keys=h,i
[formatters]
keys=f
[filters]
keys=r
[logger_root]
handlers=h
[handler_h]
class=handlers.SocketHandler
args=('localhost', 70000)
[handler_i]
class=handlers.MemoryHandler
args=()
kwargs={'capacity': 'many'}
[formatter_f]
format=%(message)s
class=logdial.DevFormatter
colors=maybe
[filter_r]
class=logdial.RateFilter
args=(-1,)
`;
  const dict = `{"version": 1, "formatters": {
  "f": {"()": "pythonjsonlogger.json.JsonFormatter",
    "reserved_attrs": 5}},
"handlers": {
  "h": {"class": "logging.FileHandler", "filename": "a",
    "mode": "q"},
  "i": {"class": "logging.handlers.TimedRotatingFileHandler",
    "filename": "a\\u0000"},
  "j": {"class": "logging.handlers.TimedRotatingFileHandler", "filename": "a",
    "when": "fortnight"},
  "k": {"class": "logdial.RingHandler",
    "stream": "stdout"}},
"filters": {
  "r": {"()": "logdial.RedactFilter",
    "paths": [""]},
  "s": {"()": "logdial.RedactFilter",
    "patterns": ["("]}}}`;
  const placesIn = (text: string) =>
    explainConfig(text).map(({ section, key, line, reason }) => {
      assert(!/is not a/.test(reason), reason);
      return [section, key, line];
    });
  assertEquals(placesIn(conf), [
    ["handler_h", "args", 13],
    ["handler_i", "kwargs", 17],
    ["formatter_f", "colors", 21],
    ["filter_r", "args", 24],
  ]);
  assertEquals(placesIn(dict), [
    ["formatters.f", "reserved_attrs", 3],
    ["handlers.h", "mode", 6],
    ["handlers.i", "filename", 8],
    ["handlers.j", "when", 10],
    ["handlers.k", "stream", 12],
    ["filters.r", "paths", 15],
    ["filters.s", "patterns", 17],
  ]);
});

Deno.test("one name in the place of a list is told as that, once, and not letter by letter", () => {
  const findingsOf = (handlers: string) =>
    explainConfig(JSON.stringify({
      version: 1,
      handlers: {
        a: { class: "logging.NullHandler", filters: "few" },
        b: { class: "logging.NullHandler" },
        q: { class: "logging.handlers.QueueHandler", handlers },
      },
      root: { handlers },
    })).map(({ section, key, reason }) => [section, key, reason]);
  const rule = (key: string, name: string) =>
    `Cannot read ${key} "${name}": it must be a list of names, such as ["${name}"]`;
  assertEquals(findingsOf("console"), [
    ["handlers.a", "filters", rule("filters", "few")],
    ["root", "handlers", rule("handlers", "console")],
    ["handlers.q", "handlers", rule("handlers", "console")],
  ]);
  // As in Python, a text is a list of its letters.
  assertEquals(findingsOf("ab").length, 1);
});

Deno.test("lists that lead nowhere keep nobody from reading the rest", () => {
  const text = `[loggers]
keys=app
[handlers]
keys=h,
[logger_app]
handlers=h
qualname=app
level=LOUDER
[handler_h]
class=StreamHandler
[loggr_db]
`;
  const found = explainConfig(text).map(({ reason, line, hint }) => [reason, line, hint]);
  assertEquals(found, [
    ["Cannot find section [formatters]: it is required", undefined, undefined],
    ['Cannot configure loggers: "root" must be listed', 2, undefined],
    [
      "Cannot find section [handler_]: an item of the list in [handlers] is empty, " +
      "remove the extra comma",
      4,
      undefined,
    ],
    [
      'Cannot set the level: unknown level "LOUDER", known are ' +
      "CRITICAL, FATAL, ERROR, WARN, WARNING, INFO, DEBUG, NOTSET",
      8,
      'if the program names it, it does so by addLevelName(…, "LOUDER")',
    ],
    ["Section [loggr_db] means nothing here", 11, 'did you mean "logger_db"?'],
  ]);
  const [missing] = explainConfig(
    "[loggers]\nkeys=root,db\n[handlers]\nkeys=\n[formatters]\nkeys=\n" +
      "[logger_root]\nhandlers=\n[loggr_db]\n",
  );
  assertEquals([missing!.line, missing!.hint], [2, "is [loggr_db] meant to be it?"]);
});

Deno.test("a level that is no name is told what to write", () => {
  const hintFor = (text: string) => explainConfig(text)[0]?.hint;
  assertEquals(
    hintFor('{"version": 1, "root": {"level": "15"}}'),
    "a number stands without quotes",
  );
  assertEquals(hintFor(GOOD.replace("level = DEBUG", "level = 15")), undefined);
  assertEquals(
    hintFor(GOOD.replace("level = DEBUG", "level =")),
    "without the key, the level stays as it is",
  );
});

Deno.test("columns count code points, in JSON, YAML and .conf alike", async () => {
  const columnOf = (text: string, shown?: string) =>
    explainConfig(text, {}, shown ?? text)[0]?.column;
  const wide = "\u{1f600}".repeat(3);
  assertEquals(columnOf(`{"version": 1, "${wide}": x}`), 23);
  assertEquals(columnOf(`{"version": 1, "handlers": {"${wide}": {"class": 3}}}`), 37);
  assertEquals(columnOf(withHandler("FileHandler", `('${wide}', nosuch)`)), 16);
  const error = await assertRejects(
    () => readNamedText("log.yaml", `version: 1\na: {${wide}: [}`),
    ConfigError,
  );
  assertEquals([error.line, error.column], [2, 11]);
});

Deno.test("a format without a field is told what one looks like", () => {
  const hintFor = (format: string) =>
    explainConfig(GOOD.replace(/format = .*/, `format = ${format}`))[0]?.hint;
  assertEquals(hintFor("[{levelname:8}] {message}"), "{levelname is a field where style is {");
  assertEquals(hintFor("$asctime ${message}"), "$asctime is a field where style is $");
  assertEquals(hintFor("nothing"), "it needs a field, such as %(message)s");
});

Deno.test("what only a program's own file may use is told before it is sent", () => {
  const text = withHandler("FileHandler", "(os.path.join(os.getcwd(), 'x.log'),)");
  assertEquals(explainConfig(text), []);
  const found = explainConfig(text, {}, text, { isSent: true });
  const told = found.map(({ severity, reason, key }) => [severity, reason.split(":", 2)[1], key]);
  assertEquals(told, [
    ["warning", " os.path.join may not be used by a change from outside", "args"],
  ]);
});

Deno.test("a formatter's class is told how it gets the keys that CPython passes over", () => {
  const hintsFor = (name: string) =>
    explainConfig(JSON.stringify({
      version: 1,
      formatters: { f: { class: name, use_colors: true, fmt: "%(message)s" } },
    })).map(({ hint }) => hint);
  assertEquals(hintsFor("uvicorn.logging.DefaultFormatter"), [
    'with "()" in place of "class", all keys are arguments of uvicorn.logging.DefaultFormatter',
    'did you mean "format"?',
  ]);
  assertEquals(hintsFor("logging.Formatter"), [undefined, 'did you mean "format"?']);
});

Deno.test("findings in a dict have the place of their key", () => {
  const text = `{
  "version": 1,
  "handlers": {
    "a.b": {"class": "logging.StreamHandler", "level": "{\\"x\\": 1}",
      "stream": "ext://sys.stdot"}
  },
  "loggers": {"app": [], "app.db": {"level": "DEBGU", "handlers": ["a.b", "c"]}}
}`;
  const places = explainConfig(text).map((
    { section, key, line, column },
  ) => [section, key, line, column]);
  assertEquals(places, [
    ["handlers.a.b", "level", 4, 47],
    ["handlers.a.b", "stream", 5, 7],
    ["loggers.app", undefined, 7, 15],
    ["loggers.app.db", "level", 7, 37],
    ["loggers.app.db", "handlers", 7, 55],
  ]);
});

Deno.test("findings in YAML have the place of their key, or of what is around it", () => {
  const dict = {
    version: 1,
    formatters: { "a b": { format: "%(message)s\nlevel: x\n", fmt: 1 } },
    handlers: { h: { class: "logging.StreamHandler", level: "DEBGU" } },
    root: { level: "INOF" },
  };
  const yaml = `# A comment: none
version: 1
formatters:
  "a b":
    format: |
      %(message)s
      level: x
    fmt: 1
handlers:
  h: {class: logging.StreamHandler, level: DEBGU}
root:
    level: INOF   # INFO
`;
  const found = explainConfig(JSON.stringify(dict), {}, yaml);
  assertEquals(found.map(({ key, line, column }) => [key, line, column]), [
    ["fmt", 8, 5],
    ["level", 10, 3],
    ["level", 12, 5],
  ]);
});
