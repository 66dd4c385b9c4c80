import { assert, assertEquals, assertThrows } from "@std/assert";
import { BufferingFormatter } from "../../src/core/formatters/buffering_formatter.ts";
import { ColorFormatter } from "../../src/core/formatters/color_formatter.ts";
import { DevFormatter } from "../../src/core/formatters/dev_formatter.ts";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import { pyRepr } from "../../src/core/python/py_repr.ts";
import { Formatter, type Style } from "../../src/core/formatters/formatter.ts";
import { makeLogRecord } from "../../src/core/loggers/module_functions.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { newTree } from "../harness/logger_tree.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";

/** A warning of `app` with the message `hello`, made at 09:08:07.006 UTC. */
function newRecord(error?: unknown, stack?: string): LogRecord {
  const record = new LogRecord("app", 30, "/src/main.ts", 7, "%s", ["hello"], error, "run", stack);
  record.created = Date.UTC(2026, 10, 22, 9, 8, 7, 6) / 1000;
  return record;
}

Deno.test("formats of the three styles", async (t) => {
  const cases: { style: Style; format: string; expected: string }[] = [
    { style: "%", format: "%(levelname)-9s|%(message)s|", expected: "WARNING  |hello|" },
    { style: "%", format: "%(module)s.%(funcName)s:%(lineno)d", expected: "main.run:7" },
    { style: "%", format: "%(filename)s %(pathname)s", expected: "main.ts /src/main.ts" },
    { style: "%", format: "%(levelno)05d %% %(name).2s", expected: "00030 % ap" },
    { style: "%", format: "%(message)r", expected: "'hello'" },
    { style: "%", format: "", expected: "hello" },
    { style: "{", format: "{levelname:>9}|{message!r:<8}|", expected: "  WARNING|'hello' |" },
    { style: "{", format: "{{}} {levelno:04d}", expected: "{} 0030" },
    { style: "{", format: "{levelno:>{lineno}}|{name:>{lineno}}|", expected: "     30|    app|" },
    { style: "{", format: "", expected: "hello" },
    { style: "$", format: "$levelname ${message}$$", expected: "WARNING hello$" },
    { style: "$", format: "", expected: "hello" },
  ];
  for (const { style, format, expected } of cases) {
    await t.step(`${style} ${JSON.stringify(format)}`, () => {
      assertEquals(new Formatter(format, null, style).format(newRecord()), expected);
    });
  }
});

// Differs from CPython 3.11: that writes -250, later ones do not.
Deno.test("milliseconds before 1970 count from their second on", () => {
  const formatter = new Formatter("%(asctime)s %(msecs)03d");
  formatter.converter = "gmtime";
  const cases: [created: number, text: string][] = [
    [-0.25, "1969-12-31 23:59:59,750 750"],
    [-1, "1969-12-31 23:59:59,000 000"],
    [-1.001, "1969-12-31 23:59:58,999 999"],
    [0, "1970-01-01 00:00:00,000 000"],
  ];
  for (const [created, text] of cases) {
    const record = newRecord();
    record.created = created;
    assertEquals(formatter.format(record), text);
  }
});

Deno.test("microseconds of a record from elsewhere leave its second and milliseconds as in Python", () => {
  const clock = "%H:%M:%S", both = new Formatter("%(asctime)s"), dev = new DevFormatter();
  const seconds = new Formatter("%(asctime)s", clock);
  both.converter = seconds.converter = dev.converter = "gmtime";
  const cases: [created: number, msecs: number | undefined, text: string][] = [
    [1700000000.9996, 999, "22:13:20,999"],
    [1700000000.9996, 999.6, "22:13:20,999"],
    [1700000000.9996, undefined, "22:13:20,999"],
    [1700000000.9999998, undefined, "22:13:20,999"],
    [1700000000.07725, 77.25, "22:13:20,077"],
    [1700000000.07725, undefined, "22:13:20,077"],
    [-0.0004, undefined, "23:59:59,999"],
  ];
  for (const [created, msecs, text] of cases) {
    const record = makeLogRecord({ created, msg: "m", ...msecs === undefined ? {} : { msecs } });
    assertEquals(both.format(record).slice(-12), text);
    assertEquals(seconds.format(record), text.slice(0, 8));
    assertEquals(dev.formatTime(record), text.replace(",", "."));
  }
});

