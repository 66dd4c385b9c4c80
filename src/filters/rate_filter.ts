import { checkOptions, isFilledText, type OptionRules } from "../core/errors/check_options.ts";
import type { Level } from "../core/levels/levels.ts";
import { fieldAt } from "../core/records/field_at.ts";
import type { LogRecord } from "../core/records/log_record.ts";
import { recordTime } from "../core/records/record_time.ts";
import { FloodFilter } from "./flood_filter.ts";
import { isLevel, isPositive, keyText, MOST_KEYS, putLast } from "./flood_options.ts";

/**
 * Options of {@linkcode RateFilter}.
 *
 * @example
 * ```ts
 * import { RateFilter, type RateFilterOptions } from "@logdial/logging";
 *
 * const options: RateFilterOptions = { rate: 10, burst: 100, by: "user", below: "ERROR" };
 * const filter = new RateFilter(options);
 * ```
 */
export interface RateFilterOptions {
  /** Records a second that pass in the long run. */
  rate: number;
  /** Records that pass at once after a silence. @default {rate, but at least 1} */
  burst?: number;
  /** A field of which each value has its own rate, `logger` for each logger; else all share one. */
  by?: string;
  /** Records of this level and above always pass. */
  below?: Level;
}

const OPTION_RULES: OptionRules<RateFilterOptions> = {
  rate: isPositive,
  burst: isPositive,
  by: isFilledText,
  below: isLevel,
};

/** How many records may still pass at once, and when this was reckoned, in milliseconds. */
interface Bucket {
  left: number;
  at: number;
}

/**
 * Lets only so many records a second pass, and says once a minute how many it has held back.
 *
 * Known as `logdial.RateFilter`.
 *
 * @example
 * ```ts
 * import { getLogger, RateFilter } from "@logdial/logging";
 *
 * // No more than 100 at once and 10 a second from each logger, but all errors.
 * const filter = new RateFilter({ rate: 10, burst: 100, by: "logger", below: "ERROR" });
 * getLogger().handlers[0]?.addFilter(filter);
 * ```
 */
export class RateFilter extends FloodFilter {
  /** Records a second that pass in the long run. */
  readonly rate: number;
  /** Records that pass at once after a silence. */
  readonly burst: number;
  /** The field of which each value has its own rate; undefined if all records share one. */
  readonly by: string | undefined;
  /** The filter's name in its reports. */
  protected override readonly what = "RateFilter";

  /**
   * Takes the rate and the other options.
   *
   * @throws {TypeError} No rate is given, or an option does not fit.
   */
  constructor(options: RateFilterOptions) {
    checkOptions("RateFilter", options, OPTION_RULES);
    const { rate, burst, by, below } = options;
    if (rate === undefined) throw new TypeError("Cannot make RateFilter: it needs a rate");
    super(below);
    this.rate = rate;
    this.burst = Math.max(1, burst ?? rate);
    this.by = by;
  }

  /** The buckets by values: none at the beginning. */
  protected override begin(): object {
    return new Map<string, Bucket>();
  }

  /** Whether the record is one of those that pass. */
  protected override passes(record: LogRecord, state: object): boolean {
    const buckets = state as Map<string, Bucket>;
    const key = this.#keyOf(record), now = recordTime(record);
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      // The bucket used longest ago makes room: most likely it is full again, as a new one would be.
      putLast(buckets, key, bucket = { left: this.burst, at: now });
    } else if (buckets.size >= MOST_KEYS) putLast(buckets, key, bucket);
    const passed = Math.max(0, now - bucket.at);
    bucket.left = Math.min(this.burst, bucket.left + passed * this.rate / 1000);
    bucket.at = now;
    // Rounding must not lose one.
    if (bucket.left < 1 - 1e-9) return false;
    bucket.left--;
    return true;
  }

  #keyOf(record: LogRecord): string {
    const { by } = this;
    if (by === undefined) return "";
    return by === "logger" ? record.name : keyText(fieldAt(record, by));
  }
}
