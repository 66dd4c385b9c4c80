import type { FilterLike } from "../../core/filters/filter.ts";
import type { Handler } from "../../core/handlers/handler.ts";
import { NOTSET } from "../../core/levels/levels.ts";
import { levelSince } from "../../core/loggers/bridged.ts";
import {
  getOpening,
  getScopes,
  getTurned,
  setOpening,
  setScopes,
  setTurned,
} from "../../core/loggers/logger_node.ts";
import { type LevelScope, NO_SCOPES } from "../../core/loggers/scope.ts";
import { Logger } from "../../core/loggers/logger.ts";
import type { Opening } from "../../core/loggers/opening.ts";
import { Recent } from "../../core/text/recent.ts";

/** The properties of one logger that a configuration can change. */
export interface LoggerState {
  readonly level: number;
  /** The opening of its level. */
  readonly opening: Opening | undefined;
  /** Its levels for some calls only. */
  readonly scopes: readonly LevelScope[];
  readonly handlers: readonly Handler[];
  readonly filters: readonly FilterLike[];
  readonly propagate: boolean;
  readonly disabled: boolean;
  /** What of it a change from outside has set, and the program has not set since. */
  readonly turned: number;
}

/** The state of a new logger. */
export const NEW_LOGGER: LoggerState = {
  level: NOTSET,
  opening: undefined,
  scopes: NO_SCOPES,
  handlers: [],
  filters: [],
  propagate: true,
  disabled: false,
  turned: 0,
};

/** States that many loggers have in common, those without lists, so that they take memory once. */
const plainStates = new Recent<LoggerState>(64);

/** The state of a logger now; the same object as `last` if nothing has changed since. */
export function captureLogger(logger: Logger, last: LoggerState = NEW_LOGGER): LoggerState {
  if (isAs(logger, last)) return last;
  const { level, handlers, filters, propagate, disabled } = logger;
  const opening = getOpening(logger), scopes = getScopes(logger), turned = getTurned(logger);
  const isPlain = opening === undefined && scopes.length === 0;
  if (isPlain && handlers.length === 0 && filters.length === 0) {
    if (isAs(logger, NEW_LOGGER)) return NEW_LOGGER;
    return plainStates.get(
      `${level} ${propagate} ${disabled} ${turned}`,
      () => ({ ...NEW_LOGGER, level, propagate, disabled, turned }),
    );
  }
  const lists = { handlers: [...handlers], filters: [...filters] };
  return { level, opening, scopes, ...lists, propagate, disabled, turned };
}

/** Gives a logger an earlier state. */
export function restoreLogger(logger: Logger, state: LoggerState): void {
  // A library may have been bridged to the logger, or its bridge undone, since that state.
  putBack(logger, state, levelSince(logger, state.level));
}

/** As {@linkcode restoreLogger}, but with the level of the state itself, or with `level`. */
export function putBack(logger: Logger, state: LoggerState, level: number = state.level): void {
  if (isAs(logger, state)) return;
  giveLevel(logger, level);
  if (state.opening !== undefined) setOpening(logger, state.opening);
  setScopes(logger, state.scopes);
  logger.handlers = [...state.handlers];
  logger.filters = [...state.filters];
  logger.propagate = state.propagate;
  logger.disabled = state.disabled;
  setTurned(logger, state.turned);
}

/** Gives a logger a level that it has had, even if its class throws at that. */
export function giveLevel(logger: Logger, level: number): void {
  try {
    logger.setLevel(level);
  } catch {
    // The class could refuse the level when the logger first got it.
    Logger.prototype.setLevel.call(logger, level);
  }
}

function isAs(logger: Logger, state: LoggerState): boolean {
  return logger.level === state.level && logger.propagate === state.propagate &&
    logger.disabled === state.disabled && getOpening(logger) === state.opening &&
    getScopes(logger) === state.scopes && getTurned(logger) === state.turned &&
    isSameList(logger.handlers, state.handlers) && isSameList(logger.filters, state.filters);
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
