import { isPlainObject, pyAscii, pyRepr, pyStr, pythonError, typeName } from "./py_repr.ts";

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

type Convert = (value: unknown) => string;
type Mapping =
  | Readonly<Record<string, unknown>>
  | ReadonlyMap<unknown, unknown>;

interface Template {
  readonly pieces: readonly (string | Directive)[];
  /** Set if the format only converts one argument after the other: no keys, no `*`, no defects. */
  readonly plain: PlainTemplate | undefined;
}

interface PlainTemplate {
  readonly converts: readonly Convert[];
  /** Text before each conversion, and after the last. */
  readonly literals: readonly string[];
}

const LEFT = 1;
const SIGN = 2;
const BLANK = 4;
const ALTERNATE = 8;
const ZERO = 16;
const FLAGS: Readonly<Record<string, number>> = {
  "-": LEFT,
  "+": SIGN,
  " ": BLANK,
  "#": ALTERNATE,
  "0": ZERO,
};
const NONE = -1;
const STAR = -2;
/** Found before the key is looked up, unlike any other defect. */
export const INCOMPLETE_KEY = "incomplete format key";
const MAX_TEMPLATES = 1000;
const MAX_WIDTH = 2 ** 63;
const MAX_PRECISION = 2 ** 31;

const templates = new Map<string, Template>();

/**
 * Formats a log message as Python's `format % args`.
 *
 * A single non-empty object or `Map` is also the mapping for `%(key)s`, as in
 * CPython's `LogRecord`.
 *
 * @throws {Error} With CPython's message, and its exception type as `name`.
 */
export function percentFormat(format: string, args: readonly unknown[]): string {
  const { plain, pieces } = templates.get(format) ?? compile(format);
  const mapping = args.length === 1 ? mappingOf(args[0]) : undefined;
  if (mapping !== undefined) return formatMapping(pieces, mapping);
  return plain === undefined ? formatTuple(pieces, args) : formatPlain(plain, args);
}

function formatPlain({ converts, literals }: PlainTemplate, args: readonly unknown[]): string {
  let text = literals[0]!;
  for (let i = 0; i < converts.length; i++) {
    if (i === args.length) throw notEnough();
    text += converts[i]!(args[i]) + literals[i + 1]!;
  }
  if (args.length > converts.length) throw notAll();
  return text;
}

function formatTuple(pieces: readonly (string | Directive)[], args: readonly unknown[]): string {
  let text = "";
  let next = 0;
  function take(): unknown {
    if (next === args.length) throw notEnough();
    return args[next++];
  }
  for (const piece of pieces) {
    if (typeof piece === "string") text += piece;
    else if (piece.key === undefined) text += convertNext(piece, take);
    else throw pythonError("TypeError", "format requires a mapping");
  }
  if (next < args.length) throw notAll();
  return text;
}

function formatMapping(pieces: readonly (string | Directive)[], mapping: Mapping): string {
  let text = "";
  // Before the first conversion, the mapping itself is the one argument there is.
  let pending: [unknown] | [] = [mapping];
  for (const piece of pieces) {
    if (typeof piece === "string") {
      text += piece;
      continue;
    }
    if (piece.key === undefined) text += convertOne(piece, pending);
    else if (piece.defect === INCOMPLETE_KEY) {
      throw pythonError("ValueError", INCOMPLETE_KEY);
    } else text += convertOne(piece, [lookUp(mapping, piece.key)]);
    pending = [];
  }
  return text;
}

/** Runs a directive of a format that was given a mapping: it can use one value, or none. */
export function convertOne(directive: Directive, pending: [unknown] | []): string {
  let used = pending.length === 0;
  return convertNext(directive, () => {
    if (used) throw notEnough();
    used = true;
    return pending[0];
  });
}

function convertNext(directive: Directive, take: () => unknown): string {
  let { flags, width, precision } = directive;
  if (width === STAR) {
    width = starValue(take(), MAX_WIDTH, "ssize_t");
    if (width < 0) flags |= LEFT;
    width = Math.abs(width);
  }
  if (precision === STAR) {
    precision = Math.max(0, starValue(take(), MAX_PRECISION, "int"));
  }
  if (directive.defect !== undefined) throw pythonError("ValueError", directive.defect);
  const value = take();
  const convert = directive.convert ??
    compileConversion(directive.conversion, flags, width, precision, directive.index);
  return convert(value);
}

