import { codePoints } from "../text/code_points.ts";
import { failingPart, type FieldPart, type FormatParts, noFieldsError } from "./format_parts.ts";
import { pyStr, pythonError } from "../python/py_repr.ts";

// ASCII identifiers only, in either case; an empty match after the `$` is a defect.
const PLACEHOLDER = /\$(?:(\$)|([_a-zA-Z][_a-zA-Z0-9]*)|\{([_a-zA-Z][_a-zA-Z0-9]*)\}|)/g;
// Where Python's `splitlines` ends a line.
const LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029";

/** Compiles a format with `$message` or `${message}` fields, as of Python's `string.Template`. */
export function compileStringTemplateStyle(format: string, validate: boolean): FormatParts {
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
      parts.push({ name, render: pyStr, isPlain: true });
    } else if (validate) {
      throw pythonError("ValueError", "invalid format: bare '$' not allowed");
    } else {
      const place = placeOf(format.slice(0, position));
      parts.push(
        failingPart(() => pythonError("ValueError", `Invalid placeholder in string: ${place}`)),
      );
    }
  }
  literal += format.slice(position);
  if (literal !== "") parts.push(literal);
  if (validate && fields.size === 0) throw noFieldsError();
  const usesTime = format.includes("$asctime") || format.includes("${asctime}");
  return { fields, usesTime, parts };
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
