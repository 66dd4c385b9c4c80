import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { getLogger } from "../../src/core/loggers/module_functions.ts";
import { withContext } from "../../src/core/loggers/with_context.ts";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { BatchSender } from "../../src/handlers/otlp/batch_sender.ts";
import { OtlpHandler, type OtlpHandlerOptions } from "../../src/otlp.ts";
import { flush } from "../../src/hub/flush.ts";
import { captureStderr } from "../handlers/captured_stderr.ts";
import { logRecord } from "../handlers/log_record.ts";
import { holdThread } from "../fixtures/hold_thread.ts";
import { comeMeanwhile } from "../harness/come_meanwhile.ts";
import { eventually } from "../harness/deadline.ts";
import { least } from "../harness/least.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";
import { HostileValues } from "../values/hostile_value.ts";
import { OtlpCollector } from "./otlp_collector.ts";

/** A handler that is closed in the end, with what is left in it given up. */
class Sending implements Disposable {
  readonly handler: OtlpHandler;

  constructor(collector: { readonly endpoint: string }, options: OtlpHandlerOptions = {}) {
    this.handler = new OtlpHandler({ endpoint: collector.endpoint, ...options });
  }

  /** Logs texts at INFO. */
  log(...texts: readonly string[]): void {
    for (const text of texts) this.handler.handle(logRecord(text));
  }

  [Symbol.dispose](): void {
    this.handler.close();
  }
}

/** How many milliseconds a flush takes. */
async function timeOfFlush(): Promise<number> {
  const began = performance.now();
  await flush();
  return performance.now() - began;
}

/** Numbers as texts. */
function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, at) => String(at));
}

Deno.test("records go out as OTLP's JSON, with fields, error, caller and stack", async () => {
  await using collector = new OtlpCollector();
  using sending = new Sending(collector, { caller: true, resource: { "service.name": "shop" } });
  const { handler } = sending;
  const logger = getLogger("otlp.all");
  logger.setLevel(1);
  logger.propagate = false;
  logger.addHandler(handler);
  const begin = Date.now();
  try {
    const error = new TypeError("no", { cause: new Error("deep") });
    logger.error("%s failed", "it", error, {
      extra: { user: "kim", n: 3, f: 1.5, "exception.type": "NoMoney" },
      stack_info: true,
    });
    logger.debug("plain", { list: [1, "a", { b: null }], big: 2n ** 80n, int: 2n ** 60n });
    logger.log(5, "low");
    logger.critical("%d of %d", 1);
    withContext({ user: "kim" }, () => logger.with({ requestId: 7 }).info(() => "lazy", { n: 1 }));
    logger.info({ only: "fields" });
    await handler.flush();
  } finally {
    logger.removeHandler(handler);
  }
  assertEquals(collector.faults, []);
  assertEquals(collector.requests, 1);
  const [first, second, third, fourth, fifth, sixth] = collector.records;
  assertEquals(first!.body.stringValue, "it failed");
  assertEquals([first!.severityNumber, first!.severityText], [17, "ERROR"]);
  const time = Number(BigInt(first!.timeUnixNano) / 1_000_000n);
  assert(time >= begin && time <= Date.now(), `logged at ${time}, after ${begin}`);
  const said = Object.fromEntries(first!.attributes.map(({ key, value }) => [key, value]));
  assertEquals(said.user, { stringValue: "kim" });
  assertEquals(said.n, { intValue: "3" });
  assertEquals(said.f, { doubleValue: 1.5 });
  assertEquals(said["exception.type"], { stringValue: "NoMoney" }, "the program's own counts");
  assertEquals(said["exception.message"], { stringValue: "no" });
  assertMatch(JSON.stringify(said["exception.stacktrace"]), /TypeError: no.*deep/s);
  assertMatch(JSON.stringify(said["code.file.path"]), /otlp_handler_test\.ts/);
  assertMatch(JSON.stringify(said["code.stacktrace"]), /most recent call last/);
  assert("code.line.number" in said && "code.function.name" in said && "thread.name" in said);
  assertEquals(second!.severityNumber, 5);
  assertEquals(second!.attributes.slice(0, 3), [
    {
      key: "list",
      value: {
        arrayValue: {
          values: [
            { intValue: "1" },
            { stringValue: "a" },
            { kvlistValue: { values: [{ key: "b", value: {} }] } },
          ],
        },
      },
    },
    { key: "big", value: { stringValue: String(2n ** 80n) } },
    { key: "int", value: { intValue: String(2n ** 60n) } },
  ]);
  assertEquals(third!.severityNumber, 1);
  assertEquals([fourth!.severityNumber, fourth!.body.stringValue], [21, "%d of %d"]);
  assert(fourth!.attributes.some(({ key }) => key === "format_error"));
  assertEquals([fifth!.body.stringValue, ...fifth!.attributes.slice(0, 3)], [
    "lazy",
    { key: "user", value: { stringValue: "kim" } },
    { key: "requestId", value: { intValue: "7" } },
    { key: "n", value: { intValue: "1" } },
  ]);
  assertEquals(sixth!.body.stringValue, "");
  assertEquals(sixth!.attributes[0], { key: "only", value: { stringValue: "fields" } });
  const { resource, scopeLogs } = collector.taken[0]!.resourceLogs[0]!;
  assertEquals(scopeLogs.map(({ scope }) => scope.name), ["otlp.all"]);
  const names = new Map(resource.attributes.map(({ key, value }) => [key, value]));
  assertEquals(names.get("service.name"), { stringValue: "shop" });
  assertEquals(names.get("process.pid"), { intValue: String(Deno.pid) });
});

