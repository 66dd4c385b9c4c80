import { pythonError } from "./py_repr.ts";

/** The parts of a point in time that conversions print; months and weekdays count from 0. */
interface TimeFields {
  readonly epoch: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
  /** Day of the year, from 0. */
  readonly yearDay: number;
  /** Seconds east of Greenwich. */
  readonly offset: number;
  readonly utc: boolean;
}

type Piece = string | ((time: TimeFields) => string);

/** What stands between the `%` and the conversion character. */
interface Modifiers {
  readonly pad: string;
  readonly upper: boolean;
  readonly changeCase: boolean;
  readonly width: number;
  /** `E`, `O` or empty. */
  readonly alternative: string;
}

/** A compiled format with the last text it gave: log records of one second come in a row. */
interface CompiledTime {
  readonly pieces: readonly Piece[];
  second: number;
  text: string;
}

const MAX_FORMATS = 1000;
const DAY_MS = 86_400_000;
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** Conversions that stand for a format of their own, as in the C locale. */
const SUBFORMATS: Readonly<Record<string, string>> = {
  c: "%a %b %e %H:%M:%S %Y",
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  R: "%H:%M",
  r: "%I:%M:%S %p",
  T: "%H:%M:%S",
  X: "%H:%M:%S",
  x: "%m/%d/%y",
};

/** Numbers and their digits; negative digits: padded with blanks. */
const NUMBERS: Readonly<Record<string, [digits: number, value: (time: TimeFields) => number]>> = {
  C: [1, ({ year }) => Math.floor(year / 100)],
  d: [2, ({ day }) => day],
  e: [-2, ({ day }) => day],
  G: [1, (time) => isoWeek(time).year],
  g: [2, (time) => modulo(isoWeek(time).year, 100)],
  H: [2, ({ hour }) => hour],
  I: [2, ({ hour }) => hour % 12 || 12],
  j: [3, ({ yearDay }) => yearDay + 1],
  k: [-2, ({ hour }) => hour],
  l: [-2, ({ hour }) => hour % 12 || 12],
  M: [2, ({ minute }) => minute],
  m: [2, ({ month }) => month + 1],
  S: [2, ({ second }) => second],
  U: [2, ({ yearDay, weekday }) => Math.floor((yearDay - weekday + 7) / 7)],
  u: [1, ({ weekday }) => weekday || 7],
  V: [2, (time) => isoWeek(time).week],
  W: [2, ({ yearDay, weekday }) => Math.floor((yearDay - modulo(weekday - 1, 7) + 7) / 7)],
  w: [1, ({ weekday }) => weekday],
  Y: [1, ({ year }) => year],
  y: [2, ({ year }) => modulo(year, 100)],
};

const TEXTS: Readonly<Record<string, (time: TimeFields) => string>> = {
  "%": () => "%",
  A: ({ weekday }) => WEEKDAYS[weekday]!,
  a: ({ weekday }) => WEEKDAYS[weekday]!.slice(0, 3),
  B: ({ month }) => MONTHS[month]!,
  b: ({ month }) => MONTHS[month]!.slice(0, 3),
  h: ({ month }) => MONTHS[month]!.slice(0, 3),
  n: () => "\n",
  P: ({ hour }) => hour < 12 ? "am" : "pm",
  p: ({ hour }) => hour < 12 ? "AM" : "PM",
  // Differs from CPython: for UTC it takes the UTC clock for local time.
  s: ({ epoch }) => String(epoch),
  t: () => "\t",
  Z: zoneName,
};

/** Conversions that refuse the `E` or the `O` modifier. */
const NO_E = "AaBbDdeFGgHhIjklMmSUVWw";
const NO_O = "AaDFXcxY";

const localFormats = new Map<string, CompiledTime>();
const utcFormats = new Map<string, CompiledTime>();
const zoneFormats: Intl.DateTimeFormat[] = [];
let localSecond = NaN;
let localText = "";
let utcSecond = NaN;
let utcText = "";

