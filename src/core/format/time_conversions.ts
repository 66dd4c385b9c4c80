import { isoWeek, modulo, type TimeFields } from "./time_fields.ts";
import { zoneName } from "./zone_name.ts";

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
export const SUBFORMATS: Readonly<Record<string, string>> = {
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
export const NUMBERS: Readonly<
  Record<string, [digits: number, value: (time: TimeFields) => number]>
> = {
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

/** Conversions that print text. */
export const TEXTS: Readonly<Record<string, (time: TimeFields) => string>> = {
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

/** Conversions that refuse the `E` modifier. */
export const NO_E = "AaBbDdeFGgHhIjklMmSUVWw";
/** Conversions that refuse the `O` modifier. */
export const NO_O = "AaDFXcxY";
