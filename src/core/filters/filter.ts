import { quote } from "../errors/quote.ts";
import { reportHandlerError } from "../io/diagnostics.ts";
import { onRejection } from "../values/on_rejection.ts";
import { isFromOtherCopy, LogRecord } from "../records/log_record.ts";

/**
 * What a filter may be: an object with `filter`, or a plain function.
 *
 * @example
 * ```ts
 * import { type FilterLike, getLogger } from "@logdial/logging";
 *
 * const noNoise: FilterLike = (record) => record.name !== "app.noise";
 * getLogger("app").addFilter(noNoise);
 * ```
 */
export type FilterLike = FilterObject | ((record: LogRecord) => unknown);

/**
 * An object that decides on records.
 *
 * @example
 * ```ts
 * import { type FilterObject, getLogger } from "@logdial/logging";
 *
 * const noNoise: FilterObject = { filter: (record) => record.name !== "app.noise" };
 * getLogger("app").addFilter(noNoise);
 * ```
 */
export interface FilterObject {
  /**
   * Whether the record may pass: any true value, or another record that goes on in its place.
   * `where` is the logger or handler that asks. `makeLogRecord(record)` makes a copy of a record, to
   * be changed and passed on.
   */
  filter(record: LogRecord, where?: Filterer): unknown;
}

/**
 * Lets records of one logger and its children pass (`logging.Filter`).
 *
 * @example
 * ```ts
 * import { Filter, getLogger } from "@logdial/logging";
 *
 * getLogger().handlers[0]?.addFilter(new Filter("app.db")); // app.db, app.db.pool, not app.dbx
 * ```
 */
export class Filter implements FilterObject {
  /** Name of the logger, empty to let everything pass. */
  readonly name: string;

  /**
   * Takes the logger's name.
   *
   * @throws {TypeError} A name that is not a string.
   */
  constructor(name = "") {
    if (typeof name !== "string") {
      throw new TypeError(`Cannot filter by name ${quote(name)}: it must be a string`);
    }
    this.name = name;
  }

  /** Whether the record's logger is the named one or below it; a subclass may give another record. */
  filter(record: LogRecord): LogRecord | boolean {
    if (this.name === "" || this.name === record.name) return true;
    return record.name.startsWith(this.name) && record.name[this.name.length] === ".";
  }
}

/**
 * A list of filters, shared by loggers and handlers (`logging.Filterer`).
 *
 * @example
 * ```ts
 * import { Filter, type Filterer, getLogger, NullHandler } from "@logdial/logging";
 *
 * function keepOnly(name: string, where: Filterer) {
 *   where.addFilter(new Filter(name));
 * }
 * keepOnly("app.db", getLogger("app"));
 * keepOnly("app.db", new NullHandler());
 * ```
 */
export class Filterer {
  #filters: FilterLike[] = [];

  /** The filters, in the order in which they are asked. */
  get filters(): FilterLike[] {
    return this.#filters;
  }

  set filters(filters: FilterLike[]) {
    this.#filters = filters;
  }

  /**
   * Adds a filter unless it is there already.
   *
   * Differs from CPython: that takes anything, and fails at each record.
   *
   * @throws {TypeError} It is no filter.
   */
  addFilter(filter: FilterLike): void {
    if (typeof filter !== "function" && typeof filter?.filter !== "function") {
      throw new TypeError(`Cannot filter by ${quote(filter)}: it is no filter`);
    }
    // The array is replaced, so that a loop over the old one meets each filter once.
    if (!this.filters.includes(filter)) this.filters = [...this.filters, filter];
  }

  /** Removes a filter if it is there. */
  removeFilter(filter: FilterLike): void {
    const at = this.filters.indexOf(filter);
    if (at >= 0) this.filters = this.filters.toSpliced(at, 1);
  }

  /**
   * The record if every filter lets it pass, or the record that filters have put in its place;
   * false if one does not, and then the filters after that are not asked.
   */
  filter(record: LogRecord): LogRecord | boolean {
    let passed = record;
    for (const filter of this.filters) {
      const result: unknown = typeof filter === "function"
        ? filter(passed)
        : filter.filter(passed, this);
      if (!result) return false;
      if (typeof result !== "object") continue;
      if (isRecord(result)) passed = result;
      // As in CPython, the promise of an `async` filter is true.
      else onRejection(result, (error) => reportHandlerError(record, error));
    }
    return passed;
  }
}

/**
 * The filters of a handler, or of what stands in its place: any object with a `handle`, which may
 * have no filters, or none that can be read.
 */
export function filtersOf(one: Partial<Pick<Filterer, "filters">>): readonly FilterLike[] {
  try {
    const { filters } = one;
    return Array.isArray(filters) ? filters : [];
  } catch {
    return [];
  }
}

/** Whether a logger or handler has a `filter` of its own, such as one that its class overrides. */
export function hasOwnFilter(where: Filterer): boolean {
  return where.filter !== Filterer.prototype.filter;
}

/** Whether a logger or handler may hold records back: by its list, or by its own `filter`. */
export function mayFilter(where: Filterer): boolean {
  return where.filters.length > 0 || hasOwnFilter(where);
}

/** The record that goes on after filters have given `result`; undefined if none does. */
export function passedRecord(result: unknown, record: LogRecord): LogRecord | undefined {
  if (!result) return undefined;
  if (result === record || result === true) return record;
  if (isRecord(result)) return result;
  // A `filter` of a subclass may be `async`.
  onRejection(result, (error) => reportHandlerError(record, error));
  return record;
}

/** Whether a filter has given a record; a proxy may throw when it is asked. */
export function isRecord(value: unknown): value is LogRecord {
  try {
    return value instanceof LogRecord || isFromOtherCopy(value);
  } catch {
    return false;
  }
}
