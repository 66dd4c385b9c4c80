/** One `{field!conversion:spec}`. */
export interface Markup {
  readonly field: string;
  readonly conversion: string;
  readonly spec: string;
  /** Whether the spec contains markup of its own. */
  readonly nested: boolean;
}

/** A format split into literal texts, never two in a row, and markup. */
export interface Markups {
  readonly pieces: readonly (string | Markup)[];
  /** Where parsing ended early: what CPython says when it gets there. */
  readonly defect: string | undefined;
}

/** Splits a `{` format or a spec with fields of its own; throws nothing. */
export function parseMarkups(format: string): Markups {
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
