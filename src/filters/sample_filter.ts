import { checkOptions, isFilledText, type OptionRules } from "../core/errors/check_options.ts";
import type { Level } from "../core/levels/levels.ts";
import { fieldAt } from "../core/records/field_at.ts";
import type { LogRecord } from "../core/records/log_record.ts";
import { hashText } from "../core/text/hash_text.ts";
import { FloodFilter } from "./flood_filter.ts";
import { isLevel, keyText } from "./flood_options.ts";

/**
 * Options of {@linkcode SampleFilter}.
 *
 * @example
 * ```ts
 * import { SampleFilter, type SampleFilterOptions } from "@logdial/logging";
 *
 * const options: SampleFilterOptions = { rate: "1/100", by: "requestId", below: "WARNING" };
 * const filter = new SampleFilter(options);
 * ```
 */
export interface SampleFilterOptions {
  /** Which part of the records passes: `0.01`, or `"1/100"`. */
  rate: number | string;
  /**
   * A field whose value decides, so that of one request all records pass or none, on every
   * thread and in every process. Records that have no such field, or null there, pass.
   */
  by?: string;
  /** Records of this level and above always pass. */
  below?: Level;
}

const OPTION_RULES: OptionRules<SampleFilterOptions> = {
  rate: (value) => Number.isNaN(partOf(value)) ? 'a part from 0 to 1, such as "1/100"' : undefined,
  by: isFilledText,
  below: isLevel,
};

/** The parts of records that have added up so far: at 1, a record passes. */
interface Sum {
  sum: number;
}

/**
 * Lets a part of the records pass, and says once a minute how many it has held back.
 *
 * Known as `logdial.SampleFilter`.
 *
 * @example
 * ```ts
 * import { getLogger, SampleFilter } from "@logdial/logging";
 *
 * // All of one request in a hundred, and all warnings.
 * const filter = new SampleFilter({ rate: "1/100", by: "requestId", below: "WARNING" });
 * getLogger().handlers[0]?.addFilter(filter);
 * ```
 */
export class SampleFilter extends FloodFilter {
  /** The part of the records that pass, from 0 to 1, as it was given: a number, or `1/100`. */
  readonly rate: number | string;
  /** The field that decides. */
  readonly by: string | undefined;
  /** The filter's name in its reports. */
  protected override readonly what = "SampleFilter";
  readonly #part: number;

  /**
   * Takes the part.
   *
   * @throws {TypeError} None is given.
   */
  constructor(options: SampleFilterOptions) {
    checkOptions("SampleFilter", options, OPTION_RULES);
    const { rate, by, below } = options;
    if (rate === undefined) throw new TypeError("Cannot make SampleFilter: it needs a rate");
    super(below);
    this.rate = rate;
    this.by = by;
    this.#part = partOf(rate);
  }

  /** The state to begin with: the first record passes. */
  protected override begin(): object {
    return { sum: 1 } satisfies Sum;
  }

  /** Whether the record is one of those that pass. */
  protected override passes(record: LogRecord, state: object): boolean {
    const parts = state as Sum;
    if (this.by !== undefined) {
      const value = fieldAt(record, this.by);
      return value === undefined || value === null || shareOf(keyText(value)) < this.#part;
    }
    // The first passes, and from there on every so many: rounding must not lose one.
    const isDue = this.#part > 0 && parts.sum >= 1 - 1e-9;
    parts.sum += this.#part - (isDue ? 1 : 0);
    return isDue;
  }
}

/** `0.01` or `"1/100"` as a number, NaN for anything else. */
function partOf(rate: unknown): number {
  let part = typeof rate === "number" ? rate : NaN;
  if (typeof rate === "string") {
    const [, above, below = "1"] = /^\s*(\d*\.?\d+)\s*(?:\/\s*(\d+))?\s*$/.exec(rate) ?? [];
    part = Number(above) / Number(below);
  }
  return part >= 0 && part <= 1 ? part : NaN;
}

/** A number from 0 to 1 for a text, the same everywhere; bits are mixed to spread it evenly. */
function shareOf(text: string): number {
  let hash = hashText(text);
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return ((hash ^ hash >>> 16) >>> 0) / 2 ** 32;
}
