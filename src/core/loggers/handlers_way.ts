import { deliver, type Handler, reportFailure, watchResult } from "../handlers/handler.ts";
import { type LogRecord, resolveLazy } from "../records/log_record.ts";

/** A logger, as far as the way of its records to the handlers goes. */
export interface WayPoint {
  readonly handlers: readonly Handler[];
  readonly propagate: boolean;
  readonly parent: WayPoint | undefined;
}

/**
 * What became of a record on its way: no handler was there, or some were, one of which may have
 * taken it, and one held it back by its level. The rest had filters, or have failed.
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

/** All of them; the last resort where there is none. */
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
        // Deeper in the handler it is further up the stack, which V8 walks frame by frame.
        else if (handler.formatter?.usesCaller) record.resolveCaller();
        const result: unknown = handler.handle(record);
        // What its filters hold back is not written.
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
