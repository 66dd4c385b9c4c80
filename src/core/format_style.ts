import {
  codePoints,
  codePointText,
  convertOne,
  type Directive,
  floatText,
  INCOMPLETE_KEY,
  integerText,
  isInteger,
  parsePercent,
  toFloat,
  truncate,
} from "./percent_format.ts";
import { isPlainObject, pyAscii, pyRepr, pyStr, pythonError, typeName } from "./py_repr.ts";

/** How a format names its fields: `%(message)s`, `{message}` or `${message}`. */
export type Style = "%" | "{" | "$";

/** What fields are read from. */
export type FieldSource = Readonly<Record<string, unknown>>;

/** Reads a field of a record; throws an error named `KeyError` if there is none. */
export type FieldReader = (record: FieldSource, name: string) => unknown;

/** Reads a field of the record at hand; throws an error named `KeyError` if there is none. */
export type FieldGetter = (name: string) => unknown;

/** A place in a format where text is made while formatting. */
export interface FieldPart {
  /** The field to read first; empty if the part reads none: it only throws what CPython throws here. */
  readonly name: string;
  /** Text for the field's value; `get` is needed where a spec has fields of its own (`{message:{width}}`). */
  readonly render: (value: unknown, get?: FieldGetter) => string;
}

/** A record format, ready for use. */
export interface CompiledFormat {
  /** Names of the fields that the format mentions. */
  readonly fields: ReadonlySet<string>;
  /** Whether CPython would compute `asctime` for it. */
  readonly usesTime: boolean;
  /** Literal texts and fields, for further compilation; see {@linkcode format} for the errors. */
  readonly parts: readonly (string | FieldPart)[];
  /**
   * Formats the record that `get` reads; a `KeyError` becomes CPython's `ValueError`
   * that names the field.
   */
  format(get: FieldGetter): string;
}

/** The format of each style that an empty format stands for. */
export const DEFAULT_FORMATS: Readonly<Record<Style, string>> = {
  "%": "%(message)s",
  "{": "{message}",
  "$": "${message}",
};

const COMPILERS: Readonly<Record<Style, (format: string, validate: boolean) => CompiledFormat>> = {
  "%": compilePercent,
  "{": compileBraces,
  "$": compileTemplate,
};

/**
 * Compiles the format of a `Formatter`.
 *
 * Throws only what CPython's `validate()` refuses; other defects throw when a record is
 * formatted.
 *
 * @throws {Error} Named `ValueError`, with CPython's message.
 */
export function compileFormat(format: string, style: Style, validate = true): CompiledFormat {
  if (!Object.hasOwn(COMPILERS, style)) {
    throw pythonError("ValueError", `Style must be one of: ${Object.keys(COMPILERS).join(",")}`);
  }
  return COMPILERS[style](format || DEFAULT_FORMATS[style], validate);
}

/** Reads a record's own property of that name. */
export function readField(record: FieldSource, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name];
  throw pythonError("KeyError", pyRepr(name));
}

function compiled(
  parts: readonly (string | FieldPart)[],
  fields: ReadonlySet<string>,
  usesTime: boolean,
): CompiledFormat {
  return {
    fields,
    usesTime,
    parts,
    format(get: FieldGetter): string {
      try {
        return render(parts, get);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== "KeyError") throw error;
        throw pythonError("ValueError", `Formatting field not found in record: ${error.message}`);
      }
    },
  };
}

function render(parts: readonly (string | FieldPart)[], get: FieldGetter): string {
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") text += part;
    else text += part.render(part.name === "" ? undefined : get(part.name), get);
  }
  return text;
}

/** A part that stands for a defect which CPython notices only here, while formatting. */
function failing(error: () => Error): FieldPart {
  return {
    name: "",
    render: () => {
      throw error();
    },
  };
}

// --- % style ---

