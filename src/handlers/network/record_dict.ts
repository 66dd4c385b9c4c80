import { freeName } from "../../core/format/json_writer.ts";
import { pyRepr } from "../../core/python/py_repr.ts";
import { allFields } from "../../core/records/record_extras.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { isError, thrownText } from "../../core/values/thrown.ts";

/** The attributes of Python's records, in their order. */
const NAMES = [
  "name",
  "msg",
  "args",
  "levelname",
  "levelno",
  "pathname",
  "filename",
  "module",
  "exc_info",
  "exc_text",
  "stack_info",
  "lineno",
  "funcName",
  "created",
  "msecs",
  "relativeCreated",
  "thread",
  "threadName",
  "processName",
  "process",
] as const;

/** A record's attributes by Python's names and in Python's order, then `extra` and the call's fields. */
export function recordDict(record: LogRecord): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const name of NAMES) fields.set(name, record[name]);
  for (const [name, value] of Object.entries(record)) {
    if (!fields.has(name) && value !== undefined) fields.set(name, value);
  }
  // Python's records have only attributes: so the receiver finds fields beside those of `extra`. A
  // field with the name of an attribute gets a `_` behind it, as in lines of JSON.
  const taken = new Set<string>([...NAMES, "message", "asctime"]);
  for (const [name, value] of allFields(record)) {
    if (value !== undefined) fields.set(freeName(name, taken), value);
  }
  return Object.fromEntries(fields);
}

/** Most items of one field. */
const MAX_ITEMS = 100_000;

/**
 * The JSON of fields with any values. A value that JSON does not have becomes the text of Python's
 * `repr`; a value that throws when it is read becomes the text of its error.
 */
export function toJson(fields: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(fields).map(([name, value]) => {
    return `${JSON.stringify(name)}:${valueJson(value)}`;
  });
  return `{${members.join(",")}}`;
}

function valueJson(value: unknown): string {
  try {
    // `plainJson` gives undefined for a `toJSON` that returns nothing.
    return plainJson(value) ?? "null";
  } catch (error) {
    return JSON.stringify(`[throws: ${thrownText(error)}]`);
  }
}

function plainJson(value: unknown): string | undefined {
  const above: unknown[] = [];
  let items = 0;
  return JSON.stringify(value, function (_key, item: unknown) {
    // `above` has the objects around the present one, to find circles.
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    switch (typeof item) {
      case "undefined":
        return null;
      case "bigint":
      case "symbol":
      case "function":
        return pyRepr(item);
      case "number":
        return Number.isFinite(item) ? item : pyRepr(item);
      case "object":
        if (item === null) return null;
        if (above.includes(item) || items++ > MAX_ITEMS) return "...";
        if (Array.isArray(item) && item.length > MAX_ITEMS) return "...";
        if (isError(item) || item instanceof Map || item instanceof Set) {
          return pyRepr(item);
        }
        above.push(item);
    }
    return item;
  });
}
