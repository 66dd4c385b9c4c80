import { type Handler, isTurned } from "../../core/handlers/handler.ts";
import type { Logger } from "../../core/loggers/logger.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { restoreHandlerLevels } from "./logging_state.ts";
import { captureLogger, type LoggerState, putBack } from "./logger_state.ts";

/**
 * Notes what a change is about to change: each logger and handler is noted first; the methods return
 * what they were given.
 */
export interface Undo {
  /** Notes a logger. */
  note(logger: Logger): Logger;
  /** Notes the level of a handler. */
  noteHandler(handler: Handler): Handler;
}

/**
 * Changes loggers and handlers, or nothing: if `change` throws, which classes of the program's own
 * may do, all that it has noted is as it was. Loggers that it has made stay, as new ones.
 */
export function allOrNothing(manager: Manager, change: (undo: Undo) => void): void {
  const loggers = new Map<Logger, LoggerState>(), levels = new Map<Handler, number>();
  const turned = new Set<Handler>();
  const { namedHandlers, recording } = manager;
  const undo: Undo = {
    note(logger) {
      if (!loggers.has(logger)) loggers.set(logger, captureLogger(logger));
      return logger;
    },
    noteHandler(handler) {
      if (levels.has(handler)) return handler;
      levels.set(handler, handler.level);
      if (isTurned(handler)) turned.add(handler);
      return handler;
    },
  };
  try {
    change(undo);
  } catch (error) {
    for (const [logger, state] of loggers) putBack(logger, state);
    restoreHandlerLevels(levels, turned);
    manager.namedHandlers = namedHandlers;
    manager.recording = recording;
    throw error;
  }
}
