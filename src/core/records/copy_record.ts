import {
  fieldsOf,
  hasLazy,
  isFromOtherCopy,
  LogRecord,
  markLazy,
  recordOfCall,
  setFields,
} from "./log_record.ts";
import { setField } from "./extra_fields.ts";
import { hasExtra, ownNames } from "./record_extras.ts";
import type { Fields, SharedFields } from "./shared_fields.ts";
import { readOrTell } from "../values/thrown.ts";

/** The parts in which a copy of a record differs from the record. */
export interface RecordChanges {
  readonly msg: unknown;
  readonly args: readonly unknown[];
  readonly exc_info: unknown;
  readonly stack_info: string | undefined;
  readonly context: SharedFields | undefined;
  readonly bound: SharedFields | undefined;
  readonly own: Fields | undefined;
  /** Gives the name and value of an attribute that the program has added, for the copy. */
  readonly extra: (name: string, value: unknown) => readonly [name: string, value: unknown];
}

/** Keeps an attribute that the program has added as it is. */
export function asItIs(name: string, value: unknown): readonly [name: string, value: unknown] {
  return [name, value];
}

/** A copy with changes: a record of the same call, whose texts have to be made anew. */
export function copyRecord(record: LogRecord, changes: RecordChanges): LogRecord {
  const { msg, args, exc_info, stack_info, context, bound, own, extra } = changes;
  const copy = recordOfCall(record, record.levelno, msg, args, exc_info, stack_info);
  copy.levelname = record.levelname;
  const prototype: unknown = Object.getPrototypeOf(record);
  // Methods of another copy of the library read private fields that a record of this one lacks.
  if (prototype !== LogRecord.prototype && !isFromOtherCopy(record)) {
    Object.setPrototypeOf(copy, prototype as object);
  }
  if (hasExtra(record)) {
    for (const added of ownNames(record)) {
      setField(copy, ...extra(added, readOrTell(record, added)));
    }
  }
  // Symbols mark the opening, or the scope, that has let the record pass.
  for (const mark of Object.getOwnPropertySymbols(record)) {
    (copy as unknown as Record<symbol, unknown>)[mark] =
      (record as unknown as Record<symbol, unknown>)[mark];
  }
  setFields(copy, context, bound, own);
  return copy;
}

/** A copy without changes: with the caller, the fields, and the texts that were made of the record. */
export function wholeCopy(record: LogRecord): LogRecord {
  const { msg, args, exc_info, stack_info } = record;
  const contents = { msg, args, exc_info, stack_info, ...fieldsOf(record), extra: asItIs };
  const copy = copyRecord(record, contents);
  copy.message = record.message;
  copy.asctime = record.asctime;
  copy.exc_text = record.exc_text;
  if (hasLazy(record)) markLazy(copy);
  return copy;
}
