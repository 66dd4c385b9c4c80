import { assert, assertEquals, assertInstanceOf, assertMatch, assertThrows } from "@std/assert";
import {
  ConfigError,
  dictConfig,
  type DictConfigOptions,
  fileConfig,
  FingersCrossedHandler,
  getLogger,
  JsonFormatter,
  NullHandler,
  QueueHandler,
  RateFilter,
  RotatingFileHandler,
  StreamHandler,
  type UnknownClass,
} from "../../mod.ts";
import { captureStderr } from "../handlers/captured_stderr.ts";

/** A file whose handler, formatter or both are of a class that is not known. */
function conf(handler: string, formatter = "logging.Formatter", args = "()"): string {
  return `[loggers]
keys=root
[handlers]
keys=first
[formatters]
keys=plain
[handler_first]
class=${handler}
formatter=plain
args=${args}
[formatter_plain]
class=${formatter}
format=%(levelname)s %(message)s
[logger_root]
level=DEBUG
handlers=first
`;
}

function reset(): void {
  dictConfig({ version: 1, root: { handlers: [] } });
}

interface Refused {
  readonly desc: string;
  readonly text: string;
  readonly says: RegExp;
  readonly section: string;
  readonly line: number;
}

const REFUSED: readonly Refused[] = [
  {
    desc: "a handler",
    text: conf("app.log.MailHandler"),
    says:
      /unknown class "app.log.MailHandler", register it before by registerHandler\("app.log.MailHandler", …\), or use the option unknownClass: "stand-in"/,
    section: "handler_first",
    line: 8,
  },
  {
    desc: "a formatter whose last part is a known name",
    text: conf("StreamHandler", "app.log.JsonFormatter"),
    says: /by registerFormatter\("app.log.JsonFormatter", …\)/,
    section: "formatter_plain",
    line: 12,
  },
  {
    desc: "a misspelt built-in handler",
    text: conf("logging.StreamHandlr"),
    says: /unknown class "logging.StreamHandlr", did you mean "logging.StreamHandler"\? \(section/,
    section: "handler_first",
    line: 8,
  },
  {
    desc: "a built-in handler whose module is misspelt",
    text: conf("loging.StreamHandler"),
    says: /unknown class "loging.StreamHandler", did you mean "logging.StreamHandler"\? \(section/,
    section: "handler_first",
    line: 8,
  },
  {
    desc: "a formatter whose module is misspelt",
    text: conf("StreamHandler", "loggng.Formatter"),
    says: /unknown class "loggng.Formatter", did you mean "logging.Formatter"\?/,
    section: "formatter_plain",
    line: 12,
  },
  {
    desc: "a formatter of a program's module that resembles a known one",
    text: conf("StreamHandler", "login.Formatter"),
    says: /by registerFormatter\("login.Formatter", …\)/,
    section: "formatter_plain",
    line: 12,
  },
  {
    desc: "a built-in handler without its module",
    text: conf("RotatingFileHandler"),
    says: /did you mean "handlers.RotatingFileHandler"\?/,
    section: "handler_first",
    line: 8,
  },
  {
    desc: "a misspelt formatter of a known package",
    text: conf("StreamHandler", "pythonjsonlogger.jsonlogger.JsonFormater"),
    says: /did you mean "pythonjsonlogger.jsonlogger.JsonFormatter"\?/,
    section: "formatter_plain",
    line: 12,
  },
  {
    desc: "a handler of Python's that there is none of here",
    text: conf("handlers.NTEventLogHandler"),
    says: /registerHandler\("handlers.NTEventLogHandler", …\)/,
    section: "handler_first",
    line: 8,
  },
];

for (const { desc, text, says, section, line } of REFUSED) {
  Deno.test(`an unknown class is refused briefly, with the way out: ${desc}`, () => {
    const error = assertThrows(() => fileConfig(text), ConfigError);
    assertMatch(error.message, says);
    assertEquals([error.section, error.key, error.line], [section, "class", line]);
    assert(error.message.length < 260, error.message);
  });
}

Deno.test("stand-ins take the place of unknown classes, each with one warning", async () => {
  const dict = {
    version: 1,
    filters: { f: { "()": "standin.SecretFilter", words: ["x"] } },
    handlers: {
      h: { class: "standin.QueuedHandler", endpoint: "https://example.org", filters: ["f"] },
    },
    root: { level: "INFO", handlers: ["h"] },
  };
  const said = await captureStderr(() => {
    for (let turn = 0; turn < 2; turn++) {
      fileConfig(conf("standin.MailHandler", "standin.FancyFormatter", "('x', 1)"), {
        unknownClass: "stand-in",
      });
      getLogger().info("by file");
      dictConfig(dict, { unknownClass: "stand-in" });
      getLogger().info("by dict");
    }
    return Promise.resolve();
  });
  const warnings = said.split("\n").filter((line) => line.startsWith("logdial:"));
  assertEquals(warnings, [
    'logdial: logging.Formatter stands in for class "standin.FancyFormatter", which needs registerFormatter("standin.FancyFormatter", …)',
    'logdial: logging.StreamHandler stands in for class "standin.MailHandler", which needs registerHandler("standin.MailHandler", …)',
    'logdial: logging.Filter stands in for class "standin.SecretFilter", which needs registerFilter("standin.SecretFilter", …)',
    'logdial: logging.StreamHandler stands in for class "standin.QueuedHandler", which needs registerHandler("standin.QueuedHandler", …)',
  ]);
  assertEquals(said.split("\n").filter((line) => line.includes("by ")), [
    "INFO by file",
    "by dict",
    "INFO by file",
    "by dict",
  ]);
  reset();
});

Deno.test("a stand-in's fields that only the class would know are empty", async () => {
  const text = conf("StreamHandler", "standin.ColourFormatter")
    .replace("%(levelname)s", "[%(standin_color)s%(levelname)s]");
  const said = await captureStderr(() => {
    fileConfig(text, { unknownClass: "stand-in" });
    getLogger().info("hello");
    return Promise.resolve();
  });
  assertMatch(said, /^\[INFO\] hello$/m);
  reset();
});

Deno.test("a function gives the class, with the arguments of what it extends", async () => {
  const asked: string[] = [];
  class OwnHandler extends RotatingFileHandler {}
  const unknownClass: UnknownClass = (kind, name) => {
    asked.push(`${kind} ${name}`);
    return name.endsWith("RotatingFileHandler") ? OwnHandler : undefined;
  };
  const file = await Deno.makeTempFile();
  fileConfig(
    conf("clog.ConcurrentRotatingFileHandler", undefined, `('${file}', 'a', 512, 5)`),
    { unknownClass },
  );
  const handler = getLogger().handlers[0] as RotatingFileHandler;
  assert(handler instanceof OwnHandler);
  assertEquals([handler.baseFilename, handler.maxBytes, handler.backupCount], [file, 512, 5]);
  const error = assertThrows(() => fileConfig(conf("clog.Other"), { unknownClass }), ConfigError);
  assertMatch(error.message, /unknown class "clog.Other", register it before by [^,]+, …\) \(/);
  const none = (() => null) as unknown as UnknownClass;
  const { message } = assertThrows(() => fileConfig(conf("clog.Other"), { unknownClass: none }));
  assertMatch(message, /unknown class "clog.Other", register it before by [^,]+, …\) \(/);
  assertEquals(asked, ["handler clog.ConcurrentRotatingFileHandler", "handler clog.Other"]);
  reset();
  await Deno.remove(file);
});

Deno.test("a function gives classes below logdial's own, with the options of these", () => {
  class OwnFilter extends RateFilter {}
  class OwnFormatter extends JsonFormatter {}
  class OwnHandler extends FingersCrossedHandler {}
  class OwnQueueHandler extends QueueHandler {}
  const unknownClass: UnknownClass = (kind, name) => {
    if (kind === "handler") return name === "shop.Quiet" ? OwnHandler : OwnQueueHandler;
    return kind === "filter" ? OwnFilter : OwnFormatter;
  };
  const config = {
    version: 1,
    filters: { few: { "()": "shop.Few", rate: 5, burst: 9 } },
    formatters: { json: { class: "shop.Json", depth: 4 } },
    handlers: {
      late: { class: "shop.Late", handlers: ["plain"] },
      plain: { class: "logging.NullHandler", formatter: "json", filters: ["few"] },
      first: { class: "shop.Quiet", target: "plain", capacity: 50 },
    },
    root: { handlers: ["first", "late"] },
  };
  dictConfig(config, { unknownClass });
  const [handler, queued] = getLogger().handlers as [OwnHandler, OwnQueueHandler];
  const { target } = handler as unknown as { target: NullHandler };
  assertInstanceOf(handler, OwnHandler);
  assertEquals([handler.capacity, target.constructor], [50, NullHandler]);
  assertInstanceOf(queued, OwnQueueHandler);
  assertEquals(queued.listener?.handlers, [target]);
  const formatter = target.formatter as OwnFormatter, filter = target.filters[0] as OwnFilter;
  assertInstanceOf(formatter, OwnFormatter);
  assertInstanceOf(filter, OwnFilter);
  assertEquals([formatter.depth, filter.rate, filter.burst], [4, 5, 9]);
  reset();
});

Deno.test("a misspelt built-in class is refused where stand-ins are allowed, too", () => {
  for (const name of ["handlers.RotatingFileHandlr", "logging.NulHandler"]) {
    assertThrows(
      () => fileConfig(conf(name), { unknownClass: "stand-in" }),
      ConfigError,
      "did you mean",
    );
  }
});

Deno.test("what a class of another name is registered for needs no stand-in", () => {
  dictConfig({ version: 1, handlers: { h: { class: "x.Y" } }, root: { handlers: ["h"] } }, {
    unknownClass: () => NullHandler,
  });
  assertEquals(getLogger().handlers.map((one) => one.constructor), [NullHandler]);
  fileConfig(conf("handlers.logging.StreamHandler"));
  assertEquals(getLogger().handlers.map((one) => one.constructor), [StreamHandler]);
  reset();
});

Deno.test("another value of the option unknownClass is refused", () => {
  const options = { unknownClass: "standin" } as unknown as DictConfigOptions;
  assertThrows(() => dictConfig({ version: 1 }, options), TypeError, '"stand-in" or a function');
});
