import { fieldsOf, LogRecord } from "./log_record.ts";
import { readOrTell } from "../values/thrown.ts";
import { addFields } from "./add_fields.ts";
import type { Fields } from "./shared_fields.ts";

/** The own properties that every record has, in their order; all others are the program's. */
export const RECORD_KEYS: readonly string[] = Object.keys(new LogRecord("", 0, "", 0, ""));
const FIRST_KEY = RECORD_KEYS[0], LAST_KEY = RECORD_KEYS.at(-1);

/** Whether the program has added properties: they stand behind the record's own, numeric ones before. */
export function hasExtra(record: LogRecord): boolean {
  const keys = Object.keys(record), count = keys.length;
  return count !== RECORD_KEYS.length || keys[0] !== FIRST_KEY || keys[count - 1] !== LAST_KEY;
}

/** Names of what the program has added to the record itself, by `extra` or a record factory. */
export function extraNames(record: LogRecord): string[] {
  return ownNames(record).filter((name) => !COMPUTED.has(name));
}

/**
 * The attributes that a record computes. A record that was made from another host's has them as
 * properties of its own; they are no fields there either.
 */
const COMPUTED: ReadonlySet<string> = new Set(
  ("pathname filename module lineno funcName msecs relativeCreated process processName thread " +
    "threadName taskName").split(" "),
);

/** All names that only this record has: of what the program has added, and of what is not computed. */
export function ownNames(record: LogRecord): string[] {
  return Object.keys(record).filter((name) => !RECORD_KEYS.includes(name));
}

/**
 * All fields of a record by name, with what the program has added to the record itself, and with
 * an argument that is fields, if there is one; what cannot be read says what it throws.
 */
export function allFields(record: LogRecord, argument?: Fields): Map<string, unknown> {
  const all = new Map<string, unknown>();
  const { context, bound, own } = fieldsOf(record);
  for (const name of hasExtra(record) ? extraNames(record) : []) {
    all.set(name, readOrTell(record, name));
  }
  for (const fields of [context?.values, bound?.values, argument, own]) {
    if (fields === undefined) continue;
    addFields(all, fields);
  }
  return all;
}
