import { assertEquals, assertThrows } from "@std/assert";
import { getLogger } from "../../mod.ts";
import {
  assertLogged,
  assertNotLogged,
  type CapturedLogs,
  captureLogs,
  type ExpectedRecord,
} from "../../src/testing.ts";

/** Records to assert on. */
function someLogs(): CapturedLogs {
  return captureLogs((logs) => {
    const log = getLogger("asserted.cart");
    log.info("%d items", 3, { extra: { user: { id: 7, name: "kim" }, tags: ["a", "b"] } });
    log.warning("cart is full", { extra: { user: { id: 8 }, ms: 1200.5 } });
    getLogger("asserted.db").error("query failed", new TypeError("no table"));
    return logs;
  }, "asserted");
}

/** The message of the failure. */
function failureOf(run: () => unknown): string {
  const error = assertThrows(run, Error);
  assertEquals(error.name, "AssertionError");
  return error.message;
}

Deno.test("a record is found by any of its parts", () => {
  const logs = someLogs();
  const cases: [expected: ExpectedRecord, message: string][] = [
    [{}, "3 items"],
    [{ level: "WARNING" }, "cart is full"],
    [{ level: 40 }, "query failed"],
    [{ logger: "asserted.db" }, "query failed"],
    [{ logger: /cart$/, level: "INFO" }, "3 items"],
    [{ message: "cart is full" }, "cart is full"],
    [{ message: /FULL/i }, "cart is full"],
    [{ message: /^3/g }, "3 items"],
    [{ fields: { user: { id: 8 } } }, "cart is full"],
    [{ fields: { user: { name: "kim" }, tags: ["a", /b/] } }, "3 items"],
    [{ fields: { ms: (ms: number) => ms > 1000 } }, "cart is full"],
    [{ fields: { ms: /^1200/, none: undefined } }, "cart is full"],
    [{ fields: { user: Object } }, "3 items"],
    [{ error: TypeError }, "query failed"],
    [{ error: Error }, "query failed"],
    [{ error: "no table" }, "query failed"],
    [{ error: /table/ }, "query failed"],
  ];
  for (const [expected, message] of cases) {
    assertEquals(assertLogged(logs, expected).message, message);
    assertEquals(logs.matching(expected)[0]!.message, message);
  }
});

Deno.test("a failure shows all records, and what is not as expected in each", () => {
  const logs = someLogs();
  const expected = { level: "WARNING", message: /full/, fields: { user: { id: 7 } } } as const;
  assertEquals(
    failureOf(() => assertLogged(logs, expected)),
    'Expected a record { level: "WARNING", message: /full/, fields: { user: { id: 7 } } }, ' +
      `logged were:
  INFO asserted.cart: 3 items {"user":{"id":7,"name":"kim"},"tags":["a","b"]}
    level: INFO instead of WARNING
    message: "3 items" instead of /full/
  WARNING asserted.cart: cart is full {"user":{"id":8},"ms":1200.5}
    field user.id: 8 instead of 7
  ERROR asserted.db: query failed [TypeError: no table]
    level: ERROR instead of WARNING
    message: "query failed" instead of /full/
    field user: nothing instead of { id: 7 }`,
  );
  const none = captureLogs((logs) => logs, "asserted");
  assertEquals(
    failureOf(() => assertLogged(none, { error: RangeError })),
    "Expected a record { error: RangeError }, nothing was logged",
  );
});

Deno.test("several records are expected in their order", () => {
  const logs = someLogs();
  assertEquals(assertLogged(logs, [{ level: "INFO" }, { level: "ERROR" }]).message, "query failed");
  const message = failureOf(() => assertLogged(logs, [{ level: "WARNING" }, { level: "INFO" }]));
  assertEquals(
    message.split("\n")[0],
    'Expected a record { level: "INFO" } behind the first 2, logged were:',
  );
  failureOf(() => assertLogged(logs, [{ level: "INFO" }, { level: "INFO" }]));
});

Deno.test("that nothing was logged, or nothing like it", () => {
  const logs = someLogs();
  assertNotLogged(logs, { message: /password/ });
  assertEquals(
    failureOf(() => assertNotLogged(logs, { level: "ERROR" })),
    'Expected no record { level: "ERROR" }, logged were:\n' +
      "  ERROR asserted.db: query failed [TypeError: no table]",
  );
  failureOf(() => assertNotLogged(logs));
  assertNotLogged(captureLogs((logs) => logs, "asserted"));
});

Deno.test("what is misspelt fits nothing, and is refused", () => {
  const logs = someLogs();
  const cases: [expected: unknown, message: string][] = [
    [{ msg: "3 items" }, 'Cannot use option "msg" of an expected record: it is unknown'],
    [{ message: 3 }, "it must be a text or an expression"],
    [{ fields: "user" }, "it must be an object"],
    [{ level: "LOUD" }, "LOUD"],
    [[], "Cannot assert that nothing was logged"],
    [undefined, "Cannot use undefined as options of an expected record"],
  ];
  for (const [expected, message] of cases) {
    assertThrows(() => assertLogged(logs, expected as ExpectedRecord), Error, message);
  }
});

Deno.test("a failure shows the last of very many records", () => {
  const logs = captureLogs((logs) => {
    for (let count = 0; count < 200; count++) getLogger("asserted").info("%d", count);
    return logs;
  }, "asserted");
  const lines = failureOf(() => assertLogged(logs, { level: "ERROR" })).split("\n");
  assertEquals(lines.length, 1 + 1 + 50 * 2);
  assertEquals(lines[1], "  … 150 before");
});
