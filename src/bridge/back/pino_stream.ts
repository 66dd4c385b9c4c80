import { checkOptions } from "../../core/errors/check_options.ts";
import { getLogger } from "../../core/loggers/module_functions.ts";
import { insideOf, type Logger } from "../../core/loggers/logger.ts";
import { INFO } from "../../core/levels/levels.ts";
import { isDict } from "../../core/python/py_repr.ts";
import { nameTrace } from "./foreign_levels.ts";
import { nobody } from "./nobody.ts";
import { fromPinoNumber, pinoLevel } from "./pino_levels.ts";
import { serializedError } from "./serialized_error.ts";
import { checkLogger } from "./check_logger.ts";

/** The property by which a stream asks pino to tell it about each line beside the text. */
const METADATA: unique symbol = Symbol.for("pino.metadata");
/** Numbers below this are seconds: as milliseconds they would lie in the year 1973. */
const SECONDS_BELOW = 1e11;

/**
 * Names that the pino has been given in the place of its own.
 *
 * @example
 * ```ts
 * import { pinoStream, type PinoStreamOptions } from "@logdial/logging/bridge/pino";
 *
 * const options: PinoStreamOptions = { messageKey: "message" };
 * pinoStream(undefined, options);
 * ```
 */
export interface PinoStreamOptions {
  /** Where lines have their message. @default "msg" */
  readonly messageKey?: string;
  /** Where lines have their error. @default "err" */
  readonly errorKey?: string;
}

/** What pino tells of the line that it is about to write, as far as it is used. */
interface Last {
  lastLevel?: number;
  lastLogger?: { readonly levels?: { readonly labels?: Readonly<Record<number, string>> } };
}

/**
 * What pino writes to.
 *
 * @example
 * ```ts
 * import { pinoStream, type PinoStream } from "@logdial/logging/bridge/pino";
 *
 * const stream: PinoStream = pinoStream();
 * stream.write('{"level":40,"msg":"slow"}\n');
 * ```
 */
export interface PinoStream {
  /** Takes lines of JSON. */
  write(lines: string): void;
}

/**
 * A stream for pino, `pino(options, pinoStream())`, that takes its lines to the handlers of a
 * logger, the logger `pino` unless another one is given: with their level, time, fields and error.
 * What pino redacts or serializes is what the records have. Let pino's own level be low enough;
 * the logger's then decides, and can be turned.
 *
 * @throws {TypeError} `logger` is not one of `getLogger`, an unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { pinoStream } from "@logdial/logging/bridge/pino";
 *
 * // const log = pino({ level: "trace" }, pinoStream(getLogger("shop")));
 * pinoStream(getLogger("shop")).write('{"level":50,"time":1795869000000,"msg":"no","user":"kim"}\n');
 * ```
 */
export function pinoStream(logger?: Logger, options: PinoStreamOptions = {}): PinoStream {
  if (logger !== undefined) checkLogger("log pino's lines to this", logger);
  checkOptions("pinoStream", options, { messageKey: asText, errorKey: asText });
  nameTrace();
  return new LineTaker(logger ?? getLogger("pino"), options);
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? undefined : "a text";
}

/** What a line says. */
interface Line {
  readonly level: unknown;
  readonly time: unknown;
  readonly text: string;
  readonly error: unknown;
  readonly fields: Record<string, unknown>;
}

class LineTaker implements PinoStream, Last {
  readonly [METADATA] = true;
  // Set by pino before each line.
  lastLevel?: number;
  lastLogger?: Last["lastLogger"];
  readonly #logger: Logger;
  readonly #messageKey: string;
  readonly #errorKey: string;

  constructor(
    logger: Logger,
    { messageKey = "msg", errorKey = "err" }: PinoStreamOptions,
  ) {
    this.#logger = logger;
    this.#messageKey = messageKey;
    this.#errorKey = errorKey;
  }

  write(lines: string): void {
    const { lastLevel } = this;
    // A line that nobody can want is not parsed.
    const least = insideOf.threshold(this.#logger);
    const isWanted = lastLevel === undefined || fromPinoNumber(lastLevel) >= least;
    try {
      if (!isWanted) return;
      for (const text of String(lines).split("\n")) if (text !== "") this.#take(text);
    } finally {
      // The next line may come without being told by pino.
      this.lastLevel = undefined;
    }
  }

  #take(written: string): void {
    const line = this.#read(written);
    const level = this.lastLevel === undefined
      ? levelOf(line.level)
      : fromPinoNumber(this.lastLevel);
    const { text, error, fields } = line;
    this.#logger.logFrom(this.#method(), level, text, [], {
      merged: { msg: text, args: [] },
      exc_info: error,
      fields,
      created: secondsOf(line.time),
    });
  }

  #read(written: string): Line {
    const fields = parsed(written);
    if (fields === undefined) {
      return { level: undefined, time: undefined, text: written, error: undefined, fields: {} };
    }
    const { level, time } = fields;
    const message = Object.hasOwn(fields, this.#messageKey) ? fields[this.#messageKey] : "";
    const error = serializedError(fields[this.#errorKey]);
    const names = ["level", "time", this.#messageKey];
    if (error !== undefined) names.push(this.#errorKey);
    for (const name of names) delete fields[name];
    const text = typeof message === "string" ? message : JSON.stringify(message);
    return { level, time, text, error, fields };
  }

  /** The method that the program has called: above it is the caller. */
  #method(): (...args: never[]) => unknown {
    const { lastLevel, lastLogger } = this;
    const name = lastLevel === undefined ? undefined : lastLogger?.levels?.labels?.[lastLevel];
    const method = name === undefined ? undefined : Reflect.get(lastLogger!, name);
    return typeof method === "function" ? method as () => void : nobody;
  }
}

/** A line as an object; undefined if it is none, such as a text that a hook has made. */
function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isDict(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function levelOf(level: unknown): number {
  // JSON's 1e999 is infinite, which is no level.
  if (typeof level === "number") return Number.isFinite(level) ? fromPinoNumber(level) : INFO;
  return (typeof level === "string" ? pinoLevel(level.toLowerCase()) : undefined) ?? INFO;
}

function secondsOf(time: unknown): number | undefined {
  const number = typeof time === "string" ? Date.parse(time) : time;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  return number < SECONDS_BELOW ? number : number / 1000;
}
