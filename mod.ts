/**
 * Logging for Deno whose levels you can turn while the program runs: Python's `logging`,
 * set up from `.conf` files or dicts, changed on every thread from outside.
 *
 * - **Log**: {@linkcode getLogger}, the functions of the root ({@linkcode info} …), levels
 * - **Say where it goes**: handlers, formatters, filters
 * - **Set up**: {@linkcode basicConfig}, {@linkcode dictConfig}, {@linkcode fileConfig}
 * - **Let it be turned**: {@linkcode listen}
 * - **Make it your own**: classes of loggers, record factories, registered classes
 *
 * @module
 */

import "./src/core/runtime/require_deno.ts";
import "./src/core_modules.ts";
import "./src/all_modules.ts";

// Log: by a logger, or by the functions of the root
export { disable, getLogger, root, shutdown } from "./src/core/loggers/module_functions.ts";
export { Logger } from "./src/core/loggers/logger.ts";
export { LoggerAdapter } from "./src/core/loggers/logger_adapter.ts";
export { withContext } from "./src/core/loggers/with_context.ts";
export type { LogOptions } from "./src/core/records/log_options.ts";
export type { Fields } from "./src/core/records/shared_fields.ts";
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
} from "./src/config/root_functions.ts";
export { captureConsole } from "./src/core/loggers/capture_console.ts";

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
} from "./src/core/levels/levels.ts";

// Handlers that write to streams and files
export { Handler } from "./src/core/handlers/handler.ts";
export { NullHandler } from "./src/handlers/null_handler.ts";
export { StreamHandler } from "./src/handlers/stream_handler.ts";
export { RingHandler } from "./src/handlers/rings/ring_handler.ts";
export type { ByteStream } from "./src/core/io/byte_stream.ts";
export { stderr, stdout, StdStream, type TextStream } from "./src/core/io/std_stream.ts";
export { flush } from "./src/hub/flush.ts";
export { BaseRotatingHandler } from "./src/handlers/files/base_rotating_handler.ts";
export { FileHandler } from "./src/handlers/files/file_handler.ts";
export { RotatingFileHandler } from "./src/handlers/files/rotating_file_handler.ts";
export { TimedRotatingFileHandler } from "./src/handlers/files/timed_rotating_file_handler.ts";
export { WatchedFileHandler } from "./src/handlers/files/watched_file_handler.ts";

// Handlers that send
export { DatagramHandler } from "./src/handlers/network/datagram_handler.ts";
export { HTTPHandler } from "./src/handlers/network/http_handler.ts";
export { SMTPHandler } from "./src/handlers/network/smtp_handler.ts";
export { SocketHandler } from "./src/handlers/network/socket_handler.ts";
export { SysLogHandler } from "./src/handlers/network/syslog_handler.ts";
export type { LogSocket } from "./src/handlers/network/log_socket.ts";
export {
  DEFAULT_TCP_LOGGING_PORT,
  DEFAULT_UDP_LOGGING_PORT,
  SOCK_DGRAM,
  SOCK_STREAM,
  SYSLOG_UDP_PORT,
} from "./src/handlers/network/default_ports.ts";

// Handlers that keep records and hand them on
export { BufferingHandler } from "./src/handlers/queues/buffering_handler.ts";
export {
  FingersCrossedHandler,
  type FingersCrossedHandlerOptions,
} from "./src/handlers/queues/fingers_crossed_handler.ts";
export { MemoryHandler } from "./src/handlers/queues/memory_handler.ts";
export { Queue } from "./src/handlers/queues/queue.ts";
export { QueueHandler, type RecordQueue } from "./src/handlers/queues/queue_handler.ts";
export { QueueListener, type QueueListenerOptions } from "./src/handlers/queues/queue_listener.ts";

// All handlers
export {
  getHandlerByName,
  getHandlerNames,
  getLastResort,
  setLastResort,
} from "./src/core/loggers/module_functions.ts";
export { setRaiseExceptions } from "./src/core/io/diagnostics.ts";

// Formatters and filters
export { Formatter, type FormatterOptions, type Style } from "./src/core/formatters/formatter.ts";
export { BufferingFormatter } from "./src/core/formatters/buffering_formatter.ts";
export { ColorFormatter } from "./src/core/formatters/color_formatter.ts";
export { DevFormatter, type DevFormatterOptions } from "./src/core/formatters/dev_formatter.ts";
export { JsonFormatter, type JsonFormatterOptions } from "./src/core/formatters/json_formatter.ts";
export { DuplicateFilter, type DuplicateFilterOptions } from "./src/filters/duplicate_filter.ts";
export { RateFilter, type RateFilterOptions } from "./src/filters/rate_filter.ts";
export { SampleFilter, type SampleFilterOptions } from "./src/filters/sample_filter.ts";
export { RedactFilter, type RedactFilterOptions } from "./src/filters/redact_filter.ts";
export { Filter, Filterer, type FilterLike, type FilterObject } from "./src/core/filters/filter.ts";

// Set up
export { BASIC_FORMAT, basicConfig, type BasicConfigOptions } from "./src/config/basic_config.ts";
export { dictConfig, type DictConfigOptions } from "./src/config/dict_config.ts";
export type { DictConfig } from "./src/config/types/dict_config_type.ts";
export { fileConfig, type FileConfigOptions } from "./src/config/file_config.ts";
export type { GivenClass, UnknownClass } from "./src/config/spec/unknown_class.ts";
export { ConfigError, type ConfigErrorOptions } from "./src/core/errors/config_error.ts";
export { getConfig, type GetConfigOptions } from "./src/config/describe/get_config.ts";
export { formatConfig, stringifyConfig } from "./src/config/describe/stringify_config.ts";
export {
  registerFilter,
  registerFormatter,
  registerHandler,
  registerObject,
} from "./src/config/register.ts";
export type { RegisterOptions } from "./src/config/build/registry.ts";

// Let it be turned from outside
export { listen, type Listening, type ListenOptions, stopListening } from "./src/hub/listen.ts";
export { watchConfig, type WatchedConfig } from "./src/hub/watch_config.ts";
export type { RecorderOptions } from "./src/hub/recorder_options.ts";
export type { ListenLimits, PortRange } from "./src/hub/board/attach_options.ts";
export type { Verify } from "./src/hub/board/payload_text.ts";

// Make it your own: records, classes of loggers, trees
export { LogRecord } from "./src/core/records/log_record.ts";
export {
  getLoggerClass,
  getLogRecordFactory,
  makeLogRecord,
  setLoggerClass,
  setLogRecordFactory,
} from "./src/core/loggers/module_functions.ts";
export type { LoggerClass, LoggerContext } from "./src/core/loggers/logger.ts";
export { Manager, PlaceHolder } from "./src/core/loggers/manager.ts";
