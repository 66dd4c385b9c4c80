import { Filterer, type FilterLike } from "../filters/filter.ts";
import { isRedaction } from "../filters/redaction.ts";
import type { LogRecord } from "../records/log_record.ts";
import type { WayPoint } from "./handlers_way.ts";

/** A logger with its filters, as far as the way of its records goes. */
export interface WatchedLogger extends WayPoint {
  readonly filters: readonly FilterLike[];
  readonly parent: WatchedLogger | undefined;
}

/**
 * The record as those may see it who watch beside the handlers: without what any filter takes
 * out of it that its logger or one above has, or a handler there or behind one, whatever their
 * levels, and whether records go on to them or not: that others may turn off. The record itself
 * stays as it is.
 */
export function watchedRecord(record: LogRecord, logger: WatchedLogger): LogRecord {
  let seen = record;
  for (let point: WatchedLogger | undefined = logger; point; point = point.parent) {
    seen = redactedBy(point.filters, seen);
    const { handlers } = point;
    for (let at = 0; at < handlers.length; at++) {
      for (const one of chainOf(handlers[at]!)) {
        seen = redactedBy(one.filters, seen);
      }
    }
  }
  return seen;
}

/** Whether anything is taken out of a logger's records, for those who watch. */
export function isRedacted(logger: WatchedLogger): boolean {
  for (let point: WatchedLogger | undefined = logger; point; point = point.parent) {
    if (hasRedaction(point.filters)) return true;
    const { handlers } = point;
    for (let at = 0; at < handlers.length; at++) {
      for (const one of chainOf(handlers[at]!)) {
        if (hasRedaction(one.filters)) return true;
      }
    }
  }
  return false;
}

/** A handler, as far as its filters go. */
interface Filtering {
  readonly filters: readonly FilterLike[];
  readonly target?: unknown;
  /** The handlers behind its queue. */
  readonly behind?: unknown;
}

/** Handlers behind one another beyond which none is asked: they may be each other's targets. */
const LONGEST_CHAIN = 10;

/** A handler with those that it hands its records on to, any of which may take secrets out. */
function chainOf(handler: Filtering): readonly Filtering[] {
  // Most have neither target nor filters: nothing is made for them.
  if (!hasFilters(handler.target) && handler.behind === undefined) {
    return handler.filters.length > 0 ? [handler] : NONE;
  }
  const chain: Filtering[] = [handler];
  for (let at = 0; at < chain.length && at < LONGEST_CHAIN; at++) {
    const { target, behind } = chain[at]!;
    if (hasFilters(target)) chain.push(target);
    if (!Array.isArray(behind)) continue;
    for (const one of behind) if (hasFilters(one)) chain.push(one);
  }
  return chain;
}

const NONE: readonly Filtering[] = [];

/** Not by its class: there may be two copies of the library. */
function hasFilters(one: unknown): one is Filtering {
  if (one instanceof Filterer) return true;
  try {
    return Array.isArray((one as Partial<Filtering> | null | undefined)?.filters);
  } catch {
    return false;
  }
}

function hasRedaction(filters: readonly FilterLike[]): boolean {
  for (let at = 0; at < filters.length; at++) if (isRedaction(filters[at]!)) return true;
  return false;
}

function redactedBy(filters: readonly FilterLike[], record: LogRecord): LogRecord {
  for (let at = 0; at < filters.length; at++) {
    const filter = filters[at]!;
    if (isRedaction(filter)) record = filter.redacted(record);
  }
  return record;
}
