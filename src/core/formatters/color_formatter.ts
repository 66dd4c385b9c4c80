import { compileFormat, DEFAULT_FORMATS } from "../format/compile_format.ts";
import { Formatter, type FormatterOptions, notText, type Style } from "./formatter.ts";
import { ERROR, INFO, WARNING } from "../levels/levels.ts";
import type { LogRecord } from "../records/log_record.ts";
import { type ReadField, RecordLine } from "./record_line.ts";

/** Offsets of the colours in `ESC[3Xm` and `ESC[4Xm`. */
const RED = 1, GREEN = 2, YELLOW = 3, BLUE = 4, MAGENTA = 5, CYAN = 6, WHITE = 7;

const COLORS: Readonly<Record<string, number>> = {
  WARNING: RED,
  INFO: CYAN,
  DEBUG: BLUE,
  CRITICAL: RED,
  ERROR: RED,
  RED,
  GREEN,
  YELLOW,
  BLUE,
  MAGENTA,
  CYAN,
  WHITE,
};

const RESET = "\x1b[0m";
const BOLD = "\x1b[1m";

const MARKER = new RegExp(
  `\\$(RESET|BOLD|COLOR|(?:BG-)?(?:${Object.keys(COLORS).join("|")}))`,
  "g",
);

/**
 * A formatter whose format holds colour markers: `$COLOR` for the record's level,
 * `$RED` to `$WHITE` and the level names, each also as `$BG-…`, `$BOLD`, `$RESET`.
 *
 * DEBUG is blue, INFO cyan, WARNING, ERROR and CRITICAL are red. Quotes around the whole
 * format are taken off, and each line ends with a reset. With `NO_COLOR` set, markers
 * vanish. Markers in a message stay as they are.
 *
 * @example
 * ```ts
 * import { ColorFormatter, getLogger, StreamHandler } from "@logdial/logging";
 *
 * const handler = new StreamHandler();
 * handler.setFormatter(new ColorFormatter("'$COLOR%(levelname)s $RESET- %(message)s'"));
 * getLogger().addHandler(handler);
 * ```
 */
export class ColorFormatter extends Formatter {
  readonly #format: string;
  readonly #style: Style;
  readonly #end: string;
  readonly #byColor = new Map<number, RecordLine>();
  readonly #read: ReadField = (record, name) => this.readField(record, name);

  /**
   * Takes what {@linkcode Formatter} takes.
   *
   * @throws {TypeError} A format that is no text, whether formats are validated or not.
   */
  constructor(
    fmt?: string | null,
    datefmt?: string | null,
    style: Style = "%",
    validate = true,
    options: FormatterOptions = {},
  ) {
    const given: unknown = fmt ?? "";
    if (typeof given !== "string") throw notText(given);
    const format = unquote(given);
    super(withoutMarkers(format, style), datefmt, style, validate, options);
    this.#format = format || DEFAULT_FORMATS[style];
    this.#style = style;
    this.#end = Deno.noColor ? "" : RESET;
  }

  /** The format with its markers, without quotes around it. */
  override get fmt(): string {
    return this.#format;
  }

  /** The record's line in colours, with a reset at the end of it all. */
  override format(record: LogRecord): string {
    return super.format(record) + this.#end;
  }

  /** The record's fields in the format, in the colours of its level. */
  override formatMessage(record: LogRecord): string {
    return this.#lineFor(record).render(record, this.#read);
  }

  /** The format in the colours of the record's level, made once per colour. */
  #lineFor(record: LogRecord): RecordLine {
    const color = levelColor(record);
    let line = this.#byColor.get(color);
    if (line === undefined) {
      const format = paint(this.#format, color, Deno.noColor);
      line = RecordLine.of(compileFormat(format, this.#style, false), this.escape);
      this.#byColor.set(color, line);
    }
    return line;
  }
}

/** The format for validation, without its markers: these are no fields in any style. */
function withoutMarkers(format: string, style: Style): string {
  const plain = paint(format, 0, true);
  if (plain !== "" || format === "") return plain;
  // An empty format would stand for the default one. A marker alone is a field to the style "$".
  return style === "$" ? " " : format;
}

/** Colour of a record's level; a level of the program's own has that of the next below. */
function levelColor({ levelname, levelno }: LogRecord): number {
  if (Object.hasOwn(COLORS, levelname)) return COLORS[levelname]!;
  if (levelno >= WARNING) return COLORS[levelno >= ERROR ? "ERROR" : "WARNING"]!;
  return COLORS[levelno >= INFO ? "INFO" : "DEBUG"]!;
}

/** Replaces the markers by escape sequences, or by nothing. */
function paint(format: string, color: number, plain: boolean): string {
  return format.replace(MARKER, (_, name: string) => {
    if (plain) return "";
    if (name === "RESET") return RESET;
    if (name === "BOLD") return BOLD;
    if (name === "COLOR") return `\x1b[${30 + color}m`;
    const background = name.startsWith("BG-");
    return `\x1b[${(background ? 40 : 30) + COLORS[background ? name.slice(3) : name]!}m`;
  });
}

/** The reference files quote the format, which INI does not take off. */
function unquote(format: string): string {
  const quote = format[0];
  const quoted = format.length > 1 && (quote === "'" || quote === '"') && format.endsWith(quote);
  return quoted ? format.slice(1, -1) : format;
}