function starValue(value: unknown, limit: number, cType: string): number {
  if (!isInteger(value)) throw pythonError("TypeError", "* wants int");
  const number = Number(value);
  if (number >= limit || number < -limit) {
    throw pythonError("OverflowError", `Python int too large to convert to C ${cType}`);
  }
  return number;
}

function mappingOf(value: unknown): Mapping | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof Map) return value.size > 0 ? value : undefined;
  return isPlainObject(value) && Object.keys(value).length > 0 ? value : undefined;
}

function lookUp(mapping: Mapping, key: string): unknown {
  if (mapping instanceof Map) {
    if (mapping.has(key)) return mapping.get(key);
  } else if (Object.hasOwn(mapping, key)) {
    return (mapping as Record<string, unknown>)[key];
  }
  throw pythonError("KeyError", pyRepr(key));
}

function notEnough(): Error {
  return pythonError("TypeError", "not enough arguments for format string");
}

function notAll(): Error {
  return pythonError("TypeError", "not all arguments converted during string formatting");
}

function compile(format: string): Template {
  const pieces = parsePercent(format);
  const template = { pieces, plain: plainTemplate(pieces) };
  // Formats built at run time would fill the memory; a full cache is not worth bookkeeping.
  if (templates.size >= MAX_TEMPLATES) templates.clear();
  templates.set(format, template);
  return template;
}

function plainTemplate(pieces: readonly (string | Directive)[]): PlainTemplate | undefined {
  const converts: Convert[] = [];
  const literals = [""];
  for (const piece of pieces) {
    if (typeof piece === "string") literals[converts.length] = piece;
    else if (piece.convert === undefined || piece.key !== undefined) {
      return undefined;
    } else literals[converts.push(piece.convert)] = "";
  }
  return { converts, literals };
}

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

function compileConversion(
  conversion: string,
  flags: number,
  width: number,
  precision: number,
  index: number,
): Convert {
  switch (conversion) {
    case "s":
      return textConversion(pyStr, flags, width, precision);
    case "r":
      return textConversion(pyRepr, flags, width, precision);
    case "a":
      return textConversion(pyAscii, flags, width, precision);
    case "c":
      return textConversion(charText, flags, width, NONE);
    case "d":
    case "i":
    case "u":
      return decimalConversion(conversion, flags, width, precision);
    case "o":
    case "x":
    case "X":
      return radixConversion(conversion, flags, width, precision);
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G":
      return floatConversion(conversion, flags, width, precision);
  }
  const code = conversion.codePointAt(0) ?? 0;
  const shown = code >= 31 && code < 126 ? conversion : "?";
  const message = `unsupported format character '${shown}' (0x${
    code.toString(16)
  }) at index ${index}`;
  return () => {
    throw pythonError("ValueError", message);
  };
}

function textConversion(text: Convert, flags: number, width: number, precision: number): Convert {
  if (width <= 0 && precision === NONE) return text;
  return (value) => {
    const whole = text(value);
    const cut = precision === NONE ? whole : truncate(whole, precision);
    const padding = width - codePoints(cut);
    if (padding <= 0) return cut;
    return flags & LEFT ? cut + " ".repeat(padding) : " ".repeat(padding) + cut;
  };
}

function decimalConversion(
  conversion: string,
  flags: number,
  width: number,
  precision: number,
): Convert {
  if (width <= 0 && precision === NONE && !(flags & (SIGN | BLANK))) {
    return (value) => decimalText(value, conversion);
  }
  return (value) => {
    const text = decimalText(value, conversion);
    const negative = text[0] === "-";
    const digits = negative ? text.slice(1) : text;
    return padNumber(negative, "", digits.padStart(precision, "0"), flags, width);
  };
}

