import type { LogRecord } from "../records/log_record.ts";
import { getOpening, levelSource, type LoggerNode } from "./logger_node.ts";
import { lendRecord, type Opening } from "./opening.ts";
import { scopeOf } from "./scope.ts";

/** What shows a record of a logger in spite of handlers' levels. */
export function openingOf<Logger extends LoggerNode<Logger>>(
  logger: LoggerNode<Logger>,
  record: LogRecord,
): Opening | undefined {
  const scope = scopeOf(record);
  return scope === undefined ? getOpening(levelSource<Logger>(logger)) : scope.opening;
}

/** Makes a record of a logger fit for a handler that keeps it beyond the call. */
export function lendTo<Logger extends LoggerNode<Logger>>(
  logger: LoggerNode<Logger>,
  record: LogRecord,
): void {
  lendRecord(record, openingOf(logger, record), false);
}
