import { assertEquals } from "@std/assert";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";

/** The line of a record, read back. */
function lineOf(msg: unknown, args: unknown[], error?: unknown, fmt?: string) {
  const record = new LogRecord("app", 20, "/x/main.ts", 7, msg, args, error, "run");
  record.created = 0.345;
  return JSON.parse(new JsonFormatter(fmt).format(record));
}

const HEAD = { time: "1970-01-01T00:00:00.345Z", level: "INFO", logger: "app" };

Deno.test("a JSON line has time, level, logger, message and the fields given last", async (t) => {
  const cases = [
    { desc: "no arguments", args: [], msg: "up", expected: { message: "up" } },
    { desc: "no message", args: [], msg: undefined, expected: { message: "undefined" } },
    { desc: "arguments", args: [1], msg: "%d rows", expected: { message: "1 rows" } },
    { desc: "fields", args: [{ ms: 5 }], msg: "slow", expected: { message: "slow", ms: 5 } },
    {
      desc: "arguments and fields",
      args: ["users", { ms: 5 }],
      msg: "slow %s",
      expected: { message: "slow users", ms: 5 },
    },
    {
      desc: "fields named in the message",
      args: [{ ms: 5 }],
      msg: "%(ms)d ms",
      expected: { message: "5 ms", ms: 5 },
    },
    {
      desc: "a field with the name of a key of the line",
      args: [{ level: 3 }],
      msg: "x",
      expected: { message: "x", level_: 3 },
    },
    {
      desc: "values that JSON has no form for",
      args: [{ big: 1n, nan: NaN, map: new Map([["a", new Set([1])]]), date: new Date(0) }],
      msg: "x",
      expected: {
        message: "x",
        big: "1",
        nan: "NaN",
        map: { a: [1] },
        date: "1970-01-01T00:00:00.000Z",
      },
    },
  ];
  for (const { desc, msg, args, expected } of cases) {
    await t.step(desc, () => assertEquals(lineOf(msg, args), { ...HEAD, ...expected }));
  }
});

Deno.test("no value makes a JSON line fail", () => {
  const self: Record<string, unknown> = { a: 1 };
  self.self = self;
  const line = lineOf("x", [{
    self,
    get bad() {
      throw new Error("no");
    },
    toJson: undefined,
    throwing: {
      toJSON() {
        throw new TypeError("never");
      },
    },
  }]);
  assertEquals(line.self, { a: 1, self: "[circular]" });
  assertEquals(line.bad.message, "no");
  assertEquals(line.throwing, "[throws: TypeError: never]");
});

Deno.test("an error is written with type, message, stack and causes", () => {
  const { error } = lineOf("x", [], new TypeError("bad", { cause: new Error("why") }));
  assertEquals([error.type, error.message, error.cause.message], ["TypeError", "bad", "why"]);
  assertEquals(error.stack.split("\n")[0], "TypeError: bad");
});

Deno.test("record fields that the format names are added", () => {
  const line = lineOf("x", [], undefined, "%(levelname)s %(module)s %(lineno)d %(message)s");
  assertEquals(line, { ...HEAD, message: "x", module: "main", lineno: 7 });
});

Deno.test("a field that the format names is the call's, else its default, else null", () => {
  const options = { defaults: { user: "nobody" } };
  const formatter = new JsonFormatter("%(user)s %(at)s %(fields)s", null, "%", true, options);
  const named = (change: object, ...args: unknown[]) => {
    const record = new LogRecord("app", 20, "/x/main.ts", 7, "x", args, undefined, "run");
    return formatter.format(Object.assign(record, change)).replace(/.*"message":"x"/, "");
  };
  assertEquals(named({}), ',"user":"nobody","at":null}');
  assertEquals(named({}, { ms: 1, user: "kim" }), ',"user":"kim","at":null,"ms":1}');
  assertEquals(named({ user: "eve", at: 5 }), ',"user":"eve","at":5}');
});

Deno.test("the names of error and stack are free for fields where there is none", () => {
  assertEquals(lineOf("x", [{ error: 1, stack: 2 }]), {
    ...HEAD,
    message: "x",
    error: 1,
    stack: 2,
  });
});

Deno.test("the same message of another logger or level gets a line of its own", () => {
  const formatter = new JsonFormatter();
  // Often enough for it to be known.
  for (let round = 0; round < 100; round++) {
    for (
      const [name, level, levelname] of [["a", 20, "INFO"], ["b", 20, "INFO"], [
        "a",
        30,
        "WARNING",
      ]] as const
    ) {
      const line = formatter.format(new LogRecord(name, level, "/x/main.ts", 7, "same"));
      const { level: told, logger, message } = JSON.parse(line);
      assertEquals([told, logger, message], [levelname, name, "same"]);
    }
  }
});

