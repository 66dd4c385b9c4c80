import {
  type Handler,
  isClosedByName,
  ownHandlers,
  shutdownHandlers,
  takesRecords,
} from "../handlers/handler.ts";
import { CRITICAL, type Level } from "../levels/levels.ts";
import { Logger, type LoggerClass } from "./logger.ts";
import type { LogRecordFactory } from "./tree_context.ts";
import { defaultManager } from "./manager.ts";
import { isRecord } from "../filters/filter.ts";
import { quote } from "../errors/quote.ts";
import { isTrue } from "../python/py_truth.ts";
import { setField } from "../records/extra_fields.ts";
import { wholeCopy } from "../records/copy_record.ts";
import { LogRecord } from "../records/log_record.ts";

/**
 * The thread's root logger (`logging.root`).
 *
 * @example
 * ```ts
 * import { root } from "@logdial/logging";
 *
 * root.setLevel("WARNING");
 * ```
 */
export const root: Logger = defaultManager.root;

/**
 * The thread's logger of that name, the root for none (`logging.getLogger`).
 *
 * @throws {TypeError} A name that is not a string.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 *
 * getLogger("app.db").debug("%d rows", 3);
 * ```
 */
export function getLogger(name?: string): Logger {
  return defaultManager.getLogger(name);
}

/**
 * Drops records of `level` and below in every logger; `NOTSET` undoes it
 * (`logging.disable`).
 *
 * @throws {RangeError} An unknown name of a level.
 *
 * @example
 * ```ts
 * import { disable, INFO } from "@logdial/logging";
 *
 * disable(INFO);
 * ```
 */
export function disable(level: Level = CRITICAL): void {
  defaultManager.disable = level;
}

/**
 * Flushes and closes all handlers, the last made first (`logging.shutdown`).
 *
 * @throws {Error} What handlers have thrown, if `raiseExceptions` is on; but errors of the system
 * and `ValueError`s are told on stderr.
 *
 * @example
 * ```ts
 * import { shutdown } from "@logdial/logging";
 *
 * globalThis.addEventListener("unload", () => shutdown());
 * ```
 */
export function shutdown(): void {
  shutdownHandlers();
}

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
  const isClass = typeof type === "function";
  if (!isClass || (type !== Logger && !(type.prototype instanceof Logger))) {
    const shown = isClass && type.name !== "" ? type.name : quote(type);
    throw new TypeError(`Cannot make loggers from ${shown}: it must extend Logger`);
  }
  defaultManager.loggerClass = type;
}

/**
 * The class that the thread's new loggers are made from (`logging.getLoggerClass`).
 *
 * @example
 * ```ts
 * import { getLoggerClass, Logger } from "@logdial/logging";
 *
 * console.log(getLoggerClass() === Logger); // true
 * ```
 */
export function getLoggerClass(): LoggerClass {
  return defaultManager.loggerClass;
}

/**
 * Sets what makes the thread's records (`logging.setLogRecordFactory`): a function that takes what
 * the constructor of `LogRecord` takes, or a class below it, as in Python.
 *
 * @throws {TypeError} The factory is no function, or is a class that does not extend `LogRecord`.
 *
 * @example
 * ```ts
 * import { getLogRecordFactory, setLogRecordFactory } from "@logdial/logging";
 *
 * const make = getLogRecordFactory();
 * setLogRecordFactory((...parameters) => Object.assign(make(...parameters), { host: "a1" }));
 * ```
 */
export function setLogRecordFactory(factory: LogRecordFactory | typeof LogRecord): void {
  if (typeof factory !== "function") {
    throw new TypeError(`Cannot make records by ${quote(factory)}: it must be a function`);
  }
  const isOurs = isRecordClass(factory);
  if (!isOurs && isClass(factory)) {
    const shown = factory.name === "" ? quote(factory) : factory.name;
    throw new TypeError(`Cannot make records from ${shown}: it must extend LogRecord`);
  }
  defaultManager.recordFactory = isOurs ? (...parameters) => new factory(...parameters) : factory;
}

/** Whether a function is a class, which needs `new`: other functions have a writable prototype. */
function isClass(factory: object): boolean {
  return Object.getOwnPropertyDescriptor(factory, "prototype")?.writable === false;
}

function isRecordClass(factory: LogRecordFactory | typeof LogRecord): factory is typeof LogRecord {
  return factory === LogRecord || factory.prototype instanceof LogRecord;
}