// Python's `\w` and `\d` are Unicode's.
const PERCENT_FIELD = /%\([\p{L}\p{N}_]+\)[#0+ -]*(\*|\p{Nd}+)?(\.(\*|\p{Nd}+))?[diouxefgcrsa%]/iu;

function compilePercent(format: string, validate: boolean): CompiledFormat {
  if (validate && !PERCENT_FIELD.test(format)) {
    throw pythonError("ValueError", `Invalid format '${format}' for '%' style`);
  }
  const fields = new Set<string>();
  const parts: (string | FieldPart)[] = [];
  let first = true;
  for (const piece of parsePercent(format)) {
    if (typeof piece === "string") {
      parts.push(piece);
      continue;
    }
    if (piece.key !== undefined && piece.defect !== INCOMPLETE_KEY) fields.add(piece.key);
    parts.push(percentPart(piece, first));
    first = false;
  }
  return compiled(parts, fields, format.includes("%(asctime)"));
}

function percentPart(directive: Directive, first: boolean): FieldPart {
  const { key, defect, conversion, convert } = directive;
  if (key === undefined) return positionalPart(directive, first);
  if (defect === INCOMPLETE_KEY) return failing(() => pythonError("ValueError", defect));
  // An empty name means that a part has no field.
  if (key === "") return failing(() => pythonError("KeyError", "''"));
  // The commonest parts need nothing around their conversion.
  if (convert !== undefined && conversion !== "") return { name: key, render: convert };
  return { name: key, render: (value) => convertOne(directive, [value]) };
}

function positionalPart(directive: Directive, first: boolean): FieldPart {
  // Differs from CPython: it prints the record's whole `__dict__` for a leading `%s`.
  const printsRecord = "sra".includes(directive.conversion || "?");
  return {
    name: "",
    render: () => convertOne(directive, first && !printsRecord ? [{}] : []),
  };
}

// --- $ style ---

// ASCII identifiers only, in either case; an empty match after the `$` is a defect.
const PLACEHOLDER = /\$(?:(\$)|([_a-zA-Z][_a-zA-Z0-9]*)|\{([_a-zA-Z][_a-zA-Z0-9]*)\}|)/g;
// Where Python's `splitlines` ends a line.
const LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029";

function compileTemplate(format: string, validate: boolean): CompiledFormat {
  const fields = new Set<string>();
  const parts: (string | FieldPart)[] = [];
  let literal = "";
  let position = 0;
  for (const match of format.matchAll(PLACEHOLDER)) {
    literal += format.slice(position, match.index);
    position = match.index + match[0].length;
    const name = match[2] ?? match[3];
    if (match[1] !== undefined) {
      literal += "$";
      continue;
    }
    if (literal !== "") parts.push(literal);
    literal = "";
    if (name !== undefined) {
      fields.add(name);
      parts.push({ name, render: pyStr });
    } else if (validate) {
      throw pythonError("ValueError", "invalid format: bare '$' not allowed");
    } else {
      const place = placeOf(format.slice(0, position));
      parts.push(
        failing(() => pythonError("ValueError", `Invalid placeholder in string: ${place}`)),
      );
    }
  }
  literal += format.slice(position);
  if (literal !== "") parts.push(literal);
  if (validate && fields.size === 0) throw noFields();
  const usesTime = format.includes("$asctime") || format.includes("${asctime}");
  return compiled(parts, fields, usesTime);
}

function placeOf(before: string): string {
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < before.length; i++) {
    if (!LINE_ENDS.includes(before[i]!)) continue;
    if (before[i] === "\r" && before[i + 1] === "\n") i++;
    line++;
    lineStart = i + 1;
  }
  return `line ${line}, col ${codePoints(before.slice(lineStart))}`;
}

function noFields(): Error {
  return pythonError("ValueError", "invalid format: no fields");
}

// --- { style ---

/** One `{field!conversion:spec}`. */
interface Markup {
  readonly field: string;
  readonly conversion: string;
  readonly spec: string;
  /** Whether the spec contains markup of its own. */
  readonly nested: boolean;
}

interface Markups {
  readonly pieces: readonly (string | Markup)[];
  /** Where parsing ended early: what CPython says when it gets there. */
  readonly defect: string | undefined;
}

const FIELD = /^[\p{L}\p{N}_]+(\.[\p{L}\p{N}_]+|\[[^\]]+\])*\n?$/u;
const SPEC =
  /^([^\n]?[<>=^])?[+ -]?#?0?(\p{Nd}+|\{[\p{L}\p{N}_]+\})?[,_]?(\.(\p{Nd}+|\{[\p{L}\p{N}_]+\}))?[bcdefgnosx%]?\n?$/iu;

/** CPython expands fields in specs, but not fields in the specs of those. */
const MAX_DEPTH = 2;

function compileBraces(format: string, validate: boolean): CompiledFormat {
  const markups = parseMarkups(format);
  if (validate) validateMarkups(markups);
  const fields = new Set<string>();
  const parts = markupParts(markups, fields, MAX_DEPTH);
  return compiled(parts, fields, format.includes("{asctime"));
}

function validateMarkups({ pieces, defect }: Markups): void {
  let fields = 0;
  for (const piece of pieces) {
    if (typeof piece === "string") continue;
    const { field, conversion, spec } = piece;
    if (field !== "") {
      if (!FIELD.test(field)) throw invalid(`invalid field name/expression: ${pyRepr(field)}`);
      fields++;
    }
    if (conversion !== "" && !"rsa".includes(conversion)) {
      throw invalid(`invalid conversion: ${pyRepr(conversion)}`);
    }
    if (spec !== "" && !SPEC.test(spec)) throw invalid(`bad specifier: ${pyRepr(spec)}`);
  }
  if (defect !== undefined) throw invalid(defect);
  if (fields === 0) throw noFields();
}

