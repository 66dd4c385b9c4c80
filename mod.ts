/**
 * Logging for Deno whose levels you can turn while the program runs: Python's `logging`,
 * set up from `.conf` files or dicts, changed on every thread from outside.
 *
 * @module
 */

import "./src/core/runtime/require_deno.ts";

// Loggers
export { disable, getLogger, root, shutdown } from "./src/core/loggers/module_functions.ts";
export { Logger, type LoggerClass, type LoggerContext } from "./src/core/loggers/logger.ts";
export type { LogRecordFactory } from "./src/core/loggers/tree_context.ts";
export { type AdaptedLogger, LoggerAdapter } from "./src/core/loggers/logger_adapter.ts";
export { getLoggerClass, setLoggerClass } from "./src/core/loggers/module_functions.ts";
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
export { Manager, PlaceHolder } from "./src/core/loggers/manager.ts";
export { type CallerSource, LogRecord } from "./src/core/records/log_record.ts";
export { makeLogRecord } from "./src/core/loggers/module_functions.ts";
export { getLogRecordFactory, setLogRecordFactory } from "./src/core/loggers/module_functions.ts";
export type { Caller } from "./src/core/records/caller.ts";
export type { LogOptions } from "./src/core/records/log_options.ts";

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

// Handlers
export { Handler } from "./src/core/handlers/handler.ts";
export { BaseRotatingHandler } from "./src/handlers/files/base_rotating_handler.ts";
export { BufferingHandler } from "./src/handlers/queues/buffering_handler.ts";
export { DatagramHandler } from "./src/handlers/network/datagram_handler.ts";
export { FileHandler } from "./src/handlers/files/file_handler.ts";
export { HTTPHandler } from "./src/handlers/network/http_handler.ts";
export type { LogSocket, SocketAddress } from "./src/handlers/network/log_socket.ts";
export { MemoryHandler } from "./src/handlers/queues/memory_handler.ts";
export { NullHandler } from "./src/handlers/null_handler.ts";
export {
  DEFAULT_HTTP_LOGGING_PORT,
  DEFAULT_SOAP_LOGGING_PORT,
  DEFAULT_TCP_LOGGING_PORT,
  DEFAULT_UDP_LOGGING_PORT,
  SOCK_DGRAM,
  SOCK_STREAM,
  SYSLOG_TCP_PORT,
  SYSLOG_UDP_PORT,
} from "./src/handlers/network/default_ports.ts";
export { Queue } from "./src/handlers/queues/queue.ts";
export { QueueHandler, type RecordQueue } from "./src/handlers/queues/queue_handler.ts";
export { QueueListener, type QueueListenerOptions } from "./src/handlers/queues/queue_listener.ts";
export { RingHandler } from "./src/handlers/rings/ring_handler.ts";
export { RotatingFileHandler } from "./src/handlers/files/rotating_file_handler.ts";
export type { TimeOfDay } from "./src/handlers/files/rollover_schedule.ts";
export { SocketHandler } from "./src/handlers/network/socket_handler.ts";
export { StreamHandler } from "./src/handlers/stream_handler.ts";
export { SysLogHandler } from "./src/handlers/network/syslog_handler.ts";
export { TimedRotatingFileHandler } from "./src/handlers/files/timed_rotating_file_handler.ts";
export { WatchedFileHandler } from "./src/handlers/files/watched_file_handler.ts";
export type { ByteStream } from "./src/core/io/byte_stream.ts";
export { stderr, stdout, StdStream, type TextStream } from "./src/core/io/std_stream.ts";
export { flush } from "./src/hub/flush.ts";
export { setRaiseExceptions } from "./src/core/io/diagnostics.ts";
export { getHandlerByName, getHandlerNames } from "./src/core/loggers/module_functions.ts";
export { getLastResort, setLastResort } from "./src/core/loggers/module_functions.ts";

// Formatters
export { Formatter, type FormatterOptions, type Style } from "./src/core/formatters/formatter.ts";
export { BufferingFormatter } from "./src/core/formatters/buffering_formatter.ts";
export { ColorFormatter } from "./src/core/formatters/color_formatter.ts";
export { JsonFormatter } from "./src/core/formatters/json_formatter.ts";

// Filters
export { Filter, Filterer, type FilterLike, type FilterObject } from "./src/core/filters/filter.ts";

// Configuration
export { BASIC_FORMAT, basicConfig, type BasicConfigOptions } from "./src/config/basic_config.ts";
export { dictConfig } from "./src/config/dict_config.ts";
export { fileConfig, type FileConfigOptions } from "./src/config/file_config.ts";
export { getConfig, type GetConfigOptions } from "./src/config/describe/get_config.ts";
export { formatConfig, stringifyConfig } from "./src/config/describe/stringify_config.ts";
export {
  registerFilter,
  registerFormatter,
  registerHandler,
  registerObject,
} from "./src/config/register.ts";
export type { RegisterOptions } from "./src/config/build/registry.ts";
export { ConfigError, type ConfigErrorOptions } from "./src/core/errors/config_error.ts";

// Changes from outside
export { listen, type Listening, type ListenOptions, stopListening } from "./src/hub/listen.ts";
export type { ListenLimits, PortRange } from "./src/hub/board/attach_options.ts";
export type { Verify } from "./src/hub/board/payload_text.ts";
