import { compilePaths } from "../../filters/redact_paths.ts";
import { Redactor } from "../../filters/redactor.ts";
import { CRITICAL, DEBUG, ERROR, INFO, WARNING } from "../../core/levels/levels.ts";
import type { Handler } from "../../core/handlers/handler.ts";
import { handlersOnWay } from "../../core/loggers/handlers_way.ts";
import { insideOf, type Logger } from "../../core/loggers/logger.ts";
import { readOrTell } from "../../core/values/thrown.ts";
import { nameTrace, TRACE } from "./foreign_levels.ts";
import { logByOwnLevel, mayPassByOwnLevel } from "./own_level.ts";
import {
  addShown,
  NO_SERIALIZERS,
  PinoCall,
  type PinoSerializers,
  type PinoShape,
} from "./pino_call.ts";
import { PINO_LEVELS, pinoLevel, pinoName, requirePinoLevel } from "./pino_levels.ts";
import { PinoState } from "./pino_state.ts";
import type { PinoChildOptions, PinoInterface } from "./pino_interface.ts";
import { checkLogger } from "./check_logger.ts";

/** The property in which libraries that know pino look for a logger's serializers. */
const SERIALIZERS = Symbol.for("pino.serializers");
/**
 * The property that holds the state of a logger. It is no private field, since programs wrap pino's
 * loggers by `Object.create(log)`, and such an object has no private fields.
 */
const STATE = Symbol("logdial.pino");
/** All arguments are the message's own. */
const NONE: readonly unknown[] = [];
/** The shape of a logger that changes nothing in its calls. */
const PLAIN: PinoShape = {
  serializers: NO_SERIALIZERS,
  redact: undefined,
  prefix: "",
  log: undefined,
};
/** Keys of the bindings that pino leaves out. */
const NO_BINDINGS = ["level", "serializers", "formatters", "customLevels"];

/**
 * A logger with pino's interface, for programs and frameworks that want one, such as Fastify. What
 * is logged by it goes the way of all records of the logger; levels, scopes and budgets set from
 * outside count for it and its children at once.
 *
 * A child with a level of its own, as Fastify makes for routes with a `logLevel`, keeps to that when
 * the logger is turned; a scope below the logger's level (`--where`) shows its records all the same,
 * and tails and the recorder see what it drops.
 *
 * @throws {TypeError} `logger` is not one of `getLogger`.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { asPino } from "@logdial/logging/bridge/pino";
 *
 * // Fastify({ loggerInstance: asPino(getLogger("http")) })
 * const log = asPino(getLogger("http"));
 * log.child({ reqId: "req-1" }).error(new Error("timeout"), "cannot reach %s", "db");
 * ```
 */
export function asPino(logger: Logger): PinoInterface {
  checkLogger("give pino's interface to this", logger);
  nameTrace();
  return new PinoFacade(new PinoState(logger, PLAIN, false, undefined));
}

/** Has pino's methods; a record's caller is found above these functions on the stack. */
class PinoFacade implements PinoInterface {
  [STATE]: PinoState;

  constructor(state: PinoState) {
    this[STATE] = state;
  }

  get level(): string {
    return pinoName(thresholdOf(this[STATE]));
  }

  set level(level: string) {
    const number = requirePinoLevel(level), { logger, shape, isChild } = this[STATE];
    if (isChild) this[STATE] = new PinoState(logger, shape, true, number);
    else logger.setLevel(number);
  }

  get levelVal(): number {
    return PINO_LEVELS.values[this.level]!;
  }

  get levels(): PinoInterface["levels"] {
    return PINO_LEVELS;
  }

  get msgPrefix(): string | undefined {
    return this[STATE].shape.prefix || undefined;
  }

  get [SERIALIZERS](): PinoSerializers {
    return this[STATE].shape.serializers;
  }

  trace(first: unknown, ...rest: unknown[]): void {
    if (this[STATE].isOff(TRACE)) return;
    write(this[STATE], FROM.trace, TRACE, first, rest);
  }

  debug(first: unknown, ...rest: unknown[]): void {
    if (this[STATE].isOff(DEBUG)) return;
    write(this[STATE], FROM.debug, DEBUG, first, rest);
  }

  info(first: unknown, ...rest: unknown[]): void {
    if (this[STATE].isOff(INFO)) return;
    write(this[STATE], FROM.info, INFO, first, rest);
  }

  warn(first: unknown, ...rest: unknown[]): void {
    if (this[STATE].isOff(WARNING)) return;
    write(this[STATE], FROM.warn, WARNING, first, rest);
  }

  error(first: unknown, ...rest: unknown[]): void {
    if (this[STATE].isOff(ERROR)) return;
    write(this[STATE], FROM.error, ERROR, first, rest);
  }