/**
 * What makes the thread's records (`logging.getLogRecordFactory`).
 *
 * @example
 * ```ts
 * import { getLogRecordFactory } from "@logdial/logging";
 *
 * const record = getLogRecordFactory()("app", 20, "main.ts", 7, "%d rows", [3]);
 * console.log(record.getMessage()); // 3 rows
 * ```
 */
export function getLogRecordFactory(): LogRecordFactory {
  return defaultManager.recordFactory;
}

/**
 * Makes a record from its fields, such as those that came over the wire
 * (`logging.makeLogRecord`).
 *
 * `args` may be a mapping in place of a list, as in Python.
 *
 * Given a record, it makes a copy with all that the record has, its caller and fields included: a
 * filter may change the copy and let that pass, and the record stays as it is for others.
 * `{ ...record }` has less: neither what a record computes, such as `lineno` and `threadName`, nor
 * the fields of its call, its bound logger and its context.
 *
 * @throws {TypeError} It is no object.
 *
 * @example
 * ```ts
 * import { getLogger, makeLogRecord } from "@logdial/logging";
 *
 * const fields = { name: "app", levelno: 20, levelname: "INFO", msg: "%d rows", args: [3] };
 * getLogger("app").handle(makeLogRecord(fields));
 * ```
 *
 * @example
 * ```ts
 * import { getLogger, makeLogRecord } from "@logdial/logging";
 *
 * getLogger("app").addFilter((record) => {
 *   const copy = makeLogRecord(record);
 *   copy.msg = `shop: ${record.msg}`;
 *   return copy;
 * });
 * ```
 */
export function makeLogRecord(
  fields: LogRecord | Readonly<Record<string, unknown>>,
): LogRecord {
  if (isRecord(fields)) return wholeCopy(fields);
  if (typeof fields !== "object" || fields === null) {
    throw new TypeError(`Cannot make a record of ${quote(fields)}: it must be an object of fields`);
  }
  const record = defaultManager.recordFactory("", 0, "", 0, "");
  for (const [key, value] of Object.entries(fields)) {
    setField(record, key, key === "args" ? toArguments(value) : value);
  }
  return record;
}

/** As in Python, what is empty or 0 stands for no arguments. */
function toArguments(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isTrue(value) ? [value] : [];
}

/**
 * Sets the handler for records that no other handler was found for, undefined for none
 * (`logging.lastResort`).
 *
 * @throws {TypeError} It is no handler.
 *
 * @example
 * ```ts
 * import { setLastResort } from "@logdial/logging";
 *
 * setLastResort(undefined);
 * ```
 */
export function setLastResort(handler: Handler | undefined): void {
  if (handler !== undefined && !takesRecords(handler)) {
    throw new TypeError(`Cannot use ${quote(handler)} as the last resort: it must be a handler`);
  }
  defaultManager.lastResort = handler;
}

/**
 * The handler for records that no other handler was found for (`logging.lastResort`).
 *
 * @example
 * ```ts
 * import { getLastResort } from "@logdial/logging";
 *
 * getLastResort()?.setLevel("ERROR");
 * ```
 */
export function getLastResort(): Handler | undefined {
  return defaultManager.lastResort;
}

/**
 * The handler to which the configuration in force gives that name; else the one made last of those
 * to which the program has given it (`logging.getHandlerByName`). A closed handler has no name.
 *
 * @example
 * ```ts
 * import { getHandlerByName } from "@logdial/logging";
 *
 * getHandlerByName("console")?.setLevel("ERROR");
 * ```
 */
export function getHandlerByName(name: string): Handler | undefined {
  // Without types, the name may be missing, as that of most handlers is.
  if (name === undefined) return undefined;
  const configured = defaultManager.namedHandlers.get(name);
  if (configured !== undefined && !isClosedByName(configured)) return configured;
  return ownHandlers(defaultManager.namedHandlers.values())
    .findLast((handler) => handler.name === name);
}

/**
 * The names of the handlers in the configuration in force, and of those that the program has
 * given one (`logging.getHandlerNames`).
 *
 * @example
 * ```ts
 * import { getHandlerNames } from "@logdial/logging";
 *
 * for (const name of getHandlerNames()) console.log(name);
 * ```
 */
export function getHandlerNames(): Set<string> {
  const own = ownHandlers(defaultManager.namedHandlers.values())
    .flatMap(({ name }) => name ? [name] : []);
  const configured = [...defaultManager.namedHandlers]
    .flatMap(([name, handler]) => isClosedByName(handler) ? [] : [name]);
  return new Set([...configured, ...own]);
}
