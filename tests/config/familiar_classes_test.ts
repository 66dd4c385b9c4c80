import { assert, assertEquals, assertThrows } from "@std/assert";
import { ConfigError, dictConfig, fileConfig, getLogger, withContext } from "../../mod.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { askPython } from "../harness/python_oracle.ts";

interface Given {
  readonly level?: number;
  readonly msg?: unknown;
  readonly args?: readonly unknown[];
  readonly extra?: Readonly<Record<string, unknown>>;
}

interface Case {
  readonly desc: string;
  /** The formatter of a dict, or the section of a `.conf`. */
  readonly formatter: Readonly<Record<string, unknown>> | string;
  readonly record: Given;
  readonly line: string;
}

const JSON_CLASS = "pythonjsonlogger.json.JsonFormatter";
const OLD_JSON_CLASS = "pythonjsonlogger.jsonlogger.JsonFormatter";
const RESET = "\x1b[0m";

const CASES: readonly Case[] = [
  {
    desc: "JSON of the fields that the format names, and of the program's own",
    formatter: { class: OLD_JSON_CLASS, format: "%(levelname)-8s %(name)s %(message)s %(lineno)d" },
    record: {
      msg: "%d rows é",
      args: [3],
      extra: { user: "kim", list: [1, { a: null }], _own: 1 },
    },
    line: '{"levelname": "INFO", "name": "app.db", "message": "3 rows \\u00e9", "lineno": 7, ' +
      '"user": "kim", "list": [1, {"a": null}]}',
  },
  {
    desc: "JSON with other names, a time, a prefix and fields of the configuration",
    formatter: {
      "()": JSON_CLASS,
      fmt: "%(asctime)s %(message)s %(levelname)s %(nothing)s",
      datefmt: "%S",
      prefix: "@cee: ",
      rename_fields: { levelname: "log.level", message: "@message", timestamp: "ts", gone: "gone" },
      static_fields: { service: "shop", port: 80 },
      timestamp: true,
      json_ensure_ascii: false,
    },
    record: { msg: "ö\u2028", level: 40 },
    line: '@cee: {"asctime": "20", "@message": "ö\u2028", "log.level": "ERROR", "nothing": null, ' +
      '"service": "shop", "port": 80, "ts": "2023-11-14T22:13:20.250000+00:00"}',
  },
  {
    desc: "JSON in several lines, of a message that is an object",
    formatter: {
      "()": JSON_CLASS,
      format: "{message}{levelno}",
      style: "{",
      json_indent: 2,
      timestamp: "at",
      reserved_attrs: ["secret"],
      rename_fields: { lost: "Lost" },
      rename_fields_keep_missing: true,
    },
    record: { msg: { event: "sold", items: [], more: {}, deep: [1, [2]] } },
    line: `{
  "message": "",
  "levelno": 20,
  "event": "sold",
  "items": [],
  "more": {},
  "deep": [
    1,
    [
      2
    ]
  ],
  RECORD
  "at": "2023-11-14T22:13:20.250000+00:00",
  "Lost": null
}`,
  },
  {
    desc: "JSON with an indent below 0, which is none in Python",
    formatter: { "()": JSON_CLASS, format: "%(name)s %(message)s", json_indent: -5 },
    record: { msg: "hello" },
    line: '{\n"name": "app.db",\n"message": "hello"\n}',
  },
  {
    desc: "JSON by a .conf",
    formatter: `class=${OLD_JSON_CLASS}\nformat=%(name)s %(message)s`,
    record: { msg: "hello" },
    line: '{"name": "app.db", "message": "hello"}',
  },
  {
    desc: "colours by level",
    formatter: {
      "()": "colorlog.ColoredFormatter",
      format: "%(log_color)s%(levelname)-8s%(reset)s %(blue)s%(message)s",
      log_colors: { INFO: "bold_cyan,bg_white", ERROR: "red" },
      force_color: true,
    },
    record: { msg: "hello" },
    line: `\x1b[1;36m\x1b[47mINFO    ${RESET} \x1b[34mhello${RESET}`,
  },
  {
    desc: "colours by level for parts of the line, without a reset",
    formatter: {
      "()": "colorlog.ColoredFormatter",
      fmt: "{log_color}{message_log_color}{fg_bold_red}{bg_208}{thin_green}{message}",
      style: "{",
      reset: false,
      secondary_log_colors: { message: { ERROR: "light_red", CRITICAL: "purple" } },
      force_color: true,
    },
    record: { msg: "hello", level: 40 },
    line: "\x1b[31m\x1b[91m\x1b[1;31m\x1b[48;5;208m\x1b[2;32mhello",
  },
  {
    desc: "no colours where they are switched off",
    formatter: {
      "()": "colorlog.ColoredFormatter",
      format: "%(log_color)s%(message)s%(reset)s",
      no_color: true,
    },
    record: { msg: "hello" },
    line: "hello",
  },
  {
    desc: "a format for each level",
    formatter: {
      "()": "colorlog.LevelFormatter",
      fmt: { INFO: "%(log_color)si %(message)s", ERROR: "%(log_color)se %(message)s" },
      log_colors: { ERROR: "yellow" },
      force_color: true,
    },
    record: { msg: "hello", level: 40 },
    line: `\x1b[33me hello${RESET}`,
  },
  {
    desc: "a level without a format of its own has the usual one",
    formatter: {
      "()": "colorlog.LevelFormatter",
      fmt: { INFO: "{message}" },
      style: "{",
      log_colors: { ERROR: "yellow" },
      force_color: true,
    },
    record: { msg: "hello", level: 40 },
    line: `\x1b[33mERROR:app.db:hello${RESET}`,
  },
  {
    desc: "levels without a format of their own have that of DEFAULT",
    formatter: {
      "()": "colorlog.LevelFormatter",
      fmt: { INFO: "%(message)s", DEFAULT: "%(levelname)s! %(message)s" },
      no_color: true,
    },
    record: { msg: "hello", level: 50 },
    line: "CRITICAL! hello",
  },
  {
    desc: "coloredlogs: parts of the line in the styles of their fields",
    formatter: {
      class: "coloredlogs.ColoredFormatter",
      format: "%(asctime)s %(name)s[%(process)d] (%(levelname)s:%(name)s) %(message)s",
      datefmt: "%S.%f",
    },
    record: { msg: "hello %s", args: ["you"], level: 40 },
    line: `\x1b[32m20.250${RESET} \x1b[34mapp.db[PID]${RESET} (\x1b[1;30mERROR${RESET}:` +
      `\x1b[34mapp.db${RESET}) \x1b[31mhello you${RESET}`,
  },
  {
    desc: "coloredlogs: styles of the configuration",
    formatter: {
      "()": "coloredlogs.ColoredFormatter",
      fmt: "{name} {message}",
      style: "{",
      level_styles: { WARN: { color: "magenta", bright: true, underline: true } },
      field_styles: { name: { background: [1, 2, 3], italic: true } },
    },
    record: { msg: "hello", level: 30 },
    line: `\x1b[3;48;2;1;2;3mapp.db${RESET} \x1b[4;95mhello${RESET}`,
  },
  {
    desc: "uvicorn: the level with its blanks",
    formatter: { "()": "uvicorn.logging.DefaultFormatter", fmt: "%(levelprefix)s %(message)s" },
    record: { msg: "hello" },
    line: "INFO:     hello",
  },
  {
    desc: "uvicorn: the level in its colour, and a message that has colours",
    formatter: {
      "()": "uvicorn.logging.ColourizedFormatter",
      fmt: "{levelprefix:<8} {message}",
      style: "{",
      use_colors: true,
    },
    record: { msg: "on %s", args: ["x"], level: 30, extra: { color_message: "ON %s" } },
    line: `\x1b[33mWARNING${RESET}:  ON x`,
  },
  {
    desc: "uvicorn: requests",
    formatter: {
      "()": "uvicorn.logging.AccessFormatter",
      fmt: '%(levelprefix)s %(client_addr)s - "%(request_line)s" %(status_code)s',
      use_colors: true,
    },
    record: {
      msg: '%s - "%s %s HTTP/%s" %d',
      args: ["127.0.0.1:5000", "GET", "/a?b=c", "1.1", 404],
    },
    line: `\x1b[32mINFO${RESET}:     127.0.0.1:5000 - "\x1b[1mGET /a?b=c HTTP/1.1${RESET}" ` +
      `\x1b[31m404 Not Found${RESET}`,
  },
  ...([
    [200, "200 OK"],
    [418, "418 I'm a Teapot"],
    [511, "511 Network Authentication Required"],
    [
      299,
      "299 ",
    ],
    [308, "308 Permanent Redirect"],
    [508, "508 Loop Detected"],
  ] as const)
    .map(([status, text]): Case => ({
      desc: `uvicorn: status ${status}`,
      formatter: {
        "()": "uvicorn.logging.AccessFormatter",
        format: "%(status_code)s|%(client_addr)s",
        use_colors: false,
      },
      record: { msg: "%s %s %s %s %d", args: ["a", "GET", "/", "1.1", status] },
      line: `${text}|a`,
    })),
  {
    desc: "uvicorn by a .conf",
    formatter: "class=uvicorn.logging.DefaultFormatter\nformat=%(levelprefix)s %(message)s",
    record: { msg: "hello", level: 50 },
    line: "CRITICAL: hello",
  },
];

