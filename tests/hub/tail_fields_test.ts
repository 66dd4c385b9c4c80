import { assert, assertEquals } from "@std/assert";
import { fieldTexts } from "../../src/cli/printing/record_text.ts";
import { parseTailLine, type TailRecord } from "../../src/client/tail_line.ts";
import type { Logger } from "../../src/core/loggers/logger.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { withContext } from "../../src/core/loggers/with_context.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import { ByteRing } from "../../src/core/shared/byte_ring.ts";
import { RedactFilter } from "../../src/filters/redact_filter.ts";
import { NullHandler } from "../../src/handlers/null_handler.ts";
import { TailTap } from "../../src/hub/thread/tail_tap.ts";

/** What a tail shows of what is logged meanwhile. */
function seenOf(log: (logger: Logger, manager: Manager) => void): Omit<TailRecord, "port">[] {
  const manager = new Manager(), ring = new ByteRing(1 << 18);
  manager.tap = new TailTap(ring, [{ level: 10, logger: "" }]);
  const app = manager.getLogger("app");
  app.addHandler(new NullHandler());
  log(app, manager);
  const lines = new TextDecoder().decode(ring.take()).split("\n").slice(0, -1);
  return lines.map((line) => {
    const read = parseTailLine(line);
    if (!("message" in read)) throw new Error(line);
    return read;
  });
}

Deno.test("a tail shows the fields of call, bound logger and context", () => {
  const seen = seenOf((app) => {
    app.debug("plain");
    withContext({ user: "kim", n: 1 }, () => {
      app.with({ requestId: "r1", n: 2 }).debug("get %s", "/x", { ms: 12, n: 3 });
    });
    app.debug({ only: true });
    app.debug({ before: 1 }, "text");
    app.debug("given", { extra: { port: 80 } });
    app.debug(() => "lazy", { at: new Date(0) });
  });
  assertEquals(seen.map(({ message, fields }) => [message, fields]), [
    ["plain", undefined],
    ["get /x", { user: "kim", n: 3, requestId: "r1", ms: 12 }],
    ["", { only: true }],
    ["text", { before: 1 }],
    ["given", { port: 80 }],
    ["lazy", { at: "1970-01-01T00:00:00.000Z" }],
  ]);
});

Deno.test("a tail shows an error that is no Error, or that a record factory gives as a text", () => {
  const seen = seenOf((app, manager) => {
    app.error("thrown", { exc_info: "boom" });
    app.error("none", { exc_info: null });
    manager.recordFactory = (name, level, path, line, msg, args) => {
      const record = new LogRecord(name, level, path, line, msg);
      return Object.assign(record, { exc_text: args?.[0] });
    };
    app.error("odd %s", 7);
    app.error("text %s", "ValueError: s3cret");
    app.addFilter(new RedactFilter({ patterns: ["s3cret"] }));
    app.error("redacted %s", "ValueError: s3cret");
  });
  assertEquals(seen.map(({ message, error }) => [message, error]), [
    ["thrown", "boom"],
    ["none", undefined],
    ["odd %s", undefined],
    ["text %s", "ValueError: s3cret"],
    ["redacted %s", "ValueError: [redacted]"],
  ]);
});

Deno.test("a tail's fields are redacted, bounded, and never spoil the line", () => {
  const cyclic: Record<string, unknown> = { big: 1n };
  cyclic.self = cyclic;
  const names = Object.fromEntries(
    Array.from({ length: 900 }, (_, at) => [`${at}`.repeat(999), at]),
  );
  const seen = seenOf((app) => {
    app.addFilter(new RedactFilter({ paths: ["password"] }));
    app.with({ password: "s3cret" }).debug("login", { body: { password: "s3cret" } });
    app.debug("cyclic", { cyclic });
    app.debug("throws", {
      get bad() {
        throw new Error("no");
      },
    });
    app.debug("long", { text: "x".repeat(1e6) });
    app.debug("many", { list: Array.from({ length: 5000 }, () => 0) });
    app.debug("names", { names });
    app.debug({ toString: () => null });
    app.handle(new LogRecord("app", NaN, "", -1, "odd"));
    app.error("stack", Object.defineProperty(new Error("e"), "stack", { value: 7 }));
  });
  const [login, loop, throws, long, many, named, ...odd] = seen;
  assertEquals(login!.fields, { password: "[redacted]", body: { password: "[redacted]" } });
  assertEquals(loop!.fields, { cyclic: { big: "1", self: "[circular]" } });
  assertEquals(throws!.fields, { bad: "[throws: Error: no]" });
  assert(/^x{16384}… \[983616 more characters\]$/.test(String(long!.fields!.text)));
  assertEquals((many!.fields!.list as unknown[]).at(-1), "[4001 more]");
  assert(/^\[\d+ characters\]$/.test(String(named!.fields!["…"])));
  assertEquals(odd.map(({ message }) => message).slice(-1), ["stack"]);
  assertEquals(odd.at(-1)!.error, "Error: e");
});

Deno.test("fields are printed so that none passes for another", () => {
  const fields = { user: "a b", "x=y": 1, list: [1, "2"], forged: 'v" admin="1' };
  assertEquals(fieldTexts(Object.entries(fields)), [
    'user="a b"',
    "x_y=1",
    'list="[1,\\"2\\"]"',
    'forged="v\\" admin=\\"1"',
  ]);
});

Deno.test("a tail shows a record whose time is none, as of now", () => {
  const from = Date.now();
  const seen = seenOf((app, manager) => {
    for (const created of [1.7e15, NaN, "x" as never]) {
      manager.recordFactory = (...given) => Object.assign(new LogRecord(...given), { created });
      app.debug("odd");
    }
  });
  assertEquals(seen.length, 3);
  for (const { time } of seen) assert(Date.parse(time) >= from, time);
});
