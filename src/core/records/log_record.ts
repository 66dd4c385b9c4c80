import { basename, type Caller, findCaller, moduleName } from "./caller.ts";
import { getRaiseExceptions, writeDiagnostic } from "../io/diagnostics.ts";
import { getLevelName } from "../levels/levels.ts";
import { percentFormat } from "../format/percent_format.ts";
import { pyStr } from "../python/py_repr.ts";
import { called, isLazy } from "./lazy_values.ts";
import type { Fields, SharedFields } from "./shared_fields.ts";
import { joined, splitArguments, withOther } from "./split_arguments.ts";
import { readOrTell } from "../values/thrown.ts";
import { currentThread } from "../runtime/thread.ts";

/** When this module was loaded, the zero of `relativeCreated`. */
const START = Date.now();

/**
 * The log method on the stack below which the caller is to be found.
 *
 * @internal
 */
export interface CallerSource {
  /** The function that user code called. */
  readonly above: unknown;
  /** Frames to go out from there, 1 for the direct caller. */
  readonly stacklevel: number;
}

/** The source of a record whose log call is over, by which no caller is found. */
const TOO_LATE: CallerSource = { above: () => {}, stacklevel: 1 };
let hasToldTooLate = false;

/** Tells once that a caller was read too late, since a handler does so with every record. */
function tellTooLate(): void {
  if (hasToldTooLate || !getRaiseExceptions()) return;
  hasToldTooLate = true;
  writeDiagnostic(
    "logdial: Cannot tell the caller of a record after its log call: " +
      "a handler that keeps records sets `keepsRecords = true`\n",
  );
}

/** The fields of a record by where they come from; later ones count before earlier ones. */
export interface RecordFields {
  readonly context: SharedFields | undefined;
  readonly bound: SharedFields | undefined;
  /** The fields of the call. */
  readonly own: Fields | undefined;
}

/** A field of a call, a bound logger or a context, in a box, so that its value may be undefined. */
export function fieldOf(record: LogRecord, name: string): { value: unknown } | undefined {
  const { context, bound, own } = fieldsOf(record);
  for (const fields of [own, bound?.values, context?.values]) {
    if (fields !== undefined && Object.hasOwn(fields, name)) {
      return { value: readOrTell(fields, name) };
    }
  }
  return undefined;
}

/**
 * Whether a value is a record of another copy of the library, such as another version that some
 * package of the program's uses. It throws for a proxy that throws when it is asked.
 */
export function isFromOtherCopy(value: unknown): boolean {
  return typeof value === "object" && value !== null && !(value instanceof LogRecord) &&
    typeof (value as LogRecord).getMessage === "function" &&
    typeof (value as LogRecord).resolveCaller === "function";
}

/** The fields of a record that this copy has not made. */
function otherFields(record: LogRecord): RecordFields {
  // The records of the first versions had no `fields`.
  const fields = isFromOtherCopy(record) ? (record as Partial<LogRecord>).fields ?? {} : {};
  return Object.keys(fields).length === 0 ? NO_FIELDS : { ...NO_FIELDS, own: fields };
}

/** The source of a record that this copy has not made. */
function otherCaller(record: LogRecord): Caller | CallerSource {
  return isFromOtherCopy(record) ? record.resolveCaller() : TOO_LATE;
}

/** Has the other copy call the functions of its record, as it does when it makes the message. */
function resolveOther(record: LogRecord): void {
  const isFunction = (one: unknown) => typeof one === "function";
  if (!isFromOtherCopy(record) || ![record.msg, ...record.args].some(isFunction)) return;
  try {
    record.getMessage();
  } catch {
    // The arguments do not fit the message: whoever makes the message tells it.
  }
}

const NO_FIELDS: RecordFields = { context: undefined, bound: undefined, own: undefined };