const CREATED = 1_700_000_000.25;

function confOf(section: string): string {
  return `[loggers]\nkeys=root\n[handlers]\nkeys=h\n[formatters]\nkeys=f\n[formatter_f]\n${section}\n` +
    "[handler_h]\nclass=NullHandler\nformatter=f\n[logger_root]\nhandlers=h\n";
}

function dictOf(formatter: unknown) {
  return {
    version: 1,
    formatters: { f: formatter },
    handlers: { h: { class: "logging.NullHandler", formatter: "f" } },
    root: { handlers: ["h"] },
  };
}

/** A line with what differs from one process to the next taken out. */
function comparable(text: string): string {
  return text.replaceAll(`[${Deno.pid}]`, "[PID]");
}

for (const { desc, formatter, record, line } of CASES) {
  Deno.test(`a formatter of a Python package does what it does there: ${desc}`, () => {
    if (typeof formatter === "string") fileConfig(confOf(formatter));
    else dictConfig(dictOf(formatter));
    const { msg = "", level = 20, args = [], extra = {} } = record;
    const one = new LogRecord("app.db", level, "/src/main.ts", 7, msg, args, undefined, "run");
    one.created = CREATED;
    Object.assign(one, extra);
    const { levelname } = one;
    const text = getLogger().handlers[0]!.formatter!.format(one);
    // With no attribute reserved all of the record's own are there.
    const wanted = line.includes("RECORD") ? line.split("  RECORD\n") : [line];
    for (const part of wanted) assert(comparable(text).includes(part), `${text}\n!=\n${part}`);
    if (wanted.length === 1) assertEquals(comparable(text), line);
    assertEquals([one.msg, one.levelname], [msg, levelname], "the record is as it was");
    dictConfig({ version: 1, root: { handlers: [] } });
  });
}

