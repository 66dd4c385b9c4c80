import { checkOptions, isBoolean, type OptionRules } from "../errors/check_options.ts";
import { jsonOf } from "../format/json_value.ts";
import { asctimeWithMsecs } from "../format/time_format.ts";
import { ERROR, INFO, WARNING } from "../levels/levels.ts";
import type { LogRecord } from "../records/log_record.ts";
import { visible, visibleBlock } from "../text/visible.ts";
import { isError, thrownText } from "../values/thrown.ts";
import {
  Formatter,
  FORMATTER_OPTION_RULES,
  type FormatterOptions,
  notText,
  type Style,
} from "./formatter.ts";
import { valueText } from "./logfmt.ts";
import { readRecord } from "./read_record.ts";
import { optionalText } from "./require_text.ts";

/**
 * Options of {@linkcode DevFormatter}.
 *
 * @example
 * ```ts
 * import { DevFormatter, type DevFormatterOptions } from "@logdial/logging";
 *
 * const options: DevFormatterOptions = { source: false };
 * const formatter = new DevFormatter(null, "%H:%M:%S", "%", true, options);
 * ```
 */
export interface DevFormatterOptions extends FormatterOptions {
  /** Whether a line says where it was logged, as a link, which takes some 10 µs a line. @default true */
  source?: boolean;
  /** Whether to use colours. @default {true unless NO_COLOR is set} */
  colors?: boolean;
}

const OPTION_RULES: OptionRules<DevFormatterOptions> = {
  ...FORMATTER_OPTION_RULES,
  source: isBoolean,
  colors: isBoolean,
};

const RESET = "\x1b[0m", BOLD = "\x1b[1m", DIM = "\x1b[2m";
const RED = "\x1b[31m", YELLOW = "\x1b[33m", BLUE = "\x1b[34m", CYAN = "\x1b[36m";
const ALARM = "\x1b[1;41;37m";

/** Widest column of loggers' names, and longest value that stays in the line, in characters. */
const WIDEST_NAME = 24, LONGEST_VALUE = 60;

/**
 * Lines for people: time, level in its colour, logger and message in columns, then the fields of
 * `extra`, context, bound logger and call, and a link to the line of the source. Long values stand
 * below, and so does an error with its stack and causes.
 *
 * Known as `logdial.DevFormatter`; a format has no meaning here, `datefmt` is the time's. Control
 * characters are shown as escapes, and `NO_COLOR` is honoured.
 *
 * @example
 * ```ts
 * import { DevFormatter, getLogger, StreamHandler } from "@logdial/logging";
 *
 * const handler = new StreamHandler();
 * handler.setFormatter(new DevFormatter());
 * getLogger().addHandler(handler);
 * getLogger("app.db").warning("slow query", { table: "users", ms: 1200 });
 * // 08:01:02.345 WARNING  app.db  slow query table=users ms=1200  main.ts:6
 * ```
 */
export class DevFormatter extends Formatter {
  /** Whether a line says where it was logged; undefined where nothing was given, as for true. */
  readonly source: boolean | undefined;
  /** Whether to use colours; undefined where nothing was given: then `NO_COLOR` decides. */
  readonly colors: boolean | undefined;
  readonly #given: string | null | undefined;
  readonly #hasColors: boolean;
  readonly #hasSource: boolean;
  /** The widest name of a logger so far. */
  #width = 0;

  /**
   * Takes what {@linkcode Formatter} takes, and more options.
   *
   * @throws {TypeError} A text that is none, an unknown option, or one of another type.
   */
  constructor(
    fmt?: string | null,
    datefmt?: string | null,
    _style: Style = "%",
    _validate = true,
    options: DevFormatterOptions = {},
  ) {
    checkOptions("DevFormatter", options, OPTION_RULES);
    if (typeof (fmt ?? "") !== "string") throw notText(fmt);
    const { source, colors, ...rest } = options;
    // A format that names the caller has it looked up early.
    super(source === false ? "%(message)s" : "%(pathname)s %(lineno)d", datefmt, "%", true, rest);
    this.#given = fmt;
    this.source = source;
    this.colors = colors;
    this.#hasSource = source !== false;
    this.#hasColors = colors ?? !Deno.noColor;
  }

  /** The format as given, which has no meaning. */
  override get fmt(): string {
    return this.#given || "%(message)s";
  }