Deno.test("the milliseconds of a record's own time are exact", () => {
  const record = newRecord();
  for (let time = Date.UTC(2026, 10, 22); time < Date.UTC(2026, 10, 22) + 3000; time++) {
    record.created = time / 1000;
    assertEquals(record.msecs, time % 1000);
  }
});

Deno.test("the arguments of a record are a tuple to a format, and its items are there", () => {
  const formatted = (format: string, args: readonly unknown[]) => {
    const record = new LogRecord("app", 20, "main.ts", 1, "hello", args);
    record.getMessage = () => "hello";
    try {
      return new Formatter(format, null, "{").format(record);
    } catch (error) {
      return String(error);
    }
  };
  // As CPython 3.14 prints them.
  const cases: [format: string, args: readonly unknown[], expected: string][] = [
    ["{args[0]} {message}", ["v", 2], "v hello"],
    ["{args[1][k]:>3}", ["v", { k: 2 }], "  2"],
    ["{args}", ["v", 2], "('v', 2)"],
    ["{args[a]}", [{ a: 1 }], "1"],
    ["{args[2]}", ["v", 2], "IndexError: tuple index out of range"],
    ["{args[x]}", [], "TypeError: tuple indices must be integers or slices, not str"],
    ["{args.x}", [], "AttributeError: 'tuple' object has no attribute 'x'"],
    ["{args:>9}", [], "TypeError: unsupported format string passed to tuple.__format__"],
  ];
  for (const [format, args, expected] of cases) assertEquals(formatted(format, args), expected);
});

Deno.test("formats are validated when they are made, unless told not to", async (t) => {
  const cases: { style: Style; format: string }[] = [
    { style: "%", format: "no field" },
    { style: "%", format: "%(message)" },
    { style: "%", format: "%s" },
    { style: "%", format: "{message}" },
    { style: "{", format: "no field" },
    { style: "{", format: "{message" },
    { style: "{", format: "{message!x}" },
    { style: "$", format: "no field" },
    { style: "$", format: "$ message" },
  ];
  for (const { style, format } of cases) {
    await t.step(`${style} ${format}`, () => {
      assertThrows(() => new Formatter(format, null, style));
      new Formatter(format, null, style, false);
    });
  }
  assertThrows(() => new Formatter("x", null, "?" as Style), RangeError, "must be one of %, {, $");
});

Deno.test("a format that is no text is refused, or fails with each record", () => {
  const format = 7 as unknown as string;
  assertThrows(() => new Formatter(format), TypeError, "must be a string");
  const formatter = new Formatter(format, null, "%", false);
  assertThrows(() => formatter.format(newRecord()), TypeError, "must be a string");
  const empty = [] as unknown as string;
  assertEquals(new Formatter(empty).format(newRecord()), "hello");
});

Deno.test("a format of times that is no text is refused, in whose place no record would come out", () => {
  for (const Class of [Formatter, DevFormatter, JsonFormatter, ColorFormatter]) {
    for (const datefmt of [5, { style: "{" }, ["%H"]]) {
      const make = () => new Class("%(asctime)s", datefmt as never);
      assertThrows(make, TypeError, `Cannot use datefmt ${pyRepr(datefmt)}: it must be a string`);
    }
    assertEquals([new Class("%(asctime)s", "").datefmt, new Class(null, null).datefmt], [
      undefined,
      undefined,
    ]);
    assertThrows(() => new Class({ source: false } as never), TypeError, "Cannot use format {");
  }
});

