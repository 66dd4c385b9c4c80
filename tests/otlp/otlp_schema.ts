/**
 * The JSON of OTLP's log messages, as `opentelemetry/proto/{logs,common,resource,collector/logs}`
 * and its specification have it, strictly: what a receiver would pass over, or read as something
 * else, is a fault here.
 */

type Check = (value: unknown, path: string) => void;

/** A message: its fields in lowerCamelCase. One of `oneof` may be set at most. */
function message(fields: () => Record<string, Check>, oneof: readonly string[] = []): Check {
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new Error(`${path} must be an object, not ${JSON.stringify(value)}`);
    }
    const known = fields();
    for (const [name, item] of Object.entries(value)) {
      const check = known[name];
      if (check === undefined) throw new Error(`${path} has no field ${name}`);
      check(item, `${path}.${name}`);
    }
    const set = oneof.filter((name) => name in value);
    if (set.length > 1) throw new Error(`${path} has more than one of ${set}`);
  };
}

function repeated(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw new Error(`${path} must be a list`);
    value.forEach((item, at) => check(item, `${path}[${at}]`));
  };
}

function when(rule: string, test: (value: unknown) => boolean): Check {
  return (value, path) => {
    if (!test(value)) throw new Error(`${path} must be ${rule}, not ${JSON.stringify(value)}`);
  };
}

const text = when(
  "a text without halves of characters",
  (value) => typeof value === "string" && value.isWellFormed(),
);
const uint32 = when("a whole number of 32 bits", (value) => isWhole(value, 0, 2 ** 32 - 1));
const int64 = when("a text of 64 bits with a sign", (value) => {
  return typeof value === "string" && /^(0|-?[1-9]\d*)$/.test(value) &&
    BigInt.asIntN(64, BigInt(value)) === BigInt(value);
});
const fixed64 = when("a text of 64 bits", (value) => {
  return typeof value === "string" && /^(0|[1-9]\d*)$/.test(value) &&
    BigInt.asUintN(64, BigInt(value)) === BigInt(value);
});
const severity = when("a number of the enum, not its name", (value) => isWhole(value, 0, 24));
const double = when("a number", (value) => {
  return typeof value === "number" || ["NaN", "Infinity", "-Infinity"].includes(value as string);
});
const base64 = when("base64", (value) => {
  return typeof value === "string" && value.length % 4 === 0 && /^[\w+/]*={0,2}$/.test(value);
});

function id(bytes: number): Check {
  return when(`${bytes} bytes in hexadecimal, not all zero`, (value) => {
    return typeof value === "string" && new RegExp(`^[0-9a-fA-F]{${bytes * 2}}$`).test(value) &&
      /[^0]/.test(value);
  });
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

const anyValue: Check = message(
  () => ({
    stringValue: text,
    boolValue: when("true or false", (value) => typeof value === "boolean"),
    intValue: int64,
    doubleValue: double,
    arrayValue: message(() => ({ values: repeated(anyValue) })),
    kvlistValue: message(() => ({ values: attributes(true) })),
    bytesValue: base64,
  }),
  [
    "stringValue",
    "boolValue",
    "intValue",
    "doubleValue",
    "arrayValue",
    "kvlistValue",
    "bytesValue",
  ],
);

const keyValue = message(() => ({ key: text, value: anyValue }));

/** Keys are unique, and those of attributes are not empty. */
function attributes(mayBeEmpty = false): Check {
  return (value, path) => {
    repeated(keyValue)(value, path);
    const keys = (value as { key?: string }[]).map(({ key }) => key ?? "");
    if (new Set(keys).size < keys.length) throw new Error(`${path} has a key twice: ${keys}`);
    if (!mayBeEmpty && keys.includes("")) throw new Error(`${path} has an empty key`);
  };
}

const logRecord: Check = (value, path) => {
  message(() => ({
    timeUnixNano: fixed64,
    observedTimeUnixNano: fixed64,
    severityNumber: severity,
    severityText: text,
    body: anyValue,
    attributes: attributes(),
    droppedAttributesCount: uint32,
    flags: uint32,
    traceId: id(16),
    spanId: id(8),
    eventName: text,
  }))(value, path);
  const { observedTimeUnixNano, spanId, traceId } = value as Record<string, unknown>;
  if (Number(observedTimeUnixNano) === 0) throw new Error(`${path} was never observed`);
  if (spanId !== undefined && traceId === undefined) throw new Error(`${path} has a span only`);
};

const scopeLogs = message(() => ({
  scope: message(() => ({
    name: text,
    version: text,
    attributes: attributes(),
    droppedAttributesCount: uint32,
  })),
  logRecords: filled(logRecord),
  schemaUrl: text,
}));

/** Empty envelopes are not to be sent. */
function filled(check: Check): Check {
  return (value, path) => {
    repeated(check)(value, path);
    if ((value as unknown[]).length === 0) throw new Error(`${path} is empty`);
  };
}

const request = message(() => ({
  resourceLogs: filled(message(() => ({
    resource: message(() => ({ attributes: attributes(), droppedAttributesCount: uint32 })),
    scopeLogs: filled(scopeLogs),
    schemaUrl: text,
  }))),
}));

/** A record as it was received. */
export interface ReceivedRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
  readonly droppedAttributesCount?: number;
  readonly flags?: number;
  readonly traceId?: string;
  readonly spanId?: string;
}

/** An `ExportLogsServiceRequest`, as far as it is read here. */
export interface LogsRequest {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: unknown }[] };
    readonly scopeLogs: readonly {
      readonly scope: { readonly name: string };
      readonly logRecords: readonly ReceivedRecord[];
    }[];
  }[];
}

/**
 * Reads a request.
 *
 * @throws {Error} What breaks the schema, and where.
 */
export function readLogsRequest(body: string): LogsRequest {
  const value: unknown = JSON.parse(body);
  request(value, "request");
  return value as LogsRequest;
}
