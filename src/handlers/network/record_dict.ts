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

/** A record's fields by Python's names and in its order, those that `extra` and the call gave it last. */
export function recordDict(record: LogRecord): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const name of NAMES) fields.set(name, record[name]);
  for (const [name, value] of Object.entries(record)) {
    if (!fields.has(name) && value !== undefined) fields.set(name, value);
  }
  // Python has no fields but these: whoever gets the record finds them where `extra` has its own,
  // and one with the name of an attribute with a `_` behind it, as in lines of JSON.
  const taken = new Set<string>([...NAMES, "message", "asctime"]);
  for (const [name, value] of allFields(record)) {
    if (value !== undefined) fields.set(freeName(name, taken), value);
  }
  return Object.fromEntries(fields);
}

/** Items of one field beyond which they are cut. */
const MAX_ITEMS = 100_000;

/**
 * JSON of fields of any values; what JSON does not have becomes what Python's `repr` shows,
 * and what throws when it is read says what it threw.
 */
export function toJson(fields: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(fields).map(([name, value]) => {
    return `${JSON.stringify(name)}:${valueJson(value)}`;
  });
  return `{${members.join(",")}}`;
}

function valueJson(value: unknown): string {
  try {
    // Undefined for a `toJSON` that gives nothing.
    return plainJson(value) ?? "null";
  } catch (error) {
    return JSON.stringify(`[throws: ${thrownText(error)}]`);
  }
}

function plainJson(value: unknown): string | undefined {
  const above: unknown[] = [];
  let items = 0;
  return JSON.stringify(value, function (_key, item: unknown) {
    // The objects around the one that is being written, for circles.
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