function radixConversion(
  conversion: string,
  flags: number,
  width: number,
  precision: number,
): Convert {
  const radix = conversion === "o" ? 8 : 16;
  const prefix = flags & ALTERNATE ? "0" + conversion : "";
  return (value) => {
    if (!isInteger(value)) {
      throw pythonError(
        "TypeError",
        `%${conversion} format: an integer is required, not ${typeName(value)}`,
      );
    }
    const text = integerText(value, radix);
    const negative = text[0] === "-";
    const digits = (negative ? text.slice(1) : text).padStart(precision, "0");
    const cased = conversion === "X" ? digits.toUpperCase() : digits;
    return padNumber(negative, prefix, cased, flags, width);
  };
}

function floatConversion(
  conversion: string,
  flags: number,
  width: number,
  precision: number,
): Convert {
  const digits = precision === NONE ? 6 : precision;
  const alternate = (flags & ALTERNATE) !== 0;
  return (value) => {
    const text = floatText(toFloat(value), conversion, digits, alternate);
    const negative = text[0] === "-";
    return padNumber(negative, "", negative ? text.slice(1) : text, flags, width);
  };
}

function padNumber(
  negative: boolean,
  prefix: string,
  digits: string,
  flags: number,
  width: number,
): string {
  const sign = negative ? "-" : flags & SIGN ? "+" : flags & BLANK ? " " : "";
  const padding = width - sign.length - prefix.length - digits.length;
  if (padding <= 0) return sign + prefix + digits;
  if (flags & LEFT) return sign + prefix + digits + " ".repeat(padding);
  if (flags & ZERO) return sign + prefix + "0".repeat(padding) + digits;
  return " ".repeat(padding) + sign + prefix + digits;
}

function decimalText(value: unknown, conversion: string): string {
  if (typeof value === "number") {
    if (Number.isFinite(value)) return integerText(Math.trunc(value), 10);
    if (Number.isNaN(value)) {
      throw pythonError("ValueError", "cannot convert float NaN to integer");
    }
    throw pythonError("OverflowError", "cannot convert float infinity to integer");
  }
  if (isInteger(value)) return integerText(value, 10);
  throw pythonError(
    "TypeError",
    `%${conversion} format: a real number is required, not ${typeName(value)}`,
  );
}

function charText(value: unknown): string {
  if (typeof value === "string" && codePoints(value) === 1) return value;
  if (!isInteger(value)) throw pythonError("TypeError", "%c requires int or char");
  return codePointText(value);
}

/** Character of a code point, with CPython's errors for those that are none. */
export function codePointText(value: number | bigint | boolean): string {
  const code = Number(value);
  if (code < 0 || code > 0x10ffff) {
    throw pythonError("OverflowError", "%c arg not in range(0x110000)");
  }
  return String.fromCodePoint(code);
}

/** Whether a value counts as a Python `int` (JS cannot tell 1.0 from 1; a Python `bool` is an `int`). */
export function isInteger(value: unknown): value is number | bigint | boolean {
  return typeof value === "number"
    ? Number.isInteger(value)
    : typeof value === "bigint" || typeof value === "boolean";
}

/** Digits of an integer, all of them however large it is. */
export function integerText(value: number | bigint | boolean, radix: number): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    value = BigInt(value);
  }
  return value.toString(radix);
}

/** Converts a value to a number as CPython converts it to a C double. */
export function toFloat(value: unknown): number {
  if (typeof value === "number") return value;
  if (!isInteger(value)) {
    throw pythonError("TypeError", `must be real number, not ${typeName(value)}`);
  }
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw pythonError("OverflowError", "int too large to convert to float");
}

/**
 * Text of a number for `e`, `f` or `g` (upper case: upper case result), rounded half to
 * even on its exact binary value as CPython does; `toFixed` rounds ties up.
 *
 * @param dotZero Whether `g` keeps at least one digit after the point (`format(x, ".3")`).
 */
export function floatText(
  value: number,
  conversion: string,
  precision: number,
  alternate: boolean,
  dotZero = false,
): string {
  const kind = conversion.toLowerCase();
  const magnitude = Math.abs(value);
  let text: string;
  if (Number.isNaN(value)) return kind === conversion ? "nan" : "NAN";
  if (magnitude === Infinity) text = "inf";
  else if (kind === "f") text = fixedText(magnitude, precision, alternate);
  else if (kind === "e") {
    text = exponentText(...decimals(magnitude, precision), alternate);
  } else text = generalText(magnitude, precision || 1, alternate, dotZero);
  if (kind !== conversion) text = text.toUpperCase();
  return value < 0 || Object.is(value, -0) ? "-" + text : text;
}

