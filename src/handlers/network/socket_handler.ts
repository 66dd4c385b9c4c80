import { Formatter } from "../../core/formatters/formatter.ts";
import { Handler, reportFailure } from "../../core/handlers/handler.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { readPort, requireName } from "./check_address.ts";
import {
  connectStream,
  describeAddress,
  type LogSocket,
  type SocketAddress,
} from "./log_socket.ts";
import { streamPermissions } from "./needed_permissions.ts";
import { Outbox } from "./outbox.ts";
import { recordDict, toJson } from "./record_dict.ts";

const encoder = new TextEncoder();

/** Milliseconds for connecting, and for sending one record; Python's. */
const TIMEOUT = 1000;

/**
 * Sends records by TCP, or to a Unix socket if `port` is null, one line of JSON for each
 * (`logging.handlers.SocketHandler`).
 *
 * Records are sent in their order when the program pauses, and keep it alive until they
 * are out; up to 10,000 wait while the other end is away, those beyond are counted and
 * told. `Deno.exit` and errors that nobody catches do not wait: `await handler.drain()`
 * before.
 *
 * Differs from CPython: that sends pickles. Reading a pickle runs whatever code it says,
 * so nobody should read one from a socket, and this does not write them. The fields are
 * the same: `msg` merged with its arguments, `args` and `exc_info` null. Values that JSON has no
 * form for are written as by a `JsonFormatter`.
 *
 * @example
 * ```ts
 * import { DEFAULT_TCP_LOGGING_PORT, getLogger, SocketHandler } from "@logdial/logging";
 *
 * getLogger().addHandler(new SocketHandler("localhost", DEFAULT_TCP_LOGGING_PORT));
 * ```
 */
export class SocketHandler extends Handler {
  /** A failure to send is reported later, with the caller of the record. */
  override readonly keepsRecords: boolean = true;
  /** Host, or path of the Unix socket. */
  host: string;
  /** Port, null for a Unix socket. */
  port: number | null;
  /** Whether a failure is told only by a new connection. */
  closeOnError = false;
  /** Seconds from the first failure to the next try. */
  retryStart = 1.0;
  /** Most seconds from one try to the next. */
  retryMax = 30.0;
  /** The factor by which each pause is longer than the one before. */
  retryFactor = 2.0;
  readonly #outbox: Outbox<Uint8Array>;

  /**
   * Connects when the first record comes.
   *
   * @throws {TypeError} A host or a port of another type.
   * @throws {RangeError} A port that there is not.
   */
  constructor(host: string, port: number | null) {
    requireName(host, "host");
    const number = readPort(port);
    super();
    this.host = host;
    this.port = number;
    this.#outbox = new Outbox(this.#options());
  }

  /** Where it sends to. */
  get address(): SocketAddress {
    return this.port === null ? this.host : [this.host, this.port];
  }

  /** Makes a connection. */
  makeSocket(): Promise<LogSocket> {
    return connectStream(this.address, TIMEOUT);
  }

  /** The permission to connect to the address. */
  override requiredPermissions(): readonly Deno.PermissionDescriptor[] {
    return streamPermissions(this.address);
  }

  /** Makes the bytes of a record: a line of JSON (`makePickle`). */
  makeMessage(record: LogRecord): Uint8Array {
    // Formatting puts the error's text into `exc_text`.
    if (record.exc_info) this.format(record);
    const { message: _, ...fields } = recordDict(record);
    const exc_text = fields.exc_text ?? this.#errorText(record);
    const json = toJson({
      ...fields,
      msg: record.getMessage(),
      args: null,
      exc_info: null,
      exc_text,
    });
    return encoder.encode(json + "\n");
  }

  /** The text of an error that the formatter has put elsewhere, as a `JsonFormatter` does. */
  #errorText({ exc_info }: LogRecord): string | undefined {
    if (!exc_info) return undefined;
    const { formatter } = this;
    const maker = typeof formatter?.formatException === "function" ? formatter : new Formatter();
    return maker.formatException(exc_info);
  }

  /** Sends the record, in its turn. */
  emit(record: LogRecord): void {
    try {
      this.#outbox.push(record, this.makeMessage(record));
    } catch (error) {
      reportFailure(this, record, error);
    }
  }

  /** Tells of a failure, unless it is to be passed over by connecting anew. */
  override handleError(record: LogRecord, error: unknown): void {
    if (!this.closeOnError) super.handleError(record, error);
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

  /** What happens to a record that could not be sent. */
  protected get onFailure(): "resend" | "drop" {
    return "resend";
  }

  #options() {
    // The fields are read when they are needed, since they can be set after the handler was made.
    const handler = this;
    return {
      connect: () => handler.makeSocket(),
      report: (record: LogRecord, error: unknown) => reportFailure(handler, record, error),
      get name() {
        return `${handler.constructor.name} to ${describeAddress(handler.address)}`;
      },
      get onFailure() {
        return handler.onFailure;
      },
      get retryStart() {
        return handler.retryStart;
      },
      get retryMax() {
        return handler.retryMax;
      },
      get retryFactor() {
        return handler.retryFactor;
      },
    };
  }
}
