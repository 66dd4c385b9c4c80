import { Handler, reportFailure } from "../../core/handlers/handler.ts";
import { requireText } from "../../core/formatters/require_text.ts";
import { pyRepr } from "../../core/python/py_repr.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import type { LogSocket } from "./log_socket.ts";
import { readPort, requireCredentials, requireName } from "./check_address.ts";
import { streamPermissions } from "./needed_permissions.ts";
import { Outbox } from "./outbox.ts";

/** Port of mail servers. */
const SMTP_PORT = 25;
/** Longest wait for the server in seconds, unless told otherwise. */
const TIMEOUT = 5;

/** The module's name is in a constant, so that Deno loads it only with the first mail. */
const NODEMAILER = "npm:nodemailer@10.6.0";

/** The part of nodemailer that is used here. */
interface Nodemailer {
  createTransport(options: Readonly<Record<string, unknown>>): Transport;
}

interface Transport {
  sendMail(mail: Readonly<Record<string, unknown>>): Promise<unknown>;
  on(event: "error", listener: (error: unknown) => void): void;
  close(): void;
}

/**
 * Sends each record as a mail (`logging.handlers.SMTPHandler`), by npm's `nodemailer`, which is
 * loaded with the first one.
 *
 * Mails go out one after the other when the program pauses, over one connection as long as there
 * are any, and keep the program alive until all are out; up to 10,000 wait. One that fails is
 * lost, and the next is tried a second later, after more failures up to 30 seconds later.
 * `await flush()` waits for them; `Deno.exit` and errors that nobody catches do not.
 *
 * Differs from CPython: with `secure` the server's certificate is checked.
 *
 * @example
 * ```ts
 * import { getLogger, SMTPHandler } from "@logdial/logging";
 *
 * const handler = new SMTPHandler(["localhost", 2525], "app@a.example", "ops@a.example", "Trouble");
 * handler.setLevel("CRITICAL");
 * getLogger().addHandler(handler);
 * ```
 */
export class SMTPHandler extends Handler {
  /** A failure to send is reported later, with the caller of the record. */
  override readonly keepsRecords: boolean = true;
  /** Host of the mail server. */
  mailhost: string;
  /** Port of the mail server, undefined for 25. */
  mailport: number | undefined;
  /** User and password. */
  credentials: readonly [user: string, password: string] | undefined;
  /** Address of the sender. */
  fromaddr: string;
  /** Addresses of the receivers. */
  toaddrs: readonly string[];
  /** Subject of the mails. */
  subject: string;
  /**
   * If given, credentials are sent only encrypted (STARTTLS): an empty list, or the names of a key
   * file and a certificate file. Without credentials it has no effect, as in CPython.
   */
  secure: readonly string[] | undefined;
  /** Longest wait for the server, in seconds. */
  timeout: number;
  readonly #outbox: Outbox<string>;
  #transport: Transport | undefined;

