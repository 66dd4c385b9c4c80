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

// Loggers
export { disable, getLogger, root, shutdown } from "./core/loggers/module_functions.ts";
export { Logger } from "./core/loggers/logger.ts";
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
export type { ByteStream } from "./core/io/byte_stream.ts";
export { stderr, stdout, StdStream, type TextStream } from "./core/io/std_stream.ts";

// Formatters
export { Formatter, type FormatterOptions, type Style } from "./core/formatters/formatter.ts";
export { ColorFormatter } from "./core/formatters/color_formatter.ts";
export { JsonFormatter, type JsonFormatterOptions } from "./core/formatters/json_formatter.ts";

// Filters
export { Filter, Filterer, type FilterLike, type FilterObject } from "./core/filters/filter.ts";

// Configuration
export { basicConfig, type BasicConfigOptions } from "./config/basic_config.ts";
