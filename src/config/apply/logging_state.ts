import { type Handler, isTurned, setHandlerTurned } from "../../core/handlers/handler.ts";
import { Logger } from "../../core/loggers/logger.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import type { Recording } from "../../core/loggers/recording.ts";
import { captureLogger, type LoggerState, NEW_LOGGER, restoreLogger } from "./logger_state.ts";
import { type Differences, LoggerStates } from "./logger_states.ts";

/** Everything that a configuration can change, at one moment; the objects are not copied. */
export interface LoggingState {
  readonly root: LoggerState;
  readonly loggers: LoggerStates;
  readonly namedHandlers: ReadonlyMap<string, Handler>;
  /** Levels of all handlers that it needs. */
  readonly handlerLevels: ReadonlyMap<Handler, number>;
  /**
   * Those of these handlers whose level a change from outside has set, and the program has not set
   * since.
   */
  readonly turned: ReadonlySet<Handler>;
  /** What is recorded. */
  readonly recording: Recording | undefined;
}

/**
 * The state of a tree of loggers now. What has not changed since `last`, an earlier state, is shared
 * with that. Where a logger or handler of the program's throws as it is looked at, nothing has
 * happened to `last`.
 */
export function captureState(
  manager: Manager,
  last: LoggingState = { ...EMPTY, loggers: LoggerStates.none() },
): LoggingState {
  const changes = new Map<string, LoggerState | undefined>();
  const before = last.loggers.lookUp();
  let known = 0;
  for (const [name, logger] of manager.loggerDict) {
    if (!(logger instanceof Logger)) continue;
    const earlier = before(name);
    if (earlier !== undefined) known++;
    const state = captureLogger(logger, earlier);
    if (state !== earlier) changes.set(name, state);
  }
  if (known < last.loggers.size) {
    // A program may have removed loggers from the tree, as tests do.
    for (const [name] of last.loggers) {
      if (!(manager.loggerDict.get(name) instanceof Logger)) changes.set(name, undefined);
    }
  }
  return stateAfter(manager, last, changes, handlersInUse(manager));
}

/** As {@linkcode captureState}, if only these loggers, and levels of handlers, can have changed. */
export function captureLoggers(
  manager: Manager,
  last: LoggingState,
  names: Iterable<string>,
): LoggingState {
  const changes = new Map<string, LoggerState | undefined>();
  const used = new Set(last.handlerLevels.keys());
  for (const name of names) {
    const logger = manager.loggerDict.get(name);
    if (!(logger instanceof Logger)) continue;
    // A logger class of the program's own may add handlers in its constructor.
    for (const handler of logger.handlers) used.add(handler);
    const known = last.loggers.get(name);
    const state = captureLogger(logger, known);
    if (state !== known) changes.set(name, state);
  }
  return stateAfter(manager, last, changes, used);
}

/**
 * Gives a tree of loggers an earlier state. Loggers that have come up since are set up like new ones
 * if `isOurs` knows them; the program's are only enabled again.
 */
export function restoreState(
  manager: Manager,
  state: LoggingState,
  isOurs: (name: string) => boolean,
): void {
  restoreLogger(manager.root, state.root);
  const before = state.loggers.lookUp();
  for (const [name, logger] of manager.loggerDict) {
    if (!(logger instanceof Logger)) continue;
    const known = before(name);
    if (known !== undefined) restoreLogger(logger, known);
    else if (isOurs(name)) restoreLogger(logger, NEW_LOGGER);
    else if (logger.disabled) logger.disabled = false;
  }
  manager.namedHandlers = new Map(state.namedHandlers);
  manager.recording = state.recording;
  restoreHandlerLevels(state.handlerLevels, state.turned);
}

/**
 * Gives handlers earlier levels; `turned` are those of them that have theirs from outside, unless it
 * is to stay as it is whose they are.
 */
export function restoreHandlerLevels(
  levels: ReadonlyMap<Handler, number>,
  turned?: ReadonlySet<Handler>,
): void {
  for (const [handler, level] of levels) {
    // An object that stands for a handler may be frozen.
    if (handler.level !== level) handler.level = level;
    if (turned !== undefined) setHandlerTurned(handler, turned.has(handler));
  }
}

/** The handlers that a tree of loggers uses now. */
export function handlersInUse(manager: Manager): Set<Handler> {
  const handlers = new Set<Handler>(manager.namedHandlers.values());
  for (const handler of manager.root.handlers) handlers.add(handler);
  for (const logger of manager.loggerDict.values()) {
    if (!(logger instanceof Logger) || logger.handlers.length === 0) continue;
    for (const handler of logger.handlers) handlers.add(handler);
  }
  return handlers;
}

const EMPTY: Omit<LoggingState, "loggers"> = {
  root: NEW_LOGGER,
  namedHandlers: new Map(),
  handlerLevels: new Map(),
  turned: new Set(),
  recording: undefined,
};

function stateAfter(
  { root, namedHandlers, recording }: Manager,
  last: LoggingState,
  changes: Differences,
  used: ReadonlySet<Handler>,
): LoggingState {
  const levels = new Map<Handler, number>();
  const turned = new Set<Handler>();
  for (const handler of used) {
    levels.set(handler, handler.level);
    if (isTurned(handler)) turned.add(handler);
  }
  const rootState = captureLogger(root, last.root);
  return {
    root: rootState,
    // It comes last, since nothing may throw once there is a moment that nobody knows.
    loggers: last.loggers.next(changes),
    namedHandlers: isSameMap(namedHandlers, last.namedHandlers)
      ? last.namedHandlers
      : new Map(namedHandlers),
    handlerLevels: isSameMap(levels, last.handlerLevels) ? last.handlerLevels : levels,
    turned: turned.size === 0 ? EMPTY.turned : turned,
    recording,
  };
}

function isSameMap<K, V>(one: ReadonlyMap<K, V>, other: ReadonlyMap<K, V>): boolean {
  if (one.size !== other.size) return false;
  for (const [key, value] of one) if (other.get(key) !== value) return false;
  return true;
}