Deno.test("times", async (t) => {
  const cases: { desc: string; datefmt?: string; set?: Partial<Formatter>; expected: string }[] = [
    { desc: "with milliseconds", expected: "2026-11-22 09:08:07,006" },
    { desc: "by datefmt, without them", datefmt: "%H:%M:%S", expected: "09:08:07" },
    { desc: "an empty datefmt is none", datefmt: "", expected: "2026-11-22 09:08:07,006" },
    {
      desc: "by other defaults",
      set: { default_time_format: "%H.%M", default_msec_format: "%s;%02d" },
      expected: "09.08;06",
    },
    {
      desc: "without milliseconds",
      set: { default_msec_format: null },
      expected: "2026-11-22 09:08:07",
    },
  ];
  for (const { desc, datefmt, set = {}, expected } of cases) {
    await t.step(desc, () => {
      const formatter = new Formatter("%(asctime)s", datefmt);
      Object.assign(formatter, { converter: "gmtime", ...set });
      assertEquals(formatter.format(newRecord()), expected);
    });
  }
});

Deno.test("defaults stand in for fields that a record does not have", () => {
  const defaults = { ip: "-", message: "not this" };
  const formatter = new Formatter("%(ip)s %(message)s", null, "%", true, { defaults });
  assertEquals(formatter.format(newRecord()), "- hello");
  const own = Object.assign(newRecord(), { ip: "::1" });
  assertEquals(formatter.format(own), "::1 hello");
  assertThrows(() => new Formatter("%(ip)s %(message)s").format(newRecord()), Error, "'ip'");
});

Deno.test("fields have no names from the prototype", () => {
  for (const name of ["constructor", "__proto__", "toString", "getMessage"]) {
    const formatter = new Formatter(`%(${name})s`);
    assertThrows(() => formatter.format(newRecord()), Error, name);
    const record = newRecord();
    Object.defineProperty(record, name, { value: "own" });
    if (name !== "getMessage") assertEquals(formatter.format(record), "own");
  }
});

Deno.test("fields without a value print as in Python", () => {
  const format = "%(exc_info)s %(exc_text)r %(stack_info)5s %(args)s";
  const lines = [[], ["a"], ["a", 1], [{ k: "v" }], [[]], [{}]].map((args) =>
    new Formatter(format).format(
      new LogRecord("app", 30, "/x.ts", 1, "%s %s".slice(0, args.length * 3), args),
    )
  );
  assertEquals(lines.map((line) => line.slice("None None  None ".length)), [
    "()",
    "('a',)",
    "('a', 1)",
    "{'k': 'v'}",
    "([],)",
    "({},)",
  ]);
});

Deno.test("an error and a stack stand below the line", () => {
  const error = new RangeError("too far", { cause: new Error("why") });
  const lines = new Formatter().format(newRecord(error, "Stack:\n  at x")).split("\n");
  assertEquals(lines.slice(0, 2), ["hello", "RangeError: too far"]);
  assert(lines.includes("Caused by: Error: why"), lines.join("\n"));
  assertEquals(lines.slice(-2), ["Stack:", "  at x"]);
});

Deno.test("a formatter that makes no text of an error or a stack leaves the line as it is", () => {
  const none = () => null as unknown as string;
  for (
    const formatter of [new Formatter(), new DevFormatter(null, null, "%", true, { colors: false })]
  ) {
    const before = formatter.format(newRecord());
    formatter.formatException = formatter.formatStack = none;
    assertEquals(formatter.format(newRecord(new Error("x"), "Stack:")), before);
  }
  const timed = new Formatter("%(asctime)s %(message)s");
  timed.formatTime = none;
  assertEquals(timed.format(newRecord()), "None hello");
});

Deno.test("the text of an error is made once for all formatters", () => {
  let made = 0;
  class Counting extends Formatter {
    override formatException(error: unknown): string {
      made++;
      return `E${error}`;
    }
  }
  const record = newRecord(new Error("x"));
  assertEquals(new Counting().format(record), "hello\nEError: x");
  assertEquals(new Formatter().format(record), "hello\nEError: x");
  assertEquals(made, 1);
});

