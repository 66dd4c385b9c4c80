/**
 * Port on which receivers of `SocketHandler` listen by Python's convention; the handler has no
 * default.
 *
 * @example
 * ```ts
 * import { DEFAULT_TCP_LOGGING_PORT, SocketHandler } from "@logdial/logging";
 *
 * const handler = new SocketHandler("localhost", DEFAULT_TCP_LOGGING_PORT);
 * ```
 */
export const DEFAULT_TCP_LOGGING_PORT = 9020;
/**
 * Port on which receivers of `DatagramHandler` listen by Python's convention; the handler has no
 * default.
 *
 * @example
 * ```ts
 * import { DatagramHandler, DEFAULT_UDP_LOGGING_PORT } from "@logdial/logging";
 *
 * const handler = new DatagramHandler("localhost", DEFAULT_UDP_LOGGING_PORT);
 * ```
 */
export const DEFAULT_UDP_LOGGING_PORT = 9021;
/**
 * Port on which receivers of `HTTPHandler` listen by Python's convention; the handler has no
 * default.
 */
export const DEFAULT_HTTP_LOGGING_PORT = 9022;
/** Python's port for SOAP, which nothing here uses. */
export const DEFAULT_SOAP_LOGGING_PORT = 9023;
/**
 * Port on which syslog daemons listen by UDP, which `SysLogHandler` sends to by default.
 *
 * @example
 * ```ts
 * import { SysLogHandler, SYSLOG_UDP_PORT } from "@logdial/logging";
 *
 * const handler = new SysLogHandler(["localhost", SYSLOG_UDP_PORT]);
 * ```
 */
export const SYSLOG_UDP_PORT = 514;
/** Port on which syslog daemons listen by TCP, as Python has it. */
export const SYSLOG_TCP_PORT = 514;
/**
 * Sockets that carry a stream, `socket.SOCK_STREAM`.
 *
 * @example
 * ```ts
 * import { SOCK_STREAM, SysLogHandler } from "@logdial/logging";
 *
 * const handler = new SysLogHandler(["localhost", 601], undefined, SOCK_STREAM);
 * ```
 */
export const SOCK_STREAM = 1;
/**
 * Sockets that carry datagrams, `socket.SOCK_DGRAM`.
 *
 * @example
 * ```ts
 * import { SOCK_DGRAM, SysLogHandler } from "@logdial/logging";
 *
 * const handler = new SysLogHandler(["localhost", 514], undefined, SOCK_DGRAM);
 * ```
 */
export const SOCK_DGRAM = 2;
