import { dateOf, pad2, timeFields } from "./time_fields.ts";
import { parseTime, renderTime, type TimePiece } from "./time_parser.ts";

/** A compiled format with the last text it gave: log records of one second come in a row. */
interface CompiledTime {
  readonly pieces: readonly TimePiece[];
  second: number;
  text: string;
}

const MAX_FORMATS = 1000;

const localFormats = new Map<string, CompiledTime>();
const utcFormats = new Map<string, CompiledTime>();
let localSecond = NaN;
let localText = "";
let lastMilliseconds = NaN;
let lastMsecs = NaN;
let lastUtc = false;
let lastText = "";
let utcSecond = NaN;
let utcText = "";

/** Formats a point in time like Python's `time.strftime` with glibc in the C locale. */
export function strftime(format: string, epochMs: number, utc: boolean): string {
  const cache = utc ? utcFormats : localFormats;
  let compiled = cache.get(format);
  if (compiled === undefined) {
    compiled = { pieces: parseTime(format), second: NaN, text: "" };
    if (cache.size >= MAX_FORMATS) cache.clear();
    cache.set(format, compiled);
  }
  const second = Math.floor(epochMs / 1000);
  if (compiled.second !== second) {
    compiled.text = renderTime(compiled.pieces, timeFields(second, utc));
    compiled.second = second;
  }
  return compiled.text;
}

/** Formats a point in time as `2026-11-22 08:01:02`: the default of Python's `Formatter.formatTime`. */
export function asctime(epochMs: number, utc: boolean): string {
  const second = Math.floor(epochMs / 1000);
  if (utc) {
    if (second === utcSecond) return utcText;
    const date = dateOf(second);
    utcText =
      `${date.getUTCFullYear()}-${pad2(date.getUTCMonth() + 1)}-${pad2(date.getUTCDate())} ` +
      `${pad2(date.getUTCHours())}:${pad2(date.getUTCMinutes())}:${pad2(date.getUTCSeconds())}`;
    utcSecond = second;
    return utcText;
  }
  if (second === localSecond) return localText;
  const date = dateOf(second);
  localText = `${date.getFullYear()}-${pad2(date.getMonth() + 1)}-${pad2(date.getDate())} ` +
    `${pad2(date.getHours())}:${pad2(date.getMinutes())}:${pad2(date.getSeconds())}`;
  localSecond = second;
  return localText;
}

/**
 * As {@linkcode asctime}, with the milliseconds, `,345`. Asked again within the millisecond, it gives
 * the same string.
 */
export function asctimeWithMsecs(epochMs: number, msecs: number, utc: boolean): string {
  if (epochMs === lastMilliseconds && msecs === lastMsecs && utc === lastUtc) return lastText;
  lastText = `${asctime(epochMs, utc)},${threeDigits(msecs)}`;
  lastMilliseconds = epochMs;
  lastMsecs = msecs;
  lastUtc = utc;
  return lastText;
}

/** Milliseconds of a second as `007`, without a fraction of one, as Python's `%03d`. */
export function threeDigits(msecs: number): string {
  return `${Math.trunc(msecs)}`.padStart(3, "0");
}
