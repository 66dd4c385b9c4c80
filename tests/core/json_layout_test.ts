import { assertEquals, assertThrows } from "@std/assert";
import {
  JsonFormatter,
  type JsonFormatterOptions,
} from "../../src/core/formatters/json_formatter.ts";
import { makeLogRecord } from "../../src/core/loggers/module_functions.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { currentThread } from "../../src/core/runtime/thread.ts";
import { ListHandler } from "../harness/list_handler.ts";

/** A record of a call; it was made at 1970-01-01T00:00:00.345Z. */
function recordOf(...call: [unknown, ...unknown[]]): LogRecord {
  const manager = new Manager();
  const handler = new ListHandler();
  const log = manager.getLogger("app");
  log.addHandler(handler);
  log.with({ bound: 1 }).warning(...call);
  const record = handler.records[0]!;
  record.created = 0.345;
  return record;
}

function formatterOf(options: JsonFormatterOptions): JsonFormatter {
  return new JsonFormatter(null, null, "%", true, options);
}

const ERROR = Object.assign(new TypeError("bad"), { stack: "TypeError: bad\n    at x" });

Deno.test("each preset has the names, the order and the values of its kind", async (t) => {
  const error = { type: "TypeError", message: "bad", stack: ERROR.stack };
  const thread = currentThread().processName;
  const cases: [preset: JsonFormatterOptions["preset"], line: object][] = [
    ["pino", {
      level: 40,
      time: 345,
      pid: Deno.pid,
      name: "app",
      msg: "up",
      bound: 1,
      user: { id: 7 },
      level_: "mine",
      err: error,
    }],
    ["ecs", {
      "@timestamp": "1970-01-01T00:00:00.345Z",
      "log.level": "warning",
      message: "up",
      "ecs.version": "8.10.0",
      "log.logger": "app",
      "process.thread.name": thread,
      bound: 1,
      user: { id: 7 },
      level: "mine",
      error: { type: "TypeError", message: "bad", stack_trace: ERROR.stack },
    }],
    ["gcp", {
      severity: "WARNING",
      time: "1970-01-01T00:00:00.345Z",
      message: "up",
      logger: "app",
      bound: 1,
      user: { id: 7 },
      level: "mine",
      error,
      stack_trace: ERROR.stack,
    }],
    ["otel", {
      Timestamp: "345000000",
      SeverityText: "WARNING",
      SeverityNumber: 13,
      Body: "up",
      InstrumentationScope: { name: "app" },
      Attributes: {
        bound: 1,
        user: { id: 7 },
        level: "mine",
        "exception.type": "TypeError",
        "exception.message": "bad",
        "exception.stacktrace": ERROR.stack,
      },
    }],
  ];
  for (const [preset, line] of cases) {
    await t.step(`${preset}`, () => {
      const formatter = formatterOf({ preset });
      const text = formatter.format(recordOf("up", { user: { id: 7 }, level: "mine" }, ERROR));
      assertEquals(JSON.parse(text), line);
      assertEquals(Object.keys(JSON.parse(text)), Object.keys(line));
      const plain = JSON.parse(formatter.format(recordOf("up")));
      const { bound = 0 } = plain.Attributes ?? plain;
      assertEquals(bound, 1);
    });
  }
});

Deno.test("a preset has an error's causes and parts, and what is thrown and is no error", () => {
  const stackOf = (preset: JsonFormatterOptions["preset"], thrown: unknown) => {
    const line = JSON.parse(formatterOf({ preset }).format(recordOf("up", { exc_info: thrown })));
    return line.error?.stack_trace ?? line.stack_trace ?? line.Attributes["exception.stacktrace"];
  };
  const cause = Object.assign(new Error("no net"), { stack: "Error: no net\n    at y" });
  const error = new AggregateError([ERROR], "all", { cause });
  error.stack = "AggregateError: all\n    at z";
  const text = `${error.stack}\n  [error] ${ERROR.stack}\nCaused by: ${cause.stack}`;
  assertEquals([stackOf("ecs", error), stackOf("otel", error)], [text, text]);
  for (const preset of ["ecs", "gcp", "otel"] as const) {
    assertEquals(stackOf(preset, { code: 5 }), "{'code': 5}");
  }
  const attributes = JSON.parse(
    formatterOf({ preset: "otel" }).format(recordOf("up", { exc_info: { code: 5 } })),
  ).Attributes;
  assertEquals(attributes["exception.message"], "{'code': 5}");
});

Deno.test("levels have the numbers and names of the presets, those between the usual ones of the next", () => {
  const record = recordOf("up");
  const levels = [5, 10, 20, 25, 30, 40, 45, 50].map((levelno) => {
    record.levelno = levelno;
    return [
      JSON.parse(formatterOf({ preset: "pino" }).format(record)).level,
      JSON.parse(formatterOf({ preset: "gcp" }).format(record)).severity,
      JSON.parse(formatterOf({ preset: "otel" }).format(record)).SeverityNumber,
    ];
  });
  assertEquals(levels, [
    [15, "DEBUG", 1],
    [20, "DEBUG", 5],
    [30, "INFO", 9],
    [35, "INFO", 9],
    [40, "WARNING", 13],
    [50, "ERROR", 17],
    [55, "CRITICAL", 21],
    [60, "CRITICAL", 21],
  ]);
});

