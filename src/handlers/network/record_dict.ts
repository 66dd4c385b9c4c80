import { jsonOf } from "../../core/format/json_value.ts";
import { freeName } from "../../core/format/json_writer.ts";
import { allFields } from "../../core/records/record_extras.ts";
import type { LogRecord } from "../../core/records/log_record.ts";

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

/** The JSON of fields with any values, which are written as a `JsonFormatter` writes them. */
export function toJson(fields: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(fields).map(([name, value]) => {
    return `${JSON.stringify(name)}:${jsonOf(value)}`;
  });
  return `{${members.join(",")}}`;
}
