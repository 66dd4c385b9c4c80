import { compilePaths } from "../../filters/redact_paths.ts";
import { Redactor } from "../../filters/redactor.ts";
import { CRITICAL, DEBUG, ERROR, INFO, WARNING } from "../../core/levels/levels.ts";
import { handlersOnWay } from "../../core/loggers/handlers_way.ts";
import { insideOf, Logger } from "../../core/loggers/logger.ts";
import { nameTrace, TRACE } from "./foreign_levels.ts";
import { logByOwnLevel, mayPassByOwnLevel } from "./own_level.ts";
import { addShown, PinoCall, type PinoSerializers, type PinoShape } from "./pino_call.ts";
import { PINO_LEVELS, pinoLevel, pinoName, requirePinoLevel } from "./pino_levels.ts";
import type { PinoChildOptions, PinoInterface } from "./pino_interface.ts";

/** Where libraries that know pino look for the serializers of a logger. */
const SERIALIZERS = Symbol.for("pino.serializers");
/**
 * Holds the state of a logger. No private field, since programs wrap pino's loggers by
 * `Object.create(log)`, which has none.
 */
const STATE = Symbol("logdial.pino");
/** Names that pino does not take for bindings. */
const NO_BINDINGS = ["level", "serializers", "formatters", "customLevels"];

/** A logger with what pino's loggers have beside it. */
interface State extends PinoShape {
  /** With the bindings as its fields. */
  readonly logger: Logger;
  readonly isChild: boolean;
  /** What counts for a child in the place of the logger's level; undefined if the logger's does. */
  readonly own: number | undefined;
}

/**
 * A logger with pino's interface, for programs and frameworks that want one, such as Fastify. What
 * is logged by it goes the way of all records of the logger; levels, scopes and budgets set from
 * outside count for it and its children at once.
 *
 * A child with a level of its own, as Fastify makes for routes with a `logLevel`, keeps to that; a
 * scope (`--where`) that fits its records shows them in any case. What its own level drops is seen
 * by no tail and kept by no recorder.
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
  if (!(logger instanceof Logger)) {
    throw new TypeError("Cannot give pino's interface to this: it must be a logger of getLogger");
  }
  nameTrace();
  return facadeOf({
    logger,
    isChild: false,
    own: undefined,
    serializers: {},
    redact: undefined,
    prefix: "",
    log: undefined,
  });
}

/** Has pino's methods; the functions are what callers are found above. */
class PinoFacade implements PinoInterface {
  declare [STATE]: State;

  get level(): string {
    return pinoName(thresholdOf(this[STATE]));
  }

  set level(level: string) {
    const number = requirePinoLevel(level), { logger, isChild } = this[STATE];
    if (!isChild) logger.setLevel(number);
    else this[STATE] = { ...this[STATE], own: number };
  }

  get levelVal(): number {
    return PINO_LEVELS.values[this.level]!;
  }

  get levels(): PinoInterface["levels"] {
    return PINO_LEVELS;
  }

  get msgPrefix(): string | undefined {
    return this[STATE].prefix || undefined;
  }

  get [SERIALIZERS](): PinoSerializers {
    return this[STATE].serializers;
  }

  trace(first: unknown, ...rest: unknown[]): void {
    write(this[STATE], FROM.trace, TRACE, first, rest);
  }

  debug(first: unknown, ...rest: unknown[]): void {
    write(this[STATE], FROM.debug, DEBUG, first, rest);
  }

  info(first: unknown, ...rest: unknown[]): void {
    write(this[STATE], FROM.info, INFO, first, rest);
  }

  warn(first: unknown, ...rest: unknown[]): void {
    write(this[STATE], FROM.warn, WARNING, first, rest);
  }

  error(first: unknown, ...rest: unknown[]): void {
    write(this[STATE], FROM.error, ERROR, first, rest);
  }

  fatal(first: unknown, ...rest: unknown[]): void {
    write(this[STATE], FROM.fatal, CRITICAL, first, rest);
  }

  silent(): void {}

  child(bindings: object, options: PinoChildOptions = {}): PinoInterface {
    return facadeOf(childState(this[STATE], bindings, options));
  }

  bindings(): Record<string, unknown> {
    return { ...insideOf.bound(this[STATE].logger)?.values };
  }

  setBindings(bindings: object): void {
    this[STATE] = bound(this[STATE], bindings);
  }

  isLevelEnabled(level: string): boolean {
    const number = pinoLevel(level), { logger, own } = this[STATE];
    if (number === undefined || level === "silent") return false;
    return own === undefined ? logger.isEnabledFor(number) : mayPassByOwnLevel(logger, own, number);
  }

  flush(callback?: (error?: Error) => void): void {
    const drains = handlersOnWay(this[STATE].logger).map((handler) => {
      handler.flush();
      const { drain } = handler as { drain?: () => unknown };
      return drain?.call(handler);
    });
    if (callback === undefined) return;
    Promise.all(drains).then(() => callback(), (error) => callback(error as Error));
  }
}

const FROM = PinoFacade.prototype;

function facadeOf(state: State): PinoInterface {
  const facade = new PinoFacade();
  // Not listed, so that a logger in an object that is shown is not shown with all it knows.
  Object.defineProperty(facade, STATE, { value: state, writable: true });
  return facade;
}

function thresholdOf({ logger, own }: State): number {
  const level = own ?? logger.getEffectiveLevel();
  return logger.disabled ? Infinity : Math.max(level, insideOf.context(logger).disable + 1);
}

function write(
  state: State,
  above: (first: unknown, ...rest: unknown[]) => void,
  level: number,
  first: unknown,
  rest: readonly unknown[],
): void {
  const { logger, own } = state;
  if (own !== undefined) {
    logByOwnLevel(logger, own, above, level, new PinoCall(state, first, rest));
  } else if (level >= insideOf.threshold(logger)) {
    const call = new PinoCall(state, first, rest);
    logger.logFrom(above, level, call.written, [], call);
  }
}

function childState(state: State, bindings: object, options: PinoChildOptions): State {
  if (typeof bindings !== "object" || bindings === null) {
    throw new TypeError("Cannot make a child without bindings: give an object, such as {}");
  }
  if (options.customLevels !== undefined) {
    throw new TypeError(
      `Cannot make a child with "customLevels": a level of your own is made by addLevelName`,
    );
  }
  const { level, msgPrefix = "", formatters, redact } = options;
  const child: State = {
    ...state,
    isChild: true,
    own: level === undefined ? state.own : requirePinoLevel(level),
    serializers: { ...state.serializers, ...options.serializers },
    redact: redact === undefined || redact === null ? state.redact : redaction(redact),
    prefix: state.prefix + msgPrefix,
    log: formatters?.log ?? state.log,
  };
  return bound(child, formatters?.bindings?.(bindings as Record<string, unknown>) ?? bindings);
}

/** The state with more fields bound, as serializers show them. */
function bound(state: State, bindings: object): State {
  const { serializers, redact } = state;
  const shown = new Map<string, unknown>();
  addShown(shown, bindings, { serializers, log: undefined });
  for (const name of NO_BINDINGS) shown.delete(name);
  if (shown.size === 0) return state;
  const given = Object.fromEntries(shown);
  return { ...state, logger: state.logger.with(redact?.(given) ?? given) };
}

/** What takes secrets out, as pino's option wants it. */
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
  // One for each value, since it counts what it has looked at.
  return <Value>(value: Value) => new Redactor(isSecret, [], censor).value(value) as Value;
}
