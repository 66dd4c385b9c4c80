import { assertEquals, assertThrows } from "@std/assert";
import { withContext } from "../../src/core/loggers/with_context.ts";
import { newTree } from "../harness/logger_tree.ts";

Deno.test("fifty requests at once keep their own fields, across await and timers", async () => {
  const { manager, handler } = newTree();
  const db = manager.getLogger("app.db");
  const turns: (() => void)[] = [];
  const requests = Array.from({ length: 50 }, (_, id) =>
    withContext({ id }, async () => {
      await new Promise<void>((resolve) => turns.push(resolve));
      db.info("query");
      await withContext({ user: `u${id}` }, async () => {
        await Promise.resolve();
        db.info("inner");
      });
      await new Promise<void>((resolve) => setTimeout(resolve));
      db.info("end");
      return id;
    }));
  // The last come first.
  for (const resolve of turns.reverse()) resolve();
  assertEquals(await Promise.all(requests), Array.from({ length: 50 }, (_, id) => id));
  assertEquals(handler.records.length, 150);
  for (let id = 0; id < 50; id++) {
    const own = handler.records.filter(({ fields }) => fields.id === id);
    assertEquals(own.map(({ msg, fields }) => [msg, fields.user]), [
      ["query", undefined],
      ["inner", `u${id}`],
      ["end", undefined],
    ]);
  }
});

Deno.test("a call's fields count before bound ones, and these before a context's", () => {
  const { root, handler } = newTree();
  withContext({ a: 1, b: 1, c: 1 }, () => root.with({ b: 2, c: 2 }).info("up", { c: 3 }));
  root.info("outside");
  assertEquals(handler.records.map(({ fields }) => fields), [{ a: 1, b: 2, c: 3 }, {}]);
});

Deno.test("a context gives what its function gives or throws, and takes fields and a function only", () => {
  assertEquals(withContext({}, () => 5), 5);
  assertThrows(
    () =>
      withContext({}, () => {
        throw new RangeError("mine");
      }),
    RangeError,
    "mine",
  );
  assertThrows(() => withContext("user" as never, () => 5), TypeError, "Cannot bind fields");
  const { message } = assertThrows(() => withContext({}, new Date(0) as never), TypeError);
  assertEquals(
    message,
    "Cannot call an object of class Date with fields: it must be a function",
  );
});
