import type { LogRecordFactory } from "./logger.ts";
import { defaultManager } from "./manager.ts";

/**
 * Sets what makes the thread's records (`logging.setLogRecordFactory`); it takes what the
 * constructor of `LogRecord` takes.
 *
 * @example
 * ```ts
 * import { getLogRecordFactory, setLogRecordFactory } from "@logdial/logging";
 *
 * const make = getLogRecordFactory();
 * setLogRecordFactory((...parameters) => Object.assign(make(...parameters), { host: "a1" }));
 * ```
 */
export function setLogRecordFactory(factory: LogRecordFactory): void {
  defaultManager.recordFactory = factory;
}

/** What makes the thread's records (`logging.getLogRecordFactory`). */
export function getLogRecordFactory(): LogRecordFactory {
  return defaultManager.recordFactory;
}
