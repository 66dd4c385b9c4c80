import { suggestOrList } from "../../core/errors/suggest.ts";
import { Formatter, type Style } from "../../core/formatters/formatter.ts";
import { threeDigits } from "../../core/format/time_format.ts";
import { pyStr } from "../../core/python/py_repr.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { readEnv } from "../../core/runtime/read_env.ts";
import { requireDict } from "./require_dict.ts";
import { styled } from "./terminal.ts";

/** Styles by field or level, such as `{ color: "red", bold: true }`. */
type Styles = Readonly<Record<string, unknown>>;

const FORMAT = "%(asctime)s %(hostname)s %(name)s[%(process)d] %(levelname)s %(message)s";
const DATE_FORMAT = "%Y-%m-%d %H:%M:%S";

const FIELD_STYLES: Styles = {
  asctime: { color: "green" },
  hostname: { color: "magenta" },
  levelname: { color: "black", bold: true },
  name: { color: "blue" },
  programname: { color: "cyan" },
  username: { color: "yellow" },
};

const LEVEL_STYLES: Styles = {
  spam: { color: "green", faint: true },
  debug: { color: "green" },
  verbose: { color: "blue" },
  info: {},
  notice: { color: "magenta" },
  warning: { color: "yellow" },
  success: { color: "green", bold: true },
  error: { color: "red" },
  critical: { color: "red", bold: true },
};

/** Names of colours, in the order of their codes. */
const COLORS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const EFFECTS = new Map([
  ["bold", 1],
  ["faint", 2],
  ["italic", 3],
  ["underline", 4],
  ["inverse", 7],
  ["strike_through", 9],
]);

const FIELDS: Readonly<Record<Style, RegExp>> = {
  "%": /(%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[hlL]?[diouxXeEfFgGcrs])/,
  "{": /(\{\w+[^}]*\})/,
  "$": /(\$\w+|\$\{\w+\})/,
};

/** Takes the place of `coloredlogs.BasicFormatter`: `%f` in times are milliseconds. */
export class BasicFormatter extends Formatter {
  /** The record's time. */
  override formatTime(record: LogRecord, datefmt?: string): string {
    const format = datefmt || DATE_FORMAT;
    return super.formatTime(record, format.replaceAll("%f", threeDigits(record.msecs)));
  }
}

/** Takes the place of `coloredlogs.ColoredFormatter`: fields and messages are in colours. */
export class ColoredLogsFormatter extends BasicFormatter {
  readonly #byLevel: ReadonlyMap<string, readonly number[]>;

  /** Takes the arguments of coloredlogs' formatter, in their order. */
  constructor(
    fmt?: string | null,
    datefmt?: string | null,
    style: Style = "%",
    level_styles?: Styles | null,
    field_styles?: Styles | null,
  ) {
    const fields = readStyles("field_styles", field_styles ?? FIELD_STYLES);
    super(colorize(fmt || FORMAT, style, fields), datefmt, style);
    this.#byLevel = readStyles("level_styles", level_styles ?? LEVEL_STYLES);
  }

  /** The line, with the message in the style of the record's level. */
  override format(record: LogRecord): string {
    const codes = this.#byLevel.get(normalize(record.levelname)) ?? [];
    if (codes.length === 0) return super.format(record);
    const { msg, message } = record;
    try {
      record.msg = styled(pyStr(msg), ...codes);
      return super.format(record);
    } finally {
      // Other handlers must get the record as it was.
      record.msg = msg;
      record.message = message;
    }
  }
}

/** The base of coloredlogs' filters: it gives every record a field. */
export class FieldFilter {
  readonly #name: string;
  readonly #value: string;

  /** The field, and its value. */
  constructor(name: string, value: string) {
    this.#name = name;
    this.#value = value;
  }

  /** Lets the record pass. */
  filter(record: LogRecord): boolean {
    Object.assign(record, { [this.#name]: this.#value });
    return true;
  }
}

/** Takes the place of `coloredlogs.HostNameFilter`. */
export class HostNameFilter extends FieldFilter {
  constructor() {
    const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
    super("hostname", state === "granted" ? Deno.hostname() : "localhost");
  }
}

/** Takes the place of `coloredlogs.ProgramNameFilter`. */
export class ProgramNameFilter extends FieldFilter {
  constructor(programname?: string | null) {
    super("programname", programname ?? Deno.mainModule.replace(/^.*\//, ""));
  }
}

/** Takes the place of `coloredlogs.UserNameFilter`. */
export class UserNameFilter extends FieldFilter {
  constructor(username?: string | null) {
    super("username", username ?? readEnv("USER") ?? readEnv("USERNAME") ?? "nobody");
  }
}

/** Escape codes by the names of fields or levels. */
function readStyles(what: string, styles: unknown): Map<string, readonly number[]> {
  return new Map(
    Object.entries(requireDict(what, styles))
      .map(([name, style]) => [normalize(name), readStyle(what, style)]),
  );
}

function normalize(name: string): string {
  const lower = name.toLowerCase();
  return lower === "warn" ? "warning" : lower === "fatal" ? "critical" : lower;
}

function readStyle(what: string, style: unknown): number[] {
  const given = (style ?? {}) as Readonly<Record<string, unknown>>;
  const codes = Object.entries(given)
    .flatMap(([name, on]) => on && EFFECTS.has(name) ? [EFFECTS.get(name)!] : []);
  for (const ground of ["color", "background"]) {
    const base = ground === "color" ? 30 : 40;
    const value = given[ground];
    if (Array.isArray(value)) codes.push(base + 8, 2, ...value.map(Number));
    else if (typeof value === "number") codes.push(base + 8, 5, Math.trunc(value));
    else if (value) codes.push(base + (given.bright ? 60 : 0) + colorNumber(what, String(value)));
  }
  return codes;
}

function colorNumber(what: string, color: string): number {
  const at = COLORS.indexOf(color);
  if (at >= 0) return at;
  const hint = suggestOrList(color, COLORS);
  throw new RangeError(`Cannot use colour "${color}" in ${what}: it is unknown, ${hint}`);
}

/**
 * The format in colours. A word of the format, blanks around it, is in the style of its field if
 * only one of its fields has a style; else each field is in its own.
 */
function colorize(
  format: string,
  style: Style,
  styles: ReadonlyMap<string, readonly number[]>,
): string {
  // The base class says what a format must be.
  if (typeof format !== "string") return format;
  const pieces = format.split(FIELDS[style] ?? FIELDS["%"]).flatMap((piece, at) =>
    at % 2 === 1 ? [piece] : piece.split(/(\s+)/)
  ).filter((piece) => piece !== "");
  let text = "";
  let group: string[] = [];
  const endGroup = () => {
    const codes = group.map((piece) => codesOf(piece, style, styles));
    const styledOnes = codes.filter((one) => one.length > 0);
    text += styledOnes.length === 1
      ? styled(group.join(""), ...styledOnes[0]!)
      : group.map((piece, at) => styled(piece, ...codes[at]!)).join("");
    group = [];
  };
  for (const piece of pieces) {
    if (piece.trim() !== "") group.push(piece);
    else {
      endGroup();
      text += piece;
    }
  }
  endGroup();
  return text;
}

function codesOf(
  piece: string,
  style: Style,
  styles: ReadonlyMap<string, readonly number[]>,
): readonly number[] {
  if (!(FIELDS[style] ?? FIELDS["%"]).test(piece)) return [];
  return styles.get(normalize(/\w+/.exec(piece)?.[0] ?? "")) ?? [];
}
