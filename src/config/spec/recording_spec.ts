import { ConfigError, type ConfigErrorOptions } from "../../core/errors/config_error.ts";
import { quote } from "../../core/errors/quote.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { excerpt } from "./excerpt.ts";
import { splitNames } from "./text_values.ts";

/** What a configuration says of the records that are kept in memory. */
export interface RecordingSpec {
  /** Levels by logger, `off` for none; `off` alone stops it everywhere. */
  readonly levels: ReadonlyMap<string, unknown> | typeof OFF | undefined;
  /** Bytes of a thread. */
  readonly size: number | undefined;
  /** Where the levels stand, for errors. */
  readonly place: ConfigErrorOptions;
}

/** Said instead of a level, or of all of them. */
export const OFF = "off";

/** Bytes of a thread that are kept unless more or less is asked for. */
export const DEFAULT_RECORD_BYTES: number = 1 << 20;
/** Least that one may ask for, and most from outside and in files: there are many threads. */
const LEAST_BYTES = 1 << 16, MOST_BYTES = 1 << 22;
/** Most that a program may ask for itself. */
export const MOST_OWN_BYTES: number = 1 << 26;

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 1 << 10, M: 1 << 20 };

/**
 * Reads which loggers are recorded: an object of levels, a text like `app.db=DEBUG, app.http=INFO`,
 * or `off`.
 *
 * @throws {RangeError} It has another shape.
 */
export function readRecordLevels(value: unknown): ReadonlyMap<string, unknown> | typeof OFF {
  if (typeof value === "string" && value.trim().toLowerCase() === OFF) return OFF;
  const levels = typeof value === "string"
    ? splitNames(value).map(readPair)
    : typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value)
    : [];
  const isGood = ([name, level]: readonly [string, unknown]) =>
    name !== "" && (typeof level === "string" && level !== "" || Number.isSafeInteger(level));
  if (levels.length > 0 && levels.every(isGood)) return new Map(levels);
  throw new RangeError('it must be like app.db=DEBUG, app.http=INFO, or "off"');
}

/** Reads `app.db=DEBUG`; of several `=` the last one counts, as on the command line. */
function readPair(text: string): [string, unknown] {
  const at = text.lastIndexOf("=");
  const level = text.slice(at + 1).trim();
  return [text.slice(0, Math.max(at, 0)).trim(), /^\d+$/.test(level) ? Number(level) : level];
}

/** Whether a level means that nothing is kept. */
export function isOff(level: unknown): boolean {
  return typeof level === "string" && level.toLowerCase() === OFF;
}

/**
 * Reads a number of bytes, such as `256K` or `1M`.
 *
 * @throws {RangeError} Something else, or too little or too much.
 */
export function readRecordSize(value: unknown, most: number = MOST_BYTES): number {
  const [, digits, unit] = /^(\d{1,10})([KM]?)$/.exec(String(value).toUpperCase()) ?? [];
  const bytes = digits === undefined ? NaN : Number(digits) * UNITS[unit!]!;
  if (bytes >= LEAST_BYTES && bytes <= most) return bytes;
  const rule = `it must be like 256K or 1M, ${formatBytes(LEAST_BYTES)} to ${formatBytes(most)}`;
  throw new RangeError(`${rule}, not ${typeof value === "string" ? excerpt(value) : quote(value)}`);
}

/** A number of bytes for people, such as `1M`. */
export function formatBytes(bytes: number): string {
  if (bytes % UNITS.M! === 0) return `${bytes / UNITS.M!}M`;
  return bytes % UNITS.K! === 0 ? `${bytes / UNITS.K!}K` : String(bytes);
}

/**
 * What a configuration says under our words, read by `get`; undefined if it says nothing.
 *
 * @throws {ConfigError} A value does not fit.
 */
export function readRecording(
  get: (key: string) => unknown,
  place: (key: string) => ConfigErrorOptions,
): RecordingSpec | undefined {
  const read = <T>(key: string, how: (value: unknown) => T): T | undefined => {
    const value = get(key);
    if (value === undefined || value === null) return undefined;
    try {
      return how(value);
    } catch (cause) {
      throw new ConfigError(`Cannot use ${key}: ${reasonOf(cause)}`, { ...place(key), cause });
    }
  };
  const levels = read("record", readRecordLevels);
  const size = read("record_size", (value) => readRecordSize(value));
  if (levels === undefined && size === undefined) return undefined;
  return { levels, size, place: place("record") };
}
