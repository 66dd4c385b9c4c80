import { didYouMean, nearest } from "../../core/errors/suggest.ts";
import { Formatter, type FormatterOptions, type Style } from "../../core/formatters/formatter.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { readEnv } from "../../core/runtime/read_env.ts";
import { requireDict } from "./require_dict.ts";
import { escapeSequence, isTerminal, RESET } from "./terminal.ts";

/** Names of colours by level. */
type LogColors = Readonly<Record<string, string>>;

const DEFAULT_COLORS: LogColors = {
  DEBUG: "white",
  INFO: "green",
  WARNING: "yellow",
  ERROR: "red",
  CRITICAL: "bold_red",
};

/** The format of each style where none is given. */
const FORMATS: Readonly<Record<Style, string>> = {
  "%": "%(log_color)s%(levelname)s:%(name)s:%(message)s",
  "{": "{log_color}{levelname}:{name}:{message}",
  "$": "${log_color}${levelname}:${name}:${message}",
};

/** Names of colours, in the order of their codes. */
const COLORS = ["black", "red", "green", "yellow", "blue", "purple", "cyan", "white"];

/** Takes the place of `colorlog.ColoredFormatter`: fields such as `log_color` colour the line. */
export class ColoredFormatter extends Formatter {
  readonly #logColors: ReadonlyMap<string, string>;
  readonly #secondary: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly #reset: boolean;
  readonly #stream: unknown;
  readonly #noColor: boolean;
  readonly #forceColor: boolean;

  /** Takes the arguments of colorlog's formatter, in their order. */
  constructor(
    fmt?: string | null,
    datefmt?: string | null,
    style: Style = "%",
    log_colors?: LogColors | null,
    reset = true,
    secondary_log_colors?: Readonly<Record<string, LogColors>> | null,
    validate = true,
    stream?: unknown,
    no_color = false,
    force_color = false,
    defaults?: FormatterOptions["defaults"],
  ) {
    super(fmt ?? FORMATS[style], datefmt, style, validate, { defaults });
    this.#logColors = readColors("log_colors", log_colors ?? DEFAULT_COLORS);
    const secondary = requireDict("secondary_log_colors", secondary_log_colors ?? {});
    this.#secondary = new Map(
      Object.entries(secondary).map(([name, colors]) => [
        `${name}_log_color`,
        readColors(`secondary_log_colors of "${name}"`, colors),
      ]),
    );
    this.#reset = Boolean(reset);
    this.#stream = stream ?? undefined;
    this.#noColor = Boolean(no_color);
    this.#forceColor = Boolean(force_color) || readEnv("FORCE_COLOR") !== undefined;
  }

  /** The line, with a reset of all colours at its end. */
  override formatMessage(record: LogRecord): string {
    const text = super.formatMessage(record);
    return this.#reset && !this.#isBlank() && !text.endsWith(RESET) ? text + RESET : text;
  }

  /** A colour where the field names one, else the field of the record. */
  protected override readField(record: LogRecord, name: string): unknown {
    const code = this.#codeOf(name, record.levelname);
    if (code === undefined) return super.readField(record, name);
    return this.#isBlank() ? "" : code;
  }

  #codeOf(name: string, level: string): string | undefined {
    if (name === "log_color") return this.#logColors.get(level) ?? "";
    const colors = this.#secondary.get(name);
    return colors === undefined ? codeOf(name) : colors.get(level) ?? "";
  }

  #isBlank(): boolean {
    if (this.#forceColor) return false;
    return this.#noColor || Deno.noColor ||
      this.#stream !== undefined && !isTerminal(this.#stream);
  }
}

/**
 * Takes the place of `colorlog.LevelFormatter`: a format for each level. `DEFAULT` is that of the
 * levels that have none; without it they have the format of {@linkcode ColoredFormatter}.
 */
export class LevelFormatter extends Formatter {
  readonly #byLevel: ReadonlyMap<string, ColoredFormatter>;
  readonly #default: ColoredFormatter;

  /** Takes the arguments of {@linkcode ColoredFormatter}, with a dict of formats by level. */
  constructor(fmt: unknown, ...more: readonly unknown[]) {
    super();
    if (fmt === undefined) {
      throw new TypeError("Cannot make LevelFormatter without fmt: formats by level");
    }
    this.#byLevel = new Map(
      Object.entries(requireDict("fmt", fmt)).map((
        [level, format],
      ) => [level, new ColoredFormatter(format as string, ...more as never[])]),
    );
    this.#default = this.#byLevel.get("DEFAULT") ??
      new ColoredFormatter(undefined, ...more as never[]);
  }

  /** The line in the format of the record's level. */
  override format(record: LogRecord): string {
    return (this.#byLevel.get(record.levelname) ?? this.#default).format(record);
  }
}

/** Escape sequences by level. */
function readColors(what: string, colors: unknown): Map<string, string> {
  return new Map(
    Object.entries(requireDict(what, colors)).map(([level, names]) => {
      const codes = String(names).split(",").filter((name) => name !== "").map((name) => {
        const code = codeOf(name);
        if (code !== undefined) return code;
        const near = nearest(name, ["reset", "bold", "thin", ...COLORS]);
        const hint = near === undefined ? `colours are ${COLORS.join(", ")}` : didYouMean(near);
        throw new RangeError(`Cannot use colour "${name}" in ${what}: it is unknown, ${hint}`);
      });
      return [level, codes.join("")];
    }),
  );
}

const NAME = /^(?:(bg)_|fg_)?(?:(bold)_|(thin)_)?(light_)?([a-z]+)$/;
const NUMBER = /^([bf]g)_(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/;

/** The escape sequence that a name stands for, undefined for any other name. */
function codeOf(name: string): string | undefined {
  const effect = ["reset", "bold", "thin"].indexOf(name);
  if (effect >= 0) return escapeSequence(effect);
  const [, ground, number] = NUMBER.exec(name) ?? [];
  if (number !== undefined) return escapeSequence(ground === "bg" ? 48 : 38, 5, Number(number));
  const [, background, bold, thin, light, color] = NAME.exec(name) ?? [];
  const at = COLORS.indexOf(color ?? "");
  if (at < 0) return undefined;
  if (background === undefined) {
    const code = (light === undefined ? 30 : 90) + at;
    return bold ? escapeSequence(1, code) : thin ? escapeSequence(2, code) : escapeSequence(code);
  }
  // Backgrounds cannot be bold; colorlog takes the name for the light ones.
  if (thin !== undefined || bold !== undefined && light !== undefined) return undefined;
  return escapeSequence((light ?? bold) === undefined ? 40 + at : 100 + at);
}
