import { Logger, type LoggerClass } from "./logger.ts";
import { defaultManager } from "./manager.ts";

/**
 * Sets the class that the thread's new loggers are made from (`logging.setLoggerClass`).
 *
 * @throws {TypeError} A class that does not extend `Logger`.
 *
 * @example
 * ```ts
 * import { Logger, setLoggerClass } from "@logdial/logging";
 *
 * class TracingLogger extends Logger {
 *   trace(msg: string, ...args: unknown[]) {
 *     this.logFrom(this.trace, 5, msg, args);
 *   }
 * }
 * setLoggerClass(TracingLogger);
 * ```
 */
export function setLoggerClass(type: LoggerClass): void {
  if (type !== Logger && !(type.prototype instanceof Logger)) {
    throw new TypeError(`Cannot make loggers from ${type.name}: it must extend Logger`);
  }
  defaultManager.loggerClass = type;
}

/** The class that the thread's new loggers are made from (`logging.getLoggerClass`). */
export function getLoggerClass(): LoggerClass {
  return defaultManager.loggerClass;
}