Deno.test("what is not reserved of a record's attributes is in the JSON, in Python's order", () => {
  dictConfig(dictOf({
    "()": JSON_CLASS,
    fmt: "%(levelname)s",
    reserved_attrs: ["msg", "args", "thread", "process", "relativeCreated"],
    rename_fields: { lineno: "line" },
  }));
  const one = new LogRecord("app.db", 20, "/src/main.ts", 7, "%d rows", [3], undefined, "run");
  one.created = CREATED;
  const text = getLogger().handlers[0]!.formatter!.format(Object.assign(one, { user: "kim" }));
  assertEquals(
    text,
    '{"levelname": "INFO", "name": "app.db", "levelno": 20, "pathname": "/src/main.ts", ' +
      '"filename": "main.ts", "module": "main", "exc_info": null, "exc_text": null, ' +
      '"stack_info": null, "line": 7, "funcName": "run", "created": 1700000000.25, "msecs": 250, ' +
      '"threadName": "MainThread", "processName": "MainProcess", "taskName": null, ' +
      '"message": "3 rows", "user": "kim"}',
  );
  dictConfig({ version: 1, root: { handlers: [] } });
});

const PROGRAM = `
import io, json, logging, logging.config, os
os.environ.pop("FORCE_COLOR", None)
sys.path[:0] = [path for path in os.environ.get("LOGDIAL_PYTHON_PACKAGES", "").split(":") if path]
given = json.load(sys.stdin)
answers = []
for case in given["cases"]:
    try:
        if isinstance(case["config"], str):
            logging.config.fileConfig(io.StringIO(case["config"]))
        else:
            logging.config.dictConfig(case["config"])
    except Exception as error:
        cause = error
        while cause is not None and not isinstance(cause, ImportError):
            cause = cause.__cause__ or cause.__context__
        if cause is None:
            raise
        answers.append(None)
        continue
    one = case["record"]
    record = logging.LogRecord("app.db", one.get("level", 20), "/src/main.ts", 7, one.get("msg", ""),
        tuple(one.get("args", [])), None, "run")
    record.created, record.msecs = given["created"], 250.0
    record.__dict__.update(one.get("extra", {}))
    text = logging.root.handlers[0].formatter.format(record)
    answers.append(text.replace("[%d]" % os.getpid(), "[PID]"))
print(json.dumps(answers))
`;