Deno.test("a head of one's own is in one's own order, as an object or as a text", () => {
  const head = { lvl: "level_lower", v: "=1", msg: "message", err: "error" };
  for (const one of [head, "lvl=level_lower v==1, msg=message err=error"]) {
    const text = formatterOf({ head: one }).format(recordOf("up", { msg: "mine" }, ERROR));
    assertEquals(Object.entries(JSON.parse(text)).map(([name, value]) => [name, typeof value]), [
      ["lvl", "string"],
      ["v", "string"],
      ["msg", "string"],
      ["bound", "number"],
      ["msg_", "string"],
      ["err", "object"],
    ]);
  }
  const both = formatterOf({ head: "Body=message", preset: "otel" }).format(recordOf("up"));
  assertEquals(both, '{"Body":"up","Attributes":{"bound":1}}');
});

Deno.test("what kept fields read is their layout's own", () => {
  const record = recordOf("up");
  const formatters = [undefined, "pino", "gcp", undefined].map((preset) =>
    formatterOf({ preset: preset as JsonFormatterOptions["preset"] })
  );
  const first = formatters.map((one) => one.format(record));
  assertEquals(formatters.map((one) => one.format(record)), first);
  assertEquals(first[0], first[3]);
});

Deno.test("depth and size say what was cut", () => {
  const record = recordOf("up", { a: { b: { c: { d: 1 } } }, list: [1, 2, 3, 4, 5] });
  const depth = JSON.parse(formatterOf({ depth: 1 }).format(record));
  assertEquals(depth.a, { b: "[too deep]" });
  assertEquals(depth.list, [1, 2, 3, 4, 5]);
  const size = JSON.parse(formatterOf({ size: 8 }).format(record));
  assertEquals([size.a, size.list], [{ b: { c: { d: 1 } } }, [1, 2, "[3 more]"]]);
});

Deno.test("requests, responses, headers, forms, blobs and URLs say what they are", () => {
  const headers = new Headers([["accept", "*/*"], ["set-cookie", "a=1"], ["set-cookie", "b=2"]]);
  const form = new FormData();
  for (const [name, value] of [["name", "kim"], ["tag", "a"], ["tag", "b"]] as const) {
    form.append(name, value);
  }
  form.append("file", new File(["abc"], "a.txt"));
  const record = recordOf("up", {
    request: new Request("http://localhost/a", { method: "POST", headers: { accept: "*/*" } }),
    response: new Response("no", { status: 404, statusText: "Not Found", headers: { a: "b" } }),
    headers,
    url: new URL("http://localhost/a?b=c"),
    form,
    blob: new Blob(["abc"], { type: "text/plain" }),
    map: new Map([["a", new Set([1])]]),
    bytes: new Uint8Array([1, 2]),
    date: new Date(0),
  });
  const { time: _, level: _l, logger: _g, message: _m, bound: _b, ...fields } = JSON.parse(
    new JsonFormatter().format(record),
  );
  assertEquals(fields, {
    request: { method: "POST", url: "http://localhost/a", headers: { accept: "*/*" } },
    response: {
      status: 404,
      statusText: "Not Found",
      headers: { a: "b", "content-type": "text/plain;charset=UTF-8" },
    },
    headers: { accept: "*/*", "set-cookie": ["a=1", "b=2"] },
    url: "http://localhost/a?b=c",
    form: { name: "kim", tag: ["a", "b"], file: { name: "a.txt", size: 3, type: "" } },
    blob: { size: 3, type: "text/plain" },
    map: { a: [1] },
    bytes: [1, 2],
    date: "1970-01-01T00:00:00.000Z",
  });
});

Deno.test("what cannot be used is refused with the way out", () => {
  const cases: [options: object, reason: string][] = [
    [{ preset: "pinno" }, "pino"],
    [{ head: { a: "levle" } }, 'did you mean "level"'],
    [{ head: "" }, "Cannot write JSON without a head"],
    [{ head: 5 }, "an object of names and parts"],
    [{ head: ["message", "level"] }, "an object of names and parts"],
    [{ depth: 0 }, "depth"],
    [{ dept: 1 }, "dept"],
  ];
  for (const [options, reason] of cases) {
    assertThrows(() => formatterOf(options as JsonFormatterOptions), Error, reason);
  }
});

Deno.test("all that a head may have stands where editors show it", async () => {
  const { message } = assertThrows(() => formatterOf({ head: { at: "when" } }), RangeError);
  const parts = message.match(/(?<=known are ).*/)![0].split(", ");
  const file = new URL("../../src/core/formatters/json_formatter.ts", import.meta.url);
  const [told] = (await Deno.readTextFile(file)).match(/The head of the line[^]*?\*\//)!;
  assertEquals(parts.filter((part: string) => !told.includes(`\`${part}\``)), []);
});

Deno.test("no name stands twice in a line, whatever a head is called", () => {
  const cases: [JsonFormatterOptions, string[]][] = [
    [{ head: { error: "message", stack: "=prod" } }, ["error", "stack", "error_", "stack_"]],
    [{ head: { args: "message", format_error: "level" } }, [
      "args",
      "format_error",
      "args_",
      "format_error_",
      "error",
      "stack",
    ]],
    [{ head: { stack_trace: "message" }, preset: "gcp" }, [
      "stack_trace",
      "error",
      "stack_trace_",
      "stack",
    ]],
    [{ head: { Attributes: "message" }, preset: "otel" }, ["Attributes", "Attributes_"]],
  ];
  for (const [options, expected] of cases) {
    const record = makeLogRecord({
      msg: "%d",
      args: "args" in (options.head as object) ? ["x", "y"] : [1],
      exc_info: "boom",
      stack_info: "Stack:",
    });
    const line = formatterOf(options).format(record);
    assertEquals(Object.keys(JSON.parse(line)), expected);
    // Parsers take the last of several.
    for (const name of expected) {
      assertEquals(line.split(`${JSON.stringify(name)}:`).length, 2, line);
    }
  }
});
