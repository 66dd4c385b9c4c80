import { checkOptions, isBoolean, type OptionRules } from "../errors/check_options.ts";
import { quote } from "../errors/quote.ts";
import { failingPart, type FormatParts } from "../format/format_parts.ts";
import { compileFormat, DEFAULT_FORMATS, type Style } from "../format/compile_format.ts";
import { percentFormat } from "../format/percent_format.ts";
import { pyField } from "../format/py_field.ts";
import { pyRepr, pythonError } from "../python/py_repr.ts";
import { asctime, asctimeWithMsecs, strftime } from "../format/time_format.ts";
import { isTrue } from "../python/py_truth.ts";
import { fieldOf, type LogRecord } from "../records/log_record.ts";
import { RECORD_KEYS } from "../records/record_extras.ts";
import { errorText } from "./error_text.ts";
import { KeptHead } from "./kept_head.ts";
import { logfmt } from "./logfmt.ts";
import { visibleBlock } from "../text/visible.ts";
import { type ReadField, RecordLine } from "./record_line.ts";
import { optionalText, requireText } from "./require_text.ts";

export type { Style } from "../format/compile_format.ts";

/**
 * Options of {@linkcode Formatter} that Python takes by keyword only.
 *
 * @example
 * ```ts
 * import { Formatter, type FormatterOptions } from "@logdial/logging";
 *
 * const options: FormatterOptions = { escape: true, defaults: { request: "-" } };
 * const formatter = new Formatter("%(request)s %(message)s", null, "%", true, options);
 * ```
 */
export interface FormatterOptions {
  /** Values of fields that a record does not have. @default {} */
  defaults?: Readonly<Record<string, unknown>>;
  /**
   * Whether control characters in what a record says are shown as `\n`, `\x1b` or `\u202e`, so that
   * no message and no name can forge a line or turn a terminal. Control characters of the format
   * itself stay; errors and stacks keep their lines, each of them marked. Python has no such option.
   *
   * @default false
   */
  escape?: boolean;
}

const DEFAULT_TIME_FORMAT = "%Y-%m-%d %H:%M:%S";
const DEFAULT_MSEC_FORMAT = "%s,%03d";

const CALLER_FIELDS = ["pathname", "filename", "module", "lineno", "funcName"];

/** Record fields that are getters, and so not own properties. */
const COMPUTED = new Set([
  "msecs",
  "relativeCreated",
  "pathname",
  "filename",
  "module",
  "lineno",
  "funcName",
  "process",
  "processName",
  "thread",
  "threadName",
  "taskName",
]);

/** What the options of any formatter must be. */
export const FORMATTER_OPTION_RULES: OptionRules<FormatterOptions> = {
  defaults: (value) => typeof value === "object" ? undefined : "an object",
  escape: isBoolean,
};

/**
 * Turns a record into text (`logging.Formatter`).
 *
 * @example
 * ```ts
 * import { Formatter, getLogger, StreamHandler } from "@logdial/logging";
 *
 * const handler = new StreamHandler();
 * handler.setFormatter(new Formatter("%(asctime)s %(levelname)-8s %(message)s", "%H:%M:%S"));
 * getLogger().addHandler(handler);
 * ```
 */
export class Formatter {
  /** Which clock `asctime` shows; Python sets `converter = time.gmtime` for the second. */
  converter: "localtime" | "gmtime" = "localtime";
  /** strftime format of times, undefined for `2026-11-22 08:01:02,345`. */
  datefmt: string | undefined;
  /** strftime format of times where there is no `datefmt`. */
  default_time_format: string = DEFAULT_TIME_FORMAT;
  /** Format of time and milliseconds if there is no `datefmt`; empty for no milliseconds. */
  default_msec_format: string | null = DEFAULT_MSEC_FORMAT;
  /** Whether the format names a field of the caller, so that it is looked up early. */
  readonly usesCaller: boolean;
  /** Whether control characters in what records say are shown as escapes. */
  readonly escape: boolean;
  readonly #fmt: string;
  readonly #style: Style;
  readonly #usesTime: boolean;
  /** Fields of the program's that the format names, which `fields` leaves out. */
  readonly #named: ReadonlySet<string>;
  readonly #line: RecordLine;
  readonly #defaults: Readonly<Record<string, unknown>> | undefined;
  readonly #read: ReadField = (record, name) => this.readField(record, name);
  readonly #kept: KeptHead | undefined;

