import { checkLevel, type Level, NOTSET } from "../core/levels/levels.ts";
import { quote } from "../core/errors/quote.ts";
import { beginCapture } from "./capture.ts";
import { CapturedLogs } from "./captured_logs.ts";

/**
 * Captures what is logged by a logger and those below it, all loggers by default, from a level
 * on, all levels by default: until it is disposed of, or while the block runs, which may be
 * `async` and may throw.
 *
 * Records are captured whatever the levels of loggers are, also where a logger is disabled, and
 * before filters hold them back, but without what filters on their way take out of them. The
 * program's own handlers get what they would get anyway; without any, nothing that is captured is
 * written to stderr. Nothing is changed that had to be put back.
 * Blocks may overlap: tests that run at the same time use loggers of their own. A worker is
 * another thread, whose records are not seen here.
 *
 * @throws {TypeError} A name that is not a text.
 * @throws {RangeError} An unknown level.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { assertLogged, captureLogs } from "@logdial/logging/testing";
 *
 * const log = getLogger("app.cart");
 *
 * using logs = captureLogs("app", "INFO");
 * log.info("%d items", 3, { user: "kim" });
 * assertLogged(logs, { level: "INFO", message: "3 items", fields: { user: "kim" } });
 *
 * await captureLogs(async (logs) => {
 *   await Promise.resolve();
 *   log.debug("later");
 *   assertLogged(logs, { logger: "app.cart", message: /late/ });
 * });
 * ```
 */
export function captureLogs(logger?: string, level?: Level): CapturedLogs;
/** Captures while `block` runs, which gets what is captured, and returns what `block` returns. */
export function captureLogs<T>(
  block: (logs: CapturedLogs) => T,
  logger?: string,
  level?: Level,
): T;
export function captureLogs<T>(
  first?: string | ((logs: CapturedLogs) => T),
  ...rest: readonly unknown[]
): CapturedLogs | T {
  if (typeof first !== "function") return begin(first, rest[0]);
  const logs = begin(rest[0], rest[1]);
  let isLater = false;
  try {
    const result = first(logs);
    if (!isPromise(result)) return result;
    isLater = true;
    return endAfter(result, logs) as T;
  } finally {
    if (!isLater) logs[Symbol.dispose]();
  }
}

async function endAfter<T>(result: PromiseLike<T>, logs: CapturedLogs): Promise<T> {
  // Ended by hand and not by `using`, which older versions of Node.js cannot read: they are to say
  // that Deno is needed.
  try {
    return await result;
  } finally {
    logs[Symbol.dispose]();
  }
}

function begin(name: unknown = "root", level: unknown = NOTSET): CapturedLogs {
  if (typeof name !== "string" || name === "") {
    throw new TypeError(`Cannot capture logs of ${quote(name)}: give a logger's name`);
  }
  // A record of level 0 is never handled.
  const from = Math.max(1, checkLevel(level));
  let end = () => {};
  const logs = new CapturedLogs(() => end());
  end = beginCapture({ logs, name, level: from });
  return logs;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null &&
    typeof (value as { then?: unknown }).then === "function";
}
