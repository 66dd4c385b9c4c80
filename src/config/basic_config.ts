import { buildInScope } from "../core/handlers/build_scope.ts";
import type { ByteStream } from "../core/io/byte_stream.ts";
import { checkOptions, isBoolean, isText, type OptionRules } from "../core/errors/check_options.ts";
import { quote } from "../core/errors/quote.ts";
import { Formatter, type Style } from "../core/formatters/formatter.ts";
import { type Handler, retireHandlers } from "../core/handlers/handler.ts";
import { checkLevel, type Level } from "../core/levels/levels.ts";
import { defaultManager, type Manager } from "../core/loggers/manager.ts";
import type { TextStream } from "../core/io/std_stream.ts";
import { FileHandler } from "../handlers/files/file_handler.ts";
import { StreamHandler } from "../handlers/stream_handler.ts";

/**
 * Options of {@linkcode basicConfig}, with Python's names.
 *
 * @example
 * ```ts
 * import { basicConfig, type BasicConfigOptions } from "@logdial/logging";
 *
 * const options: BasicConfigOptions = { level: "INFO", force: true };
 * basicConfig(options);
 * ```
 */
export interface BasicConfigOptions {
  /** File to log to in place of a stream. */
  filename?: string | URL | null;
  /** Mode in which the file is opened. @default "a" */
  filemode?: string;
  /** Encoding of the file. @default "utf-8" */
  encoding?: string | null;
  /** Error handler for characters that the encoding does not have. @default "backslashreplace" */
  errors?: string | null;
  /** Stream to log to. @default stderr */
  stream?: TextStream | ByteStream | null;
  /** Handlers to add in place of a stream's. */
  handlers?: Iterable<Handler> | null;
  /** Format of the lines. @default "%(levelname)s:%(name)s:%(message)s" */
  format?: string | null;
  /** strftime format of `asctime`. */
  datefmt?: string | null;
  /** Style of the format. @default "%" */
  style?: Style;
  /** Level of the root. */
  level?: Level | null;
  /** Whether to replace handlers that are there already. @default false */
  force?: boolean;
}

const OPTION_RULES: OptionRules<BasicConfigOptions> = {
  filename: (value) => value instanceof URL ? undefined : isTextOrNone(value),
  filemode: isText,
  encoding: isTextOrNone,
  errors: isTextOrNone,
  stream: (value) => typeof value === "object" ? undefined : "a stream",
  handlers: (value) => value === null || isIterable(value) ? undefined : "a list of handlers",
  format: isTextOrNone,
  datefmt: isTextOrNone,
  style: isText,
  level: (value) => value === null || typeof value === "number" ? undefined : isText(value),
  force: isBoolean,
};

function isIterable(value: unknown): boolean {
  return typeof value === "object" && Symbol.iterator in value!;
}

function isTextOrNone(value: unknown): string | undefined {
  return value === null ? undefined : isText(value);
}

/**
 * Format of the lines unless `basicConfig` is given another (`logging.BASIC_FORMAT`).
 *
 * @example
 * ```ts
 * import { BASIC_FORMAT, basicConfig } from "@logdial/logging";
 *
 * basicConfig({ format: `%(asctime)s ${BASIC_FORMAT}` });
 * ```
 */
export const BASIC_FORMAT = "%(levelname)s:%(name)s:%(message)s";

const BASIC_FORMATS: Readonly<Record<Style, string>> = {
  "%": BASIC_FORMAT,
  "{": "{levelname}:{name}:{message}",
  $: "${levelname}:${name}:${message}",
};

/**
 * Gives the root a handler unless it has one (`logging.basicConfig`).
 *
 * @throws {TypeError} Options that exclude each other or are not known.
 * @throws {RangeError} An unknown style or level.
 *
 * @example
 * ```ts
 * import { basicConfig, getLogger, INFO } from "@logdial/logging";
 *
 * basicConfig({ level: INFO, format: "%(asctime)s %(message)s" });
 * getLogger().info("up");
 * ```
 */
export function basicConfig(options: BasicConfigOptions = {}): void {
  applyBasicConfig(defaultManager, options);
}

/** {@linkcode basicConfig} for any tree of loggers. */
export function applyBasicConfig(manager: Manager, options: BasicConfigOptions = {}): void {
  const { root } = manager;
  // As in Python, even wrong options are passed over then.
  if (root.handlers.length > 0 && !options?.force) return;
  checkOptions("basicConfig", options, OPTION_RULES);
  checkTogether(options);
  const level = isGiven(options.level) ? checkLevel(options.level) : undefined;
  const style = options.style ?? "%";
  const format = options.format === undefined ? BASIC_FORMATS[style] : options.format;
  const formatter = new Formatter(format, options.datefmt, style);
  const { result: handlers, scope } = buildInScope(() => {
    const made = [...options.handlers ?? [ownHandler(options)]];
    // This comes before the old handlers are closed: it throws for what is no handler.
    for (const handler of made) giveFormatter(handler, formatter);
    return made;
  });
  const old = root.handlers;
  root.handlers = [];
  const closed = new Set(old.filter((handler) => !handlers.includes(handler)));
  // That closes the last one first; as in Python, these are closed in their order.
  retireHandlers([...closed].reverse());
  for (const [name, handler] of manager.namedHandlers) {
    if (closed.has(handler)) manager.namedHandlers.delete(name);
  }
  for (const handler of handlers) root.addHandler(handler);
  if (level !== undefined) root.setLevel(level);
  scope.commit();
}

/** Gives a handler the formatter unless it has one. */
function giveFormatter(handler: unknown, formatter: Formatter): void {
  const { setFormatter, formatter: own } = (handler ?? {}) as Partial<Handler>;
  // The class is not asked: there may be two copies of the library.
  if (typeof setFormatter !== "function") {
    const way = "give one that is made, such as new StreamHandler()";
    throw new TypeError(`Cannot use ${quote(handler)} as a handler of basicConfig: ${way}`);
  }
  if (own === undefined) setFormatter.call(handler, formatter);
}

function ownHandler(options: BasicConfigOptions): Handler {
  const { filename, filemode = "a", encoding, errors = "backslashreplace" } = options;
  if (!filename) return new StreamHandler(options.stream);
  // In binary modes Python has no error handler; one that was given is ignored here, too.
  return new FileHandler(
    filename,
    filemode,
    encoding,
    false,
    filemode.includes("b") ? null : errors,
  );
}

function checkTogether(options: BasicConfigOptions): void {
  const { handlers, stream, filename } = options;
  const given = [isGiven(handlers), stream !== undefined, filename !== undefined];
  if (given.filter(Boolean).length > 1) {
    throw new TypeError("Cannot use stream, filename and handlers together: give one of them");
  }
  if (isGiven(handlers) && options.filemode !== undefined) {
    throw new TypeError("Cannot use filemode and handlers together: it is for a filename");
  }
  const { style = "%" } = options;
  if (!Object.hasOwn(BASIC_FORMATS, style)) {
    throw new RangeError(`Cannot use style ${quote(style)}: it must be one of %, {, $`);
  }
}

function isGiven<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null;
}