Deno.test("a thousand messages by turns keep their own lines", () => {
  const formatter = new JsonFormatter();
  for (let turn = 0; turn < 5000; turn++) {
    const text = `message "${turn % 1000}"`;
    const line = formatter.format(new LogRecord("app", 20, "/x/main.ts", 7, text));
    assertEquals(JSON.parse(line).message, text);
  }
});

/** Lines of records that a filter or a factory has changed, in their order, as they are written. */
function linesOf(formatter: JsonFormatter, ...changes: object[]): string[] {
  return changes.map((change) => {
    const record = new LogRecord("app", 20, "/x/main.ts", 7, "up", [], undefined, "run");
    return formatter.format(Object.assign(record, { created: 0 }, change));
  });
}

Deno.test("fields that the program adds to a record are written, whatever their names", () => {
  const lines = linesOf(new JsonFormatter(), { ip: "::1" }, { 7: "seven" }, {});
  const head = '{"time":"1970-01-01T00:00:00.000Z","level":"INFO","logger":"app","message":"up"';
  assertEquals(lines, [`${head},"ip":"::1"}`, `${head},"7":"seven"}`, `${head}}`]);
});

Deno.test("fields, error and stack stand in this order, and no fields leave no trace", () => {
  const lines = linesOf(
    new JsonFormatter(),
    { args: [{}] },
    { args: [{ ms: 5 }], stack_info: "at x" },
    { args: [{}], stack_info: "at x" },
    { args: [{ ms: 5 }], exc_info: "bad", stack_info: "at x" },
  );
  assertEquals(lines.map((line) => line.split('"message":"up"')[1]), [
    "}",
    ',"ms":5,"stack":"at x"}',
    ',"stack":"at x"}',
    ',"ms":5,"error":"bad","stack":"at x"}',
  ]);
});

Deno.test("what is kept of a message is not taken for another record's", () => {
  const formatter = new JsonFormatter();
  const level = { toString: () => "LOUD" };
  const changes = [
    { msg: "%d%%", args: [] },
    { msg: "%d%%", args: [5] },
    { msg: "up", levelname: level },
    { msg: "up" },
    { msg: { toString: () => "up" } },
    { msg: "5%" },
  ];
  // More often than one of so many is kept.
  const rounds = Array.from({ length: 40 }, () => changes).flat();
  const expected = linesOf(new JsonFormatter(), ...changes);
  assertEquals(linesOf(formatter, ...rounds), Array(40).fill(expected).flat());
  assertEquals(JSON.parse(expected[1]!).message, "5%");
});

Deno.test("the merged message is noted in the record", () => {
  const formatter = new JsonFormatter();
  for (let round = 0; round < 40; round++) {
    const record = new LogRecord("app", 20, "/x/main.ts", 7, "noted", []);
    formatter.format(record);
    assertEquals(record.message, "noted");
  }
});

Deno.test("arguments that the message does not take stand under args, and say why", async (t) => {
  const cases: { desc: string; msg: unknown; args: unknown[]; expected: object }[] = [
    {
      desc: "a message without a place",
      msg: "user",
      args: ["kim", 3],
      expected: { message: "user", args: ["kim", 3] },
    },
    {
      desc: "one too many",
      msg: "%d rows",
      args: [3, "tail"],
      expected: { message: "3 rows", args: ["tail"] },
    },
    {
      desc: "fields behind them",
      msg: "user",
      args: ["kim", { args: 1 }],
      expected: { message: "user", args: ["kim"], args_: 1 },
    },
    {
      desc: "too few",
      msg: "%s %s",
      args: ["a"],
      expected: {
        message: "%s %s",
        args: ["a"],
        format_error: "TypeError: not enough arguments for format string",
      },
    },
    {
      desc: "one that does not fit",
      msg: "%d",
      args: ["x", { ms: 1 }],
      expected: {
        message: "%d",
        args: ["x"],
        format_error: "TypeError: %d format: a real number is required, not str",
        ms: 1,
      },
    },
    {
      desc: "fields that the message names, but are not there",
      msg: "%(user)s",
      args: [{ ms: 1 }],
      expected: { message: "%(user)s", format_error: "KeyError: 'user'", ms: 1 },
    },
    {
      desc: "fields of a message with a percent sign",
      msg: "100% done",
      args: [{ ms: 1 }],
      expected: { message: "100% done", ms: 1 },
    },
    {
      desc: "a message that throws when it is read",
      msg: {
        toString() {
          throw new Error("no text");
        },
      },
      args: [1],
      expected: {
        message: "[throws: Error: no text]",
        args: [1],
        format_error: "Error: no text",
      },
    },
  ];
  for (const { desc, msg, args, expected } of cases) {
    await t.step(desc, () => assertEquals(lineOf(msg, args), { ...HEAD, ...expected }));
  }
  const { args } = lineOf("done", [new TypeError("bad"), "tail"]);
  assertEquals([args[0].type, args[0].message, args[1]], ["TypeError", "bad", "tail"]);
});