  /**
   * Compiles the format.
   *
   * @throws {Error} `ValueError` as CPython's, when `validate` is on and the format has
   * no valid field.
   * @throws {TypeError} The format, or that of times, is no string.
   */
  constructor(
    fmt?: string | null,
    datefmt?: string | null,
    style: Style = "%",
    validate = true,
    options: FormatterOptions = {},
  ) {
    if (typeof style !== "string" || !Object.hasOwn(DEFAULT_FORMATS, style)) {
      throw new RangeError(`Cannot use style ${quote(style)}: it must be one of %, {, $`);
    }
    checkOptions("Formatter", options, FORMATTER_OPTION_RULES);
    this.#style = style;
    this.#fmt = isTrue(fmt) ? fmt! : DEFAULT_FORMATS[style];
    const format = typeof this.#fmt !== "string"
      ? unusableFormat(fmt, validate)
      : compileFormat(this.#fmt, style, validate);
    this.#usesTime = format.usesTime;
    this.#named = format.fields.has("fields") ? withoutAttributes(format.fields) : format.fields;
    this.usesCaller = CALLER_FIELDS.some((name) => format.fields.has(name));
    this.escape = options.escape ?? false;
    this.#line = RecordLine.of(format, this.escape);
    if (this.#line.canKeepHead) this.#kept = new KeptHead();
    this.datefmt = isTrue(datefmt) ? datefmt! : undefined;
    // Differs from CPython: there each record fails.
    if (typeof (this.datefmt ?? "") !== "string") throw notText(datefmt, "datefmt");
    this.#defaults = options.defaults;
  }

  /** The format as given, the style's own if none was. */
  get fmt(): string {
    return this.#fmt;
  }

  /** The style of the format. */
  get style(): Style {
    return this.#style;
  }

  /** The record's line, with the texts of its error and stack below (`Formatter.format`). */
  format(record: LogRecord): string {
    const message = record.message = record.getMessage();
    const kept = this.#kept;
    let text: string;
    if (typeof message === "string" && kept?.isFor(record, this) && this.#isUsual()) {
      if (this.#usesTime) record.asctime = kept.asctime;
      text = this.#line.renderMessage(kept.text, message);
    } else {
      if (this.usesTime()) {
        record.asctime = optionalText(this.formatTime(record, this.datefmt)) ?? "None";
      }
      text = requireText(this.formatMessage(record));
      if (kept !== undefined && this.#isUsual()) kept.keep(record, this, this.#line);
    }
    if (record.exc_info && !record.exc_text) {
      record.exc_text = optionalText(this.formatException(record.exc_info));
    }
    if (record.exc_text) text = this.#append(text, record.exc_text);
    if (record.stack_info) {
      // Differs from CPython: there a line is lost if its stack has no text (but not its error).
      const stack = optionalText(this.formatStack(record.stack_info));
      if (stack !== undefined) text = this.#append(text, stack);
    }
    return text;
  }

  /** Whether the methods that make the line's beginning are those of this class. */
  #isUsual(): boolean {
    return this.formatMessage === FORMAT_MESSAGE && this.formatTime === FORMAT_TIME &&
      this.usesTime === USES_TIME;
  }

  /** Appends an error's or a stack's text, marked so that none of its lines passes for a record's. */
  #append(text: string, block: string): string {
    if (this.escape) return text + visibleBlock(`\n${block}`);
    return text.endsWith("\n") ? text + block : `${text}\n${block}`;
  }

  /** Whether the format mentions `asctime`. */
  usesTime(): boolean {
    return this.#usesTime;
  }

  /** The record's fields in the format. */
  formatMessage(record: LogRecord): string {
    return this.#line.render(record, this.#read);
  }

  /** The record's time, `datefmt` being strftime's (`Formatter.formatTime`). */
  formatTime(record: LogRecord, datefmt?: string): string {
    // As in CPython, the fraction belongs to the second that it is in, and is what `msecs` says.
    const milliseconds = Math.floor(record.created) * 1000;
    const utc = this.converter === "gmtime";
    if (datefmt) return strftime(datefmt, milliseconds, utc);
    const { default_time_format: format, default_msec_format: msecFormat } = this;
    if (format === DEFAULT_TIME_FORMAT && msecFormat === DEFAULT_MSEC_FORMAT) {
      return asctimeWithMsecs(milliseconds, record.msecs, utc);
    }
    const text = format === DEFAULT_TIME_FORMAT
      ? asctime(milliseconds, utc)
      : strftime(format, milliseconds, utc);
    return msecFormat ? percentFormat(msecFormat, [text, record.msecs]) : text;
  }

  /** An error's stack, then those of its causes. */
  formatException(error: unknown): string {
    return errorText(error);
  }

  /** The text of a call stack, as it is. */
  formatStack(stackInfo: string): string {
    return stackInfo;
  }

  /**
   * A field of the record or of the call, or its default; `fields` is all of them as
   * `user=kim ms=12`, but for those that the format names.
   *
   * @throws {Error} `KeyError` if there is neither.
   */
  protected readField(record: LogRecord, name: string): unknown {
    if (COMPUTED.has(name) || Object.hasOwn(record, name)) {
      const value = (record as unknown as Record<string, unknown>)[name];
      return value === undefined || name === "args" ? pyField(name, value) : value;
    }
    // Differs from CPython: its records have no field `fields`.
    if (name === "fields") return logfmt(record, this.#named);
    const field = fieldOf(record, name);
    if (field !== undefined) return field.value;
    if (this.#defaults !== undefined && Object.hasOwn(this.#defaults, name)) {
      return this.#defaults[name];
    }
    throw pythonError("KeyError", `'${name}'`);
  }
}

const { formatMessage: FORMAT_MESSAGE, formatTime: FORMAT_TIME, usesTime: USES_TIME } =
  Formatter.prototype;

/** Under the name of an attribute a format shows the record's, and no field of the program's. */
function withoutAttributes(names: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(
    [...names].filter((name) =>
      name !== "fields" && !COMPUTED.has(name) && !RECORD_KEYS.includes(name)
    ),
  );
}

/** What is said of a format, or one of times, that is no text. */
export function notText(fmt: unknown, name: "format" | "datefmt" = "format"): TypeError {
  return new TypeError(`Cannot use ${name} ${pyRepr(fmt)}: it must be a string`);
}

/** Stands for a format that is no text: as in CPython, the validation or every record refuses it. */
function unusableFormat(fmt: unknown, validate: boolean): FormatParts {
  const error = () => notText(fmt);
  if (validate) throw error();
  return { fields: new Set(), usesTime: false, parts: [failingPart(error)] };
}
