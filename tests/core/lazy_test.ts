import { assertEquals, assertStringIncludes } from "@std/assert";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { captureStderr } from "../handlers/captured_stderr.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { newTree } from "../harness/logger_tree.ts";

Deno.test("a function is called only if the record is written, and once for all handlers", () => {
  const { root, handler } = newTree("INFO");
  let calls = 0;
  const value = () => ++calls;
  root.debug(value);
  root.debug("%d", value);
  handler.setLevel("ERROR");
  root.info("%d", value);
  root.info(value);
  assertEquals(calls, 0);
  handler.setLevel("NOTSET");
  const second = new ListHandler();
  root.addHandler(second);
  root.info("%d", value);
  root.info(value);
  assertEquals(calls, 2);
  assertEquals(handler.messages, ["1", "2"]);
  assertEquals(second.messages, ["1", "2"]);
  root.addFilter(() => false);
  root.info("%d", value);
  assertEquals(calls, 2);
});

Deno.test("what a function gives is as if it had been given", () => {
  const { root, handler } = newTree("INFO");
  const error = new Error("bad");
  root.info("up", () => ({ a: 1 }));
  root.info(() => "100%");
  root.info(() => "%s and %s", 1, () => 2);
  root.info(() => "up", { b: 1 });
  root.info("failed", () => error);
  root.info({ c: 1 }, () => "up");
  root.with({ d: 1 }).info(() => "up");
  assertEquals(handler.messages, ["up", "100%", "1 and 2", "up", "failed", "up", "up"]);
  assertEquals(handler.records.map(({ fields }) => fields), [
    { a: 1 },
    {},
    {},
    { b: 1 },
    {},
    { c: 1 },
    { d: 1 },
  ]);
  assertEquals(handler.records[4]?.exc_info, error);
  const { a, message } = JSON.parse(new JsonFormatter().format(handler.records[0]!));
  assertEquals([a, message], [1, "up"]);
});

Deno.test("classes, and functions that want arguments, are values themselves", () => {
  const { root, handler } = newTree("INFO");
  class Job {}
  root.info("%s %s %s", Job, Map, (one: number) => one);
  assertEquals(handler.messages, ["<function Job> <function Map> <function anonymous>"]);
});

Deno.test("a function that throws does not take the line along", async () => {
  const { root, handler } = newTree("INFO");
  const told = await captureStderr(() => {
    root.info("%s rows", () => {
      throw new TypeError("no");
    });
  });
  assertEquals(handler.messages, ["[throws: TypeError: no] rows"]);
  assertStringIncludes(told, "TypeError: no");
});

Deno.test("a template merges its values only if the record is written", () => {
  const { root, handler } = newTree("INFO");
  let texts = 0;
  const value = {
    toString() {
      texts++;
      return "kim";
    },
  };
  root.debug`user ${value}`;
  assertEquals(texts, 0);
  root.info`user ${value} at ${5}% of ${() => "all"}`;
  root.info`100% plain`;
  root.error`failed: ${new Error("bad")}`;
  assertEquals(handler.messages, ["user kim at 5% of all", "100% plain", "failed: Error: bad"]);
  const records: readonly LogRecord[] = handler.records;
  assertEquals((records[2]?.exc_info as Error).message, "bad");
  assertEquals(records[0]?.msg, "user %s at %s%% of %s");
});
