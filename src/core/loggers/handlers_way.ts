import { deliver, type Handler, reportFailure, watchResult } from "../handlers/handler.ts";
import { type LogRecord, resolveLazy } from "../records/log_record.ts";

/** The part of a logger that decides which handlers its records come to. */
export interface WayPoint {
  readonly handlers: readonly Handler[];
  readonly propagate: boolean;
  readonly parent: WayPoint | undefined;
}

/**
 * What became of a record on its way, in bits. No bit: there was no handler. `WRITTEN`: a handler has
 * taken it. `HELD`: a handler has held it back by its level. `LOST`: a handler's filter has held it
 * back, or the handler has failed.
 */
export const NOT_FOUND = 0, WRITTEN = 1, HELD = 2;
const LOST = 4;

/** The next logger that a logger's records go on to. */
function nextOnWay(point: WayPoint): WayPoint | undefined {
  return point.propagate ? point.parent : undefined;
}

/** All handlers that a logger's records come to, its own first. */
export function handlersOnWay(logger: WayPoint): Handler[] {
  const way: Handler[] = [];
  for (let point: WayPoint | undefined = logger; point; point = nextOnWay(point)) {
    way.push(...point.handlers);
  }
  return way;
}

/** All handlers that a logger's records come to, or the last resort if there are none. */
export function wayWith(logger: WayPoint, lastResort: Handler | undefined): readonly Handler[] {
  const way = handlersOnWay(logger);
  return way.length > 0 || lastResort === undefined ? way : [lastResort];
}

/**
 * Hands a record to the handlers on its way whose level it has, and returns what became of it, in
 * bits; `lend` makes it fit for those that keep it beyond the call.
 */
export function handToHandlers<Logger extends WayPoint>(
  logger: Logger,
  record: LogRecord,
  lend: (logger: Logger, record: LogRecord) => void,
): number {
  let became = NOT_FOUND;
  for (let point: WayPoint | undefined = logger; point; point = nextOnWay(point)) {
    const { handlers } = point;
    // By index, as the parts of a format: V8 compiles this in each thread anew, and what `for of`
    // adds to it takes a seventh of a thread's first lines.
    for (let at = 0; at < handlers.length; at++) {
      const handler = handlers[at]!;
      // Differs from CPython: a handler that throws does not end the caller, nor take the
      // record from the others.
      try {
        if (record.levelno < handler.level) {
          became |= HELD;
          continue;
        }
        resolveLazy(record);
        if (handler.keepsRecords) lend(logger, record);
        // The caller is looked up here, since V8 walks the stack frame by frame, and inside the
        // handler the stack is deeper.
        else if (handler.formatter?.usesCaller) record.resolveCaller();
        const result: unknown = handler.handle(record);
        // A record that the handler's filters hold back is not written.
        became |= result === false ? LOST : WRITTEN;
        if (result !== record && typeof result === "object") watchResult(handler, record, result);
      } catch (error) {
        became |= LOST;
        reportFailure(handler, record, error);
      }
    }
  }
  return became;
}

/** Hands a record that has found no handler to the last resort, and returns what became of it. */
export function handToLastResort(lastResort: Handler, record: LogRecord): number {
  if (record.levelno < lastResort.level) return HELD;
  resolveLazy(record);
  return deliver(lastResort, record) ? WRITTEN : LOST;
}
