import type { FilterLike } from "../../core/filters/filter.ts";
import { type Handler, isTurned } from "../../core/handlers/handler.ts";
import type { Logger } from "../../core/loggers/logger.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { TURNED_DISABLED, TURNED_LEVEL, TURNED_PROPAGATE } from "../../core/loggers/logger_node.ts";
import { giveLevel, type LoggerState, NEW_LOGGER } from "./logger_state.ts";
import { type LoggingState, restoreHandlerLevels } from "./logging_state.ts";

/** What the program itself has set in loggers and handlers between two changes from outside. */
export interface OwnChange {
  readonly loggers: ReadonlyMap<string, LoggerChange>;
  /** Levels that it has given to handlers. */
  readonly handlerLevels: ReadonlyMap<Handler, number>;
}

/** What the program has set in one logger; it has not touched what is left out. */
interface LoggerChange extends Partial<Pick<LoggerState, "level" | "propagate" | "disabled">> {
  readonly handlers: ListChange<Handler>;
  readonly filters: ListChange<FilterLike>;
}

/** What was added to a list, and what was taken from it. */
interface ListChange<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
}

/**
 * What differs in the later state of a tree of loggers; undefined if nothing does. `unused` are
 * earlier levels of handlers that were out of use then.
 */
export function ownChangeBetween(
  { name: rootName }: Logger,
  earlier: LoggingState,
  later: LoggingState,
  unused: ReadonlyMap<Handler, number>,
): OwnChange | undefined {
  const loggers = new Map<string, LoggerChange>();
  const compare = (name: string, before: LoggerState, now: LoggerState) => {
    const change = loggerChange(before, now);
    if (change !== undefined) loggers.set(name, change);
  };
  compare(rootName, earlier.root, later.root);
  for (const [name, before] of earlier.loggers.differences) {
    const now = later.loggers.get(name);
    if (now !== undefined) compare(name, before ?? NEW_LOGGER, now);
  }
  const handlerLevels = new Map<Handler, number>();
  for (const [handler, level] of [...earlier.handlerLevels, ...unused]) {
    const isSet = handler.level !== level || (earlier.turned.has(handler) && !isTurned(handler));
    if (isSet) handlerLevels.set(handler, handler.level);
  }
  return loggers.size + handlerLevels.size > 0 ? { loggers, handlerLevels } : undefined;
}

/** Makes the program's changes once more, whatever else has been changed meanwhile. */
export function applyOwnChange(manager: Manager, { loggers, handlerLevels }: OwnChange): void {
  for (const [name, { level, propagate, disabled, handlers, filters }] of loggers) {
    const logger = manager.getLogger(name);
    if (level !== undefined) giveLevel(logger, level);
    if (propagate !== undefined) logger.propagate = propagate;
    if (disabled !== undefined) logger.disabled = disabled;
    for (const handler of handlers.removed) logger.removeHandler(handler);
    for (const handler of handlers.added) logger.addHandler(handler);
    for (const filter of filters.removed) logger.removeFilter(filter);
    for (const filter of filters.added) logger.addFilter(filter);
  }
  restoreHandlerLevels(handlerLevels, NOT_TURNED);
}

/** What the program sets itself is turned by nobody else. */
const NOT_TURNED: ReadonlySet<Handler> = new Set();

/** Names of the loggers that it changes; undefined if handlers may come into use or go out of it. */
export function touchedBy({ loggers }: OwnChange): Iterable<string> | undefined {
  const hasHandlers = [...loggers.values()].some(({ handlers: { added, removed } }) =>
    added.length + removed.length > 0
  );
  return hasHandlers ? undefined : loggers.keys();
}

/** Joins two changes of the program; where they differ, the later one counts. */
export function mergeOwnChanges(earlier: OwnChange | undefined, later: OwnChange): OwnChange {
  if (earlier === undefined) return later;
  const loggers = new Map(earlier.loggers);
  for (const [name, change] of later.loggers) {
    const before = loggers.get(name);
    loggers.set(name, before === undefined ? change : mergeLoggerChanges(before, change));
  }
  return { loggers, handlerLevels: new Map([...earlier.handlerLevels, ...later.handlerLevels]) };
}

function mergeLoggerChanges(earlier: LoggerChange, later: LoggerChange): LoggerChange {
  return {
    ...earlier,
    ...later,
    handlers: mergeListChanges(earlier.handlers, later.handlers),
    filters: mergeListChanges(earlier.filters, later.filters),
  };
}

function mergeListChanges<T>(earlier: ListChange<T>, later: ListChange<T>): ListChange<T> {
  const { added, removed } = earlier;
  return {
    added: [...added.filter((one) => !later.removed.includes(one)), ...later.added],
    removed: [...removed.filter((one) => !later.added.includes(one)), ...later.removed],
  };
}

function loggerChange(before: LoggerState, now: LoggerState): LoggerChange | undefined {
  const handlers = listChange(before.handlers, now.handlers);
  const filters = listChange(before.filters, now.filters);
  // What the program sets to what a change has set already is its own from here on.
  const set = before.turned & ~now.turned;
  const isLevelSet = before.level !== now.level || (set & TURNED_LEVEL) !== 0 ||
    (before.opening !== undefined && now.opening === undefined);
  const isPropagateSet = before.propagate !== now.propagate || (set & TURNED_PROPAGATE) !== 0;
  const isDisabledSet = before.disabled !== now.disabled || (set & TURNED_DISABLED) !== 0;
  const change: LoggerChange = {
    ...isLevelSet ? { level: now.level } : {},
    ...isPropagateSet ? { propagate: now.propagate } : {},
    ...isDisabledSet ? { disabled: now.disabled } : {},
    handlers,
    filters,
  };
  const isListed = [handlers, filters].some(({ added, removed }) =>
    added.length + removed.length > 0
  );
  return isListed || Object.keys(change).length > 2 ? change : undefined;
}

function listChange<T>(before: readonly T[], now: readonly T[]): ListChange<T> {
  return {
    added: now.filter((one) => !before.includes(one)),
    removed: before.filter((one) => !now.includes(one)),
  };
}
