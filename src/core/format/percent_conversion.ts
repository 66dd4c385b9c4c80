import { codePoints, codePointText, truncate } from "../text/code_points.ts";
import { floatText } from "../python/float_text.ts";
import { integerText, isInteger, toFloat } from "../python/py_number.ts";
import { pyAscii, pyRepr, pyStr, pythonError, typeName } from "../python/py_repr.ts";

/** Text of an argument, as one conversion gives it. */
export type Convert = (value: unknown) => string;

/** Flag `-`; one bit for each flag. */
export const LEFT = 1;
/** Flag `+`. */
export const SIGN = 2;
/** Flag ` `. */
export const BLANK = 4;
/** Flag `#`. */
export const ALTERNATE = 8;
/** Flag `0`. */
export const ZERO = 16;
/** Stands for a width or a precision that is not given. */
export const NONE = -1;

/** Compiles a conversion whose width and precision are known; an unknown one throws when it is used. */
export function compileConversion(
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
  const length = typeof value === "string" ? codePoints(value) : undefined;
  if (length === 1) return value as string;
  if (isInteger(value)) return codePointText(value);
  const what = length === undefined ? typeName(value) : `a string of length ${length}`;
  throw pythonError("TypeError", `%c requires an int or a unicode character, not ${what}`);
}
