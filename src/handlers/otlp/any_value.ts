import { jsonOf } from "../../core/format/json_value.ts";
import { cutText } from "../../core/format/json_writer.ts";

/** A value as OTLP has it, `AnyValue` of its protobuf files; without a member it is empty. */
export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  /** 64 bits do not fit a number of JSON. */
  readonly intValue?: string;
  readonly doubleValue?: number | "NaN" | "Infinity" | "-Infinity";
  readonly bytesValue?: string;
  readonly arrayValue?: { readonly values: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values: readonly KeyValue[] };
}

/** A named value. */
export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

/** Longest text, and longest JSON of one value, in characters; longer ones are cut. */
const LONGEST_VALUE = 100_000;
/** Largest and smallest number of 64 bits. */
const MAX_INT = 2n ** 63n - 1n, MIN_INT = -(2n ** 63n);

/** Any value as OTLP has it; it never throws. */
export function anyValue(value: unknown): AnyValue {
  switch (typeof value) {
    case "string":
      return { stringValue: plainText(value) };
    case "number":
      return numberValue(value);
    case "boolean":
      return { boolValue: value };
    case "bigint":
      if (value > MAX_INT || value < MIN_INT) return { stringValue: plainText(String(value)) };
      return { intValue: String(value) };
    case "undefined":
      return {};
  }
  if (value === null) return {};
  const bytesValue = bytesOf(value);
  if (bytesValue !== undefined) return { bytesValue };
  // A value that is no plain data has the same form as in lines of JSON.
  const json = jsonOf(value);
  if (json.length > LONGEST_VALUE) return { stringValue: plainText(json) };
  return plainValue(JSON.parse(json));
}

/** The value of plain data, as it comes from JSON. */
function plainValue(value: unknown): AnyValue {
  if (typeof value !== "object" || value === null) return anyValue(value);
  if (Array.isArray(value)) return { arrayValue: { values: value.map(plainValue) } };
  const values: KeyValue[] = [];
  for (const [key, item] of Object.entries(value)) {
    values.push({ key: key.toWellFormed(), value: plainValue(item) });
  }
  return { kvlistValue: { values } };
}

function numberValue(value: number): AnyValue {
  if (Number.isSafeInteger(value)) return { intValue: String(value) };
  if (Number.isFinite(value)) return { doubleValue: value };
  return { doubleValue: String(value) as "NaN" | "Infinity" | "-Infinity" };
}

/** A text without halves of surrogate pairs, for which protobuf would refuse the whole request. */
export function plainText(text: string): string {
  return cutText(text, LONGEST_VALUE).toWellFormed();
}

/** The base64 of bytes, unless they are too many; undefined for all else. */
function bytesOf(value: unknown): string | undefined {
  try {
    if (!(value instanceof Uint8Array) || value.length > LONGEST_VALUE) return undefined;
    // A buffer that was transferred to another thread is empty, and `toBase64` would throw.
    return value.length === 0 ? "" : Uint8Array.prototype.toBase64.call(value);
  } catch {
    // It is a proxy, or only looks like bytes.
    return undefined;
  }
}
