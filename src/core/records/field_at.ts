import { readOrTell } from "../values/thrown.ts";
import { fieldOf, type LogRecord } from "./log_record.ts";

/**
 * The value of a field of a record by its path, such as `user.id`, wherever it comes from: the
 * call, its bound logger, its context or `extra`. Undefined if there is none.
 */
export function fieldAt(record: LogRecord, path: string): unknown {
  const whole = fieldNamed(record, path);
  if (whole !== undefined || !path.includes(".")) return whole;
  const [first, ...rest] = path.split(".");
  let value = fieldNamed(record, first!);
  for (const name of rest) {
    if (typeof value !== "object" || value === null) return undefined;
    value = readOrTell(value, name);
  }
  return value;
}

/** The value of a field of a record by its whole name; undefined if there is none. */
export function fieldNamed(record: LogRecord, name: string): unknown {
  const field = fieldOf(record, name);
  if (field !== undefined) return field.value;
  return Object.hasOwn(record, name) ? readOrTell(record, name) : undefined;
}
