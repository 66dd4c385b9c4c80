import type { FilterLike } from "../../core/filters/filter.ts";
import type { Handler } from "../../core/handlers/handler.ts";
import { NOTSET } from "../../core/levels/levels.ts";
import { getOpening, Logger, setOpening } from "../../core/loggers/logger.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import type { Opening } from "../../core/loggers/opening.ts";

/** What a configuration can change, as it was at one moment; the objects are not copied. */
export interface LoggingState {
  readonly root: LoggerState;
  readonly loggers: ReadonlyMap<string, LoggerState>;
  readonly namedHandlers: ReadonlyMap<string, Handler>;
  /** Levels of all handlers that it needs. */
  readonly handlerLevels: ReadonlyMap<Handler, number>;
}

/** What a configuration can change in one logger. */
export interface LoggerState {
  readonly level: number;
  /** What the level shows in spite of handlers' levels. */
  readonly opening: Opening | undefined;
  readonly handlers: readonly Handler[];
  readonly filters: readonly FilterLike[];
  readonly propagate: boolean;
  readonly disabled: boolean;
}

/** How new loggers are set up. */
export const NEW_LOGGER: LoggerState = {
  level: NOTSET,
  opening: undefined,
  handlers: [],
  filters: [],
  propagate: true,
  disabled: false,
};

/**
 * Remembers how a tree of loggers is set up; what is as in `last` takes no memory again, since
 * a process may have 100,000 loggers and 64 changes in force.
 */
export function captureState(manager: Manager, last?: LoggingState): LoggingState {
  const loggers = new Map<string, LoggerState>();
  let isSame = true;
  for (const [name, logger] of manager.loggerDict) {
    if (!(logger instanceof Logger)) continue;
    const before = last?.loggers.get(name);
    const state = captureLogger(logger, before);
    isSame &&= state === before;
    loggers.set(name, state);
  }
  const handlerLevels = new Map<Handler, number>();
  for (const handler of handlersInUse(manager)) handlerLevels.set(handler, handler.level);
  return {
    root: captureLogger(manager.root, last?.root),
    loggers: isSame && last?.loggers.size === loggers.size ? last.loggers : loggers,
    namedHandlers: new Map(manager.namedHandlers),
    handlerLevels,
  };
}

/**
 * Sets a tree of loggers up as it was. Of the loggers that have come up since, those that
 * `isOurs` knows are set up as new ones are, the program's are only enabled again.
 */
export function restoreState(
  manager: Manager,
  state: LoggingState,
  isOurs: (name: string) => boolean,
): void {
  restoreLogger(manager.root, state.root);
  for (const [name, logger] of manager.loggerDict) {
    if (!(logger instanceof Logger)) continue;
    const known = state.loggers.get(name);
    if (known !== undefined) restoreLogger(logger, known);
    else if (isOurs(name)) restoreLogger(logger, NEW_LOGGER);
    else logger.disabled = false;
  }
  manager.namedHandlers = new Map(state.namedHandlers);
  for (const [handler, level] of state.handlerLevels) handler.level = level;
}

/** The handlers that a tree of loggers needs as it is. */
export function handlersInUse(manager: Manager): Set<Handler> {
  const handlers = new Set<Handler>(manager.namedHandlers.values());
  for (const logger of manager.loggers()) {
    for (const handler of logger.handlers) handlers.add(handler);
  }
  return handlers;
}

/** What a configuration can change in a logger, as it is now. */
export function captureLogger(logger: Logger, last: LoggerState = NEW_LOGGER): LoggerState {
  const { level, handlers, filters, propagate, disabled } = logger;
  const opening = getOpening(logger);
  for (const known of [last, NEW_LOGGER]) {
    const isSame = known.level === level && known.opening === opening &&
      known.propagate === propagate && known.disabled === disabled &&
      isSameList(known.handlers, handlers) && isSameList(known.filters, filters);
    if (isSame) return known;
  }
  return { level, opening, handlers: [...handlers], filters: [...filters], propagate, disabled };
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

function restoreLogger(logger: Logger, state: LoggerState): void {
  logger.setLevel(state.level);
  if (state.opening !== undefined) setOpening(logger, state.opening);
  logger.handlers = [...state.handlers];
  logger.filters = [...state.filters];
  logger.propagate = state.propagate;
  logger.disabled = state.disabled;
}
