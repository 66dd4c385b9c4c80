import { type CallerSource, type LogRecord, markLazy } from "../records/log_record.ts";
import type { SplitArguments } from "../records/split_arguments.ts";
import { readCallDetails } from "./log_call.ts";

/** The part of a logger that makes its records, which subclasses may override. */
interface Maker {
  readonly name: string;
  makeRecord(
    name: string,
    level: number,
    fn: string | CallerSource,
    lno: number,
    msg: unknown,
    args: readonly unknown[],
    exc_info?: unknown,
    func?: string,
    extra?: Readonly<Record<string, unknown>>,
    sinfo?: string,
  ): LogRecord;
}

/** Makes a record of a log call whose arguments have been split into message, fields and error. */
export function makeSplit(
  logger: Maker,
  level: number,
  from: CallerSource,
  { msg, args, error, options, isLazy }: SplitArguments,
): LogRecord {
  const { name } = logger;
  let record: LogRecord;
  if (options === undefined) {
    record = logger.makeRecord(name, level, from, 0, msg, args, error);
  } else {
    const { source, stack, extra } = readCallDetails(from, options);
    record = logger.makeRecord(name, level, source, 0, msg, args, error, undefined, extra, stack);
    if (options.created !== undefined) record.created = options.created;
  }
  if (isLazy) markLazy(record);
  return record;
}

/** Where the callers of the log methods are found. */
export function callSources(
  prototype: Readonly<Record<Method, CallerSource["above"]>>,
): Readonly<Record<Method, CallerSource>> {
  const { debug, info, warning, warn, error, critical, fatal, exception, log } = prototype;
  return {
    debug: { above: debug, stacklevel: 1 },
    info: { above: info, stacklevel: 1 },
    warning: { above: warning, stacklevel: 1 },
    warn: { above: warn, stacklevel: 1 },
    error: { above: error, stacklevel: 1 },
    critical: { above: critical, stacklevel: 1 },
    fatal: { above: fatal, stacklevel: 1 },
    exception: { above: exception, stacklevel: 1 },
    log: { above: log, stacklevel: 1 },
  };
}

/** The log methods. */
type Method =
  | "debug"
  | "info"
  | "warning"
  | "warn"
  | "error"
  | "critical"
  | "fatal"
  | "exception"
  | "log";
