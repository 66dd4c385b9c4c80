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

import "./core/require_deno.ts";

// Loggers
export { disable, getLogger, root, shutdown } from "./core/module_functions.ts";
export { type LogArguments, Logger } from "./core/logger.ts";
export { type AdaptedLogger, LoggerAdapter } from "./core/logger_adapter.ts";
export { type CallerSource, LogRecord } from "./core/record.ts";
export type { Caller } from "./core/caller.ts";
export type { LogOptions } from "./core/log_options.ts";

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
} from "./core/levels.ts";

// Handlers
export { Handler } from "./core/handler.ts";
export { FileHandler } from "./handlers/files/file_handler.ts";
export { NullHandler } from "./handlers/null_handler.ts";
export { StreamHandler } from "./handlers/stream_handler.ts";
export type { ByteStream } from "./core/io/byte_stream.ts";
export { stderr, stdout, StdStream, type TextStream } from "./core/io/std_stream.ts";

// Formatters
export { Formatter, type FormatterOptions, type Style } from "./core/formatter.ts";
export { ColorFormatter } from "./core/color_formatter.ts";
export { JsonFormatter } from "./core/json_formatter.ts";

// Filters
export { Filter, Filterer, type FilterLike, type FilterObject } from "./core/filter.ts";

// Configuration
export { basicConfig, type BasicConfigOptions } from "./config/basic_config.ts";
