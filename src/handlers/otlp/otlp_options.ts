import {
  checkOptions,
  isBoolean,
  isFilledText,
  isWholeNumber,
  type OptionRules,
} from "../../core/errors/check_options.ts";
import { quote } from "../../core/errors/quote.ts";
import { isDict } from "../../core/python/py_repr.ts";

/**
 * Options of `OtlpHandler`, in configurations its `kwargs`; what is left out is read from
 * OpenTelemetry's environment variables, where the program may read them.
 *
 * @example
 * ```ts
 * import { OtlpHandler, type OtlpHandlerOptions } from "@logdial/logging/otlp";
 *
 * const options: OtlpHandlerOptions = {
 *   endpoint: "http://localhost:4318",
 *   resource: { "service.name": "shop", "service.version": "1.4.0" },
 * };
 * new OtlpHandler(options).close();
 * ```
 */
export interface OtlpHandlerOptions {
  /**
   * URL of the collector; `/v1/logs` is added unless it ends so.
   *
   * @default `OTEL_EXPORTER_OTLP_LOGS_ENDPOINT`, which is taken as it is, then
   * `OTEL_EXPORTER_OTLP_ENDPOINT`, then http://localhost:4318
   */
  readonly endpoint?: string;
  /** Headers of each request, beside those of `OTEL_EXPORTER_OTLP_HEADERS` and `…_LOGS_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Attributes of the service that sends the records, such as `service.name`, beside those of
   * `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME`.
   */
  readonly resource?: Readonly<Record<string, unknown>>;
  /**
   * Milliseconds after which a request that is not answered has failed.
   *
   * @default `OTEL_EXPORTER_OTLP_LOGS_TIMEOUT`, then `OTEL_EXPORTER_OTLP_TIMEOUT`, then 10000
   */
  readonly timeout?: number;
  /** Milliseconds in which records are collected. @default `OTEL_BLRP_SCHEDULE_DELAY`, then 1000 */
  readonly scheduleDelay?: number;
  /** Most records of a request. @default `OTEL_BLRP_MAX_EXPORT_BATCH_SIZE`, then 512 */
  readonly batchSize?: number;
  /**
   * Records that may wait, those beyond are dropped and counted.
   *
   * @default `OTEL_BLRP_MAX_QUEUE_SIZE`, then 10000
   */
  readonly queueSize?: number;
  /** `"gzip"`, or `"none"`. @default `OTEL_EXPORTER_OTLP_COMPRESSION`, then none */
  readonly compression?: string;
  /** Whether file, line and function of the log call are sent, which takes 10 µs each. @default false */
  readonly caller?: boolean;
  /**
   * Certificates and the like, from `Deno.createHttpClient`; `OTEL_EXPORTER_OTLP_CERTIFICATE` is not
   * read, which is told.
   */
  readonly client?: Deno.HttpClient;
}

/** The longest time in milliseconds, and the most records, that an option may give. */
const MAX_TIME = 3_600_000, MAX_RECORDS = 1_000_000;

const OPTION_RULES: OptionRules<OtlpHandlerOptions> = {
  endpoint: (value) => isHttpUrl(value) ? undefined : "a URL like http://localhost:4318",
  headers: areHeaders,
  resource: (value) => typeof value === "object" && value !== null ? undefined : "an object",
  timeout: isWholeNumber(1, MAX_TIME),
  scheduleDelay: isWholeNumber(0, MAX_TIME),
  batchSize: isWholeNumber(1, MAX_RECORDS),
  queueSize: isWholeNumber(1, MAX_RECORDS),
  compression: (value) => isCompression(value) ? undefined : '"gzip" or "none"',
  caller: isBoolean,
  client: (value) => typeof value === "object" ? undefined : "what Deno.createHttpClient gives",
};

/** Accepts headers; the rule names one that is wrong without its value, which may be a secret. */
function areHeaders(value: unknown): string | undefined {
  // The entries of `Headers` and of a `Map` are no properties, so that none would be sent.
  if (!isDict(value)) return "an object of texts";
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== "string") return "an object of texts";
    if (!isHeader(name, text)) {
      return `an object of headers, and ${quote(name)} cannot be one: ` +
        "a name is ASCII without blanks, a value Latin-1 without line breaks";
    }
  }
  return undefined;
}

function isHeader(name: string, text: string): boolean {
  try {
    new Headers([[name, text]]);
    return true;
  } catch {
    // The runtime's own message shows the value.
    return false;
  }
}

/** Names of the options, as configurations give them. */
export const OTLP_PARAMETERS: readonly string[] = Object.keys(OPTION_RULES).map((name) =>
  `${name}?`
);

/**
 * Refuses options that are wrong.
 *
 * @throws {TypeError} An unknown one, or a value of another type.
 * @throws {RangeError} A number that is out of range.
 */
export function checkOtlpOptions(options: OtlpHandlerOptions): void {
  checkOptions("OtlpHandler", options, OPTION_RULES);
}

/** Whether a value is a URL of HTTP or HTTPS. */
export function isHttpUrl(value: unknown): boolean {
  return isFilledText(value) === undefined &&
    /^https?:$/.test(URL.parse(value as string)?.protocol ?? "");
}

/** Whether a value is a known compression. */
export function isCompression(value: unknown): value is "gzip" | "none" {
  return value === "gzip" || value === "none";
}