Deno.test("values have the form of what they are", () => {
  const shared = { toJSON: () => undefined };
  const line = lineOf("x", [{
    shared,
    inner: [shared, undefined],
    self: {
      a: 1,
      toJSON() {
        return this;
      },
    },
    text: new String("s"),
    number: Object(5),
    floats: new Float64Array([1.5]),
    pairs: new Map<unknown, unknown>([[1, "a"], ["1", "b"]]),
    pattern: /a/g,
    promise: Promise.resolve(),
    kind: class Kind {},
    error: Object.assign(new Error("e"), { type: "own" }),
    level: 1,
    level_: 2,
  }]);
  assertEquals(Object.keys(line).slice(4), [
    "shared",
    "inner",
    "self",
    "text",
    "number",
    "floats",
    "pairs",
    "pattern",
    "promise",
    "kind",
    "level_",
    "level__",
    "error",
  ]);
  assertEquals([line.shared, line.inner, line.self.a], [null, [null, null], 1]);
  assertEquals([line.text, line.number, line.floats], ["s", 5, [1.5]]);
  assertEquals(line.pairs, [[1, "a"], ["1", "b"]]);
  assertEquals([line.pattern, line.promise, line.kind], ["/a/g", "Promise {}", "[class Kind]"]);
  assertEquals([line.error.type, line.error.type_], ["Error", "own"]);
});

Deno.test("members that are undefined are left out, as JSON.stringify does it", () => {
  const fields = { a: undefined, b: { c: undefined, d: [undefined, { e: undefined }] }, f: null };
  const record = (...args: unknown[]) => new LogRecord("app", 20, "", 0, "up", args);
  const members = (formatter: JsonFormatter, ...args: unknown[]) =>
    formatter.format(record(...args)).replace(/.*"message":"up",?/, "{");
  const usual = new JsonFormatter(), bound = new JsonFormatter(null, null, "%", true, { depth: 9 });
  for (const formatter of [usual, bound]) {
    assertEquals(members(formatter, fields), JSON.stringify(fields));
    assertEquals(members(formatter, { a: undefined }), "{}");
    // Beside what the engine does not write alone.
    assertEquals(members(formatter, { a: undefined, n: 1n, z: undefined }), '{"n":"1"}');
  }
  const error = Object.assign(new Error("no"), { code: undefined, stack: undefined });
  assertEquals(members(usual, { err: error }), '{"err":{"type":"Error","message":"no"}}');
  Object.assign(error, { message: undefined });
  assertEquals(members(usual, { err: error }), '{"err":{"type":"Error"}}');
  const extra = Object.assign(record(), { more: undefined });
  assertEquals(usual.format(extra).endsWith('"message":"up"}'), true);
});

Deno.test("what is cut is named", () => {
  const nested = { a: { b: {} } };
  let deepest: Record<string, unknown> = nested.a.b;
  for (let depth = 0; depth < 30; depth++) deepest = deepest.in = {} as Record<string, unknown>;
  const text = lineOf("x".repeat(10_000_005), []).message;
  assertEquals(text.endsWith("x… [5 more characters]"), true);
  const fields = { nested, holes: new Array(4_294_967_295), none: undefined, last: 1 };
  const line = lineOf("x", [fields]);
  assertEquals(JSON.stringify(line.nested).includes('"[too deep]"'), true);
  assertEquals(/^\[\d+ more\]$/.test(line.holes.at(-1)), true);
  assertEquals([line.last, "none" in line], ["[too much]", false]);
});

Deno.test("an error in the field where a line has its own is the line's", () => {
  const error = new TypeError("bad");
  const newest = (args: unknown[], preset?: "pino" | "ecs" | "otel", exc_info?: Error) => {
    const record = new LogRecord("app", 40, "", 0, "up", args, exc_info);
    return JSON.parse(new JsonFormatter(null, null, "%", true, { preset }).format(record));
  };
  const own = newest([{ error, a: 1 }]);
  assertEquals([own.error.type, own.error.message, own.a, own.error_], [
    "TypeError",
    "bad",
    1,
    undefined,
  ]);
  assertEquals(newest([{ err: error }], "pino").err.message, "bad");
  assertEquals(Object.keys(newest([{ error }], "ecs").error), ["type", "message", "stack_trace"]);
  assertEquals(newest([{ error }], "otel").Attributes["exception.message"], "bad");
  // Where the line has one, the field's name is taken; without, any value may have it.
  const both = newest([{ error }], undefined, new Error("other"));
  assertEquals([both.error.message, both.error_.message], ["other", "bad"]);
  assertEquals(newest([{ error: "no", stack: "s" }]).error, "no");
});
