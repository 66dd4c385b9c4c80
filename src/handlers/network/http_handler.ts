import { argsRepr, pyStr } from "../../core/python/py_repr.ts";
import { Handler, reportFailure } from "../../core/handlers/handler.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { requireCredentials, requireName } from "./check_address.ts";
import { fetchReason } from "./fetch_reason.ts";
import { Outbox } from "./outbox.ts";
import { recordDict } from "./record_dict.ts";
import { limitTime } from "./time_limit.ts";

const TIMEOUT = 10_000;

/**
 * Sends records to a web server, one request for each, the fields as those of a form
 * (`logging.handlers.HTTPHandler`).
 *
 * Requests are made one after the other when the program pauses, and keep it alive until
 * all are answered, each for at most 10 seconds; up to 10,000 wait, those beyond are
 * counted and told. One that fails is lost, and the next is made a second later, after
 * more failures up to 30 seconds later. As in CPython any answer will do, `404` as well.
 * `Deno.exit` and errors that nobody catches do not wait: `await handler.drain()` before.
 *
 * @example
 * ```ts
 * import { getLogger, HTTPHandler } from "@logdial/logging";
 *
 * getLogger().addHandler(new HTTPHandler("localhost:9022", "/log", "POST"));
 * ```
 */
export class HTTPHandler extends Handler {
  /** A failure to send is reported later, with the caller of the record. */
  override readonly keepsRecords: boolean = true;
  /** Host, with a port after a colon if need be. */
  host: string;
  /** Path, perhaps with a query. */
  url: string;
  /** `GET` or `POST`. */
  method: string;
  /** Whether to use HTTPS. */
  secure: boolean;
  /** User and password. */
  credentials: readonly [user: string, password: string] | undefined;
  /** Certificates and the like, from `Deno.createHttpClient`. */
  context: Deno.HttpClient | undefined;
  readonly #outbox: Outbox<string>;

  /**
   * Connects when the first record comes.
   *
   * @throws {RangeError} Another method, or a context without HTTPS; in Python's words. Port 0.
   * @throws {TypeError} An argument of another type, or a host with more than a name and a port.
   */
  constructor(
    host: string,
    url: string,
    method = "GET",
    secure = false,
    credentials?: readonly [user: string, password: string] | null,
    context?: Deno.HttpClient | null,
  ) {
    requireName(host, "host");
    // A subclass that sends in its own way may have others.
    if (new.target.prototype.send === HTTPHandler.prototype.send) requireHost(host);
    requireName(url, "URL");
    const upper = String(method).toUpperCase();
    if (upper !== "GET" && upper !== "POST") throw new RangeError("method must be GET or POST");
    if (!secure && (context ?? undefined) !== undefined) {
      throw new RangeError("context parameter only makes sense with secure=True");
    }
    requireCredentials(credentials);
    super();
    this.host = host;
    this.url = url;
    this.method = upper;
    this.secure = Boolean(secure);
    this.credentials = credentials ?? undefined;
    this.context = context ?? undefined;
    const socket = { isClosed: false, send: (data: string) => this.send(data), close() {} };
    this.#outbox = new Outbox({
      connect: () => Promise.resolve(socket),
      report: (record, error) => reportFailure(this, record, error),
      name: host,
      onFailure: "pause",
      retryStart: 1,
      retryMax: 30,
      retryFactor: 2,
    });
  }

  /** The fields to send. */
  mapLogRecord(record: LogRecord): Record<string, unknown> {
    return recordDict(record);
  }

  /** The permission to connect to the host. */
  override requiredPermissions(): readonly Deno.PermissionDescriptor[] {
    const address = URL.parse(`${this.secure ? "https" : "http"}://${this.host}/`);
    // A subclass that sends in its own way knows what it needs.
    if (address === null) return [];
    const port = address.port || (this.secure ? "443" : "80");
    return [{ name: "net", host: `${address.hostname}:${port}` }];
  }

  /** Makes one request; `data` are the fields as of a form. */
  async send(data: string): Promise<void> {
    requireHost(this.host);
    const isPost = this.method === "POST";
    const headers = new Headers();
    if (isPost) headers.set("Content-type", "application/x-www-form-urlencoded");
    if (this.credentials !== undefined) {
      const [user, password] = this.credentials;
      headers.set("Authorization", `Basic ${toBase64(`${user}:${password}`)}`);
    }
    // `fetch` sends nothing from a `#` on; Python sends it as it is.
    const path = this.url.replace(/^\//, "").replaceAll("#", "%23");
    const base = `${this.secure ? "https" : "http"}://${this.host}/${path}`;
    const target = isPost ? base : `${base}${base.includes("?") ? "&" : "?"}${data}`;
    const limit = limitTime(TIMEOUT);
    try {
      const response = await fetch(target, {
        method: this.method,
        headers,
        body: isPost ? data : undefined,
        client: this.context,
        redirect: "manual",
        signal: limit.signal,
      });
      await response.body?.cancel();
    } catch (error) {
      throw new Error(`Cannot send to ${this.host}: ${fetchReason(error)}`);
    } finally {
      limit.end();
    }
  }

  /** Sends the record, in its turn. */
  emit(record: LogRecord): void {
    try {
      this.#outbox.push(record, urlEncode(this.mapLogRecord(record)));
    } catch (error) {
      reportFailure(this, record, error);
    }
  }

  /** Resolves when every record is out, or the server does not answer. */
  drain(): Promise<void> {
    return this.#outbox.drain();
  }

  /** Sends what is waiting. */
  override close(): void {
    this.#outbox.close();
    super.close();
  }
}

/**
 * Refuses what is more than a host and a port: of a URL, `http` was the host that got all records, with
 * user and password. What is wrong is not shown, since it may be a password.
 */
function requireHost(host: string): void {
  const address = URL.parse(`http://${host}/`);
  if (address !== null && address.href === `http://${address.host}/`) {
    if (address.port !== "0") return;
    throw new RangeError("Cannot use host: its port must be from 1 to 65535, and is 0");
  }
  throw new TypeError(
    'Cannot use host: it must be a name or an address, with a port behind ":" if need be; ' +
      "secure is for https, url for the path",
  );
}

/** Python's `urllib.parse.urlencode`. */
function urlEncode(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${quotePlus(name)}=${quotePlus(fieldText(name, value))}`)
    .join("&");
}

function quotePlus(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}

function fieldText(name: string, value: unknown): string {
  if (value === undefined || value === null) return "None";
  return name === "args" && Array.isArray(value) ? argsRepr(value) : pyStr(value);
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
