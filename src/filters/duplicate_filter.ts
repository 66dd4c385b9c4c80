import { checkOptions, isWholeNumber, type OptionRules } from "../core/errors/check_options.ts";
import type { Level } from "../core/levels/levels.ts";
import type { LogRecord } from "../core/records/log_record.ts";
import { recordTime } from "../core/records/record_time.ts";
import { FloodFilter } from "./flood_filter.ts";
import { isLevel, isPositive, keyText, MOST_KEYS, putLast } from "./flood_options.ts";

/**
 * Options of {@linkcode DuplicateFilter}.
 *
 * @example
 * ```ts
 * import { DuplicateFilter, type DuplicateFilterOptions } from "@logdial/logging";
 *
 * const options: DuplicateFilterOptions = { window: 60, limit: 3, by: "template" };
 * const filter = new DuplicateFilter(options);
 * ```
 */
export interface DuplicateFilterOptions {
  /** Seconds from the first of them in which others are held back. @default 10 */
  window?: number;
  /** How many pass in that time. @default 1 */
  limit?: number;
  /**
   * What makes two records the same beside logger and level: the message with its arguments,
   * or as it is written in the source.
   *
   * @default "message"
   */
  by?: "message" | "template";
  /** Records of this level and above always pass. */
  below?: Level;
}

const OPTION_RULES: OptionRules<DuplicateFilterOptions> = {
  window: isPositive,
  limit: isWholeNumber(1, 1e9),
  by: (value) =>
    value === "message" || value === "template" ? undefined : '"message" or "template"',
  below: isLevel,
};

/** When the first of some equal records came, in milliseconds, and how many have passed since. */
interface Seen {
  at: number;
  count: number;
}

/**
 * Lets the same record pass only once in a while, and says once a minute how many it has held
 * back.
 *
 * Known as `logdial.DuplicateFilter`.
 *
 * @example
 * ```ts
 * import { DuplicateFilter, getLogger } from "@logdial/logging";
 *
 * getLogger().handlers[0]?.addFilter(new DuplicateFilter({ window: 60 }));
 * for (let tries = 0; tries < 1000; tries++) getLogger("db").warning("no connection"); // once
 * ```
 */
export class DuplicateFilter extends FloodFilter {
  /** Seconds from the first of some equal records in which others are held back. */
  readonly window: number;
  /** How many of them pass in that time. */
  readonly limit: number;
  /** What makes two records the same beside logger and level. */
  readonly by: "message" | "template";
  /** The filter's name in its reports. */
  protected override readonly what = "DuplicateFilter";

  /**
   * Takes what makes records the same, and for how long.
   *
   * @throws {TypeError} An unknown option, or one of another type.
   * @throws {RangeError} A number that is out of range.
   */
  constructor(options: DuplicateFilterOptions = {}) {
    checkOptions("DuplicateFilter", options, OPTION_RULES);
    const { window = 10, limit = 1, by = "message", below } = options;
    super(below);
    this.window = window;
    this.limit = limit;
    this.by = by;
  }

  /** No record has come yet. */
  protected override begin(): object {
    return new Map<string, Seen>();
  }

  /** Whether the record is one of those that pass. */
  protected override passes(record: LogRecord, state: object): boolean {
    const all = state as Map<string, Seen>;
    const { levelno, name } = record, now = recordTime(record);
    const key = `${levelno} ${name} ${this.#textOf(record)}`;
    const seen = all.get(key);
    const age = seen === undefined ? Infinity : now - seen.at;
    // A clock that is set back begins anew. Rounding must not make the window longer.
    if (seen === undefined || age >= this.window * 1000 - 1e-6 || age < 0) {
      putLast(all, key, { at: now, count: 1 });
      return true;
    }
    // Those seen longest ago make room: not what comes again and again.
    if (all.size >= MOST_KEYS) putLast(all, key, seen);
    if (seen.count >= this.limit) return false;
    seen.count++;
    return true;
  }

  #textOf(record: LogRecord): string {
    if (this.by === "template") return keyText(record.msg);
    try {
      return keyText(record.getMessage());
    } catch {
      // Arguments that do not fit: whoever formats it says so.
      return keyText(record.msg);
    }
  }
}