/** Formats a point in time like Python's `time.strftime` with glibc in the C locale. */
export function strftime(format: string, epochMs: number, utc: boolean): string {
  const cache = utc ? utcFormats : localFormats;
  let compiled = cache.get(format);
  if (compiled === undefined) {
    compiled = { pieces: parse(format), second: NaN, text: "" };
    if (cache.size >= MAX_FORMATS) cache.clear();
    cache.set(format, compiled);
  }
  const second = Math.floor(epochMs / 1000);
  if (compiled.second !== second) {
    compiled.text = render(compiled.pieces, timeFields(second, utc));
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
    utcText = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())} ` +
      `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
    utcSecond = second;
    return utcText;
  }
  if (second === localSecond) return localText;
  const date = dateOf(second);
  localText = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
    `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  localSecond = second;
  return localText;
}

function two(value: number): string {
  return value < 10 ? "0" + value : String(value);
}

function dateOf(second: number): Date {
  const date = new Date(second * 1000);
  if (!Number.isNaN(date.getTime())) return date;
  if (Number.isNaN(second)) throw pythonError("ValueError", "Invalid value NaN (not a number)");
  throw pythonError("OverflowError", "timestamp out of range for platform time_t");
}

function timeFields(second: number, utc: boolean): TimeFields {
  const date = dateOf(second);
  const shifted = utc ? date : asUtc(date);
  const year = shifted.getUTCFullYear();
  const yearStart = new Date(0).setUTCFullYear(year, 0, 1);
  return {
    epoch: second,
    year,
    month: shifted.getUTCMonth(),
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    weekday: shifted.getUTCDay(),
    yearDay: Math.floor((shifted.getTime() - yearStart) / DAY_MS),
    offset: (shifted.getTime() - date.getTime()) / 1000,
    utc,
  };
}

/** The date whose UTC fields are the local fields of the given one. */
function asUtc(date: Date): Date {
  const shifted = new Date(0);
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  shifted.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate());
  shifted.setUTCHours(date.getHours(), date.getMinutes(), date.getSeconds());
  return shifted;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function isoWeek({ year, yearDay, weekday }: TimeFields): { year: number; week: number } {
  // The week belongs to the year that its Thursday is in.
  const thursday = yearDay + 3 - modulo(weekday - 1, 7);
  if (thursday < 0) return isoWeekOf(year - 1, thursday + daysIn(year - 1));
  if (thursday >= daysIn(year)) return isoWeekOf(year + 1, thursday - daysIn(year));
  return isoWeekOf(year, thursday);
}

function isoWeekOf(year: number, thursday: number): { year: number; week: number } {
  return { year, week: Math.floor(thursday / 7) + 1 };
}

function daysIn(year: number): number {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 366 : 365;
}

// English abbreviations are spread over the regional variants: en-US has EST, en-GB has CET.
const ZONE_LOCALES = ["en-US", "en-GB", "en-AU", "en-NZ", "en-IN", "en-ZA", "en-CA"];

/** Abbreviations that the time zone database has; Intl knows more, where that has an offset. */
const ZONE_NAMES = new Set(
  ("ACDT ACST AEDT AEST AKDT AKST AST ADT AWST BST CAT CDT CEST CET CST EAT EDT EEST EET EST " +
    "GMT HDT HKT HST IDT IST JST KST MDT MSK MST NDT NST NZDT NZST PDT PKT PST SAST SST UTC " +
    "WAT WEST WET WIB WIT WITA").split(" "),
);

/** Names by offset in hours of zones for which no English variant has the database's. */
const OWN_NAMES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  "Asia/Colombo": { 5.5: "+0530" },
  "Asia/Dhaka": { 6: "+06" },
  "Asia/Hong_Kong": { 8: "HKT" },
  "Asia/Jerusalem": { 2: "IST", 3: "IDT" },
  "Asia/Manila": { 8: "PST" },
  "Asia/Tokyo": { 9: "JST" },
  "Atlantic/Azores": { 0: "+00" },
  "Atlantic/Canary": { 0: "WET" },
  "Atlantic/Madeira": { 0: "WET" },
  "Europe/Dublin": { 1: "IST" },
  "Europe/Lisbon": { 0: "WET" },
};

function zoneName({ utc, epoch, offset }: TimeFields): string {
  if (utc) return "GMT";
  if (zoneFormats.length === 0) {
    for (const locale of ZONE_LOCALES) {
      zoneFormats.push(new Intl.DateTimeFormat(locale, { timeZoneName: "short" }));
    }
  }
  const own = OWN_NAMES[zoneFormats[0]!.resolvedOptions().timeZone]?.[offset / 3600];
  if (own !== undefined) return own;
  for (const format of zoneFormats) {
    const name = format.formatToParts(epoch * 1000).find(({ type }) => type === "timeZoneName");
    if (name !== undefined && ZONE_NAMES.has(name.value)) return name.value;
  }
  // The time zone database names the other zones by their offset.
  const minutes = Math.floor(Math.abs(offset) / 60);
  const rest = minutes % 60 === 0 ? "" : two(minutes % 60);
  return (offset < 0 ? "-" : "+") + two(Math.floor(minutes / 60)) + rest;
}

function render(pieces: readonly Piece[], time: TimeFields): string {
  let text = "";
  for (const piece of pieces) text += typeof piece === "string" ? piece : piece(time);
  return text;
}

function parse(format: string): Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  for (;;) {
    const start = format.indexOf("%", position);
    if (start < 0) break;
    if (start > position) pieces.push(format.slice(position, start));
    let at = start + 1;
    let pad = "";
    let upper = false;
    let changeCase = false;
    for (; at < format.length && "_-0^#".includes(format[at]!); at++) {
      if (format[at] === "^") upper = true;
      else if (format[at] === "#") changeCase = true;
      else pad = format[at]!;
    }
    const digits = at;
    while (at < format.length && format[at]! >= "0" && format[at]! <= "9") at++;
    const width = Number(format.slice(digits, at));
    const alternative = format[at] === "E" || format[at] === "O" ? format[at++]! : "";
    const conversion = at < format.length ? String.fromCodePoint(format.codePointAt(at)!) : "";
    position = at + conversion.length;
    const modifiers = { pad, upper, changeCase, width, alternative };
    const unknown = format.slice(start, position);
    // What glibc does not know stays in the text, yet it gets its width and case.
    pieces.push(
      compile(conversion, modifiers) ??
        fill(
          upper || (changeCase && "bh".includes(conversion)) ? unknown.toUpperCase() : unknown,
          modifiers,
        ),
    );
  }
  if (position < format.length) pieces.push(format.slice(position));
  return pieces;
}

/** Undefined for a conversion that glibc does not know. */
function compile(conversion: string, modifiers: Modifiers): Piece | undefined {
  const { alternative, pad } = modifiers;
  if (conversion === "") return undefined;
  if (alternative === "E" && NO_E.includes(conversion)) return undefined;
  if (alternative === "O" && NO_O.includes(conversion)) return undefined;
  if (Object.hasOwn(SUBFORMATS, conversion)) {
    const pieces = parse(SUBFORMATS[conversion]!);
    return (time) => fill(cased(render(pieces, time), conversion, modifiers), modifiers);
  }
  if (Object.hasOwn(NUMBERS, conversion)) {
    const [digits, value] = NUMBERS[conversion]!;
    const blanks = digits < 0 && pad !== "0" && pad !== "-"
      ? { ...modifiers, pad: "_" }
      : modifiers;
    return (time) => numberText(value(time), Math.abs(digits), blanks);
  }
  if (conversion === "z") {
    return ({ offset }) => {
      const minutes = Math.floor(Math.abs(offset) / 60);
      const number = Math.floor(minutes / 60) * 100 + minutes % 60;
      return fill(offset < 0 ? "-" : "+", modifiers) + numberText(number, 4, modifiers);
    };
  }
  if (!Object.hasOwn(TEXTS, conversion)) return undefined;
  const text = TEXTS[conversion]!;
  return (time) => fill(cased(text(time), conversion, modifiers), modifiers);
}

function cased(text: string, conversion: string, { upper, changeCase }: Modifiers): string {
  // `#` turns names to upper case, but what is upper case already to lower case.
  if (conversion === "P") return text;
  if (changeCase && (conversion === "p" || conversion === "Z")) return text.toLowerCase();
  return upper || (changeCase && "AaBbh".includes(conversion)) ? text.toUpperCase() : text;
}

function fill(text: string, { pad, width }: Modifiers): string {
  return text.padStart(width, pad === "0" ? "0" : " ");
}

function numberText(value: number, digits: number, modifiers: Modifiers): string {
  const { pad, width } = modifiers;
  const length = Math.max(digits, width);
  if (pad === "-") return fill(String(value), modifiers);
  if (pad === "_") return String(value).padStart(length);
  const text = String(Math.abs(value));
  return value < 0 ? "-" + text.padStart(length - 1, "0") : text.padStart(length, "0");
}
