import { pythonError } from "../python/py_repr.ts";

/** Python type whose `__format__` is used. */
export type Kind = "str" | "int" | "float";

/**
 * A `[[fill]align][sign][z][#][0][width][grouping][.[precision][grouping]][type]`, with its
 * defaults filled in.
 */
export interface Spec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly noNegativeZero: boolean;
  readonly alternate: boolean;
  /** -1 if there is none. */
  readonly width: number;
  /** What separates thousands: empty, `,` or `_`. */
  readonly grouping: string;
  /** -1 if there is none. */
  readonly precision: number;
  /** What separates the digits behind the point, as in Python 3.14: empty, `,` or `_`. */
  readonly fractionGrouping: string;
  readonly type: string;
}

/** Parses a spec for a value of the Python type named `type`; throws CPython's errors. */
export function parseSpec(spec: string, kind: Kind, type: string): Spec {
  const chars = Array.from(spec);
  let at = 0;
  let fill: string | undefined;
  let align: string | undefined;
  function take(accepted: string): string {
    const char = chars[at];
    if (char === undefined || !accepted.includes(char)) return "";
    at++;
    return char;
  }
  function takeNumber(): number {
    const start = at;
    while (at < chars.length && chars[at]! >= "0" && chars[at]! <= "9") at++;
    if (at === start) return -1;
    const number = Number(chars.slice(start, at).join(""));
    if (number < 2 ** 63) return number;
    throw pythonError("ValueError", "Too many decimal digits in format string");
  }
  function takeGrouping(): string {
    const comma = take(",");
    const underscore = take("_");
    if (underscore !== "" && (comma !== "" || chars[at] === ",")) {
      throw pythonError("ValueError", "Cannot specify both ',' and '_'.");
    }
    return comma || underscore;
  }
  if (chars.length > 1 && "<>=^".includes(chars[1]!)) {
    [fill, align] = [chars[0]!, chars[1]!];
    at = 2;
  } else align = take("<>=^") || undefined;
  const sign = take("+- ");
  const noNegativeZero = take("z") !== "";
  const alternate = take("#") !== "";
  if (fill === undefined && take("0") !== "") {
    fill = "0";
    if (kind !== "str") align ??= "=";
  }
  const width = takeNumber();
  const grouping = takeGrouping();
  let precision = -1;
  let fractionGrouping = "";
  if (take(".") !== "") {
    precision = takeNumber();
    fractionGrouping = takeGrouping();
    if (precision < 0 && fractionGrouping === "") {
      throw pythonError("ValueError", "Format specifier missing precision");
    }
  }
  if (chars.length - at > 1) {
    throw pythonError(
      "ValueError",
      `Invalid format specifier '${spec}' for object of type '${type}'`,
    );
  }
  const presentation = chars[at] ?? "";
  checkGrouping(grouping, presentation || (kind === "str" ? "s" : ""));
  if (presentation === "n") checkGrouping(fractionGrouping, presentation);
  checkType(presentation, kind, type);
  return {
    fill: fill ?? " ",
    align: align ?? (kind === "str" ? "<" : ">"),
    sign,
    noNegativeZero,
    alternate,
    width,
    grouping,
    precision,
    fractionGrouping,
    type: presentation || { str: "s", int: "d", float: "" }[kind],
  };
}

function checkGrouping(grouping: string, type: string): void {
  if (grouping === "" || type === "" || "deEfFgG%".includes(type)) return;
  if (grouping === "_" && "boxX".includes(type)) return;
  throw pythonError("ValueError", `Cannot specify '${grouping}' with '${shownType(type)}'.`);
}

function checkType(type: string, kind: Kind, name: string): void {
  const known = { str: "s", int: "bcdoxXneEfFgG%", float: "eEfFgGn%" }[kind];
  if (known.includes(type)) return;
  throw pythonError(
    "ValueError",
    `Unknown format code '${shownType(type)}' for object of type '${name}'`,
  );
}

function shownType(type: string): string {
  const code = type.codePointAt(0)!;
  return code > 32 && code < 128 ? type : `\\x${code.toString(16)}`;
}
