import type { Handler } from "../../core/handler.ts";
import type { Logger } from "../../core/logger.ts";
import type { Manager } from "../../core/manager.ts";

/** Handlers that were added to a logger and taken from it. */
export interface HandlerChange {
  readonly logger: Logger;
  readonly added: readonly Handler[];
  readonly removed: readonly Handler[];
}

/** The handlers of each logger that has any, the root's included. */
export function handlersByLogger(manager: Manager): Map<string, readonly Handler[]> {
  const handlers = new Map<string, readonly Handler[]>();
  for (const logger of manager.loggers()) {
    if (logger.handlers.length > 0) handlers.set(logger.name, [...logger.handlers]);
  }
  return handlers;
}

/** What has come and gone since. */
export function handlerChanges(
  manager: Manager,
  since: ReadonlyMap<string, readonly Handler[]>,
): HandlerChange[] {
  const changes: HandlerChange[] = [];
  for (const logger of manager.loggers()) {
    const before = since.get(logger.name) ?? [];
    const added = logger.handlers.filter((handler) => !before.includes(handler));
    const removed = before.filter((handler) => !logger.handlers.includes(handler));
    if (added.length + removed.length > 0) changes.push({ logger, added, removed });
  }
  return changes;
}

/** Does the same once more, to whatever handlers the logger has now. */
export function applyHandlerChange({ logger, added, removed }: HandlerChange): void {
  for (const handler of removed) logger.removeHandler(handler);
  for (const handler of added) logger.addHandler(handler);
}
