import { Filter, type Filterer, type FilterLike, filtersOf } from "../filters/filter.ts";
import { deliver, Handler, reportFailure } from "../handlers/handler.ts";
import { reportHandlerError } from "../io/diagnostics.ts";
import { type LogRecord, resolveLazy } from "../records/log_record.ts";
import { className } from "../values/class_name.ts";
import { handlersBehind, keptBelow } from "../handlers/handlers_behind.ts";
import { type BudgetedLevel, handPaid } from "./line_budget.ts";

/**
 * Comes with a level that somebody has turned from outside: records are shown even if all handlers
 * on their way have a higher level, but perhaps only so many of them. An opening belongs to the
 * logger's level: it ends when the level is set anew, and is inherited with the level.
 */
export interface Opening {
  /** Lowest level number of the records that it shows; Infinity if it opens nothing. */
  readonly from: number;
  /** Names or classes of handlers that it opens beside those that open by themselves. */
  readonly handlers: readonly string[];
  /** How many records may pass thanks to it; undefined for any number. */
  readonly budget?: BudgetedLevel;
}

/**
 * The property of a record that has the opening of its logger, for handlers that hand the record on
 * later. It is a symbol, since formatters may show all other properties.
 */
const OPENING = Symbol("logdial.opening");
/** Set on a record that only its opening has let into a handler that hands it on. */
const WAS_HELD = Symbol("logdial.wasHeld");

type Marked = LogRecord & { [OPENING]?: Opening; [WAS_HELD]?: boolean };

/**
 * Makes a record fit for a handler that keeps it beyond the log call: looks its caller up, and
 * notes on it under which opening it was logged and whether the handler would hold it back.
 */
export function lendRecord(
  record: LogRecord,
  opening: Opening | undefined,
  wasHeld: boolean,
): void {
  record.resolveCaller();
  if (opening === undefined) return;
  const marked: Marked = record;
  marked[OPENING] = opening;
  if (wasHeld) marked[WAS_HELD] = true;
}

/** Whether a record has come through a handler that would have held it back. */
export function wasHeld(record: LogRecord): boolean {
  return (record as Marked)[WAS_HELD] === true;
}

/** The handlers that take a record only because of the opening that it carries. */
export function openedFor(record: LogRecord, handlers: readonly Handler[]): readonly Handler[] {
  const opening = (record as Marked)[OPENING];
  return opening === undefined || record.levelno < opening.from
    ? []
    : openedHandlers(handlers, record.name, opening);
}

/**
 * Of the handlers on the way of a logger's records, those that an opening opens: if none
 * takes the level that it begins with, those of the lowest level that open by themselves;
 * in any case those that it names.
 */
export function openedHandlers(
  way: readonly Handler[],
  logger: string,
  { from, handlers }: Opening,
): Handler[] {
  // A handler out of which nothing comes must not keep others from being opened.
  const useful = way.filter((one) => deadEndIn(one, logger) === undefined);
  // What stands for a handler may have no level: then it takes all.
  const isShown = useful.some((one) => !(one.level > from) && keptBelow(one) <= from);
  const lowest = Math.min(...useful.filter(opensItself).map(({ level }) => level));
  return useful.filter((one) =>
    one.level > from &&
    (isNamed(one, handlers) || (!isShown && one.level === lowest && opensItself(one)))
  );
}

/**
 * Hands a record to those of the handlers on its way that hold it back and are opened for it;
 * an error in one keeps it from no other. The record takes a line of the opening's budget, unless
 * `isPaid` says that it has taken one. Returns whether a handler has taken the record.
 */
export function deliverToOpened(
  record: LogRecord,
  opening: Opening,
  way: () => readonly Handler[],
  isPaid: boolean,
): boolean {
  let opened: readonly Handler[];
  try {
    opened = openedHandlers(way(), record.name, opening);
  } catch (error) {
    // A handler on the way cannot be asked.
    reportHandlerError(record, error);
    return false;
  }
  const { budget } = opening;
  const isFree = isPaid || opened.length === 0 || record.levelno >= (budget?.openBeneath ?? 0);
  if (budget === undefined || isFree) return deliverToAll(opened, record, opening);
  if (!budget.lines.take()) return false;
  return handPaid(record, budget.lines, () => deliverToAll(opened, record, opening));
}

function deliverToAll(opened: readonly Handler[], record: LogRecord, opening: Opening): boolean {
  let isWritten = false;
  for (const handler of opened) {
    try {
      if (record.levelno >= handler.level) continue;
      resolveLazy(record);
      if (handler.keepsRecords) lendRecord(record, opening, true);
      else if (handler.formatter?.usesCaller) record.resolveCaller();
      if (deliver(handler, record)) isWritten = true;
    } catch (error) {
      reportFailure(handler, record, error);
    }
  }
  return isWritten;
}

/** Whether a handler is one of those that are named, by its own name or its class. */
export function isNamed(handler: Handler, names: readonly string[]): boolean {
  if (names.length === 0) return false;
  const name = answerOf(() => handler.name);
  return (name !== undefined && names.includes(name)) || names.includes(className(handler));
}

/** Whether a handler opens without being named; one that hands on to another asks that too. */
function opensItself(handler: Handler): boolean {
  return answerOf(() => {
    const { target } = handler as { target?: unknown };
    return handler.opens === true && !(target instanceof Handler && !opensItself(target));
  }) === true;
}

/** Why nothing comes out of a handler; undefined if something does, or it cannot be asked. */
function silenceIn(handler: Handler): string | undefined {
  const silence = answerOf(() => handler.silence);
  return typeof silence === "string" ? silence : undefined;
}

/** Longest chain of handlers that is followed: handlers may be each other's targets. */
const LONGEST_CHAIN = 10;

/**
 * Why no record of a logger comes out of a handler or of those behind it, whatever its level;
 * undefined if some may.
 */
export function deadEndIn(
  handler: Handler,
  logger: string,
  depth: number = LONGEST_CHAIN,
): string | undefined {
  const silence = silenceIn(handler);
  if (silence !== undefined) return `is silent: ${silence}`;
  if (isSurelyFiltered(handler, logger)) return "has a filter for other loggers";
  const behind = depth > 0 ? handlersBehind(handler) : [];
  let ends: string | undefined;
  for (const one of behind) {
    const end = deadEndIn(one, logger, depth - 1);
    if (end === undefined) return undefined;
    ends ??= `hands it on to one that ${end}`;
  }
  return ends;
}

/** Whether a filter is known to hold back all records of a logger; others cannot be known. */
export function isSurelyFiltered(one: Pick<Filterer, "filters">, logger: string): boolean {
  return filtersOf(one).some((filter) =>
    isNameFilter(filter) && answerOf(() => filter.filter({ name: logger })) === false
  );
}

/** Whether a filter looks at nothing but the logger's name. */
export function isNameFilter(
  filter: FilterLike,
): filter is Filter & { filter(record: Pick<LogRecord, "name">): boolean } {
  const isPlain = () => filter instanceof Filter && filter.filter === Filter.prototype.filter;
  return answerOf(isPlain) === true;
}

/**
 * What a handler or filter answers; undefined if it throws. Classes of the program's own may throw
 * here, though they let records pass.
 */
function answerOf<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