  fatal(first: unknown, ...rest: unknown[]): void {
    if (this[STATE].isOff(CRITICAL)) return;
    write(this[STATE], FROM.fatal, CRITICAL, first, rest);
  }

  silent(): void {}

  child(bindings: object, options?: PinoChildOptions): PinoInterface {
    return new PinoFacade(childState(this[STATE], bindings, options));
  }

  bindings(): Record<string, unknown> {
    return { ...insideOf.bound(this[STATE].logger)?.values };
  }

  setBindings(bindings: object): void {
    const { logger, shape, isChild, own } = this[STATE];
    this[STATE] = new PinoState(bound(logger, shape, bindings), shape, isChild, own);
  }

  isLevelEnabled(level: string): boolean {
    const number = pinoLevel(level), { logger, own } = this[STATE];
    if (number === undefined || level === "silent") return false;
    return own === undefined ? logger.isEnabledFor(number) : mayPassByOwnLevel(logger, own, number);
  }

  flush(callback?: (error?: Error) => void): void {
    const handlers = handlersOnWay(this[STATE].logger);
    if (callback !== undefined) drained(handlers).then(() => callback(), callback);
    else handlers.forEach((handler) => handler.flush());
  }
}

const FROM = PinoFacade.prototype;

/** Resolves when handlers have written or sent everything that they hold back. */
async function drained(handlers: readonly Handler[]): Promise<void> {
  for (const handler of handlers) handler.flush();
  await Promise.all(handlers.map((handler) => {
    const { drain } = handler as { drain?: () => unknown };
    return drain?.call(handler);
  }));
}

function thresholdOf({ logger, own }: PinoState): number {
  const level = own ?? logger.getEffectiveLevel();
  return logger.disabled ? Infinity : Math.max(level, insideOf.context(logger).disable + 1);
}

function write(
  state: PinoState,
  above: (first: unknown, ...rest: unknown[]) => void,
  level: number,
  first: unknown,
  rest: readonly unknown[],
): void {
  const { logger, own } = state, call = new PinoCall(state.shape, first, rest);
  if (own !== undefined) logByOwnLevel(logger, own, above, level, call);
  else logger.logFrom(above, level, call.written, NONE, call);
}

function childState(
  state: PinoState,
  bindings: object,
  options: PinoChildOptions | undefined,
): PinoState {
  if (typeof bindings !== "object" || bindings === null) {
    throw new TypeError("Cannot make a child without bindings: give an object, such as {}");
  }
  const { logger, shape, own } = state;
  if (options === undefined || options === null) {
    return new PinoState(bound(logger, shape, bindings), shape, true, own);
  }
  const childs = childShape(shape, options), { level, formatters } = options;
  const given = formatters?.bindings?.(bindings as Record<string, unknown>) ?? bindings;
  const ownLevel = level === undefined ? own : requirePinoLevel(level);
  return new PinoState(bound(logger, childs, given), childs, true, ownLevel);
}

function childShape(shape: PinoShape, options: PinoChildOptions): PinoShape {
  if (options.customLevels !== undefined) {
    throw new TypeError(
      'Cannot make a child with "customLevels": a level of your own is made by addLevelName',
    );
  }
  const { serializers, redact, msgPrefix = "", formatters } = options;
  return {
    serializers: serializers === undefined
      ? shape.serializers
      : { ...shape.serializers, ...serializers },
    redact: redact === undefined || redact === null ? shape.redact : redaction(redact),
    prefix: shape.prefix + msgPrefix,
    log: formatters?.log ?? shape.log,
  };
}

/** The logger with more fields bound, as serializers show them. */
function bound(logger: Logger, { redact, serializers }: PinoShape, bindings: object): Logger {
  const shown: Record<string, unknown> = {};
  let count = 0;
  for (const name of Object.keys(bindings)) {
    if (NO_BINDINGS.includes(name)) continue;
    count += addShown(shown, name, readOrTell(bindings, name), serializers);
  }
  return count === 0 ? logger : logger.with(redact?.(shown) ?? shown);
}

/** The function that takes secrets out, as pino's option `redact` describes. */
function redaction(
  option: NonNullable<PinoChildOptions["redact"]>,
): NonNullable<PinoShape["redact"]> {
  const { paths, censor = "[Redacted]", remove = false } = "paths" in option
    ? option
    : { paths: option };
  if (typeof censor !== "string" || remove) {
    const name = remove ? "remove" : "censor";
    throw new TypeError(
      `Cannot redact with "${name}": only a text can stand for what is taken out; ` +
        "for more, give the logger a filter",
    );
  }
  const isSecret = compilePaths(paths);
  // Each value needs a redactor of its own, since that counts what it has looked at.
  return <Value>(value: Value) => new Redactor(isSecret, [], censor).value(value) as Value;
}
