import type { FilterLike } from "../../core/filters/filter.ts";
import type { Handler } from "../../core/handlers/handler.ts";
import { NOTSET } from "../../core/levels/levels.ts";
import { levelSince } from "../../core/loggers/bridged.ts";
import { getOpening, getScopes, setOpening, setScopes } from "../../core/loggers/logger_node.ts";
import { type LevelScope, NO_SCOPES } from "../../core/loggers/scope.ts";
import { Logger } from "../../core/loggers/logger.ts";
import type { Opening } from "../../core/loggers/opening.ts";
import { Recent } from "../../core/text/recent.ts";

/** What a configuration can change in one logger. */
export interface LoggerState {
  readonly level: number;
  /** What the level shows in spite of handlers' levels. */
  readonly opening: Opening | undefined;
  /** What it shows of some calls only. */
  readonly scopes: readonly LevelScope[];
  readonly handlers: readonly Handler[];
  readonly filters: readonly FilterLike[];
  readonly propagate: boolean;
  readonly disabled: boolean;
}

/** How new loggers are set up. */
export const NEW_LOGGER: LoggerState = {
  level: NOTSET,
  opening: undefined,
  scopes: NO_SCOPES,
  handlers: [],
  filters: [],
  propagate: true,
  disabled: false,
};

/** States without lists, which many loggers have in common, so that they take memory once. */
const plainStates = new Recent<LoggerState>(64);

/** How a logger is set up now; the same object as `last` if it is as it was then. */
export function captureLogger(logger: Logger, last: LoggerState = NEW_LOGGER): LoggerState {
  if (isAs(logger, last)) return last;
  const { level, handlers, filters, propagate, disabled } = logger;
  const opening = getOpening(logger), scopes = getScopes(logger);
  const isPlain = opening === undefined && scopes.length === 0;
  if (isPlain && handlers.length === 0 && filters.length === 0) {
    if (isAs(logger, NEW_LOGGER)) return NEW_LOGGER;
    return plainStates.get(
      `${level} ${propagate} ${disabled}`,
      () => ({ ...NEW_LOGGER, level, propagate, disabled }),
    );
  }
  const lists = { handlers: [...handlers], filters: [...filters] };
  return { level, opening, scopes, ...lists, propagate, disabled };
}

/** Sets a logger up as it was. */
export function restoreLogger(logger: Logger, state: LoggerState): void {
  // Its library may have been bridged while an override was in force, or its bridge undone.
  putBack(logger, state, levelSince(logger, state.level));
}

/** The same, but for nothing else than its own level, unless one is given. */
export function putBack(logger: Logger, state: LoggerState, level: number = state.level): void {
  if (isAs(logger, state)) return;
  giveLevel(logger, level);
  if (state.opening !== undefined) setOpening(logger, state.opening);
  setScopes(logger, state.scopes);
  logger.handlers = [...state.handlers];
  logger.filters = [...state.filters];
  logger.propagate = state.propagate;
  logger.disabled = state.disabled;
}

/** Gives a logger a level that it has had, whatever a class of the program's own throws at that. */
export function giveLevel(logger: Logger, level: number): void {
  try {
    logger.setLevel(level);
  } catch {
    // It has had its say when it was given that level first.
    Logger.prototype.setLevel.call(logger, level);
  }
}

function isAs(logger: Logger, state: LoggerState): boolean {
  return logger.level === state.level && logger.propagate === state.propagate &&
    logger.disabled === state.disabled && getOpening(logger) === state.opening &&
    getScopes(logger) === state.scopes &&
    isSameList(logger.handlers, state.handlers) && isSameList(logger.filters, state.filters);
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
