import { codePoints } from "../text/code_points.ts";
import {
  ALTERNATE,
  BLANK,
  compileConversion,
  type Convert,
  LEFT,
  NONE,
  SIGN,
  ZERO,
} from "./percent_conversion.ts";

/** One `%…` conversion of a format string. */
export interface Directive {
  /** Mapping key of `%(key)s`. */
  readonly key: string | undefined;
  readonly flags: number;
  /** Minimum width, `NONE` or `STAR`. */
  readonly width: number;
  /** Precision, `NONE` or `STAR`. */
  readonly precision: number;
  readonly conversion: string;
  /** Place of the conversion character, in code points. */
  readonly index: number;
  /** What is wrong with the format here; CPython notices when it gets to it. */
  readonly defect: string | undefined;
  /** The whole conversion, if no `*` leaves parts of it to the arguments. */
  readonly convert: Convert | undefined;
}

/** Stands for a width or a precision that the next argument gives. */
export const STAR = -2;
/** Found before the key is looked up, unlike any other defect. */
export const INCOMPLETE_KEY = "incomplete format key";
/** Widths from here on are too big for CPython. */
export const MAX_WIDTH: number = 2 ** 63;
/** Precisions from here on are too big for CPython. */
export const MAX_PRECISION: number = 2 ** 31;
const FLAGS: Readonly<Record<string, number>> = {
  "-": LEFT,
  "+": SIGN,
  " ": BLANK,
  "#": ALTERNATE,
  "0": ZERO,
};

/** Splits a `%` format into literal texts, never two in a row, and conversions; throws nothing. */
export function parsePercent(format: string): (string | Directive)[] {
  const pieces: (string | Directive)[] = [];
  let literal = "";
  let position = 0;
  while (position < format.length) {
    const start = format.indexOf("%", position);
    if (start < 0) break;
    literal += format.slice(position, start);
    if (format[start + 1] === "%") {
      literal += "%";
      position = start + 2;
      continue;
    }
    if (literal !== "") pieces.push(literal);
    literal = "";
    const [directive, end] = parseDirective(format, start + 1);
    pieces.push(directive);
    position = end;
    // Nothing after a defect is ever reached.
    if (directive.defect !== undefined) return pieces;
  }
  literal += format.slice(position);
  if (literal !== "") pieces.push(literal);
  return pieces;
}

function parseDirective(format: string, start: number): [directive: Directive, end: number] {
  let at = start;
  let key: string | undefined;
  let flags = 0;
  let width = NONE;
  let precision = NONE;
  let conversion = "";
  let defect: string | undefined;
  if (format[at] === "(") {
    const end = keyEnd(format, at + 1);
    key = format.slice(at + 1, end);
    at = end + 1;
    if (end < 0) [key, defect] = ["", INCOMPLETE_KEY];
  }
  if (defect === undefined) {
    for (; at < format.length && FLAGS[format[at]!] !== undefined; at++) {
      flags |= FLAGS[format[at]!]!;
    }
    [width, at] = parseNumber(format, at, NONE);
    if (width >= MAX_WIDTH) defect = "width too big";
  }
  if (defect === undefined && format[at] === ".") {
    [precision, at] = parseNumber(format, at + 1, 0);
    if (precision >= MAX_PRECISION) defect = "precision too big";
  }
  if (defect === undefined) {
    if (format[at] === "h" || format[at] === "l" || format[at] === "L") at++;
    if (at >= format.length) defect = "incomplete format";
    else conversion = String.fromCodePoint(format.codePointAt(at)!);
  }
  const index = codePoints(format.slice(0, at));
  const fixed = width !== STAR && precision !== STAR && defect === undefined;
  const convert = fixed ? compileConversion(conversion, flags, width, precision, index) : undefined;
  return [
    { key, flags, width, precision, conversion, index, defect, convert },
    at + conversion.length,
  ];
}

/** Index of the parenthesis that closes a key, or -1. */
function keyEnd(format: string, start: number): number {
  let depth = 1;
  for (let i = start; i < format.length; i++) {
    if (format[i] === "(") depth++;
    else if (format[i] === ")" && --depth === 0) return i;
  }
  return -1;
}

function parseNumber(format: string, start: number, missing: number): [number, number] {
  if (format[start] === "*") return [STAR, start + 1];
  let end = start;
  while (end < format.length && format[end]! >= "0" && format[end]! <= "9") {
    end++;
  }
  return [end === start ? missing : Number(format.slice(start, end)), end];
}
