import { Filterer, type FilterLike } from "../filters/filter.ts";
import { isRedaction } from "../filters/redaction.ts";
import { fieldsOf, LogRecord, setFields } from "../records/log_record.ts";
import type { Fields } from "../records/shared_fields.ts";
import type { WayPoint } from "./handlers_way.ts";

/** The part of a logger that decides what watchers see of its records. */
export interface WatchedLogger extends WayPoint {
  readonly filters: readonly FilterLike[];
  readonly parent: WatchedLogger | undefined;
}

/**
 * The record as watchers may see it: without whatever any filter takes out that its logger has, or a
 * logger above, or a handler of these, or a handler behind those. Levels and `propagate` make no
 * difference, since senders may change them. The record itself stays as it is.
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

/**
 * Values by name as watchers may see them, before a text is made of them: in that, paths find nothing
 * any more. The values themselves stay as they are.
 */
export function watchedValues(values: Fields, name: string, logger: WatchedLogger): Fields {
  if (!isRedacted(logger)) return values;
  const record = new LogRecord(name, 0, "", 0, "");
  setFields(record, undefined, undefined, values);
  return fieldsOf(watchedRecord(record, logger)).own ?? {};
}

/** Whether anything is taken out of a logger's records for watchers. */
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

/** The part of a handler that leads to filters. */
interface Filtering {
  readonly filters: readonly FilterLike[];
  readonly target?: unknown;
  /** The handlers that a queue hands its records to. */
  readonly behind?: unknown;
}

/** Longest chain of handlers that is followed: handlers may be each other's targets. */
const LONGEST_CHAIN = 10;

/** A handler and those behind it, any of which may take secrets out. */
function chainOf(handler: Filtering): readonly Filtering[] {
  // Most handlers have nothing behind them: for these no list is made.
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

/** Whether a value has filters, also by the class of another copy of the library. */
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

/** A record without what those of the filters take out that take out secrets. */
export function redactedBy(filters: readonly FilterLike[], record: LogRecord): LogRecord {
  for (let at = 0; at < filters.length; at++) {
    const filter = filters[at]!;
    if (isRedaction(filter)) record = filter.redacted(record);
  }
  return record;
}
