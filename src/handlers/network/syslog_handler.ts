import { quote } from "../../core/errors/quote.ts";
import { forgetHandler, Handler, reportFailure } from "../../core/handlers/handler.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { hasUnixDatagrams, openDatagrams } from "./datagram_socket.ts";
import {
  connectStream,
  describeAddress,
  type LogSocket,
  type SocketAddress,
} from "./log_socket.ts";
import { datagramPermissions, streamPermissions } from "./needed_permissions.ts";
import { Outbox } from "./outbox.ts";
import { SOCK_DGRAM, SOCK_STREAM, SYSLOG_UDP_PORT } from "./default_ports.ts";
import { FACILITY_NAMES, PRIORITY_MAP, PRIORITY_NAMES, SYSLOG_CODES } from "./syslog_codes.ts";
import { rfc5424Header } from "./syslog_header.ts";

const encoder = new TextEncoder();
/** Seconds for connecting, and for sending one message by a stream, unless told otherwise. */
const TIMEOUT = 5;

/**
 * Sends lines to a syslog daemon by UDP, TCP (`socktype` 1) or a Unix socket
 * (`logging.handlers.SysLogHandler`).
 *
 * The message is Python's: `<priority>`, {@linkcode SysLogHandler.ident}, the line and a
 * NUL; with {@linkcode SysLogHandler.rfc5424} it has the header of RFC 5424, and in a
 * stream, by TCP or to a Unix socket, its length before it. By TCP most daemons want a line
 * feed after Python's message: put one into the format, and set `append_nul` to false.
 *
 * Messages are sent in their order when the program pauses, and keep it alive until they
 * are out; up to 10,000 wait while the other end is away, those beyond are counted and
 * told. `Deno.exit` and errors that nobody catches do not wait: `await handler.drain()`
 * before. The Unix socket `/dev/log` mostly takes datagrams, which need
 * `deno run --unstable-net --allow-net`, and `/dev/log,/tmp` to read and write.
 *
 * Differs from CPython: by TCP that connects when it is made, and fails then.
 *
 * @example
 * ```ts
 * import { getLogger, SysLogHandler } from "@logdial/logging";
 *
 * const handler = new SysLogHandler(["localhost", 514], SysLogHandler.LOG_LOCAL0);
 * handler.ident = "app: ";
 * getLogger().addHandler(handler);
 * ```
 */
