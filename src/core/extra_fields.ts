import { pythonError } from "./python/py_repr.ts";
import type { LogRecord } from "./record.ts";

/**
 * Adds fields of the program's own to a record.
 *
 * @throws {Error} `KeyError` if one would overwrite a field of the record.
 */
export function addExtra(record: LogRecord, extra: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(extra)) {
    if (!(key in record)) {
      // Takes a tenth of a definition.
      (record as unknown as Record<string, unknown>)[key] = extra[key];
      continue;
    }
    if (!(key in Object.prototype)) {
      throw pythonError("KeyError", `"Attempt to overwrite '${key}' in LogRecord"`);
    }
    setField(record, key, extra[key]);
  }
}

/** Sets a field of any name, `__proto__` and the computed ones too. */
export function setField(record: LogRecord, key: string, value: unknown): void {
  Object.defineProperty(record, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
