/**
 * What Python's `logging` itself has, without `logging.handlers`, `logging.config` and
 * listening: loads in a third of the time of the whole, for libraries, which only ask for
 * loggers, and for commands that end at once.
 *
 * All of it is in `@logdial/logging` as well, and is the same there: what a program sets up
 * counts for the libraries that it uses.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging/core";
 *
 * getLogger("lib.parser").debug("%d tokens", 12);
 * ```
 *
 * @module
 */

import "./core/runtime/require_deno.ts";
import "./core_modules.ts";

// Loggers, and the functions of the root
export {
  disable,
  getLogger,
  getLoggerClass,
  getLogRecordFactory,
  makeLogRecord,
  root,
  setLoggerClass,
  setLogRecordFactory,
  shutdown,
} from "./core/loggers/module_functions.ts";
export { Logger, type LoggerClass, type LoggerContext } from "./core/loggers/logger.ts";
export {
  critical,
  debug,
  error,
  exception,
  fatal,
  info,
  log,
  warn,
  warning,
} from "./config/root_functions.ts";
export { captureConsole } from "./core/loggers/capture_console.ts";
export { LoggerAdapter } from "./core/loggers/logger_adapter.ts";
export { LogRecord } from "./core/records/log_record.ts";
export type { LogOptions } from "./core/records/log_options.ts";
export type { Fields } from "./core/records/shared_fields.ts";

// Levels
export {
  addLevelName,
  CRITICAL,
  DEBUG,
  ERROR,
  FATAL,
  getLevelName,
  getLevelNamesMapping,
  INFO,
  type Level,
  NOTSET,
  WARN,
  WARNING,
} from "./core/levels/levels.ts";

// Handlers
export { Handler } from "./core/handlers/handler.ts";
export { FileHandler } from "./handlers/files/file_handler.ts";
export { NullHandler } from "./handlers/null_handler.ts";
export { StreamHandler } from "./handlers/stream_handler.ts";
export {
  getHandlerByName,
  getHandlerNames,
  getLastResort,
  setLastResort,
} from "./core/loggers/module_functions.ts";
export { setRaiseExceptions } from "./core/io/diagnostics.ts";
export type { ByteStream } from "./core/io/byte_stream.ts";
export { stderr, stdout, StdStream, type TextStream } from "./core/io/std_stream.ts";

// Formatters
export { Formatter, type FormatterOptions, type Style } from "./core/formatters/formatter.ts";
export { BufferingFormatter } from "./core/formatters/buffering_formatter.ts";
export { ColorFormatter } from "./core/formatters/color_formatter.ts";
export { JsonFormatter, type JsonFormatterOptions } from "./core/formatters/json_formatter.ts";

// Filters
export { Filter, Filterer, type FilterLike, type FilterObject } from "./core/filters/filter.ts";

// Configuration
export { BASIC_FORMAT, basicConfig, type BasicConfigOptions } from "./config/basic_config.ts";