export class SysLogHandler extends Handler {
  /** A failure to send is reported later, with the caller of the record. */
  override readonly keepsRecords: boolean = true;
  /** Numbers of priorities by their names. */
  static readonly priority_names: Readonly<Record<string, number>> = PRIORITY_NAMES;
  /** Numbers of facilities by their names. */
  static readonly facility_names: Readonly<Record<string, number>> = FACILITY_NAMES;
  /** Number of syslog's `LOG_EMERG`. */
  static readonly LOG_EMERG: number = SYSLOG_CODES.LOG_EMERG;
  /** Number of syslog's `LOG_ALERT`. */
  static readonly LOG_ALERT: number = SYSLOG_CODES.LOG_ALERT;
  /** Number of syslog's `LOG_CRIT`. */
  static readonly LOG_CRIT: number = SYSLOG_CODES.LOG_CRIT;
  /** Number of syslog's `LOG_ERR`. */
  static readonly LOG_ERR: number = SYSLOG_CODES.LOG_ERR;
  /** Number of syslog's `LOG_WARNING`. */
  static readonly LOG_WARNING: number = SYSLOG_CODES.LOG_WARNING;
  /** Number of syslog's `LOG_NOTICE`. */
  static readonly LOG_NOTICE: number = SYSLOG_CODES.LOG_NOTICE;
  /** Number of syslog's `LOG_INFO`. */
  static readonly LOG_INFO: number = SYSLOG_CODES.LOG_INFO;
  /** Number of syslog's `LOG_DEBUG`. */
  static readonly LOG_DEBUG: number = SYSLOG_CODES.LOG_DEBUG;
  /** Number of syslog's `LOG_KERN`. */
  static readonly LOG_KERN: number = SYSLOG_CODES.LOG_KERN;
  /** Number of syslog's `LOG_USER`. */
  static readonly LOG_USER: number = SYSLOG_CODES.LOG_USER;
  /** Number of syslog's `LOG_MAIL`. */
  static readonly LOG_MAIL: number = SYSLOG_CODES.LOG_MAIL;
  /** Number of syslog's `LOG_DAEMON`. */
  static readonly LOG_DAEMON: number = SYSLOG_CODES.LOG_DAEMON;
  /** Number of syslog's `LOG_AUTH`. */
  static readonly LOG_AUTH: number = SYSLOG_CODES.LOG_AUTH;
  /** Number of syslog's `LOG_SYSLOG`. */
  static readonly LOG_SYSLOG: number = SYSLOG_CODES.LOG_SYSLOG;
  /** Number of syslog's `LOG_LPR`. */
  static readonly LOG_LPR: number = SYSLOG_CODES.LOG_LPR;
  /** Number of syslog's `LOG_NEWS`. */
  static readonly LOG_NEWS: number = SYSLOG_CODES.LOG_NEWS;
  /** Number of syslog's `LOG_UUCP`. */
  static readonly LOG_UUCP: number = SYSLOG_CODES.LOG_UUCP;
  /** Number of syslog's `LOG_CRON`. */
  static readonly LOG_CRON: number = SYSLOG_CODES.LOG_CRON;
  /** Number of syslog's `LOG_AUTHPRIV`. */
  static readonly LOG_AUTHPRIV: number = SYSLOG_CODES.LOG_AUTHPRIV;
  /** Number of syslog's `LOG_FTP`. */
  static readonly LOG_FTP: number = SYSLOG_CODES.LOG_FTP;
  /** Number of syslog's `LOG_NTP`. */
  static readonly LOG_NTP: number = SYSLOG_CODES.LOG_NTP;
  /** Number of syslog's `LOG_SECURITY`. */
  static readonly LOG_SECURITY: number = SYSLOG_CODES.LOG_SECURITY;
  /** Number of syslog's `LOG_CONSOLE`. */
  static readonly LOG_CONSOLE: number = SYSLOG_CODES.LOG_CONSOLE;
  /** Number of syslog's `LOG_SOLCRON`. */
  static readonly LOG_SOLCRON: number = SYSLOG_CODES.LOG_SOLCRON;
  /** Number of syslog's `LOG_LOCAL0`. */
  static readonly LOG_LOCAL0: number = SYSLOG_CODES.LOG_LOCAL0;
  /** Number of syslog's `LOG_LOCAL1`. */
  static readonly LOG_LOCAL1: number = SYSLOG_CODES.LOG_LOCAL1;
  /** Number of syslog's `LOG_LOCAL2`. */
  static readonly LOG_LOCAL2: number = SYSLOG_CODES.LOG_LOCAL2;
  /** Number of syslog's `LOG_LOCAL3`. */
  static readonly LOG_LOCAL3: number = SYSLOG_CODES.LOG_LOCAL3;
  /** Number of syslog's `LOG_LOCAL4`. */
  static readonly LOG_LOCAL4: number = SYSLOG_CODES.LOG_LOCAL4;
  /** Number of syslog's `LOG_LOCAL5`. */
  static readonly LOG_LOCAL5: number = SYSLOG_CODES.LOG_LOCAL5;
  /** Number of syslog's `LOG_LOCAL6`. */
  static readonly LOG_LOCAL6: number = SYSLOG_CODES.LOG_LOCAL6;
  /** Number of syslog's `LOG_LOCAL7`. */
  static readonly LOG_LOCAL7: number = SYSLOG_CODES.LOG_LOCAL7;
  /** Host and port, or path of a Unix socket. */
  address: SocketAddress;
  /** Number or name of the facility. */
  facility: number | string;
  /** 2 for datagrams, 1 for a stream; undefined for whatever the other end has. */
  socktype: number | undefined;
  /** Whether messages have the header of RFC 5424, not Python's. */
  rfc5424: boolean;
  /** What stands before each line; in RFC 5424, the application's name. */
  ident = "";
  /** Whether a NUL follows each line, for old daemons; not in RFC 5424. */
  append_nul = true;
  /** Seconds for connecting, and for sending one message by a stream. */
  timeout: number;
  /** Names of priorities by those of levels. */
  priority_map: Readonly<Record<string, string>> = PRIORITY_MAP;
  #isStream: boolean;
  readonly #outbox: Outbox<Uint8Array>;

