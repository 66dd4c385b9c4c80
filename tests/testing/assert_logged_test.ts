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

/** Records with a field each, one after the other. */
function logsOf(...values: unknown[]): CapturedLogs {
  return captureLogs((logs) => {
    for (const value of values) getLogger("asserted").info("one", { value });
    return logs;
  }, "asserted");
}

/** What is not as expected in a record with that field; undefined if it is. */
function difference(value: unknown, expected: unknown): string | undefined {
  const logs = logsOf(value);
  if (logs.matching({ fields: { value: expected } }).length === 1) return undefined;
  const lines = failureOf(() => assertLogged(logs, { fields: { value: expected } })).split("\n");
  return lines.at(-1)!.trim();
}

class Point {
  constructor(readonly x: number, readonly more?: unknown) {}
}
class Closed {
  #x = 1;
  get x() {
    return this.#x;
  }
}

Deno.test("values are equal by what is in them", () => {
  const date = new Date(0), url = "http://a/";
  const equal: [value: unknown, expected: unknown][] = [
    [-0, 0],
    [NaN, NaN],
    [undefined, undefined],
    [{ a: undefined }, { b: undefined }],
    [new URL(url), new URL(url)],
    [new Date(0), date],
    [new Set([1, 2]), new Set([2, 1])],
    [new Set([{ a: 1, b: 2 }, { a: 1 }]), new Set([{ a: 1 }, { a: 1, b: 2 }])],
    [new Set([1, "two"]), new Set<unknown>([1, /tw/])],
    [new Map([["a", { b: 1, c: 2 }]]), new Map([["a", { b: 1 }]])],
    [new Map([[{ k: 1 }, "a"]]), new Map([[{ k: 1 }, "a"]])],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    [new Point(1, [date]), new Point(1, [new Date(0)])],
    [new TypeError("no"), new TypeError("no")],
    ["kim", String],
    [3, Number],
    [false, Boolean],
    [3n, BigInt],
    [date, Date],
  ];
  for (const [value, expected] of equal) assertEquals(difference(value, expected), undefined);
  const different: [value: unknown, expected: unknown, difference: string][] = [
    [3, undefined, "field value: 3 instead of nothing"],
    [{ a: 3 }, { a: undefined }, "field value.a: 3 instead of nothing"],
    [null, undefined, "field value: null instead of nothing"],
    ["3", Number, 'field value: "3" instead of Number'],
    [3, Object, "field value: 3 instead of Object"],
    [null, Object, "field value: null instead of Object"],
    [{}, { constructor: Object }, "field value.constructor: nothing instead of Object"],
    [new URL(url), new URL("http://b/"), 'field value: "http://a/" instead of "http://b/"'],
    [
      new Map([[1, "a"]]),
      new Map([["1", "a"]]),
      'field value: Map { 1 => "a" } instead of Map { "1" => "a" }',
    ],
    [new Map([["a", 1]]), new Map([["a", 2]]), 'field value["a"]: 1 instead of 2'],
    [new Set([1, 2]), new Set([1, 3]), "field value: Set { 1, 2 } instead of Set { 1, 3 }"],
    [new Set([{ a: 1 }]), new Set([1]), "field value: Set { { a: 1 } } instead of Set { 1 }"],
    [new Uint8Array([1]), new Uint8Array([2]), "field value: [1] instead of [2]"],
    [new Uint8Array([1]), [1], "field value: another [1] than the expected one"],
    [new Point(1), new Point(2), "field value.x: 1 instead of 2"],
    [
      new Closed(),
      new Closed(),
      'field value: another "Closed {}" than the expected one',
    ],
  ];
  for (const [value, expected, told] of different) assertEquals(difference(value, expected), told);
  assertNotLogged(logsOf(1), { fields: { constructor: Function } });
});

Deno.test("what holds itself or throws when it is read fails no assertion but by what it is", () => {
  const circle: Record<string, unknown> = { id: 1 };
  circle.self = circle;
  const other = { id: 1, self: { id: 1, self: circle } };
  assertEquals(difference(circle, circle), undefined);
  assertEquals(difference(circle, other), undefined);
  assertEquals(difference(circle, 5), "field value: { id: 1, self: [circular] } instead of 5");
  assertEquals(difference(5, circle), "field value: 5 instead of { id: 1, self: [circular] }");
  assertEquals(difference(new Map([["a", circle]]), new Map([["a", circle]])), undefined);
  const no = () => {
    throw new Error("no");
  };
  const unread = Object.defineProperty({}, "a", { get: no, enumerable: true });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const logs = logsOf(unread, proxy, { a: 1 }, new Date(0));
  for (const expected of [{ a: 1 }, Date, (value: { a: { b: 1 } }) => value.a.b === undefined]) {
    assertLogged(logs, { fields: { value: expected } });
  }
  assertEquals(logs.records[0]!.fields.value, { a: "[throws: Error: no]" });
  const revoked = (trap: string) =>
    `TypeError: Cannot perform '${trap}' on a proxy that has been revoked`;
  assertEquals(
    failureOf(() => assertLogged(logs, { fields: { value: RegExp } })).split("\n").slice(1, 5),
    [
      '  INFO asserted: one {"value":{"a":"[throws: Error: no]"}}',
      '    field value: { a: "[throws: Error: no]" } instead of RegExp',
      `  INFO asserted: one {"value":"[throws: ${revoked("get")}]"}`,
      `    field value: "[throws: ${
        revoked("get")
      }]" cannot be compared with RegExp, which throws ` +
      revoked("getPrototypeOf"),
    ],
  );
  assertEquals(
    difference(1, (value: { a: { b: 1 } }) => value.a.b === 1),
    "field value: 1 makes the function throw TypeError: Cannot read properties of undefined " +
      "(reading 'b')",
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

Deno.test("what captureLogs has not given is refused", () => {
  const rule = "it must be what captureLogs gives";
  for (const logs of [undefined, { message: "3 items" }, getLogger("asserted")]) {
    const given = logs as unknown as CapturedLogs;
    assertThrows(() => assertLogged(given, { message: "3 items" }), TypeError, rule);
    assertThrows(() => assertNotLogged(given), TypeError, rule);
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