Deno.test("the same lines come from the packages, where Python has them", async () => {
  const cases = CASES.filter(({ line }) => !line.includes("RECORD"));
  const answers = await askPython(PROGRAM, {
    created: CREATED,
    cases: cases.map(({ formatter, record }) => ({
      config: typeof formatter === "string" ? confOf(formatter) : dictOf(formatter),
      record,
    })),
  }) as (string | null)[] | undefined;
  if (answers === undefined) return;
  const missing = cases.filter((_, at) => answers[at] === null).length;
  if (missing > 0) console.log(`skipped: Python lacks the packages of ${missing} cases`);
  assertEquals(answers.map((text, at) => text ?? cases[at]!.line), cases.map(({ line }) => line));
});

Deno.test("what a formatter of a Python package cannot use is refused with its place", () => {
  for (
    const [formatter, says] of [
      [{ "()": JSON_CLASS, rename: {} }, 'has no argument "rename", it takes fmt?'],
      [{ "()": JSON_CLASS, rename_fields: ["a"] }, "Cannot use rename_fields ['a']: it must be"],
      [
        { "()": "colorlog.ColoredFormatter", log_colors: { INFO: "gren" } },
        'Cannot use colour "gren" in log_colors: it is unknown, did you mean "green"?',
      ],
      [{
        "()": "coloredlogs.ColoredFormatter",
        fmt: "%(message)s",
        field_styles: { name: { color: "pink" } },
      }, 'Cannot use colour "pink" in field_styles: it is unknown, known are black'],
    ] as const
  ) {
    const error = assertThrows(() => dictConfig(dictOf(formatter)), ConfigError);
    assert(error.message.includes(says), error.message);
    assertEquals(error.section, "formatters.f");
  }
});

Deno.test("a filter of coloredlogs gives records a field", () => {
  dictConfig({
    version: 1,
    filters: {
      host: { "()": "coloredlogs.HostNameFilter" },
      program: { "()": "coloredlogs.ProgramNameFilter", programname: "shop" },
      user: { "()": "coloredlogs.UserNameFilter" },
    },
    handlers: { h: { class: "colorlog.StreamHandler", filters: ["host", "program", "user"] } },
    root: { handlers: ["h"] },
  });
  const record = new LogRecord("app", 20, "", 0, "hello");
  const handler = getLogger().handlers[0]!;
  assertEquals(handler.constructor.name, "StreamHandler");
  handler.filter(record);
  const { hostname, programname, username } = record as unknown as Record<string, string>;
  assertEquals([typeof hostname, programname, typeof username], ["string", "shop", "string"]);
  dictConfig({ version: 1, root: { handlers: [] } });
});

Deno.test("a plain object behind the message is fields, as in logdial's own JSON", () => {
  dictConfig(dictOf({ class: JSON_CLASS, format: "%(message)s" }));
  const { formatter } = getLogger().handlers[0]!;
  const lineOf = (msg: unknown, ...args: unknown[]) =>
    formatter!.format(new LogRecord("app", 20, "", 0, msg, args));
  assertEquals(lineOf("sold", { count: 3 }), '{"message": "sold", "count": 3}');
  assertEquals(lineOf("%d sold", 3, { to: "kim" }), '{"message": "3 sold", "to": "kim"}');
  assertEquals(lineOf("sold", 1, 2), '{"message": "sold", "args": [1, 2]}');
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  assertEquals(lineOf("odd", { circle }), '{"message": "odd", "circle": {"self": "[circular]"}}');
  dictConfig({ version: 1, root: { handlers: [] } });
});

Deno.test("fields of a call, a bound logger and a context stand in the lines of that class", () => {
  dictConfig(dictOf({ class: JSON_CLASS, format: "%(name)s %(message)s %(user)s" }));
  const root = getLogger(), list = new ListHandler(), formatter = root.handlers[0]!.formatter;
  root.handlers = [list];
  root.setLevel("INFO");
  withContext({ request: 1, user: "lee" }, () => {
    root.with({ bound: 2 }).info("%s sold", "one", { user: "kim", name: "mine", none: undefined });
    root.info("more");
  });
  assertEquals(list.records.map((record) => formatter!.format(record)), [
    '{"name": "root", "message": "one sold", "user": "kim", "request": 1, "bound": 2, ' +
    '"name_": "mine"}',
    '{"name": "root", "message": "more", "user": "lee", "request": 1}',
  ]);
  dictConfig({ version: 1, root: { handlers: [] } });
});