Deno.test("whatever a record holds, the request keeps to the schema", async () => {
  await using collector = new OtlpCollector();
  using sending = new Sending(collector);
  const { handler } = sending;
  const halves = "\ud800 half \udc00";
  const values = new HostileValues(new SeededBytes(15));
  const told = await captureStderr(async () => {
    for (let count = 0; count < 500; count++) {
      const fields = { value: values.any(), [halves]: halves, "": 1, f: NaN };
      handler.handle(Object.assign(logRecord("fields"), fields));
      handler.handle(logRecord("%s", 20, [values.any()]));
      handler.handle(logRecord("last", 20, [values.fields()]));
      handler.handle(logRecord(values.any()));
      handler.handle(Object.assign(logRecord("error"), { exc_info: values.thrown() }));
      handler.handle(
        Object.assign(logRecord("time"), { created: values.any(), levelno: values.any() }),
      );
      handler.handle(Object.assign(logRecord("names"), { name: halves, levelname: halves }));
    }
    const moved = new Uint8Array(8);
    structuredClone(moved, { transfer: [moved.buffer] });
    const fake = Object.create(Uint8Array.prototype, { length: { value: 3 } });
    handler.handle(logRecord("bytes", 20, [{ bytes: new Uint8Array([1, 2]), moved, fake }]));
    const many = Object.fromEntries(numbered(500).map((name) => [`k${name}`, 1]));
    handler.handle(logRecord("many", 20, [many]));
    handler.handle(logRecord("x".repeat(300_000), 20, [{ list: numbered(50_000) }]));
    await handler.flush();
  });
  assertEquals(collector.faults, [], told);
  const bytes = collector.records.find(({ body }) => body.stringValue === "bytes")!;
  assertEquals(bytes.attributes.slice(0, 2), [
    { key: "bytes", value: { bytesValue: "AQI=" } },
    { key: "moved", value: { bytesValue: "" } },
  ]);
  assertEquals(bytes.attributes[2]!.key, "fake");
  const many = collector.records.find(({ body }) => body.stringValue === "many")!;
  assertEquals([many.attributes.length, many.droppedAttributesCount], [128, 373]);
  assert(collector.records.length > 3000, `${collector.records.length} records`);
  const long = collector.records.at(-1)!;
  assertMatch(long.body.stringValue, /xx… \[200000 more characters\]$/);
});

