import {
  failingPart,
  type FieldPart,
  type FormatParts,
  noFieldsError,
  renderParts,
} from "./format_parts.ts";
import { compileAccess, decimalIndex } from "./field_access.ts";
import { pyAscii, pyRepr, pyStr, pythonError } from "../python/py_repr.ts";
import { type Markup, type Markups, parseMarkups } from "./str_format_parser.ts";
import { compileSpec } from "./str_format_value.ts";

/** CPython expands fields in specs, but not fields in the specs of those. */
const MAX_DEPTH = 2;

/** Compiles a format with `{message}` fields, as of Python's `str.format`. */
export function compileStrFormatStyle(format: string, validate: boolean): FormatParts {
  const markups = parseMarkups(format);
  if (validate) validateMarkups(markups);
  const fields = new Set<string>();
  const parts = markupParts(markups, fields, MAX_DEPTH);
  return { fields, usesTime: format.includes("{asctime"), parts };
}

function validateMarkups({ pieces, defect }: Markups): void {
  let fields = 0;
  for (const piece of pieces) {
    if (typeof piece === "string") continue;
    const { field, conversion, spec } = piece;
    if (field !== "") {
      if (!isField(field)) throw invalid(`invalid field name/expression: ${pyRepr(field)}`);
      fields++;
    }
    if (conversion !== "" && !"rsa".includes(conversion)) {
      throw invalid(`invalid conversion: ${pyRepr(conversion)}`);
    }
    if (spec !== "" && !isSpec(spec)) throw invalid(`bad specifier: ${pyRepr(spec)}`);
  }
  if (defect !== undefined) throw invalid(defect);
  if (fields === 0) throw noFieldsError();
}

// Sets of characters by their properties take a millisecond to read: not before they are needed.
function isField(text: string): boolean {
  return /^[\p{L}\p{N}_]+(\.[\p{L}\p{N}_]+|\[[^\]]+\])*\n?$/u.test(text);
}

function isSpec(text: string): boolean {
  return /^([^\n]?[<>=^])?[+ -]?#?0?(\p{Nd}+|\{[\p{L}\p{N}_]+\})?[,_]?(\.(\p{Nd}+|\{[\p{L}\p{N}_]+\}))?[bcdefgnosx%]?\n?$/iu
    .test(text);
}

function invalid(problem: string): Error {
  return pythonError("ValueError", `invalid format: ${problem}`);
}

function markupParts(
  { pieces, defect }: Markups,
  fields: Set<string>,
  depth: number,
): (string | FieldPart)[] {
  const parts = pieces.map((piece) =>
    typeof piece === "string" ? piece : markupPart(piece, fields, depth)
  );
  if (defect !== undefined) parts.push(failingPart(() => pythonError("ValueError", defect)));
  return parts;
}

function markupPart(markup: Markup, fields: Set<string>, depth: number): FieldPart {
  const { field, conversion, spec, nested } = markup;
  const name = /^[^.[]*/.exec(field)![0];
  const index = name === "" ? 0 : decimalIndex(name);
  if (index !== undefined) {
    // Records have no positional values, so that the first such field already fails.
    const message = index > Number.MAX_SAFE_INTEGER
      ? "Too many decimal digits in format string"
      : `Replacement index ${index} out of range for positional args tuple`;
    return failingPart(() =>
      pythonError(message.startsWith("T") ? "ValueError" : "IndexError", message)
    );
  }
  fields.add(name);
  const read = compileAccess(field.slice(name.length));
  const convert = compileConversion(conversion);
  const format = nested ? nestedSpec(spec, fields, depth - 1) : compileSpec(spec);
  // The commonest parts need nothing around their conversion.
  if (spec === "" && read === undefined) {
    return { name, render: convert ?? pyStr, isPlain: convert === undefined };
  }
  return {
    name,
    readsMore: nested,
    render: (value, get) => {
      const item = read === undefined ? value : read(value);
      return format(convert === undefined ? item : convert(item), get);
    },
  };
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

function nestedSpec(spec: string, fields: Set<string>, depth: number): FieldPart["render"] {
  if (depth === 0) {
    return () => {
      throw pythonError("ValueError", "Max string recursion exceeded");
    };
  }
  const parts = markupParts(parseMarkups(spec), fields, depth);
  return (value, get) => {
    if (get === undefined) throw new TypeError("Cannot format a nested field without its record");
    return compileSpec(renderParts(parts, get))(value);
  };
}
