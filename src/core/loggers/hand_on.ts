import type { LogRecord } from "../records/log_record.ts";
import { countWritten, getOpening, levelSource, type LoggerNode } from "./logger_node.ts";
import { handToLastResort, HELD, NOT_FOUND, wayWith, WRITTEN } from "./handlers_way.ts";
import { deliverToOpened, lendRecord, type Opening } from "./opening.ts";
import { scopeOf } from "./scope.ts";
import type { TreeContext } from "./tree_context.ts";

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
 * Hands on a record that the handlers on its way did not simply take: to the last resort, or to
 * handlers that hold it back but are opened for it, if any may be. `isPaid` says that it has taken a
 * line already. Returns whether a handler has written it.
 */
export function handOn<Logger extends LoggerNode<Logger>>(
  logger: Logger,
  record: LogRecord,
  became: number,
  context: Pick<TreeContext<Logger>, "lastResort" | "missHandlers">,
  { mayOpen, isPaid }: { readonly mayOpen: boolean; readonly isPaid: boolean },
): boolean {
  const { lastResort } = context;
  if (became === NOT_FOUND) {
    if (lastResort === undefined) {
      context.missHandlers(logger.name);
      return false;
    }
    became = handToLastResort(lastResort, record);
  }
  const isWritten = (became & WRITTEN) !== 0;
  if (isWritten) countWritten<Logger>(logger, record);
  if ((became & HELD) === 0 || !mayOpen) return isWritten;
  const opening = openingOf<Logger>(logger, record);
  if (opening === undefined || record.levelno < opening.from) return isWritten;
  const isOpened = deliverToOpened(record, opening, () => wayWith(logger, lastResort), isPaid);
  if (isOpened && !isWritten) countWritten<Logger>(logger, record);
  return isWritten || isOpened;
}