Deno.test("many records go in few requests, each logger's together, when they are many or a while has passed", async () => {
  await using collector = new OtlpCollector();
  using sending = new Sending(collector, { batchSize: 100, scheduleDelay: 50 });
  const { handler } = sending;
  sending.log(...numbered(250));
  handler.handle(Object.assign(logRecord("other"), { name: "other" }));
  await collector.until(251);
  assertEquals(collector.texts.slice(0, 250), numbered(250));
  assertEquals(collector.requests, 3);
  const last = collector.taken.at(-1)!.resourceLogs[0]!.scopeLogs;
  assertEquals(last.map(({ scope }) => scope.name), ["app.db", "other"]);
  sending.log("after a while");
  await collector.until(252);
  assertEquals(collector.requests, 4);
});

Deno.test("a request is bounded by its size too", async () => {
  await using collector = new OtlpCollector();
  using sending = new Sending(collector);
  sending.log(...numbered(30).map((text) => text.padEnd(90_000)));
  await sending.handler.flush();
  assertEquals(collector.records.length, 30);
  assert(collector.requests >= 3, `${collector.requests} requests`);
});

Deno.test("429 and 503 are tried again, not before the collector said; other answers are not", async () => {
  for (const status of [429, 502, 503, 504]) {
    await using collector = new OtlpCollector();
    using sending = new Sending(collector);
    let refusedAt = 0;
    collector.answer = () => {
      if (refusedAt > 0) return undefined;
      refusedAt = performance.now();
      return new Response("busy", { status, headers: { "retry-after": "0" } });
    };
    const told = await captureStderr(async () => {
      sending.log("a", "b");
      await sending.handler.flush();
      assertEquals(collector.requests, 1);
      // It has asked for no pause, so that the next try may be made now.
      await sending.handler.flush();
    });
    assertEquals([collector.texts, collector.requests], [["a", "b"], 2]);
    assertMatch(told, new RegExp(`^logdial: cannot send records to .* it answered ${status}`));
    assertMatch(told, /takes records again; 0 were lost\n$/);
  }
  for (const status of [301, 400, 401, 404, 413, 500]) {
    await using collector = new OtlpCollector();
    using sending = new Sending(collector);
    collector.answer = () => Response.json({ message: "no such tenant" }, { status });
    const told = await captureStderr(async () => {
      sending.log("a", "b");
      await sending.handler.flush();
    });
    assertEquals([collector.requests, sending.handler.dropped], [1, 2]);
    assertEquals(
      told,
      `logdial: 2 records for ${collector.endpoint}/v1/logs were lost: ` +
        `it answered ${status}: no such tenant\n`,
    );
  }
});

Deno.test("records go out again when those have been dropped that a collector did not take", async () => {
  let posts = 0;
  const taken: string[] = [];
  const sender = new BatchSender({
    name: "a collector",
    post: (items) => {
      if (++posts <= 10) {
        return Promise.resolve({ kind: "later", reason: "busy", isAnswered: true, after: 0 });
      }
      taken.push(...items.map(({ json }) => json));
      return Promise.resolve({ kind: "taken", rejected: 0, message: undefined });
    },
    delay: 0,
    batchSize: 1,
    queueSize: 1,
  });
  const told = await captureStderr(async () => {
    sender.push({ scope: "", json: "a" });
    await eventually("it is dropped", () => sender.dropped === 1 || undefined);
    // The pause before the next try ends, and nothing is there to be sent.
    await new Promise((resolve) => setTimeout(resolve, 0));
    sender.push({ scope: "", json: "b" });
    await eventually("the next one goes out", () => taken.length > 0 || undefined);
    await sender.drain();
  });
  assertEquals([taken, posts], [["b"], 11]);
  assertMatch(told, /^logdial: cannot .*\n.* 1 record .* was lost: busy, 10 times\n.*\n$/);
  assertMatch(told, /takes records again; 0 were lost\n$/);
});

