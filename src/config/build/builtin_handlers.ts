import type { Handler } from "../../core/handlers/handler.ts";
import { PYTHON_HANDLERS, RING_HANDLER, RING_PARAMETERS } from "./builtin_names.ts";
import { BufferingHandler } from "../../handlers/queues/buffering_handler.ts";
import { DatagramHandler } from "../../handlers/network/datagram_handler.ts";
import { FileHandler } from "../../handlers/files/file_handler.ts";
import { HTTPHandler } from "../../handlers/network/http_handler.ts";
import { MemoryHandler } from "../../handlers/queues/memory_handler.ts";
import { NullHandler } from "../../handlers/null_handler.ts";
import {
  DEFAULT_HTTP_LOGGING_PORT,
  DEFAULT_SOAP_LOGGING_PORT,
  DEFAULT_TCP_LOGGING_PORT,
  DEFAULT_UDP_LOGGING_PORT,
  SOCK_DGRAM,
  SOCK_STREAM,
  SYSLOG_TCP_PORT,
  SYSLOG_UDP_PORT,
} from "../../handlers/network/default_ports.ts";
import { QueueHandler } from "../../handlers/queues/queue_handler.ts";
import { RingHandler } from "../../handlers/rings/ring_handler.ts";
import { RotatingFileHandler } from "../../handlers/files/rotating_file_handler.ts";
import { SMTPHandler } from "../../handlers/network/smtp_handler.ts";
import { SocketHandler } from "../../handlers/network/socket_handler.ts";
import { StreamHandler } from "../../handlers/stream_handler.ts";
import {
  FACILITY_NAMES,
  PRIORITY_NAMES,
  SYSLOG_CODES,
} from "../../handlers/network/syslog_codes.ts";
import { SysLogHandler } from "../../handlers/network/syslog_handler.ts";
import { TimedRotatingFileHandler } from "../../handlers/files/timed_rotating_file_handler.ts";
import { WatchedFileHandler } from "../../handlers/files/watched_file_handler.ts";

type HandlerClass = new (...args: never[]) => Handler;

/** The part of a registry that is needed here. */
export interface HandlerRegistry {
  /** Makes a handler class known. */
  registerHandler(
    name: string,
    type: HandlerClass,
    options: { readonly parameters: string },
  ): void;
  /** Makes a constant known. */
  registerObject(name: string, value: unknown): void;
}

const CLASSES: Readonly<Record<keyof typeof PYTHON_HANDLERS, HandlerClass>> = {
  StreamHandler,
  NullHandler,
  FileHandler,
  "handlers.RotatingFileHandler": RotatingFileHandler,
  "handlers.TimedRotatingFileHandler": TimedRotatingFileHandler,
  "handlers.WatchedFileHandler": WatchedFileHandler,
  "handlers.BufferingHandler": BufferingHandler,
  "handlers.MemoryHandler": MemoryHandler,
  "handlers.SysLogHandler": SysLogHandler,
  "handlers.SocketHandler": SocketHandler,
  "handlers.DatagramHandler": DatagramHandler,
  "handlers.HTTPHandler": HTTPHandler,
  "handlers.SMTPHandler": SMTPHandler,
  "handlers.QueueHandler": QueueHandler,
};

/** Makes Python's handlers, our own and the constants that configurations give them known. */
export function registerBuiltinHandlers(registry: HandlerRegistry): void {
  for (const [name, parameters] of Object.entries(PYTHON_HANDLERS)) {
    const type = CLASSES[name as keyof typeof PYTHON_HANDLERS];
    registry.registerHandler(`logging.${name}`, type, { parameters });
  }
  registry.registerHandler(RING_HANDLER, RingHandler, { parameters: RING_PARAMETERS });
  const ports = {
    DEFAULT_HTTP_LOGGING_PORT,
    DEFAULT_SOAP_LOGGING_PORT,
    DEFAULT_TCP_LOGGING_PORT,
    DEFAULT_UDP_LOGGING_PORT,
    SYSLOG_TCP_PORT,
    SYSLOG_UDP_PORT,
  };
  const syslog = {
    ...SYSLOG_CODES,
    priority_names: PRIORITY_NAMES,
    facility_names: FACILITY_NAMES,
  };
  // In a `.conf`, `logging.` is left out.
  const constants: [prefix: string, values: object][] = [
    ["logging.handlers", ports],
    ["logging.handlers.SysLogHandler", syslog],
    ["logging.handlers.socket", { SOCK_STREAM, SOCK_DGRAM }],
    ["socket", { SOCK_STREAM, SOCK_DGRAM }],
  ];
  for (const [prefix, values] of constants) {
    for (const [name, value] of Object.entries(values)) {
      registry.registerObject(`${prefix}.${name}`, value);
    }
  }
}
