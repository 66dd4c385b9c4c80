import { getRaiseExceptions, writeDiagnostic } from "../../core/io/diagnostics.ts";
import { readEnv } from "../../core/runtime/read_env.ts";
import { isCompression, isHttpUrl, type OtlpHandlerOptions } from "./otlp_options.ts";

/** The settings that result from options and environment. */
export interface OtlpSettings {
  /** Where requests go. */
  readonly url: string;
  /** The collector's name in messages, which is not its URL: that may hold secrets. */
  readonly name: string;
  /** The permission to connect there. */
  readonly permission: Deno.NetPermissionDescriptor;
  readonly headers: Headers;
  /** Attributes of the resource. */
  readonly resource: ReadonlyMap<string, unknown>;
  /** In milliseconds, as all times here. */
  readonly timeout: number;
  readonly delay: number;
  readonly batchSize: number;
  readonly queueSize: number;
  readonly isCompressed: boolean;
  /** Whether `OTEL_SDK_DISABLED` turns it off. */
  readonly isDisabled: boolean;
}

/** Names of variables; a variable with a bad value is told of, and counts as not set. */
const ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT", LOGS_ENDPOINT = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT";
const PATH = "/v1/logs";

/** Reads the settings. */
export function readSettings(options: OtlpHandlerOptions): OtlpSettings {
  tellProtocol();
  const url = readUrl(options);
  const { origin, pathname, protocol, hostname, port } = new URL(url);
  if (protocol === "https:" && options.client === undefined) tellCertificates();
  const isCompressed = (options.compression ?? readCompression()) === "gzip";
  const host = `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
  return {
    url,
    name: `${origin}${pathname}`,
    permission: { name: "net", host },
    headers: readHeaders(options, isCompressed),
    resource: readResource(options),
    timeout: options.timeout ?? readNumber(1, exporterVariables("TIMEOUT")) ?? 10_000,
    delay: options.scheduleDelay ?? readNumber(0, ["OTEL_BLRP_SCHEDULE_DELAY"]) ?? 1000,
    batchSize: options.batchSize ?? readNumber(1, ["OTEL_BLRP_MAX_EXPORT_BATCH_SIZE"]) ?? 512,
    queueSize: options.queueSize ?? readNumber(1, ["OTEL_BLRP_MAX_QUEUE_SIZE"]) ?? 10_000,
    isCompressed,
    isDisabled: read("OTEL_SDK_DISABLED")?.toLowerCase() === "true",
  };
}

function readUrl({ endpoint }: OtlpHandlerOptions): string {
  if (endpoint !== undefined) return withPath(endpoint);
  const logs = readEndpoint(LOGS_ENDPOINT);
  return logs ?? withPath(readEndpoint(ENDPOINT) ?? "http://localhost:4318");
}

function readEndpoint(variable: string): string | undefined {
  const value = read(variable);
  if (value === undefined || isHttpUrl(value)) return value;
  tell(variable, "it must be a URL like http://localhost:4318");
  return undefined;
}

/** The path is added to that of the endpoint, in front of a query. */
function withPath(endpoint: string): string {
  const url = new URL(endpoint);
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith(PATH) ? path : `${path}${PATH}`;
  return url.href;
}

function readHeaders(options: OtlpHandlerOptions, isCompressed: boolean): Headers {
  const headers = new Headers();
  for (const variable of exporterVariables("HEADERS").reverse()) {
    for (const [name, value] of readList(variable) ?? []) {
      try {
        headers.set(name, value);
      } catch {
        tell(variable, `"${name}" cannot be a header`);
      }
    }
  }
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
  headers.set("content-type", "application/json");
  if (isCompressed) headers.set("content-encoding", "gzip");
  return headers;
}

function readResource(options: OtlpHandlerOptions): Map<string, unknown> {
  const resource = new Map<string, unknown>([
    ["service.name", "unknown_service:deno"],
    ["telemetry.sdk.name", "logdial"],
    ["telemetry.sdk.language", "deno"],
    ["process.pid", Deno.pid],
    ["process.runtime.name", "deno"],
    ["process.runtime.version", Deno.version.deno],
  ]);
  const given: [string, unknown][] = readList("OTEL_RESOURCE_ATTRIBUTES") ?? [];
  const name = read("OTEL_SERVICE_NAME");
  if (name !== undefined) given.push(["service.name", name]);
  for (const [key, value] of [...given, ...Object.entries(options.resource ?? {})]) {
    resource.set(key, value);
  }
  return resource;
}

/** The variable for logs, which wins, and the one for all signals. */
function exporterVariables(what: string): string[] {
  return [`OTEL_EXPORTER_OTLP_LOGS_${what}`, `OTEL_EXPORTER_OTLP_${what}`];
}

/** `key=value` with commas between, percent-encoded; one that is wrong spoils the list, as OpenTelemetry says. */
function readList(variable: string): [string, string][] | undefined {
  const text = read(variable);
  if (text === undefined) return undefined;
  const pairs: [string, string][] = [];
  for (const item of text.split(",")) {
    if (item.trim() === "") continue;
    const at = item.indexOf("=");
    const key = decode(item.slice(0, Math.max(0, at))), value = decode(item.slice(at + 1));
    if (key === undefined || key === "" || value === undefined) {
      tell(variable, 'it must be like "key1=value1,key2=value2", percent-encoded');
      return undefined;
    }
    pairs.push([key, value]);
  }
  return pairs;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    // The caller tells of it, with the variable's name.
    return undefined;
  }
}

function readNumber(least: number, variables: readonly string[]): number | undefined {
  for (const variable of variables) {
    const text = read(variable);
    if (text === undefined) continue;
    const number = Number(text);
    if (Number.isSafeInteger(number) && number >= least && number < 2 ** 31) return number;
    tell(variable, `it must be a whole number, ${least} or more`);
  }
  return undefined;
}

function readCompression(): string | undefined {
  for (const variable of exporterVariables("COMPRESSION")) {
    const text = read(variable);
    if (text === undefined) continue;
    if (isCompression(text)) return text;
    tell(variable, "it must be gzip or none");
  }
  return undefined;
}

/**
 * Tells that the protocol gRPC is not spoken: collectors take JSON where they take protobuf over
 * HTTP, but not where they take gRPC.
 */
function tellProtocol(): void {
  for (const variable of exporterVariables("PROTOCOL")) {
    if (read(variable) === "grpc") {
      tell(variable, "records go out as http/json, mostly to port 4318 instead of 4317");
    }
  }
}

/** Files with certificates are not read: without one, the collector may seem to refuse for no reason. */
function tellCertificates(): void {
  const names = ["CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY"];
  for (const variable of names.flatMap(exporterVariables)) {
    if (read(variable) !== undefined) {
      tell(variable, "certificates come from Deno.createHttpClient, by the option client");
    }
  }
}

/** As OpenTelemetry has it, an empty variable is one that is not set. */
function read(variable: string): string | undefined {
  return readEnv(variable)?.trim() || undefined;
}

/** Tells on stderr that a variable is wrong, without its value, which may be a secret. */
function tell(variable: string, rule: string): void {
  if (getRaiseExceptions()) writeDiagnostic(`logdial: cannot use ${variable}: ${rule}\n`);
}