/** Ends the time in which a record's caller can be looked up, as its log call ends. */
export let sealCaller: (record: LogRecord) => void;
/** Another record of the same call: of the same logger, time and caller. */
export let recordOfCall: (
  record: LogRecord,
  level: number,
  msg: unknown,
  args: readonly unknown[],
  exc_info?: unknown,
  stack_info?: string,
) => LogRecord;
/** The fields of a record; none for what a record factory of the program's has made otherwise. */
export let fieldsOf: (record: LogRecord) => RecordFields;
/** Gives a record fields in place of those that it has. */
export let setFields: (
  record: LogRecord,
  context: SharedFields | undefined,
  bound: SharedFields | undefined,
  own: Fields | undefined,
) => void;
/** Marks a record whose message or arguments are functions that are still to be called. */
export let markLazy: (record: LogRecord) => void;
/** Whether a record has such functions that have not been called. */
export let hasLazy: (record: LogRecord) => boolean;
/** Calls those functions, once; a record without any stays as it is. */
export let resolveLazy: (record: LogRecord) => void;

/**
 * One logged event (`logging.LogRecord`).
 *
 * `pathname`, `filename`, `module`, `lineno` and `funcName` are looked up when first read,
 * since a look at the stack costs more than all the rest. They can be looked up only as long
 * as the log call lasts: a handler that reads them later sets `keepsRecords`, and whoever else
 * keeps a record calls {@linkcode LogRecord.resolveCaller} first.
 *
 * @example
 * ```ts
 * import { LogRecord } from "@logdial/logging";
 *
 * const record = new LogRecord("app", 20, "main.ts", 7, "%d items", [3]);
 * console.log(record.getMessage(), record.levelname); // 3 items INFO
 * ```
 */
export class LogRecord {
  /** Name of the logger. */
  name: string;
  /** The message as given, with its placeholders. */
  msg: unknown;
  /** Arguments of the message; one non-empty object stands for itself, as in Python. */
  args: readonly unknown[];
  /** Level number. */
  levelno: number;
  /** Level name. */
  levelname: string;
  /** Time of creation in seconds since the epoch. */
  created: number;
  /** The error that the record carries, if any. */
  exc_info: unknown;
  /** Text of the error, kept by the first formatter that made it. */
  exc_text: string | undefined = undefined;
  /** Text of the call stack, if it was asked for. */
  stack_info: string | undefined;
  /** The merged message, set by the formatter. */
  message: string | undefined = undefined;
  /** The formatted time, set by a formatter that uses it. */
  asctime: string | undefined = undefined;
  #caller: Caller | CallerSource;
  #fields: RecordFields = NO_FIELDS;
  #isLazy = false;