function invalid(problem: string): Error {
  return pythonError("ValueError", `invalid format: ${problem}`);
}

function parseMarkups(format: string): Markups {
  const pieces: (string | Markup)[] = [];
  let literal = "";
  let at = 0;
  function end(defect?: string): Markups {
    if (literal !== "") pieces.push(literal);
    return { pieces, defect };
  }
  while (at < format.length) {
    const brace = format[at]!;
    if (brace !== "{" && brace !== "}") {
      const start = at;
      while (at < format.length && format[at] !== "{" && format[at] !== "}") at++;
      literal += format.slice(start, at);
      continue;
    }
    if (format[at + 1] === brace) {
      literal += brace;
      at += 2;
      continue;
    }
    if (brace === "}" || at + 1 === format.length) {
      return end(`Single '${brace}' encountered in format string`);
    }
    const parsed = parseMarkup(format, at + 1);
    if (typeof parsed === "string") return end(parsed);
    if (literal !== "") pieces.push(literal);
    literal = "";
    pieces.push(parsed[0]);
    at = parsed[1];
  }
  return end();
}

/** Parses what follows a `{`; returns the markup and its end, or what is wrong with it. */
function parseMarkup(format: string, start: number): [Markup, end: number] | string {
  let at = start;
  for (; at < format.length && !"}:!".includes(format[at]!); at++) {
    if (format[at] === "{") return "unexpected '{' in field name";
    if (format[at] !== "[") continue;
    const close = format.indexOf("]", at);
    at = close < 0 ? format.length : close;
  }
  if (at >= format.length) return "expected '}' before end of string";
  const field = format.slice(start, at);
  let conversion = "";
  if (format[at] === "}") return [{ field, conversion, spec: "", nested: false }, at + 1];
  if (format[at] === "!") {
    if (at + 1 === format.length) return "end of string while looking for conversion specifier";
    conversion = String.fromCodePoint(format.codePointAt(at + 1)!);
    at += 1 + conversion.length;
    if (format[at] === "}") return [{ field, conversion, spec: "", nested: false }, at + 1];
    if (at === format.length) return "unmatched '{' in format spec";
    if (format[at] !== ":") return "expected ':' after conversion specifier";
  }
  const specStart = at + 1;
  for (let depth = 1, i = specStart; i < format.length; i++) {
    if (format[i] === "{") depth++;
    else if (format[i] === "}" && --depth === 0) {
      const spec = format.slice(specStart, i);
      return [{ field, conversion, spec, nested: spec.includes("{") }, i + 1];
    }
  }
  return "unmatched '{' in format spec";
}

function markupParts(
  { pieces, defect }: Markups,
  fields: Set<string>,
  depth: number,
): (string | FieldPart)[] {
  const parts = pieces.map((piece) =>
    typeof piece === "string" ? piece : markupPart(piece, fields, depth)
  );
  if (defect !== undefined) parts.push(failing(() => pythonError("ValueError", defect)));
  return parts;
}