Deno.test("a collector that asks for no pause, or for one that is over, is not asked again at once", async () => {
  for (const after of ["0", "Wed, 21 Oct 2015 07:28:00 GMT"]) {
    await using collector = new OtlpCollector();
    using sending = new Sending(collector);
    const pause = refuseOnce(
      collector,
      () => new Response(null, { status: 503, headers: { "retry-after": after } }),
    );
    await captureStderr(async () => {
      sending.log("a");
      await collector.until(1);
      // Until its answer has been read.
      await sending.handler.flush();
    });
    // The first pause is a second, less a random part.
    assert(pause() >= 750, `${pause()} ms`);
  }
});

Deno.test("what the collector asks to wait is waited, in seconds or until a date", async () => {
  for (const wait of ["1", () => new Date(Date.now() + 1500).toUTCString()]) {
    await using collector = new OtlpCollector();
    using sending = new Sending(collector);
    const pause = refuseOnce(collector, () => {
      const after = typeof wait === "string" ? wait : wait();
      return new Response(null, { status: 429, headers: { "retry-after": after } });
    });
    await captureStderr(async () => {
      sending.log("a");
      await sending.handler.flush();
      // It has asked for a pause: nobody may shorten that.
      await sending.handler.flush();
      assertEquals(collector.requests, 1);
      await collector.until(1);
    });
    // A date has no milliseconds.
    assert(pause() >= 450, `${pause()} ms`);
  }
});

Deno.test("a partial success is not sent again: what was rejected is counted and told", async () => {
  await using collector = new OtlpCollector();
  using sending = new Sending(collector);
  const partial = (partialSuccess: unknown) => () => Response.json({ partialSuccess });
  const told = await captureStderr(async () => {
    collector.answer = partial({ rejectedLogRecords: "1", errorMessage: "too old\u001b[31m" });
    sending.log("a", "b");
    await sending.handler.flush();
    collector.answer = partial({ rejectedLogRecords: 5 });
    sending.log("c", "d");
    await sending.handler.flush();
    collector.answer = partial({ errorMessage: "use gzip" });
    sending.log("e");
    await sending.handler.flush();
  });
  assertEquals([collector.requests, sending.handler.dropped], [3, 3]);
  assertEquals(
    told,
    `logdial: 1 record for ${collector.endpoint}/v1/logs was lost: too old\\x1b[31m\n`,
  );
  const later = await captureStderr(() => sending.handler.close());
  assertMatch(later, /^logdial: 2 records for .* were lost/);
});

Deno.test("with the collector down, flush takes less than a second, and records wait for it", async () => {
  let port: number;
  {
    await using gone = new OtlpCollector();
    port = gone.port;
  }
  using sending = new Sending({ endpoint: `http://127.0.0.1:${port}` }, { queueSize: 3 });
  const { handler } = sending;
  const told = await captureStderr(async () => {
    sending.log("a", "b", "c", "d", "e");
    const took = await least(1000, timeOfFlush);
    assert(took < 1000, `${took} ms`);
    await using collector = new OtlpCollector(port);
    await handler.flush();
    assertEquals(collector.texts, ["a", "b", "c"]);
  });
  assertEquals(handler.dropped, 2);
  const url = `http://127.0.0.1:${port}/v1/logs`;
  const lines = told.split("\n");
  assertEquals(lines[0], `logdial: 1 record for ${url} was lost: 3 are waiting`);
  assertMatch(lines[1]!, /^logdial: cannot send records to \S*: client error .*refused/);
  assertEquals(lines.slice(2), [`logdial: ${url} takes records again; 1 were lost`, ""]);
});

Deno.test("a collector that never answers holds up flush for a second, and no log call", async () => {
  await using collector = new OtlpCollector();
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
  collector.answer = () => released;
  using sending = new Sending(collector);
  sending.log("a");
  const took = await least(1900, timeOfFlush);
  sending.log("b");
  release(undefined);
  await collector.until(2);
  assert(took > 900 && took < 1900, `${took} ms`);
  assertEquals(collector.texts, ["a", "b"]);
});