  static {
    sealCaller = (record) => {
      // A record factory of the program's own may give something that is no record.
      if (#caller in record && "above" in record.#caller) record.#caller = TOO_LATE;
    };
    recordOfCall = (record, level, msg, args, exc_info, stack_info) => {
      const { name, created } = record;
      const other = new LogRecord(name, level, TOO_LATE, 0, msg, args, exc_info, "", stack_info);
      other.created = created;
      other.#caller = #caller in record ? record.#caller : otherCaller(record);
      return other;
    };
    fieldsOf = (record) => #fields in record ? record.#fields : otherFields(record);
    setFields = (record, context, bound, own) => {
      if (#fields in record) record.#fields = { context, bound, own };
    };
    markLazy = (record) => {
      if (#fields in record) record.#isLazy = true;
    };
    hasLazy = (record) => #fields in record && record.#isLazy;
    resolveLazy = (record) => {
      if (!(#fields in record)) resolveOther(record);
      else if (record.#isLazy) record.#callLazy();
    };
  }

  /** Takes what `logging.LogRecord` takes, in its order; the arguments come as an array. */
  constructor(
    name: string,
    level: number,
    pathname: string | CallerSource,
    lineno: number,
    msg: unknown,
    args: readonly unknown[] = [],
    exc_info?: unknown,
    func?: string,
    sinfo?: string,
  ) {
    this.name = name;
    this.msg = msg;
    this.args = args;
    this.levelno = level;
    this.levelname = getLevelName(level);
    this.created = Date.now() / 1000;
    this.exc_info = exc_info;
    this.stack_info = sinfo;
    this.#caller = typeof pathname === "string"
      ? { pathname, lineno, funcName: func ?? "" }
      : pathname;
  }

  /** Milliseconds part of `created`. */
  get msecs(): number {
    const second = Math.floor(this.created);
    // A number as large as `created` may be off by a quarter of a microsecond.
    return Math.min(999, Math.floor((this.created - second) * 1000 + 0.0005));
  }

  /** Milliseconds since logging was loaded. */
  get relativeCreated(): number {
    return Math.round(this.created * 1000) - START;
  }

  /** Path of the source file of the log call. */
  get pathname(): string {
    return this.resolveCaller().pathname;
  }

  /** Last part of `pathname`. */
  get filename(): string {
    return basename(this.resolveCaller().pathname);
  }

  /** `filename` without its extension. */
  get module(): string {
    return moduleName(this.resolveCaller().pathname);
  }

  /** 1-based line of the log call. */
  get lineno(): number {
    return this.resolveCaller().lineno;
  }

  /** Function of the log call. */
  get funcName(): string {
    return this.resolveCaller().funcName;
  }

  /** Process id. */
  get process(): number {
    return Deno.pid;
  }

  /** `MainProcess`, or the name of the worker. */
  get processName(): string {
    return currentThread().processName;
  }

  /** Number of the thread. */
  get thread(): number {
    return currentThread().thread;
  }

  /** Name of the thread. */
  get threadName(): string {
    return currentThread().threadName;
  }

  /**
   * The fields of its context, of its bound logger and of its call, in one object. Fields of `extra`
   * are properties of the record itself, as in Python.
   */
  get fields(): Fields {
    const { context, bound, own } = this.#fields;
    const all: Fields = joined({}, joined(context?.values, bound?.values)) ?? {};
    return joined(all, own) ?? all;
  }

  /** Always undefined: JavaScript's tasks have no names. */
  get taskName(): undefined {
    return undefined;
  }

  /**
   * The message with its arguments merged in (`LogRecord.getMessage`).
   *
   * @throws {Error} Arguments that do not fit, with Python's words.
   */
  getMessage(): string {
    if (this.#isLazy) this.#callLazy();
    const text = typeof this.msg === "string" ? this.msg : pyStr(this.msg);
    return this.args.length > 0 ? percentFormat(text, this.args) : text;
  }

  /** `<LogRecord: app, 20, main.ts, 7, "%d items">` */
  toString(): string {
    const { name, levelno, pathname, lineno, msg } = this;
    return `<LogRecord: ${name}, ${levelno}, ${pathname}, ${lineno}, "${pyStr(msg)}">`;
  }

  /** Looks the caller up while the log call is still on the stack. */
  resolveCaller(): Caller {
    const caller = this.#caller;
    if (!("above" in caller)) return caller;
    if (caller === TOO_LATE) tellTooLate();
    return this.#caller = findCaller(caller.above, caller.stacklevel);
  }

  /** Calls the functions of a lazy record, once for all handlers; their results take their place. */
  #callLazy(): void {
    this.#isLazy = false;
    const given = this.args.map((arg) => called(arg, this));
    const message = isLazy(this.msg) ? called(this.msg, this) : this.msg;
    const { msg, args, error, fields } = splitArguments(message, given);
    this.exc_info ??= error;
    this.msg = msg;
    // What the message shows as its text is not lost.
    this.args = error === undefined || error === msg ? args : withOther(args, error, this.exc_info);
    const { context, bound, own } = this.#fields;
    this.#fields = { context, bound, own: joined(own, fields) };
  }
}