  /**
   * Connects when the first record comes; `timeout` is {@linkcode SysLogHandler.timeout}, null or
   * 0 for 5 seconds.
   *
   * @throws {TypeError} An address that is none, or a `socktype` that is neither 1 nor 2.
   * @throws {RangeError} A port that is none, a timeout that is not above 0, or a facility that is not
   * known. CPython would take it, and fail at each record.
   * @throws {Deno.errors.NotSupported} Datagrams to a Unix socket without `--unstable-net`.
   */
  constructor(
    address: SocketAddress = ["localhost", SYSLOG_UDP_PORT],
    facility: number | string = SysLogHandler.LOG_USER,
    socktype?: number | null,
    timeout?: number | null,
    rfc5424 = false,
  ) {
    checkAddress(address);
    checkSocktype(socktype);
    const seconds = timeout || TIMEOUT;
    if (!(seconds > 0)) {
      throw new RangeError(`Cannot use timeout ${quote(timeout)}: it must be a number above 0`);
    }
    if (typeof address === "string" && socktype === SOCK_DGRAM && !hasUnixDatagrams()) {
      throw new Deno.errors.NotSupported(
        `Cannot send datagrams to ${address}: run with --unstable-net`,
      );
    }
    super();
    try {
      this.#requireFacility(facility);
    } catch (error) {
      forgetHandler(this);
      throw error;
    }
    this.address = address;
    this.facility = facility;
    this.socktype = socktype ?? undefined;
    this.rfc5424 = Boolean(rfc5424);
    this.timeout = seconds;
    this.#isStream = socktype === SOCK_STREAM;
    const isStream = () => this.#isStream;
    this.#outbox = new Outbox({
      connect: () => this.createSocket(),
      report: (record, error) => reportFailure(this, record, error),
      name: `syslog at ${describeAddress(address)}`,
      get onFailure() {
        return isStream() ? "resend" as const : "drop" as const;
      },
      retryStart: 1,
      retryMax: 30,
      retryFactor: 2,
    });
  }

  /** Refuses an unknown facility; subclasses with an own `encodePriority` may know others. */
  #requireFacility(facility: number | string): void {
    if (this.encodePriority !== SysLogHandler.prototype.encodePriority) return;
    codeOf(FACILITY_NAMES, facility, "facility");
  }

  /** Connects: to a Unix socket by whatever it takes, unless `socktype` says how. */
  async createSocket(): Promise<LogSocket> {
    const { address, socktype } = this;
    this.#isStream = socktype === SOCK_STREAM;
    if (typeof address === "string" && socktype === undefined) {
      try {
        const socket = await this.#connect();
        this.#isStream = true;
        return this.rfc5424 ? counting(socket) : socket;
      } catch (error) {
        // Only the text of the error tells: the errors of `connect` have no class of their own.
        if (!/wrong type/.test(String(error))) throw error;
      }
    }
    return await (this.#isStream ? this.#connect() : openDatagrams(address));
  }

  #connect(): Promise<LogSocket> {
    return connectStream(this.address, this.timeout * 1000);
  }

  /** The permission to connect to the address, or to send datagrams to it. */
  override requiredPermissions(): readonly Deno.PermissionDescriptor[] {
    const { address, socktype } = this;
    return socktype === SOCK_STREAM ? streamPermissions(address) : datagramPermissions(address);
  }

  /** The number of a priority of a facility, each given as a number or by its name. */
  encodePriority(facility: number | string, priority: number | string): number {
    return codeOf(FACILITY_NAMES, facility, "facility") << 3 |
      codeOf(PRIORITY_NAMES, priority, "priority");
  }

  /**
   * The name of the priority of a level; `warning` for a level that `priority_map` does not have.
   */
  mapPriority(levelName: string): string {
    return Object.hasOwn(this.priority_map, levelName) ? this.priority_map[levelName]! : "warning";
  }

  /** Makes the bytes of a message. */
  makeMessage(record: LogRecord): Uint8Array {
    const line = this.format(record);
    const priority = this.encodePriority(this.facility, this.mapPriority(record.levelname));
    if (!this.rfc5424) {
      return encoder.encode(`<${priority}>${this.ident}${line}${this.append_nul ? "\0" : ""}`);
    }
    const message = encoder.encode(rfc5424Header(priority, record, this.ident) + line);
    return this.socktype === SOCK_STREAM ? counted(message) : message;
  }

  /** Sends the record, in its turn. */
  emit(record: LogRecord): void {
    try {
      this.#outbox.push(record, this.makeMessage(record));
    } catch (error) {
      reportFailure(this, record, error);
    }
  }

  /** Resolves when every record is out, or the other end does not answer. */
  drain(): Promise<void> {
    return this.#outbox.drain();
  }

  /** Sends what is waiting, then disconnects. */
  override close(): void {
    this.#outbox.close();
    super.close();
  }
}

