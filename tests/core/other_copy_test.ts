import { assertEquals } from "@std/assert";
import { Filterer } from "../../src/core/filters/filter.ts";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { watchedRecord } from "../../src/core/loggers/watched_record.ts";
import * as records from "../../src/core/records/log_record.ts";
import { NullHandler } from "../../src/handlers/null_handler.ts";
import { RedactFilter } from "../../src/filters/redact_filter.ts";

/** The module once more, as it is in another copy of the library in the same process. */
async function otherRecords(): Promise<typeof records> {
  const again = new URL("../../src/core/records/log_record.ts?again", import.meta.url);
  return await import(again.href);
}

/** A record of the other copy, with a field, and with what `more` gives it. */
async function otherRecord(msg: unknown, args: unknown[]): Promise<records.LogRecord> {
  const { LogRecord, markLazy, setFields } = await otherRecords();
  const record = new LogRecord("app", 20, "/srv/main.ts", 7, msg, args);
  setFields(record, undefined, undefined, { user: "kim", password: "hunter2" });
  markLazy(record);
  assertEquals(record instanceof records.LogRecord, false);
  return record;
}

Deno.test("formatters show the fields of records that another copy of the library has made", async () => {
  const record = await otherRecord(() => "signed in", []);
  const { message, user } = JSON.parse(new JsonFormatter().format(record));
  assertEquals([message, user], ["signed in", "kim"]);
});

Deno.test("a RedactFilter takes out of records of another copy what it takes out of its own", async () => {
  const filter = new RedactFilter({ paths: ["password"], patterns: ["hunter\\d"] });
  const clean = filter.redacted(await otherRecord("%s by %s", ["hunter2", () => "hunter3"]));
  assertEquals(clean.getMessage(), "[redacted] by [redacted]");
  assertEquals(clean.fields, { user: "kim", password: "[redacted]" });
  assertEquals([clean.pathname, clean.lineno], ["/srv/main.ts", 7]);
});

Deno.test("what a filter of another copy puts in a record's place goes on", async () => {
  const clean = await otherRecord("clean", []);
  const where = new Filterer();
  where.addFilter(() => clean);
  assertEquals(where.filter(new records.LogRecord("app", 20, "", 0, "secret")), clean);
});

Deno.test("who watches sees a record as a handler of another copy has it redacted behind it", () => {
  const behind = { filters: [new RedactFilter({ patterns: ["hunter\\d"] })], handle: () => true };
  const handler = Object.assign(new NullHandler(), { target: behind });
  const logger = new Manager().getLogger("app");
  logger.addHandler(handler);
  const record = new records.LogRecord("app", 20, "", 0, "by hunter2");
  assertEquals(watchedRecord(record, logger).getMessage(), "by [redacted]");
});