  /** The record's lines. */
  override format(record: LogRecord): string {
    const { message, fields, args, problem } = readRecord(record);
    // Arguments for which the message has no place stand behind it, as with `console.log`.
    const text = record.message = [message, ...args.map(valueText)].join(" ");
    const { levelno } = record;
    const color = colorOf(levelno);
    const time = record.asctime = optionalText(this.formatTime(record, this.datefmt)) ?? "None";
    const name = visible(record.name);
    if (name.length > this.#width) this.#width = Math.min(name.length, WIDEST_NAME);
    let line = `${this.#paint(DIM, time)} ` +
      `${this.#paint(color, visible(String(record.levelname)).padEnd(8))} ` +
      `${this.#paint(DIM, name.padEnd(this.#width))}  ` +
      this.#paint(levelno >= ERROR ? BOLD : "", visibleBlock(text));
    let below = "";
    const all = problem === undefined ? fields : new Map(fields).set("format_error", problem);
    for (const [key, value] of all) {
      const shown = shortText(value);
      if (shown === undefined) below += this.#block(visible(key), value);
      else line += ` ${this.#paint(CYAN, visible(key))}=${visible(shown)}`;
    }
    if (this.#hasSource) line += `  ${this.#link(record)}`;
    return line + below + this.#errorLines(record);
  }

  /** `08:01:02.345`, or as `datefmt` has it. */
  override formatTime(record: LogRecord, datefmt?: string): string {
    if (datefmt) return super.formatTime(record, datefmt);
    const { msecs } = record, utc = this.converter === "gmtime";
    const text = asctimeWithMsecs(Math.floor(record.created) * 1000, msecs, utc);
    return text.slice(text.indexOf(" ") + 1).replace(",", ".");
  }

  #paint(color: string, text: string): string {
    return this.#hasColors && color !== "" ? `${color}${text}${RESET}` : text;
  }

  /** A link that terminals open, if there is a place; where there are no colours, the path itself. */
  #link({ pathname, filename, lineno }: LogRecord): string {
    if (!this.#hasColors) return visible(`${pathname}:${lineno}`);
    const text = `${DIM}${visible(filename)}:${lineno}${RESET}`;
    const url = urlOf(pathname);
    return url === undefined
      ? text
      : `\x1b]8;;${visible(url)}#${lineno}\x1b\\${text}\x1b]8;;\x1b\\`;
  }

  /** The block below the line for a value that is too long for the line. */
  #block(key: string, value: unknown): string {
    const text = isError(value) ? this.formatException(value) : indentedJson(value);
    return `\n  ${this.#paint(CYAN, key)}: ${this.#lines(text, isError(value))}`;
  }

  #errorLines(record: LogRecord): string {
    if (record.exc_info && !record.exc_text) {
      record.exc_text = optionalText(this.formatException(record.exc_info));
    }
    let text = "";
    if (record.exc_text) text += `\n  ${this.#lines(record.exc_text, true)}`;
    if (record.stack_info) {
      const stack = optionalText(this.formatStack(record.stack_info));
      if (stack !== undefined) text += `\n  ${this.#lines(stack, false)}`;
    }
    return text;
  }

  /** Lines of a text, indented; of an error, the lines that say what was thrown stand out. */
  #lines(text: string, isThrown: boolean): string {
    return text.split(/\r?\n/).map((line) => {
      const color = /^\s*at /.test(line) ? DIM : isThrown ? RED : "";
      return this.#paint(color, visible(line));
    }).join("\n  ");
  }
}

function colorOf(levelno: number): string {
  if (levelno > ERROR) return ALARM;
  if (levelno >= ERROR) return RED;
  if (levelno >= WARNING) return YELLOW;
  return levelno >= INFO ? CYAN : BLUE;
}

/** A value that fits into the line, undefined for others. */
function shortText(value: unknown): string | undefined {
  if (isError(value)) return undefined;
  const text = valueOrJson(value);
  const isLong = text.length > LONGEST_VALUE && typeof value === "object" && value !== null;
  return isLong ? undefined : text;
}

function valueOrJson(value: unknown): string {
  return typeof value === "object" && value !== null ? bareJson(value) : valueText(value);
}

/** JSON of an object; of one that is written as a text, that text. */
function bareJson(value: object): string {
  const json = jsonOf(value);
  return json.startsWith('"') ? valueText(JSON.parse(json)) : json;
}

function indentedJson(value: unknown): string {
  try {
    return JSON.stringify(JSON.parse(jsonOf(value)), null, 2);
  } catch (error) {
    return `[throws: ${thrownText(error)}]`;
  }
}

/** The URL of a path; undefined for what is none, such as `(unknown file)`. */
function urlOf(pathname: string): string | undefined {
  if (pathname.includes("://")) return pathname;
  if (!pathname.startsWith("/")) return undefined;
  return `file://${encodeURI(pathname.toWellFormed()).replaceAll(/[?#]/g, encodeURIComponent)}`;
}
