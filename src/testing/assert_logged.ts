import { quote } from "../core/errors/quote.ts";
import type { CapturedLogs } from "./captured_logs.ts";
import type { CapturedRecord } from "./captured_record.ts";
import {
  checkExpected,
  describeExpected,
  differencesOf,
  type ExpectedRecord,
  tellLogged,
} from "./expected_record.ts";

/**
 * Makes sure that a record was logged as expected, and returns it. With several expected records,
 * makes sure that all were logged, in this order, and returns the last; others may lie between.
 *
 * @throws {Error} An `AssertionError` that shows what was logged, and how that differs.
 * @throws {TypeError} `logs` is nothing that {@linkcode captureLogs} gives, or what is expected has
 * an unknown part.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { assertLogged, captureLogs } from "@logdial/logging/testing";
 *
 * using logs = captureLogs("app");
 * getLogger("app.db").info("connected");
 * getLogger("app.db").warning("slow query", { ms: 1200 });
 * assertLogged(logs, { level: "WARNING", fields: { ms: (ms: number) => ms > 1000 } });
 * assertLogged(logs, [{ message: "connected" }, { message: /slow/ }]);
 * ```
 */
export function assertLogged(
  logs: CapturedLogs,
  expected: ExpectedRecord | readonly ExpectedRecord[],
): CapturedRecord {
  requireLogs(logs);
  const all = isList(expected) ? expected : [expected];
  if (all.length === 0) {
    throw new TypeError("Cannot assert that nothing was logged: assertNotLogged");
  }
  all.forEach(checkExpected);
  const { records } = logs;
  let next = 0, found: CapturedRecord | undefined;
  for (const one of all) {
    const at = records.findIndex((record, at) =>
      at >= next && differencesOf(record, one).length === 0
    );
    if (at < 0) fail(`Expected a record ${describeExpected(one)}`, records, one, next);
    found = records[at];
    next = at + 1;
  }
  return found!;
}

/**
 * Makes sure that nothing was logged as described, or nothing at all.
 *
 * @throws {Error} An `AssertionError` that shows what was logged.
 * @throws {TypeError} `logs` is nothing that {@linkcode captureLogs} gives, or what is not expected
 * has an unknown part.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { assertNotLogged, captureLogs } from "@logdial/logging/testing";
 *
 * using logs = captureLogs("app", "WARNING");
 * getLogger("app").info("all is well");
 * assertNotLogged(logs);
 * assertNotLogged(logs, { message: /password/ });
 * ```
 */
export function assertNotLogged(logs: CapturedLogs, unexpected: ExpectedRecord = {}): void {
  requireLogs(logs);
  const found = logs.matching(unexpected);
  if (found.length === 0) return;
  const what = Object.keys(unexpected).length === 0
    ? "no record at all"
    : `no record ${describeExpected(unexpected)}`;
  fail(`Expected ${what}`, found);
}

/** Refuses a logger, or the expected record in the first place; there may be two copies of the library. */
function requireLogs(logs: CapturedLogs): void {
  if (Array.isArray((logs as Partial<CapturedLogs> | null | undefined)?.records)) return;
  throw new TypeError(
    `Cannot look for records in ${quote(logs)}: it must be what captureLogs gives`,
  );
}

/** Fails and shows all records; those from `next` on with the parts that are not as expected. */
function fail(
  what: string,
  records: readonly CapturedRecord[],
  expected?: ExpectedRecord,
  next = 0,
): never {
  const after = next === 0 || expected === undefined ? "" : ` behind the first ${next}`;
  const error = new Error(`${what}${after}, ${tellLogged(records, expected, next)}`);
  error.name = "AssertionError";
  throw error;
}

function isList(
  expected: ExpectedRecord | readonly ExpectedRecord[],
): expected is readonly ExpectedRecord[] {
  return Array.isArray(expected);
}