function markupPart(markup: Markup, fields: Set<string>, depth: number): FieldPart {
  const { field, conversion, spec, nested } = markup;
  const name = /^[^.[]*/.exec(field)![0];
  const index = name === "" ? 0 : decimal(name);
  if (index !== undefined) {
    // Records have no positional values, so that the first such field already fails.
    const message = index > Number.MAX_SAFE_INTEGER
      ? "Too many decimal digits in format string"
      : `Replacement index ${index} out of range for positional args tuple`;
    return failing(() =>
      pythonError(message.startsWith("T") ? "ValueError" : "IndexError", message)
    );
  }
  fields.add(name);
  const read = compileAccess(field.slice(name.length));
  const convert = compileConversion(conversion);
  const format = nested ? nestedSpec(spec, fields, depth - 1) : staticSpec(spec);
  // The commonest parts need nothing around their conversion.
  if (spec === "" && read === undefined) return { name, render: convert ?? pyStr };
  return {
    name,
    render: (value, get) => {
      const item = read === undefined ? value : read(value);
      return format(convert === undefined ? item : convert(item), get);
    },
  };
}

/** Value of a text that is all decimal digits, else undefined. */
function decimal(text: string): number | undefined {
  return /^[0-9]+$/.test(text) ? Number(text) : undefined;
}

function compileConversion(conversion: string): ((value: unknown) => string) | undefined {
  switch (conversion) {
    case "":
      return undefined;
    case "s":
      return pyStr;
    case "r":
      return pyRepr;
    case "a":
      return pyAscii;
  }
  const code = conversion.codePointAt(0)!;
  const shown = code > 32 && code < 127 ? conversion : `\\x${code.toString(16)}`;
  return () => {
    throw pythonError("ValueError", `Unknown conversion specifier ${shown}`);
  };
}

/** Compiles the `.name` and `[key]` steps after a field name; undefined if there are none. */
function compileAccess(path: string): ((value: unknown) => unknown) | undefined {
  if (path === "") return undefined;
  const steps: ((value: unknown) => unknown)[] = [];
  function end(defect: string): void {
    steps.push(() => {
      throw pythonError("ValueError", defect);
    });
  }
  let at = 0;
  while (at < path.length) {
    const attribute = path[at] === ".";
    if (!attribute && path[at] !== "[") {
      end("Only '.' or '[' may follow ']' in format field specifier");
      break;
    }
    const start = at + 1;
    const close = attribute
      ? start + /^[^.[]*/.exec(path.slice(start))![0].length
      : path.indexOf("]", start);
    if (close < 0) {
      end("Missing ']' in format string");
      break;
    }
    const name = path.slice(start, close);
    if (name === "") {
      end("Empty attribute in format string");
      break;
    }
    steps.push(attribute ? (value) => attributeOf(value, name) : itemStep(name));
    at = attribute ? close : close + 1;
  }
  return (value) => {
    let item = value;
    for (const step of steps) item = step(item);
    return item;
  };
}

function attributeOf(value: unknown, name: string): unknown {
  // Differs from CPython: an object literal is Python's object as much as its dict. What
  // every object inherits is no data, and no attribute of text or lists is also Python's.
  if (
    typeof value === "object" && value !== null && !Array.isArray(value) && name in value &&
    !(name in Object.prototype)
  ) return (value as Record<string, unknown>)[name];
  throw pythonError("AttributeError", `'${typeName(value)}' object has no attribute '${name}'`);
}

function itemStep(key: string): (value: unknown) => unknown {
  const index = decimal(key);
  return (value) => itemOf(value, key, index);
}

function itemOf(value: unknown, key: string, index: number | undefined): unknown {
  if (typeof value === "string" || Array.isArray(value)) {
    const text = typeof value === "string";
    if (index === undefined) {
      throw pythonError(
        "TypeError",
        text
          ? "string indices must be integers, not 'str'"
          : "list indices must be integers or slices, not str",
      );
    }
    const items: readonly unknown[] = text ? Array.from(value) : value;
    if (index < items.length) return items[index];
    throw pythonError("IndexError", `${text ? "string" : "list"} index out of range`);
  }
  if (value instanceof Map) {
    if (index !== undefined && value.has(index)) return value.get(index);
    if (value.has(key)) return value.get(key);
    throw pythonError("KeyError", index === undefined ? pyRepr(key) : String(index));
  }
  if (typeof value === "object" && value !== null && isPlainObject(value)) {
    if (Object.hasOwn(value, key)) return value[key];
    throw pythonError("KeyError", index === undefined ? pyRepr(key) : String(index));
  }
  throw pythonError("TypeError", `'${typeName(value)}' object is not subscriptable`);
}

type Format = (value: unknown, get?: FieldGetter) => string;

function nestedSpec(spec: string, fields: Set<string>, depth: number): Format {
  if (depth === 0) {
    return () => {
      throw pythonError("ValueError", "Max string recursion exceeded");
    };
  }
  const parts = markupParts(parseMarkups(spec), fields, depth);
  return (value, get) => {
    if (get === undefined) throw new TypeError("Cannot format a nested field without its record");
    return staticSpec(render(parts, get))(value);
  };
}

// --- Format specs: Python's __format__ ---

/** Python type whose `__format__` is used. */
type Kind = "str" | "int" | "float";

interface Spec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly noNegativeZero: boolean;
  readonly alternate: boolean;
  /** -1 if there is none. */
  readonly width: number;
  /** Empty, `,` or `_`. */
  readonly grouping: string;
  /** -1 if there is none. */
  readonly precision: number;
  readonly type: string;
}

function staticSpec(spec: string): Format {
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

function parseSpec(spec: string, kind: Kind, type: string): Spec {
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
  let grouping = take(",");
  const underscore = take("_");
  if (
    (grouping !== "" && underscore !== "") || (underscore !== "" && chars[at] === ",")
  ) throw pythonError("ValueError", "Cannot specify both ',' and '_'.");
  grouping ||= underscore;
  let precision = -1;
  if (take(".") !== "") {
    precision = takeNumber();
    if (precision < 0) throw pythonError("ValueError", "Format specifier missing precision");
  }
  if (chars.length - at > 1) {
    throw pythonError(
      "ValueError",
      `Invalid format specifier '${spec}' for object of type '${type}'`,
    );
  }
  const presentation = chars[at] ?? "";
  checkGrouping(grouping, presentation || (kind === "str" ? "s" : ""));
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
    digits.slice(whole),
    spec,
  );
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
