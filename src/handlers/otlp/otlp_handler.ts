import { Formatter } from "../../core/formatters/formatter.ts";
import { Handler, reportFailure } from "../../core/handlers/handler.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { anyValue, plainText } from "./any_value.ts";
import { BatchSender, type Item } from "./batch_sender.ts";
import { checkOtlpOptions, type OtlpHandlerOptions } from "./otlp_options.ts";
import { otlpRecord, textOf } from "./otlp_record.ts";
import { type OtlpSettings, readSettings } from "./otlp_settings.ts";
import { postLogs } from "./post_logs.ts";

/** The formatter of errors' texts, if the handler has none of its own. */
const PLAIN_FORMATTER = new Formatter();

/**
 * Sends records to an OpenTelemetry collector, as OTLP/JSON over HTTP, many in each request.
 *
 * The logger's name is the scope, fields are attributes, errors are `exception.type`, `.message`
 * and `.stacktrace`, and the record carries the ids of the span in which it was made, whoever
 * manages spans: `@opentelemetry/api`, or Deno where `OTEL_DENO=true`. Deno itself exports what
 * goes through `console` only, so that nothing arrives twice.
 *
 * Requests are made when the thread pauses, and when the program comes to its end. While the
 * collector cannot be reached, or asks for a pause, records wait; those beyond `queueSize`, and
 * those that the collector refuses, are dropped, counted in {@linkcode OtlpHandler.dropped} and
 * told on stderr. `Deno.exit`, errors that nobody catches and the end of a worker do not wait:
 * `await flush()` before. In a thread that computes nothing goes out before it pauses.
 *
 * Known as `class=logdial.OtlpHandler` where the program imports `@logdial/logging/otlp`.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { OtlpHandler } from "@logdial/logging/otlp";
 *
 * const handler = new OtlpHandler({ resource: { "service.name": "shop" } });
 * getLogger().addHandler(handler);
 * getLogger("shop.cart").warning("cart is full", { user: "kim", items: 100 });
 * await handler.flush();
 * getLogger().removeHandler(handler);
 * ```
 */
export class OtlpHandler extends Handler {
  /** The collector as given; this and the options below are undefined if they were not given. */
  readonly endpoint: string | undefined;
  /** Headers of each request. */
  readonly headers: OtlpHandlerOptions["headers"];
  /** Attributes of the service that sends the records. */
  readonly resource: OtlpHandlerOptions["resource"];
  /** Milliseconds that a request may take. */
  readonly timeout: number | undefined;
  /** Milliseconds in which records are collected. */
  readonly scheduleDelay: number | undefined;
  /** Most records of a request. */
  readonly batchSize: number | undefined;
  /** Records that may wait. */
  readonly queueSize: number | undefined;
  /** How requests are compressed. */
  readonly compression: string | undefined;
  /** Whether to send where the log call was made. */
  readonly caller: boolean | undefined;
  /** The client that makes the connections. */
  readonly client: Deno.HttpClient | undefined;
  readonly #settings: OtlpSettings;
  readonly #sender: BatchSender;
  /** The JSON of the resource, which stands before the records of each request. */
  readonly #resourceJson: string;

  /**
   * Connects when the first records go out.
   *
   * @throws {TypeError} An unknown option, or a value of another type.
   * @throws {RangeError} A number that is out of range.
   */
  constructor(options: OtlpHandlerOptions = {}) {
    checkOtlpOptions(options);
    super();
    this.endpoint = options.endpoint;
    this.headers = options.headers;
    this.resource = options.resource;
    this.timeout = options.timeout;
    this.scheduleDelay = options.scheduleDelay;
    this.batchSize = options.batchSize;
    this.queueSize = options.queueSize;
    this.compression = options.compression;
    this.caller = options.caller;
    this.client = options.client;
    const settings = readSettings(options);
    this.#settings = settings;
    const attributes = [...settings.resource].map(([key, value]) => ({
      key: plainText(key),
      value: anyValue(value),
    }));
    this.#resourceJson = JSON.stringify({ attributes });
    this.#sender = new BatchSender({
      ...settings,
      post: (items) => postLogs(this.#request(items), settings, this.client),
    });
  }

  /** Where requests go. */
  get url(): string {
    return this.#settings.url;
  }

  /** How many records were dropped so far, here or by the collector. */
  get dropped(): number {
    return this.#sender.dropped;
  }

  /** Why it sends nothing: `OTEL_SDK_DISABLED=true` in the environment turns it off. */
  override get silence(): string | undefined {
    return this.#settings.isDisabled ? "OTEL_SDK_DISABLED is true" : undefined;
  }

  /** The permission to connect to the collector. */
  override requiredPermissions(): readonly Deno.PermissionDescriptor[] {
    return [this.#settings.permission];
  }

  /** Takes the record; returns false also if it is turned off, since nothing is sent then. */
  override handle(record: LogRecord): LogRecord | boolean {
    return this.#settings.isDisabled ? false : super.handle(record);
  }

  /** Sends the record, in its turn. */
  emit(record: LogRecord): void {
    if (this.#settings.isDisabled) return;
    try {
      const json = otlpRecord(record, {
        formatter: this.formatter,
        errorFormatter: this.formatter ?? PLAIN_FORMATTER,
        hasCaller: this.caller === true,
      });
      this.#sender.push({ scope: textOf(record.name), json });
    } catch (error) {
      reportFailure(this, record, error);
    }
  }

  /**
   * Sends what is waiting. Resolves when all is out, or the collector has failed, or has not
   * answered for a second; `flush()` of the package waits for it too.
   */
  override flush(): Promise<void> {
    return this.#sender.drain();
  }

  /** As {@linkcode OtlpHandler.flush}, by the name that other network handlers have for it. */
  drain(): Promise<void> {
    return this.flush();
  }

  /**
   * So `flush()` of the package waits once only for a collector that does not answer.
   *
   * @internal
   */
  get drainFlushes(): boolean {
    return true;
  }

  /** Sends what is waiting. */
  override close(): void {
    this.#sender.close();
    super.close();
  }

  /** The body of a request, the records of each logger together. */
  #request(items: readonly Item[]): string {
    const scopes = new Map<string, string[]>();
    for (const { scope, json } of items) {
      const records = scopes.get(scope);
      if (records === undefined) scopes.set(scope, [json]);
      else records.push(json);
    }
    const scopeLogs = [...scopes].map(([name, records]) =>
      `{"scope":${JSON.stringify({ name: plainText(name) })},"logRecords":[${records.join(",")}]}`
    );
    return `{"resourceLogs":[{"resource":${this.#resourceJson},` +
      `"scopeLogs":[${scopeLogs.join(",")}]}]}`;
  }
}
