import type { Handler } from "../handlers/handler.ts";
import type { LogRecord } from "../records/log_record.ts";
import { getOpening, levelSource, type LoggerNode } from "./logger_node.ts";
import { wayWith } from "./handlers_way.ts";
import { deliverToOpened, lendRecord, type Opening } from "./opening.ts";
import { scopeOf } from "./scope.ts";

/** The opening that shows a record of a logger in spite of handlers' levels; undefined for none. */
function openingOf<Logger extends LoggerNode<Logger>>(
  logger: Logger,
  record: LogRecord,
): Opening | undefined {
  const scope = scopeOf(record);
  return scope === undefined ? getOpening<Logger>(levelSource<Logger>(logger)) : scope.opening;
}

/** Makes a record of a logger fit for a handler that keeps it beyond the call. */
export function lend<Logger extends LoggerNode<Logger>>(logger: Logger, record: LogRecord): void {
  lendRecord(record, openingOf<Logger>(logger, record), false);
}

/**
 * Hands a record to the handlers on its logger's way that hold it back, but are opened for it;
 * `isPaid` says that it has taken a line already. Returns whether a handler has taken it.
 */
export function openFor<Logger extends LoggerNode<Logger>>(
  logger: Logger,
  record: LogRecord,
  lastResort: Handler | undefined,
  isPaid: boolean,
): boolean {
  const opening = openingOf<Logger>(logger, record);
  if (opening === undefined || record.levelno < opening.from) return false;
  return deliverToOpened(record, opening, () => wayWith(logger, lastResort), isPaid);
}