Deno.test("BufferingFormatter puts lines together between header and footer", () => {
  class Table extends BufferingFormatter {
    override formatHeader(records: readonly LogRecord[]) {
      return `${records.length}[`;
    }
    override formatFooter() {
      return "]";
    }
  }
  const formatter = new Table(new Formatter("%(levelno)d;"));
  assertEquals(formatter.format([newRecord(), newRecord()]), "2[30;30;]");
  assertEquals(formatter.format([]), "");
  assertEquals(new BufferingFormatter().format([newRecord()]), "hello");
});

Deno.test("what stands before the message is made anew whenever it is not the same", () => {
  const formatter = new Formatter("%(asctime)s %(name)s %(levelname)-5s %(lineno)d|%(message)s");
  const make = (name: string, level: number, line: number, created: number) => {
    const record = new LogRecord(name, level, "main.ts", line, `of ${name}`);
    record.created = created;
    return formatter.format(record).split(" ").slice(2).join(" ");
  };
  assertEquals(make("a", 20, 1, 1e9), "a INFO  1|of a");
  assertEquals(make("a", 20, 1, 1e9), "a INFO  1|of a");
  assertEquals(make("b", 20, 1, 1e9), "b INFO  1|of b");
  assertEquals(make("b", 10, 1, 1e9), "b DEBUG 1|of b");
  assertEquals(make("b", 10, 2, 1e9), "b DEBUG 2|of b");
  const times = [1e9, 1e9 + 0.001, 1e9 + 1, 1e9].map((created) => {
    const record = new LogRecord("a", 20, "main.ts", 1, "x");
    record.created = created;
    return formatter.format(record).split(" ")[1]!.slice(-6);
  });
  assertEquals(times, ["40,000", "40,001", "41,000", "40,000"]);
  const nested = new Formatter("{name:>{lineno}}", null, "{");
  const lines = [4, 5].map((line) => nested.format(new LogRecord("a", 20, "main.ts", line, "x")));
  assertEquals(lines, ["   a", "    a"]);
});

Deno.test("what is set on a formatter or a record counts for the next line of the same millisecond", () => {
  const format = "%(asctime)s %(name)s %(levelno)d %(levelname)s > %(message)6s <";
  const formatter = new Formatter(format);
  formatter.converter = "gmtime";
  const make = (given: Record<string, unknown> = {}) => {
    const record = new LogRecord("app", 20, "main.ts", 1, "text");
    record.created = 1e9 + 0.5;
    return Object.assign(record, given);
  };
  const line = (given?: Record<string, unknown>) => {
    const record = make(given);
    return [formatter.format(record), record.asctime, record.message];
  };
  const first = line();
  assertEquals(first, [
    "2001-09-09 01:46:40,500 app 20 INFO >   text <",
    "2001-09-09 01:46:40,500",
    "text",
  ]);
  assertEquals(line(), first);
  let name = "one";
  const named = { toString: () => name };
  const changes: [change: () => Record<string, unknown> | void, text: string][] = [
    [() => ({ msg: "%s", args: ["other"] }), "2001-09-09 01:46:40,500 app 20 INFO >  other <"],
    [() => ({ name: "b" }), "2001-09-09 01:46:40,500 b 20 INFO >   text <"],
    [() => ({ levelno: 21 }), "2001-09-09 01:46:40,500 app 21 INFO >   text <"],
    [() => ({ levelname: "NOTE" }), "2001-09-09 01:46:40,500 app 20 NOTE >   text <"],
    [() => ({ name: named }), "2001-09-09 01:46:40,500 one 20 INFO >   text <"],
    [() => (name = "two", { name: named }), "2001-09-09 01:46:40,500 two 20 INFO >   text <"],
    [() => ({ created: 1e9 + 0.501 }), "2001-09-09 01:46:40,501 app 20 INFO >   text <"],
    [() => void (formatter.datefmt = "%S"), "40 app 20 INFO >   text <"],
    [() => void (formatter.datefmt = undefined), "2001-09-09 01:46:40,500 app 20 INFO >   text <"],
    [() => void (formatter.default_time_format = "%M"), "46,500 app 20 INFO >   text <"],
    [() => void (formatter.default_msec_format = "%s.%d"), "46.500 app 20 INFO >   text <"],
    [() => void (formatter.default_msec_format = null), "46 app 20 INFO >   text <"],
    [() => void (formatter.formatTime = () => "now"), "now app 20 INFO >   text <"],
    [() => void (formatter.usesTime = () => false), "None app 20 INFO >   text <"],
    [() => void (formatter.formatMessage = () => "all"), "all"],
  ];
  for (const [change, text] of changes) {
    const given = change() ?? undefined;
    // Twice, so that what is kept of the first line is looked at as well.
    assertEquals([line(given)[0], line(given)[0]], [text, text]);
  }
});

