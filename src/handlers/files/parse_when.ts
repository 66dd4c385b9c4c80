import { quote } from "../../core/errors/quote.ts";

/** The meaning of the argument `when`. */
export interface When {
  /** The letters in upper case. */
  readonly name: string;
  /** Seconds of one unit. */
  readonly unit: number;
  /** strftime format of the names of full files. */
  readonly suffix: string;
  /** Matches the part of a full file's name that tells its time. */
  readonly extMatch: RegExp;
  /** Day of weekly rollovers, 0 for Monday. */
  readonly dayOfWeek: number | undefined;
}

const DAY = 24 * 60 * 60;

/** Units by letter, with the part of the time that makes names unique. */
const UNITS: Readonly<Record<string, readonly [unit: number, suffix: string]>> = {
  S: [1, "%Y-%m-%d_%H-%M-%S"],
  M: [60, "%Y-%m-%d_%H-%M"],
  H: [60 * 60, "%Y-%m-%d_%H"],
  D: [DAY, "%Y-%m-%d"],
  MIDNIGHT: [DAY, "%Y-%m-%d"],
  W: [7 * DAY, "%Y-%m-%d"],
};

/**
 * Reads the argument `when` of a `TimedRotatingFileHandler`.
 *
 * @throws {RangeError} What Python refuses, in its words, and what it would take.
 */
export function parseWhen(when: unknown): When {
  if (typeof when !== "string") {
    throw new TypeError(`Cannot roll over at ${quote(when)}: "when" must be a string`);
  }
  const name = when.toUpperCase();
  const isWeekly = name.startsWith("W");
  if (isWeekly && [...name].length !== 2) {
    throw new RangeError(
      `You must specify a day for weekly rollover from 0 to 6 (0 is Monday): ${name}`,
    );
  }
  if (isWeekly && !/^W[0-6]$/.test(name)) {
    const rule = "it must be from W0, Monday, to W6";
    throw new RangeError(`Invalid day specified for weekly rollover: ${name}, ${rule}`);
  }
  const key = isWeekly ? "W" : name;
  if (!Object.hasOwn(UNITS, key)) {
    const rule = "known are S, M, H, D, MIDNIGHT and W0 to W6";
    throw new RangeError(`Invalid rollover interval specified: ${name}, ${rule}`);
  }
  const [unit, suffix] = UNITS[key]!;
  const digits = suffix.replace("%Y", "\\d{4}").replaceAll(/%[mdHMS]/g, "\\d{2}");
  return {
    name,
    unit,
    suffix,
    extMatch: new RegExp(`(?<!\\d)${digits}(?!\\d)`),
    dayOfWeek: isWeekly ? Number(name[1]) : undefined,
  };
}
