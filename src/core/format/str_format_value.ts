import { codePoints, codePointText, truncate } from "../text/code_points.ts";
import { floatText } from "../python/float_text.ts";
import { integerText, isInteger, toFloat } from "../python/py_number.ts";
import { pyStr, pythonError, typeName } from "../python/py_repr.ts";
import { type Kind, parseSpec, type Spec } from "./str_format_spec.ts";

/** Compiles a spec as `__format__` of text and numbers reads it. */
export function compileSpec(spec: string): (value: unknown) => string {
  if (spec === "") return pyStr;
  // A spec reads differently for text and numbers, and is used for one kind nearly always.
  let parsedKind: Kind | undefined;
  let parsed: Spec | undefined;
  return (value) => {
    const kind = kindOf(value);
    if (parsed === undefined || kind !== parsedKind) {
      parsed = parseSpec(spec, kind, typeName(value));
      parsedKind = kind;
    }
    if (typeof value === "string") return formatText(value, parsed);
    return formatNumber(value as number | bigint | boolean, kind, parsed);
  };
}

function kindOf(value: unknown): Kind {
  if (typeof value === "string") return "str";
  if (isInteger(value)) return "int";
  if (typeof value === "number") return "float";
  throw pythonError(
    "TypeError",
    `unsupported format string passed to ${typeName(value)}.__format__`,
  );
}

function formatText(text: string, spec: Spec): string {
  const refuse = (what: string) =>
    pythonError("ValueError", `${what} not allowed in string format specifier`);
  if (spec.sign !== "") throw refuse(spec.sign === " " ? "Space" : "Sign");
  if (spec.noNegativeZero) throw refuse("Negative zero coercion (z)");
  if (spec.alternate) throw refuse("Alternate form (#)");
  if (spec.align === "=") throw refuse("'=' alignment");
  return padded("", spec.precision < 0 ? text : truncate(text, spec.precision), spec);
}

function formatNumber(value: number | bigint | boolean, kind: Kind, spec: Spec): string {
  if (kind === "float" || "eEfFgG%".includes(spec.type)) return formatFloat(toFloat(value), spec);
  if (spec.precision >= 0) {
    throw pythonError("ValueError", "Precision not allowed in integer format specifier");
  }
  if (spec.noNegativeZero) {
    throw pythonError(
      "ValueError",
      "Negative zero coercion (z) not allowed in integer format specifier",
    );
  }
  if (spec.type === "c") return formatChar(value, spec);
  const radix = { b: 2, o: 8, x: 16, X: 16 }[spec.type] ?? 10;
  const text = integerText(value, radix);
  const negative = text[0] === "-";
  const digits = negative ? text.slice(1) : text;
  const prefix = spec.alternate && radix !== 10 ? "0" + spec.type : "";
  const lead = signText(negative, spec) + prefix;
  return numeric(lead, spec.type === "X" ? digits.toUpperCase() : digits, "", spec);
}

function formatChar(value: number | bigint | boolean, spec: Spec): string {
  const refuse = (what: string) =>
    pythonError("ValueError", `${what} not allowed with integer format specifier 'c'`);
  if (spec.sign !== "") throw refuse("Sign");
  if (spec.alternate) throw refuse("Alternate form (#)");
  if (Math.abs(Number(value)) >= 2 ** 63) {
    throw pythonError("OverflowError", "Python int too large to convert to C long");
  }
  return padded("", codePointText(value), spec);
}

function formatFloat(value: number, spec: Spec): string {
  const text = floatDigits(value, spec);
  const negative = text[0] === "-";
  const digits = negative ? text.slice(1) : text;
  // Only the digits before the point are grouped.
  let whole = 0;
  while (whole < digits.length && digits[whole]! >= "0" && digits[whole]! <= "9") whole++;
  const zero = negative && spec.noNegativeZero && !/[1-9]/.test(digits.split(/e/i)[0]!) &&
    Number.isFinite(value);
  return numeric(
    signText(negative && !zero, spec),
    digits.slice(0, whole),
    groupedFraction(digits.slice(whole), spec.fractionGrouping),
    spec,
  );
}

/** The digits behind the point in threes, whatever comes behind them. */
function groupedFraction(rest: string, grouping: string): string {
  if (grouping === "") return rest;
  return rest.replace(/^\.\d+/, (digits) => digits.replaceAll(/\d{3}(?=\d)/g, `$&${grouping}`));
}

function floatDigits(value: number, { type, precision, alternate }: Spec): string {
  if (type === "%") {
    return floatText(value * 100, "f", precision < 0 ? 6 : precision, alternate) + "%";
  }
  if (type === "n") return floatText(value, "g", precision < 0 ? 6 : precision, alternate);
  if (type !== "") return floatText(value, type, precision < 0 ? 6 : precision, alternate);
  if (precision >= 0) return floatText(value, "g", precision, alternate, true);
  const text = pyStr(value);
  // `#` asks for a point: 1e-05 is the only form without one.
  return alternate && Number.isFinite(value) && !text.includes(".")
    ? text.replace("e", ".e")
    : text;
}

function signText(negative: boolean, { sign }: Spec): string {
  if (negative) return "-";
  return sign === "-" ? "" : sign;
}

function numeric(lead: string, digits: string, rest: string, spec: Spec): string {
  // Zeros that fill up the number are grouped like its digits.
  const fills = spec.fill === "0" && spec.align === "=" && digits !== "";
  const length = fills ? spec.width - lead.length - rest.length : 0;
  return padded(lead, grouped(digits, length, spec) + rest, spec);
}

function grouped(digits: string, length: number, { grouping, type }: Spec): string {
  if (grouping === "" || digits === "") return digits.padStart(length, "0");
  const size = "boxX".includes(type || "d") ? 4 : 3;
  let text = "";
  let end = digits.length;
  // A separator never comes first, so that the text may get one longer than asked for.
  for (;;) {
    const room = length - text.length;
    const group = Math.min(size, Math.max(end, room, 1));
    text = digits.slice(Math.max(0, end - group), Math.max(0, end)).padStart(group, "0") + text;
    end -= group;
    if (end <= 0 && text.length >= length) return text;
    text = grouping + text;
  }
}

function padded(lead: string, body: string, { fill, align, width }: Spec): string {
  const padding = width - lead.length - codePoints(body);
  if (padding <= 0) return lead + body;
  if (align === "<") return lead + body + fill.repeat(padding);
  if (align === "=") return lead + fill.repeat(padding) + body;
  const left = align === "^" ? Math.floor(padding / 2) : padding;
  return fill.repeat(left) + lead + body + fill.repeat(padding - left);
}
