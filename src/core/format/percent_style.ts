import { failingPart, type FieldPart, type FormatParts } from "./format_parts.ts";
import { NONE } from "./percent_conversion.ts";
import { convertOne } from "./percent_format.ts";
import { type Directive, INCOMPLETE_KEY, parsePercent } from "./percent_parser.ts";
import { pythonError } from "../python/py_repr.ts";

const ASCII_FIELD = /%\(\w+\)[#0+ -]*(\*|\d+)?(\.(\*|\d+))?[diouxefgcrsa%]/i;

/** Compiles a format with `%(message)s` fields. */
export function compilePercentStyle(format: string, validate: boolean): FormatParts {
  if (validate && !ASCII_FIELD.test(format) && !hasField(format)) {
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
  return { fields, usesTime: format.includes("%(asctime)"), parts };
}

/**
 * Whether a format has a field, by Python's rules, whose `\w` and `\d` are Unicode's. The patterns are
 * no constants: to compile these sets takes a millisecond of a start, and most formats are ASCII.
 */
function hasField(format: string): boolean {
  return /%\([\p{L}\p{N}_]+\)[#0+ -]*(\*|\p{Nd}+)?(\.(\*|\p{Nd}+))?[diouxefgcrsa%]/iu.test(format);
}

function percentPart(directive: Directive, first: boolean): FieldPart {
  const { key, defect, conversion, convert } = directive;
  if (key === undefined) return positionalPart(directive, first);
  if (defect === INCOMPLETE_KEY) return failingPart(() => pythonError("ValueError", defect));
  // An empty name means that a part has no field.
  if (key === "") return failingPart(() => pythonError("KeyError", "''"));
  // The commonest parts need nothing around their conversion.
  if (convert !== undefined && conversion !== "") {
    return { name: key, render: convert, isPlain: isPlain(directive) };
  }
  return { name: key, render: (value) => convertOne(directive, [value]) };
}

function isPlain({ conversion, flags, width, precision }: Directive): boolean {
  return conversion === "s" && flags === 0 && width === NONE && precision === NONE;
}

function positionalPart(directive: Directive, first: boolean): FieldPart {
  // Differs from CPython: it prints the record's whole `__dict__` for a leading `%s`.
  const printsRecord = "sra".includes(directive.conversion || "?");
  return {
    name: "",
    render: () => convertOne(directive, first && !printsRecord ? [{}] : []),
  };
}