/** A message with its length before it (octet counting, RFC 6587): a stream has no other borders. */
function counted(message: Uint8Array): Uint8Array {
  const length = encoder.encode(`${message.length} `);
  const framed = new Uint8Array(length.length + message.length);
  framed.set(length);
  framed.set(message, length.length);
  return framed;
}

/** Counts messages for a Unix socket that turned out to be a stream when they were made already. */
function counting(socket: LogSocket): LogSocket {
  return {
    get isClosed() {
      return socket.isClosed;
    },
    send: (message) => socket.send(counted(message)),
    close: () => socket.close(),
  };
}

function checkAddress(address: unknown): void {
  if (typeof address === "string") return;
  if (Array.isArray(address) && typeof address[0] === "string" && Number.isInteger(address[1])) {
    const port: number = address[1];
    if (port > 0 && port <= 65_535) return;
    throw new RangeError(
      `Cannot use the syslog address: port ${port} is none, they are from 1 to 65535`,
    );
  }
  throw new TypeError(
    "Cannot use the syslog address: it must be a host and a port, or the path of a socket",
  );
}

/**
 * Refuses a `socktype` that is neither of the two: it would count as datagrams, even where it names
 * that of streams and lacks the `ext://` before it.
 */
function checkSocktype(socktype: unknown): void {
  if ([undefined, null, SOCK_STREAM, SOCK_DGRAM].includes(socktype as number)) return;
  throw new TypeError(
    `Cannot use socktype ${quote(socktype)}: it must be ${SOCK_STREAM} (socket.SOCK_STREAM) or ` +
      `${SOCK_DGRAM} (socket.SOCK_DGRAM); a dict names these by ext://`,
  );
}

function codeOf(
  codes: Readonly<Record<string, number>>,
  code: number | string,
  kind: string,
): number {
  if (typeof code === "number") return code;
  if (Object.hasOwn(codes, code)) return codes[code]!;
  throw new RangeError(
    `unknown syslog ${kind} ${quote(code)}, known are ${Object.keys(codes).join(", ")}`,
  );
}
