import { assertEquals, assertStringIncludes } from "@std/assert";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import { JSON_PRESETS, type JsonPreset } from "../../src/core/formatters/json_layout.ts";
import { makeLogRecord } from "../../src/core/loggers/module_functions.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { SocketHandler } from "../../src/handlers/network/socket_handler.ts";
import { otlpRecord } from "../../src/handlers/otlp/otlp_record.ts";
import { recordLine } from "../../src/hub/thread/record_line.ts";

/** What a `SocketHandler` of Python or of another program sends of a record. */
const SENT = {
  name: "shop.db",
  msg: "failed",
  args: null,
  levelname: "ERROR",
  levelno: 40,
  pathname: "/app/db.py",
  filename: "db.py",
  module: "db",
  exc_info: null,
  exc_text: "Traceback (most recent call last):\nValueError: no",
  stack_info: null,
  lineno: 42,
  funcName: "query",
  created: 1700000000.5,
  msecs: 500,
  relativeCreated: 99,
  thread: 140,
  threadName: "T-1",
  processName: "P-2",
  process: 77,
  user: "kim",
};

function relayed(changes: object = {}): LogRecord {
  return makeLogRecord(JSON.parse(JSON.stringify({ ...SENT, ...changes })));
}

Deno.test("a record that is sent on has the fields that it came with, and no others", () => {
  const handler = new SocketHandler("127.0.0.1", 9020);
  const sent = JSON.parse(new TextDecoder().decode(handler.makeMessage(relayed())));
  handler.close();
  assertEquals(sent, SENT);
});

Deno.test("the error of another host's record, which is a text only, is in lines of JSON", async (t) => {
  const { error } = JSON.parse(new JsonFormatter().format(relayed()));
  assertEquals(error, SENT.exc_text);
  for (const preset of JSON_PRESETS as readonly JsonPreset[]) {
    await t.step(preset, () => {
      const formatter = new JsonFormatter(null, null, "%", true, { preset });
      assertStringIncludes(formatter.format(relayed()), JSON.stringify(SENT.exc_text));
    });
  }
  const lineOf = (preset: JsonPreset) =>
    JSON.parse(new JsonFormatter(null, null, "%", true, { preset }).format(relayed()));
  // Neither its type nor its message is known.
  assertEquals(lineOf("ecs").error, { stack_trace: SENT.exc_text });
  assertEquals(Object.keys(lineOf("otel").Attributes), ["user", "exception.stacktrace"]);
  const named = new JsonFormatter("%(user)s").format(relayed({ error: "free" }));
  assertEquals([JSON.parse(named).error, JSON.parse(named).error_], [SENT.exc_text, "free"]);
});

Deno.test("its attributes are no fields in lines of JSON, and stay with copies of it", () => {
  const line = JSON.parse(new JsonFormatter().format(relayed()));
  assertEquals(Object.keys(line), ["time", "level", "logger", "message", "user", "error"]);
  const copy = makeLogRecord(relayed());
  assertEquals([copy.pathname, copy.lineno, copy.threadName], ["/app/db.py", 42, "T-1"]);
  const named = new JsonFormatter("%(funcName)s %(process)d %(message)s").format(copy);
  assertEquals([JSON.parse(named).funcName, JSON.parse(named).process], ["query", 77]);
});

Deno.test("it is in what the recorder keeps", () => {
  const { name, levelno, levelname, msg, exc_text } = SENT;
  const record = makeLogRecord({ name, levelno, levelname, msg, exc_text });
  assertEquals(JSON.parse(recordLine(new JsonFormatter(), record, 10_000)).error, exc_text);
});

Deno.test("it goes out as OTLP", () => {
  const form = { formatter: undefined, errorFormatter: new Formatter(), hasCaller: false };
  const { attributes } = JSON.parse(otlpRecord(relayed(), form));
  const stacks = attributes.filter(({ key }: { key: string }) => key === "exception.stacktrace");
  assertEquals(stacks, [{
    key: "exception.stacktrace",
    value: { stringValue: SENT.exc_text },
  }]);
});
