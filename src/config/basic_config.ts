import { Formatter, type Style } from "../core/formatter.ts";
import { type Handler, shutdownHandlers } from "../core/handler.ts";
import { checkLevel, type Level } from "../core/levels.ts";
import { defaultManager } from "../core/manager.ts";
import type { ByteStream, TextStream } from "../core/std_stream.ts";
import { StreamHandler } from "../handlers/stream_handler.ts";

/** Options of {@linkcode basicConfig}, with Python's names. */
export interface BasicConfigOptions {
  /** Stream to log to. @default stderr */
  stream?: TextStream | ByteStream;
  /** Handlers to add in place of a stream's. */
  handlers?: readonly Handler[];
  /** Format of the lines. @default "%(levelname)s:%(name)s:%(message)s" */
  format?: string;
  /** strftime format of `asctime`. */
  datefmt?: string;
  /** Style of the format. @default "%" */
  style?: Style;
  /** Level of the root. */
  level?: Level;
  /** Whether to replace handlers that are there already. @default false */
  force?: boolean;
}

const BASIC_FORMATS: Readonly<Record<Style, string>> = {
  "%": "%(levelname)s:%(name)s:%(message)s",
  "{": "{levelname}:{name}:{message}",
  $: "${levelname}:${name}:${message}",
};

/**
 * Gives the root a handler unless it has one (`logging.basicConfig`).
 *
 * @throws {TypeError} Options that exclude each other.
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
  const { root } = defaultManager;
  if (root.handlers.length > 0 && !options.force) return;
  const { stream, style = "%" } = options;
  if (options.handlers !== undefined && stream !== undefined) {
    throw new TypeError("Cannot use stream and handlers together: give one of them");
  }
  if (!Object.hasOwn(BASIC_FORMATS, style)) {
    throw new RangeError(`Cannot use style ${JSON.stringify(style)}: it must be one of %, {, $`);
  }
  const level = options.level === undefined ? undefined : checkLevel(options.level);
  const format = options.format ?? BASIC_FORMATS[style];
  const formatter = new Formatter(format, options.datefmt, style);
  const handlers = options.handlers ?? [new StreamHandler(stream)];
  const old = root.handlers;
  root.handlers = [];
  shutdownHandlers(old);
  for (const handler of handlers) {
    if (handler.formatter === undefined) handler.setFormatter(formatter);
    root.addHandler(handler);
  }
  if (level !== undefined) root.setLevel(level);
}
