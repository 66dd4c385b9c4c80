import { enterCall, leaveCall, reportCall, showWatchers } from "../../core/loggers/log_call.ts";
import { insideOf, type Logger } from "../../core/loggers/logger.ts";
import { scopesFor } from "../../core/loggers/logger_node.ts";
import { makeSplit } from "../../core/loggers/make_record.ts";
import type { LevelScope } from "../../core/loggers/scope.ts";
import { readContext } from "../../core/loggers/with_context.ts";
import { type LogRecord, sealCaller, setFields } from "../../core/records/log_record.ts";
import { withOptions } from "../../core/records/split_arguments.ts";
import type { PinoCall } from "./pino_call.ts";

/** Lets a call of a child pass by the child's own level, whatever the level of the tree's logger. */
const OWN_LEVEL: LevelScope = {
  level: 0,
  test: { where: [] },
  opening: undefined,
  lines: undefined,
};

/** A function that the program has called. */
type Above = (...args: never[]) => unknown;

/**
 * Logs a call of a child that has its own level in the place of its logger's. A call below that level
 * passes only by a scope that somebody has set from outside.
 */
export function logByOwnLevel(
  logger: Logger,
  own: number,
  above: Above,
  level: number,
  call: PinoCall,
): void {
  if (level >= own) {
    // If the logger's level lets the call pass as well, it is logged as any other call.
    const isPlain = level >= logger.getEffectiveLevel() ||
      level <= insideOf.context(logger).disable;
    logger.logFrom(above, level, call.written, [], isPlain ? call : call.with(OWN_LEVEL));
    return;
  }
  const scope = scopesFor(logger).length === 0
    ? undefined
    : insideOf.scopeFor(logger, level, call.written, [call.fields]);
  if (scope !== undefined) logger.logFrom(above, level, call.written, [], call.with(scope));
  else if (level >= tapLevel(logger)) showOnly(logger, above, level, call);
}

/** Whether a call of such a child may pass. */
export function mayPassByOwnLevel(logger: Logger, own: number, level: number): boolean {
  if (level >= own) return !logger.disabled && level > insideOf.context(logger).disable;
  return level < logger.getEffectiveLevel() && logger.isEnabledFor(level);
}

/** Shows a call to the watchers only. */
function showOnly(logger: Logger, above: Above, level: number, call: PinoCall): void {
  if (!enterCall()) return;
  const source = { above, stacklevel: 1 };
  let record: LogRecord | undefined;
  try {
    record = makeSplit(logger, level, source, withOptions(call.written, [], call));
    setFields(record, readContext?.(), insideOf.bound(logger), call.fields);
    showWatchers(insideOf.context(logger), record, logger, tapLevel(logger));
  } catch (error) {
    // As in `Logger`: what the program's own classes throw does not end the caller.
    reportCall(level, source, call.written, [], error);
  } finally {
    if (record !== undefined) sealCaller(record);
    leaveCall();
  }
}

/** Lowest level number of a logger's calls that somebody watches. */
function tapLevel(logger: Logger): number {
  return insideOf.context(logger).tap?.levelFor(logger.name) ?? Infinity;
}
