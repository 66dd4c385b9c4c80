const DOUBLE = new DataView(new ArrayBuffer(8));

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