  /**
   * Takes what Python's takes; it connects when the first record comes. `timeout` is
   * {@linkcode SMTPHandler.timeout}, null for 5 seconds.
   *
   * @throws {TypeError} Addresses, credentials or files of another kind.
   */
  constructor(
    mailhost: string | readonly [host: string, port: number | null],
    fromaddr: string,
    toaddrs: string | readonly string[],
    subject: string,
    credentials?: readonly [user: string, password: string] | null,
    secure?: readonly string[] | null,
    timeout?: number | null,
  ) {
    const [host, port] = Array.isArray(mailhost) && mailhost.length === 2
      ? mailhost
      : [mailhost, null];
    requireName(host, "mailhost");
    const receivers = typeof toaddrs === "string" ? [toaddrs] : toaddrs;
    requireThat("fromaddr", fromaddr, isText(fromaddr), "a text");
    requireThat("toaddrs", toaddrs, isTexts(receivers), "an address, or a list of them");
    requireThat("subject", subject, isText(subject), "a text");
    requireCredentials(credentials);
    requireThat("secure", secure, isTexts(secure ?? []), "a list of files, maybe empty");
    const seconds = timeout ?? TIMEOUT;
    requireThat("timeout", timeout, seconds > 0, "a number of seconds above 0");
    super();
    this.mailhost = host;
    // As in CPython, 0 stands for the usual port.
    this.mailport = readPort(port, "mailhost with port", 0) ?? undefined;
    this.fromaddr = fromaddr;
    this.toaddrs = [...receivers];
    this.subject = subject;
    this.credentials = credentials ?? undefined;
    this.secure = secure === undefined || secure === null ? undefined : [...secure];
    this.timeout = Number(seconds);
    this.#outbox = new Outbox({
      connect: () => this.#connect(),
      report: (record, error) => reportFailure(this, record, error),
      onIdle: () => this.#disconnect(),
      name: host,
      onFailure: "pause",
      retryStart: 1,
      retryMax: 30,
      retryFactor: 2,
    });
  }

  /** The subject of a record's mail. */
  getSubject(_record: LogRecord): string {
    return this.subject;
  }

  /** The permission to connect to the mail server. */
  override requiredPermissions(): readonly Deno.PermissionDescriptor[] {
    const files = this.credentials === undefined ? [] : this.secure ?? [];
    return [
      ...streamPermissions([this.mailhost, this.mailport || SMTP_PORT]),
      ...files.map((path) => ({ name: "read", path }) as const),
    ];
  }

  /** Sends the record, in its turn. */
  emit(record: LogRecord): void {
    try {
      const subject = requireText(this.getSubject(record));
      // The mail has the record's time, since it may have to wait.
      const date = mailDate(record.created);
      const text = requireText(this.format(record));
      this.#outbox.push(record, JSON.stringify({ subject, text, date }));
    } catch (error) {
      reportFailure(this, record, error);
    }
  }

  /** Resolves when every mail is out, or the server does not take them. */
  drain(): Promise<void> {
    return this.#outbox.drain();
  }

  /** Sends what is waiting. */
  override close(): void {
    this.#outbox.close();
    super.close();
  }

  async #connect(): Promise<LogSocket<string>> {
    const { createTransport } = await loadNodemailer();
    const send = async (content: string): Promise<void> => {
      const isFirst = this.#transport === undefined;
      this.#transport ??= this.#open(createTransport);
      const mail = JSON.parse(content) as Readonly<Record<string, unknown>>;
      try {
        const to = this.toaddrs.map(mailAddress);
        await this.#transport.sendMail({ ...mail, from: mailAddress(this.fromaddr), to });
      } catch (error) {
        this.#disconnect();
        // The server may take no more mails over this connection.
        if (isFirst || !isForNow(error)) throw error;
        await send(content);
      }
    };
    return { isClosed: false, send, close: () => this.#disconnect() };
  }

  #open(createTransport: Nodemailer["createTransport"]): Transport {
    const transport = createTransport(this.#options());
    // A mail's promise tells of its failure; but an `error` event without a listener ends the program.
    transport.on("error", () => {});
    return transport;
  }

  /** Closes the connection, which would keep the program alive. */
  #disconnect(): void {
    this.#transport?.close();
    this.#transport = undefined;
  }

  #options(): Readonly<Record<string, unknown>> {
    const milliseconds = this.timeout * 1000;
    const isSecure = this.credentials !== undefined && this.secure !== undefined;
    const [key, cert = key] = isSecure ? this.secure! : [];
    const options = {
      host: this.mailhost,
      port: this.mailport || SMTP_PORT,
      timeout: milliseconds,
    };
    return {
      ...options,
      pool: true,
      maxConnections: 1,
      maxMessages: Infinity,
      // A mail of which nothing has been sent goes over a new connection if the server ends one.
      maxRequeues: 1,
      secure: false,
      requireTLS: isSecure,
      ignoreTLS: !isSecure,
      tls: key === undefined
        ? undefined
        : { key: Deno.readTextFileSync(key), cert: Deno.readTextFileSync(cert!) },
      // Nodemailer itself would look the name up first, and need permission for the address.
      getSocket: (_: unknown, done: GotSocket) => openSocket(options, done),
      auth: this.credentials && { user: this.credentials[0], pass: this.credentials[1] },
      connectionTimeout: milliseconds,
      greetingTimeout: milliseconds,
      socketTimeout: milliseconds,
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  }
}

/** Whether a server has refused a mail for the time being: answers from 400 to 499. */
function isForNow(error: unknown): boolean {
  const { responseCode } = error as { readonly responseCode?: unknown };
  return typeof responseCode === "number" && responseCode >= 400 && responseCode < 500;
}

/** A time in seconds as heads of mails have it; undefined, which stands for now, for one that is none. */
function mailDate(created: number): string | undefined {
  const date = new Date(Math.round(created * 1000));
  return Number.isNaN(date.getTime()) ? undefined : date.toUTCString().replace("GMT", "+0000");
}

/** An address as nodemailer takes it, which reads a local user's, such as `root`, as a name only. */
function mailAddress(text: string): string | { name: string; address: string } {
  return /^[^\s@<>()[\],;:"\\]+$/.test(text) ? { name: "", address: text } : text;
}

/** Called with a connection, or with the error why there is none. */
type GotSocket = (error: unknown, options?: { readonly connection: unknown }) => void;

/** Connects to a mail server, whose name is looked up on the way; `timeout` is in milliseconds. */
async function openSocket(
  { host, port, timeout }: { host: string; port: number; timeout: number },
  done: GotSocket,
): Promise<void> {
  const { connect } = await import("node:net");
  const socket = connect({ host, port });
  const fail = (error: unknown) => {
    socket.destroy();
    done(error);
  };
  socket.once("error", fail);
  socket.setTimeout(timeout, () => fail(new Error(`no connection to ${host}:${port} in time`)));
  socket.once("connect", () => {
    socket.removeListener("error", fail);
    socket.setTimeout(0);
    socket.removeAllListeners("timeout");
    done(null, { connection: socket });
  });
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function requireThat(what: string, value: unknown, isGood: boolean, rule: string): void {
  if (!isGood) throw new TypeError(`Cannot use ${what} ${pyRepr(value)}: it must be ${rule}`);
}

async function loadNodemailer(): Promise<Nodemailer> {
  try {
    return await import(NODEMAILER) as Nodemailer;
  } catch (cause) {
    throw new Error(`Cannot load ${NODEMAILER}, which sends the mails`, { cause });
  }
}
