/**
 * For tests: captures what is logged, and asserts on it by level, logger, message and fields.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { assertLogged, captureLogs } from "@logdial/logging/testing";
 *
 * using logs = captureLogs("shop");
 * getLogger("shop.cart").warning("cart is full", { user: "kim" });
 * assertLogged(logs, { level: "WARNING", message: /full/, fields: { user: "kim" } });
 * ```
 *
 * @module
 */
import "./core/runtime/require_deno.ts";

export { captureLogs } from "./testing/capture_logs.ts";
export { CapturedLogs } from "./testing/captured_logs.ts";
export type { CapturedRecord } from "./testing/captured_record.ts";
export type { ExpectedRecord } from "./testing/expected_record.ts";
export { assertLogged, assertNotLogged } from "./testing/assert_logged.ts";
