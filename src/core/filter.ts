import type { LogRecord } from "./record.ts";

/** What a filter may be: an object with `filter`, or a plain function. */
export type FilterLike = FilterObject | ((record: LogRecord) => unknown);

/** An object that decides on records. */
export interface FilterObject {
  /** Whether the record may pass: any true value. */
  filter(record: LogRecord): unknown;
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
      throw new TypeError(`Cannot filter by name ${String(name)}: it must be a string`);
    }
    this.name = name;
  }

  /** Whether the record's logger is the named one or below it. */
  filter(record: LogRecord): boolean {
    if (this.name === "" || this.name === record.name) return true;
    return record.name.startsWith(this.name) && record.name[this.name.length] === ".";
  }
}

/** A list of filters, shared by loggers and handlers (`logging.Filterer`). */
export class Filterer {
  /** The filters, in the order in which they are asked. */
  filters: FilterLike[] = [];

  /** Adds a filter unless it is there already. */
  addFilter(filter: FilterLike): void {
    if (!this.filters.includes(filter)) this.filters.push(filter);
  }

  /** Removes a filter if it is there. */
  removeFilter(filter: FilterLike): void {
    const at = this.filters.indexOf(filter);
    if (at >= 0) this.filters.splice(at, 1);
  }

  /** Whether every filter lets the record pass; the first that does not ends the asking. */
  filter(record: LogRecord): boolean {
    for (const filter of this.filters) {
      const passes = typeof filter === "function" ? filter(record) : filter.filter(record);
      if (!passes) return false;
    }
    return true;
  }
}
