import { setField } from "../records/extra_fields.ts";
import { defaultManager } from "./manager.ts";
import type { LogRecord } from "../records/log_record.ts";

/**
 * Makes a record from its fields, such as those that came over the wire
 * (`logging.makeLogRecord`).
 *
 * `args` may be a mapping in place of a list, as in Python.
 *
 * @example
 * ```ts
 * import { getLogger, makeLogRecord } from "@logdial/logging";
 *
 * const fields = { name: "app", levelno: 20, levelname: "INFO", msg: "%d rows", args: [3] };
 * getLogger("app").handle(makeLogRecord(fields));
 * ```
 */
export function makeLogRecord(fields: Readonly<Record<string, unknown>>): LogRecord {
  const record = defaultManager.recordFactory("", 0, "", 0, "");
  for (const [key, value] of Object.entries(fields)) {
    setField(record, key, key === "args" ? toArguments(value) : value);
  }
  return record;
}

function toArguments(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}
