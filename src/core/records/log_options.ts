import { isGivenToAll } from "../values/is_given_to_all.ts";
import type { Fields } from "./shared_fields.ts";

/**
 * Options of a log call: the keyword arguments that Python's log calls take.
 *
 * @example
 * ```ts
 * import { getLogger, type LogOptions } from "@logdial/logging";
 *
 * const options: LogOptions = { extra: { request: "a1" }, stack_info: true };
 * getLogger("app").info("%d rows", 3, options);
 * ```
 */
export interface LogOptions {
  /** Fields to add to the record as properties of its own, as Python does. */
  extra?: Readonly<Record<string, unknown>>;
  /** An error to append with its stack and causes. */
  exc_info?: unknown;
  /** Whether to append the call stack. @default false */
  stack_info?: boolean;
  /** Frames to go out for the caller, 1 being the direct one. @default 1 */
  stacklevel?: number;
}

/**
 * A message in Python's manner that was made of another one.
 *
 * @internal
 */
export interface MergedMessage {
  /** With Python's placeholders if there are arguments. */
  readonly msg: string;
  readonly args: readonly unknown[];
}

/**
 * Options with the fields that a call has given beside them, for whoever hands calls on.
 *
 * @internal
 */
export interface CallOptions extends LogOptions {
  /** Fields of the call. */
  readonly fields?: Fields | undefined;
  /** What is written in the place of a message whose placeholders are not Python's. */
  readonly merged?: MergedMessage;
  /** When it was made, in seconds since the epoch. @default now */
  readonly created?: number;
}

/** Whether an option has that name; a `switch` costs a tenth of a set. */
export function isOptionName(name: string): boolean {
  switch (name) {
    case "extra":
    case "exc_info":
    case "stack_info":
    case "stacklevel":
      return true;
  }
  return false;
}

/** Whether a value is a list, or bytes: a loop over the names in it would gather all indexes first. */
export function isList(value: object): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/**
 * The options in an object that holds nothing but {@linkcode LogOptions}, each read once. Undefined
 * for other objects, also for fields that only have the same names, such as a number `extra`.
 */
export function readOptions(value: LogOptions): LogOptions | undefined {
  if (isList(value)) return undefined;
  let isEmpty = true;
  for (const key in value) {
    if (isOptionName(key)) isEmpty = false;
    else if (!isGivenToAll(value, key)) return undefined;
  }
  if (isEmpty) return undefined;
  // Each option is read once, since a getter may give another value each time.
  const { extra, exc_info, stack_info, stacklevel } = value;
  if (extra !== undefined && !mayBeFields(extra)) return undefined;
  if (stacklevel !== undefined && typeof stacklevel !== "number") return undefined;
  return { extra, exc_info, stack_info, stacklevel };
}

function mayBeFields(extra: unknown): boolean {
  if (typeof extra !== "object") return false;
  try {
    // Lists and maps are no fields.
    return extra === null || !(Symbol.iterator in extra);
  } catch {
    // This is a proxy that throws when it is asked: whoever reads it tells the error.
    return true;
  }
}
