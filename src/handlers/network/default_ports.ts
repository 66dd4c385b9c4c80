/** Port of `SocketHandler` by default. */
export const DEFAULT_TCP_LOGGING_PORT = 9020;
/** Port of `DatagramHandler` by default. */
export const DEFAULT_UDP_LOGGING_PORT = 9021;
/** Port of `HTTPHandler` by default. */
export const DEFAULT_HTTP_LOGGING_PORT = 9022;
/** Python's port for SOAP, which nothing here uses. */
export const DEFAULT_SOAP_LOGGING_PORT = 9023;
/** Port of syslog by UDP. */
export const SYSLOG_UDP_PORT = 514;
/** Port of syslog by TCP. */
export const SYSLOG_TCP_PORT = 514;
/** Sockets that carry a stream, `socket.SOCK_STREAM`. */
export const SOCK_STREAM = 1;
/** Sockets that carry datagrams, `socket.SOCK_DGRAM`. */
export const SOCK_DGRAM = 2;
