import { pyRepr } from "../../core/python/py_repr.ts";
import type { LogRecord } from "../../core/record.ts";

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

/** A record's fields by Python's names and in its order, those that `extra` gave it last. */
export function recordFields(record: LogRecord): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const name of NAMES) fields.set(name, record[name]);
  for (const [name, value] of Object.entries(record)) {
    if (!fields.has(name) && value !== undefined) fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

/** JSON of anything; what JSON does not have becomes what Python's `repr` shows. */
export function toJson(value: unknown): string {
  const above: unknown[] = [];
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
        if (above.includes(item)) return "...";
        if (item instanceof Error || item instanceof Map || item instanceof Set) {
          return pyRepr(item);
        }
        above.push(item);
    }
    return item;
  });
}