Deno.test("a slow collector gets everything from one flush", async () => {
  await using collector = new OtlpCollector();
  collector.answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return undefined;
  };
  using sending = new Sending(collector, { batchSize: 10 });
  sending.log(...numbered(50));
  await sending.handler.flush();
  assertEquals(collector.texts, numbered(50));
});

Deno.test("a request that was answered while the program stood still is not made again", async () => {
  await using collector = new OtlpCollector();
  collector.answer = () => {
    holdThread(600);
    return undefined;
  };
  using sending = new Sending(collector, { timeout: 250 });
  const told = await captureStderr(async () => {
    sending.log("a");
    // The second one would make it again at once, if it had failed.
    for (let count = 0; count < 2; count++) await sending.handler.flush();
  });
  assertEquals([collector.texts, sending.handler.dropped, told], [["a"], 0, ""]);
});

Deno.test("records go out before there is no room for more, however long they may be collected", async () => {
  for (
    const { queueSize, json } of [
      { queueSize: 5, json: "{}" },
      { queueSize: 10_000, json: "x".repeat(1 << 19) },
    ]
  ) {
    let count = 0;
    const sender = new BatchSender({
      name: "a collector",
      post: (items) => {
        count += items.length;
        return Promise.resolve({ kind: "taken", rejected: 0, message: undefined });
      },
      delay: 3_600_000,
      batchSize: 512,
      queueSize,
    });
    for (let times = 0; times < 100; times++) {
      sender.push({ scope: "", json });
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    assertEquals([count, sender.dropped], [100, 0]);
    sender.close();
  }
});

Deno.test("a flush waits for what was answered while the program stood still", async () => {
  const sender = new BatchSender({
    name: "a collector",
    post: async () => {
      await comeMeanwhile(1200);
      return { kind: "taken", rejected: 0, message: undefined };
    },
    delay: 1,
    batchSize: 1,
    queueSize: 1,
  });
  sender.push({ scope: "", json: "{}" });
  await sender.drain();
  sender.flush(true);
  assertEquals(sender.dropped, 0);
});

Deno.test("headers, compression and the path of the endpoint are as they are said", async () => {
  await using collector = new OtlpCollector();
  const endpoint = `${collector.endpoint}/tenant/`;
  using sending = new Sending({ endpoint }, {
    headers: { "x-api-key": "abc" },
    compression: "gzip",
  });
  assertEquals(sending.handler.url, `${collector.endpoint}/tenant/v1/logs`);
  sending.log("a");
  await sending.handler.drain();
  assertEquals([collector.texts, collector.faults], [["a"], []]);
  assertEquals(collector.headers.get("x-api-key"), "abc");
  assertEquals(collector.headers.get("content-encoding"), "gzip");
  using asItIs = new Sending({ endpoint: "https://a.example/otlp/v1/logs?x=1" });
  assertEquals(asItIs.handler.url, "https://a.example/otlp/v1/logs?x=1");
  assertEquals(asItIs.handler.requiredPermissions(), [{ name: "net", host: "a.example:443" }]);
});

Deno.test("where a collector refuses what is compressed, the option to leave out is named", async () => {
  await using collector = new OtlpCollector();
  collector.answer = () => new Response(null, { status: 415 });
  for (const compression of ["gzip", "none"]) {
    using sending = new Sending(collector, { compression });
    const told = await captureStderr(async () => {
      sending.log("a");
      await sending.handler.flush();
    });
    assertMatch(told, compression === "gzip" ? /415, .* leave compression out\n$/ : /415\n$/);
  }
});

Deno.test("a formatter makes the body", async () => {
  await using collector = new OtlpCollector();
  using sending = new Sending(collector);
  sending.handler.setFormatter(new Formatter("%(levelname)s %(message)s"));
  sending.log("a");
  await sending.handler.flush();
  assertEquals(collector.texts, ["INFO a"]);
});

Deno.test("a record carries the span in which it was made, if that is valid", async () => {
  await using collector = new OtlpCollector();
  using sending = new Sending(collector);
  const API = Symbol.for("opentelemetry.js.api.1"),
    SPAN = Symbol.for("OpenTelemetry Context Key SPAN");
  const holder = globalThis as unknown as Record<symbol, unknown>;
  const before = holder[API];
  const good = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
  const spans: [text: string, span: unknown][] = [
    ["sampled", { spanContext: () => ({ ...good, traceFlags: 1 }) }],
    ["unsampled", { spanContext: () => ({ ...good, traceFlags: 0 }) }],
    ["none", undefined],
    ["zeros", { spanContext: () => ({ ...good, traceId: "0".repeat(32) }) }],
    ["short", { spanContext: () => ({ ...good, spanId: "b7" }) }],
    ["throws", {
      spanContext: () => {
        throw new Error("no");
      },
    }],
  ];
  let active: unknown;
  const context = {
    getValue: (key: symbol) => key === SPAN ? active : undefined,
    deleteValue: () => context,
  };
  holder[API] = {
    context: { active: () => context, with: (_: unknown, run: () => unknown) => run() },
  };
  try {
    for (const [text, span] of spans) {
      active = span;
      sending.log(text);
    }
    await sending.handler.flush();
  } finally {
    if (before === undefined) delete holder[API];
    else holder[API] = before;
  }
  assertEquals(collector.faults, []);
  assertEquals(
    collector.records.map(({ body, traceId, spanId, flags }) => [
      body.stringValue,
      traceId,
      spanId,
      flags,
    ]),
    [
      ["sampled", good.traceId, good.spanId, 1],
      ["unsampled", good.traceId, good.spanId, 0],
      ...["none", "zeros", "short", "throws"].map((
        text,
      ) => [text, undefined, undefined, undefined]),
    ],
  );
});

Deno.test("options that are wrong are refused by name", () => {
  const cases: [options: unknown, message: string][] = [
    [{ url: "http://a" }, 'Cannot use option "url" of OtlpHandler: it is unknown, known are'],
    [{ endpoint: "a:4318" }, "it must be a URL like http://localhost:4318"],
    [{ endpoint: "ftp://a" }, "it must be a URL like http://localhost:4318"],
    [{ headers: { a: 1 } }, "it must be an object of texts"],
    [{ headers: ["a"] }, "it must be an object of texts"],
    [{ headers: new Headers({ a: "b" }) }, "it must be an object of texts"],
    [{ headers: { "a b": "c" } }, 'it must be an object of headers, and "a b" cannot be one'],
    [{ headers: { key: "geheim\nx" } }, 'it must be an object of headers, and "key" cannot be one'],
    [{ headers: { key: "geheim €" } }, "a value Latin-1 without line breaks"],
    [{ timeout: 0 }, "it must be a whole number, 1 to 3600000"],
    [{ compression: "br" }, 'it must be "gzip" or "none"'],
    ["http://a", "give an object"],
  ];
  for (const [options, message] of cases) {
    const make = () => new OtlpHandler(options as OtlpHandlerOptions);
    const error = assertThrows(make, Error, message);
    assertEquals(error.message.includes("geheim"), false, "a header may be a secret");
  }
});

Deno.test("a record that cannot be read is told of, and the others go out", async () => {
  await using collector = new OtlpCollector();
  using sending = new Sending(collector);
  const told = await captureStderr(async () => {
    sending.handler.handle({
      get name() {
        throw new Error("no name");
      },
    } as unknown as LogRecord);
    sending.log("a");
    await sending.handler.flush();
  });
  assertMatch(told, /^--- Logging error ---/);
  assertEquals(collector.texts, ["a"]);
});

/** Has the collector refuse once; returns what tells after how many milliseconds it was asked again. */
function refuseOnce(collector: OtlpCollector, refuse: () => Response): () => number {
  const times: number[] = [];
  collector.answer = () => {
    times.push(performance.now());
    return times.length === 1 ? refuse() : undefined;
  };
  return () => times[1]! - times[0]!;
}