function fixedText(magnitude: number, precision: number, alternate: boolean): string {
  // A tie is an odd multiple of half a unit in the last place, that is of 2^-(precision + 1).
  const exact = precision > 100 || magnitude >= 1e21 ||
    (magnitude * 2 ** (precision + 1)) % 2 === 1;
  const text = exact ? exactFixed(magnitude, precision) : magnitude.toFixed(precision);
  return alternate && precision === 0 ? text + "." : text;
}

function exactFixed(magnitude: number, precision: number): string {
  const digits = scaled(magnitude, precision).toString().padStart(precision + 1, "0");
  if (precision === 0) return digits;
  return `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

function exponentText(digits: string, exponent: number, alternate: boolean): string {
  const point = digits.length > 1 || alternate ? "." : "";
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits[0]}${point}${digits.slice(1)}e${exponent < 0 ? "-" : "+"}${power}`;
}

function generalText(
  magnitude: number,
  precision: number,
  alternate: boolean,
  dotZero: boolean,
): string {
  const [padded, exponent] = decimals(magnitude, precision - 1);
  let end = padded.length;
  if (!alternate) { while (end > 1 && padded[end - 1] === "0") end--; }
  const digits = padded.slice(0, end);
  if (exponent < -4 || exponent >= precision - (dotZero ? 1 : 0)) {
    return exponentText(digits, exponent, alternate);
  }
  const whole = exponent < 0 ? "0" : digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = exponent < 0
    ? "0".repeat(-exponent - 1) + digits
    : digits.slice(exponent + 1) || (dotZero ? "0" : "");
  return fraction !== "" || alternate ? `${whole}.${fraction}` : whole;
}

/** The first `precision + 1` digits of a number, rounded, and the power of ten of the first. */
function decimals(magnitude: number, precision: number): [digits: string, exponent: number] {
  if (magnitude === 0) return ["0".repeat(precision + 1), 0];
  // Only a number whose next digit is a 5 can be a tie.
  if (
    precision >= 100 || magnitude.toExponential(precision + 1).includes("5e")
  ) {
    return exactDecimals(magnitude, precision);
  }
  const text = magnitude.toExponential(precision);
  const exponentAt = text.indexOf("e");
  return [
    text[0] + text.slice(2, exponentAt),
    Number(text.slice(exponentAt + 1)),
  ];
}

function exactDecimals(magnitude: number, precision: number): [digits: string, exponent: number] {
  // The estimate may be one off; the number of digits tells.
  let exponent = Math.floor(Math.log10(magnitude));
  for (;;) {
    const digits = scaled(magnitude, precision - exponent).toString();
    if (digits.length === precision + 1) return [digits, exponent];
    exponent += digits.length > precision + 1 ? 1 : -1;
  }
}

const DOUBLE = new DataView(new ArrayBuffer(8));

/** `magnitude * 10 ** power`, rounded half to even from the exact binary value. */
function scaled(magnitude: number, power: number): bigint {
  DOUBLE.setFloat64(0, magnitude);
  const bits = DOUBLE.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10_0000_0000_0000n;
  const shift = Math.max(biased, 1) - 1075;
  const numerator = mantissa * 2n ** BigInt(Math.max(shift, 0)) *
    10n ** BigInt(Math.max(power, 0));
  const denominator = 2n ** BigInt(Math.max(-shift, 0)) *
    10n ** BigInt(Math.max(-power, 0));
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator ||
    (twice === denominator && (quotient & 1n) === 1n);
  return up ? quotient + 1n : quotient;
}

/** Number of code points of a text: Python's `len()`. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    if (
      (text.charCodeAt(i) & 0xfc00) === 0xdc00 &&
      (text.charCodeAt(i - 1) & 0xfc00) === 0xd800
    ) {
      count--;
    }
  }
  return count;
}

/** The first `length` code points of a text. */
export function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = 0;
  for (let i = 0; i < length && end < text.length; i++) {
    end += text.codePointAt(end)! > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}