Deno.test("a record that cannot be formatted leaves no trace in the next line", () => {
  const formatter = new Formatter("%(levelname)s %(name)d|%(message)s");
  const record = () => new LogRecord("app", 20, "main.ts", 1, "x");
  for (let turn = 0; turn < 3; turn++) assertThrows(() => formatter.format(record()));
  const good = Object.assign(record(), { name: 5 });
  assertEquals(formatter.format(good as unknown as LogRecord), "INFO 5|x");
  assertThrows(() => formatter.format(record()));
});

Deno.test("a field whose text formats another record keeps its own line whole", () => {
  const format = "%(name)s %(levelname)s %(message)s";
  const outer = new Formatter(format), inner = new Formatter(format);
  const critical = new LogRecord("inner", 50, "a.ts", 1, "within");
  let within = "";
  const name = {
    toString() {
      within = inner.format(critical);
      return "object";
    },
  };
  const record = new LogRecord(name as unknown as string, 20, "a.ts", 1, "message");
  assertEquals(outer.format(record), "object INFO message");
  assertEquals(within, "inner CRITICAL within");
  assertEquals(inner.format(critical), "inner CRITICAL within");
  assertEquals(outer.format(record), "object INFO message");
});

Deno.test("an error that is made of others shows them, whichever of its parts they are", () => {
  const format = new Formatter();
  const heads = (error: Error) =>
    format.formatException(error).split("\n").filter((line) => !/^\s+at /.test(line));
  const [failed, ended] = [new Error("failed", { cause: 1 }), new TypeError("cannot end")];
  assertEquals(heads(new SuppressedError(ended, failed, "both")), [
    "SuppressedError: both",
    "  [error] TypeError: cannot end",
    "  [suppressed] Error: failed",
    "Caused by: 1",
  ]);
  assertEquals(heads(new AggregateError([failed, 2], "all")), [
    "AggregateError: all",
    "  [error] Error: failed",
    "Caused by: 1",
    "  [error] 2",
  ]);
});

Deno.test("a record that a handler has frozen is formatted all the same by those behind it", () => {
  const { root, handler } = newTree();
  handler.emit = (record) => void Object.freeze(record);
  const lines: string[] = [];
  for (
    const formatter of [
      undefined,
      new Formatter("%(asctime)s %(message)s"),
      new DevFormatter(null, null, "%", true, { colors: false }),
    ]
  ) {
    const other = new ListHandler();
    other.setFormatter(formatter);
    other.emit = (record) => void lines.push(other.format(record));
    root.addHandler(other);
  }
  root.error("%d of %s", 1, () => 2, new Error("boom"), { user: "kim" });
  assertEquals(lines.map((line) => [/1 of 2/, /Error: boom/].every((part) => part.test(line))), [
    true,
    true,
    true,
  ]);
  assert(lines[2]!.includes("user=kim") && /formatter_test.ts:\d+/.test(lines[2]!), lines[2]);
});
