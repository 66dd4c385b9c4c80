import { CRITICAL, DEBUG, ERROR, INFO, WARNING } from "../core/levels/levels.ts";
import { defaultManager } from "../core/loggers/manager.ts";
import { basicConfig } from "./basic_config.ts";

/**
 * Logs at DEBUG on the root, which gets a handler by `basicConfig()` if it has none
 * (`logging.debug`).
 *
 * @example
 * ```ts
 * import * as logging from "@logdial/logging";
 *
 * logging.basicConfig({ level: "DEBUG" });
 * logging.debug("%d rows", 3); // DEBUG:root:3 rows
 * ```
 */
export function debug(msg: unknown, ...args: readonly unknown[]): void {
  logOnRoot(debug, DEBUG, msg, args);
}

/**
 * Logs at INFO on the root, as {@linkcode debug} does at DEBUG.
 *
 * @example
 * ```ts
 * import { info } from "@logdial/logging";
 *
 * info("%d rows", 3);
 * ```
 */
export function info(msg: unknown, ...args: readonly unknown[]): void {
  logOnRoot(info, INFO, msg, args);
}

/**
 * Logs at WARNING on the root, as {@linkcode debug} does at DEBUG.
 *
 * @example
 * ```ts
 * import { warning } from "@logdial/logging";
 *
 * warning("%d connections left", 2);
 * ```
 */
export function warning(msg: unknown, ...args: readonly unknown[]): void {
  logOnRoot(warning, WARNING, msg, args);
}

/**
 * Logs at WARNING on the root, under the name that JavaScript knows.
 *
 * @example
 * ```ts
 * import { warn } from "@logdial/logging";
 *
 * warn("%d connections left", 2);
 * ```
 */
export function warn(msg: unknown, ...args: readonly unknown[]): void {
  logOnRoot(warn, WARNING, msg, args);
}

/**
 * Logs at ERROR on the root, as {@linkcode debug} does at DEBUG.
 *
 * @example
 * ```ts
 * import { error } from "@logdial/logging";
 *
 * error("query failed", new Error("timeout"));
 * ```
 */
export function error(msg: unknown, ...args: readonly unknown[]): void {
  logOnRoot(error, ERROR, msg, args);
}

/**
 * Logs at ERROR on the root with the error given last.
 *
 * @example
 * ```ts
 * import { exception } from "@logdial/logging";
 *
 * try {
 *   JSON.parse("{");
 * } catch (error) {
 *   exception("cannot read the answer", error);
 * }
 * ```
 */
export function exception(msg: unknown, ...args: readonly unknown[]): void {
  logOnRoot(exception, ERROR, msg, args);
}

/**
 * Logs at CRITICAL on the root, as {@linkcode debug} does at DEBUG.
 *
 * @example
 * ```ts
 * import { critical } from "@logdial/logging";
 *
 * critical("out of memory");
 * ```
 */
export function critical(msg: unknown, ...args: readonly unknown[]): void {
  logOnRoot(critical, CRITICAL, msg, args);
}

/**
 * Logs at CRITICAL on the root, Python's other word for it.
 *
 * @example
 * ```ts
 * import { fatal } from "@logdial/logging";
 *
 * fatal("out of memory");
 * ```
 */
export function fatal(msg: unknown, ...args: readonly unknown[]): void {
  logOnRoot(fatal, CRITICAL, msg, args);
}

/**
 * Logs at any level number on the root (`logging.log`).
 *
 * @throws {TypeError} A level that is not a whole number.
 *
 * @example
 * ```ts
 * import { log } from "@logdial/logging";
 *
 * log(25, "between INFO and WARNING");
 * ```
 */
export function log(level: number, msg: unknown, ...args: readonly unknown[]): void {
  logOnRoot(log, level, msg, args);
}

function logOnRoot(
  above: (...args: never[]) => unknown,
  level: number,
  msg: unknown,
  args: readonly unknown[],
): void {
  const { root } = defaultManager;
  if (root.handlers.length === 0) basicConfig();
  root.logFrom(above, level, msg, args);
}
