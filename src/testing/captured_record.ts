import { Formatter } from "../core/formatters/formatter.ts";
import { type ReadRecord, readRecord } from "../core/formatters/read_record.ts";
import { jsonOf } from "../core/format/json_value.ts";
import { isPlainObject } from "../core/python/py_repr.ts";
import { setField } from "../core/records/extra_fields.ts";
import type { LogRecord } from "../core/records/log_record.ts";
import { readOrTell } from "../core/values/thrown.ts";

/**
 * A record as it was when it was logged: what happens later to its arguments, and to objects, lists,
 * maps and sets among its fields, does not change it.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { type CapturedRecord, captureLogs } from "@logdial/logging/testing";
 *
 * using logs = captureLogs("app");
 * getLogger("app").info("%d rows", 3, { table: "users" });
 * const record: CapturedRecord = logs.records[0]!;
 * console.log(record.message, record.fields.table); // 3 rows users
 * ```
 */
export interface CapturedRecord {
  /** Name of its level. */
  readonly level: string;
  /** Number of its level. */
  readonly levelno: number;
  /** Name of its logger. */
  readonly logger: string;
  /** The message with its arguments merged in. */
  readonly message: string;
  /** Fields that the program has given it. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The error that it carries, if any. */
  readonly error: unknown;
  /** The record itself. */
  readonly record: LogRecord;
}

/** Copies a record while the log call lasts. */
export function capturedRecord(record: LogRecord): CapturedRecord {
  record.resolveCaller();
  const { levelname, levelno, name, exc_info } = record;
  const read = readRecord(record);
  return {
    level: levelname,
    levelno,
    logger: name,
    message: textOf(read),
    fields: copyOf(Object.fromEntries(read.fields)) as Record<string, unknown>,
    error: exc_info,
    record,
  };
}

/** The merged message; one that does not fit its arguments says so, as in lines. */
function textOf({ message, args, problem }: ReadRecord): string {
  const rest = args.length === 0 ? "" : ` ${jsonOf(args)}`;
  return problem === undefined ? `${message}${rest}` : `${message}${rest} [${problem}]`;
}

/** Plain objects, lists, maps and sets as they are now, all else itself. */
function copyOf(value: unknown, made: Map<unknown, unknown> = new Map()): unknown {
  const known = made.get(value);
  if (known !== undefined) return known;
  try {
    if (Array.isArray(value)) {
      const copy: unknown[] = [];
      made.set(value, copy);
      for (const item of value) copy.push(copyOf(item, made));
      return copy;
    }
    if (typeof value !== "object" || value === null) return value;
    switch (Object.getPrototypeOf(value)) {
      case Map.prototype: {
        const copy = new Map<unknown, unknown>();
        made.set(value, copy);
        for (const [key, item] of value as Map<unknown, unknown>) copy.set(key, copyOf(item, made));
        return copy;
      }
      case Set.prototype: {
        const copy = new Set<unknown>();
        made.set(value, copy);
        for (const item of value as Set<unknown>) copy.add(copyOf(item, made));
        return copy;
      }
    }
    if (!isPlainObject(value)) return value;
    const copy: Record<string, unknown> = {};
    made.set(value, copy);
    for (const name of Object.keys(value)) {
      setField(copy, name, copyOf(readOrTell(value, name), made));
    }
    return copy;
  } catch {
    // Such as a proxy that does not tell its names: the value itself is there to look at.
    return value;
  }
}

const ERROR_FORMATTER = new Formatter();

/** A record in one line, for a person who reads why a test has failed. */
export function describeRecord({ level, logger, message, fields, error }: CapturedRecord): string {
  const shown = Object.keys(fields).length === 0 ? "" : ` ${jsonOf(fields)}`;
  const [head] = error ? ERROR_FORMATTER.formatException(error).split("\n", 1) : [];
  return `${level} ${logger}: ${message}${shown}${head === undefined ? "" : ` [${head}]`}`;
}
