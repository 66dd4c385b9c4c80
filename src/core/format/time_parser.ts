import { NO_E, NO_O, NUMBERS, SUBFORMATS, TEXTS } from "./time_conversions.ts";
import type { TimeFields } from "./time_fields.ts";

/** Literal text, or what makes the text of a conversion. */
export type TimePiece = string | ((time: TimeFields) => string);

/** What stands between the `%` and the conversion character. */
interface Modifiers {
  readonly pad: string;
  readonly upper: boolean;
  readonly changeCase: boolean;
  readonly width: number;
  /** `E`, `O` or empty. */
  readonly alternative: string;
}

/** Splits a `strftime` format into literal texts and compiled conversions. */
export function parseTime(format: string): TimePiece[] {
  const pieces: TimePiece[] = [];
  let position = 0;
  for (;;) {
    const start = format.indexOf("%", position);
    if (start < 0) break;
    if (start > position) pieces.push(format.slice(position, start));
    let at = start + 1;
    let pad = "";
    let upper = false;
    let changeCase = false;
    for (; at < format.length && "_-0^#".includes(format[at]!); at++) {
      if (format[at] === "^") upper = true;
      else if (format[at] === "#") changeCase = true;
      else pad = format[at]!;
    }
    const digits = at;
    while (at < format.length && format[at]! >= "0" && format[at]! <= "9") at++;
    const width = Number(format.slice(digits, at));
    const alternative = format[at] === "E" || format[at] === "O" ? format[at++]! : "";
    const conversion = at < format.length ? String.fromCodePoint(format.codePointAt(at)!) : "";
    position = at + conversion.length;
    const modifiers = { pad, upper, changeCase, width, alternative };
    const unknown = format.slice(start, position);
    // What glibc does not know stays in the text, yet it gets its width and case.
    pieces.push(
      compile(conversion, modifiers) ??
        fill(
          upper || (changeCase && "bh".includes(conversion)) ? unknown.toUpperCase() : unknown,
          modifiers,
        ),
    );
  }
  if (position < format.length) pieces.push(format.slice(position));
  return pieces;
}

/** Undefined for a conversion that glibc does not know. */
function compile(conversion: string, modifiers: Modifiers): TimePiece | undefined {
  const { alternative, pad } = modifiers;
  if (conversion === "") return undefined;
  if (alternative === "E" && NO_E.includes(conversion)) return undefined;
  if (alternative === "O" && NO_O.includes(conversion)) return undefined;
  if (Object.hasOwn(SUBFORMATS, conversion)) {
    const pieces = parseTime(SUBFORMATS[conversion]!);
    return (time) => fill(cased(renderTime(pieces, time), conversion, modifiers), modifiers);
  }
  if (Object.hasOwn(NUMBERS, conversion)) {
    const [digits, value] = NUMBERS[conversion]!;
    const blanks = digits < 0 && pad !== "0" && pad !== "-"
      ? { ...modifiers, pad: "_" }
      : modifiers;
    return (time) => numberText(value(time), Math.abs(digits), blanks);
  }
  if (conversion === "z") {
    return ({ offset }) => {
      const minutes = Math.floor(Math.abs(offset) / 60);
      const number = Math.floor(minutes / 60) * 100 + minutes % 60;
      return fill(offset < 0 ? "-" : "+", modifiers) + numberText(number, 4, modifiers);
    };
  }
  if (!Object.hasOwn(TEXTS, conversion)) return undefined;
  const text = TEXTS[conversion]!;
  return (time) => fill(cased(text(time), conversion, modifiers), modifiers);
}

function cased(text: string, conversion: string, { upper, changeCase }: Modifiers): string {
  // `#` turns names to upper case, but what is upper case already to lower case.
  if (conversion === "P") return text;
  if (changeCase && (conversion === "p" || conversion === "Z")) return text.toLowerCase();
  return upper || (changeCase && "AaBbh".includes(conversion)) ? text.toUpperCase() : text;
}

function fill(text: string, { pad, width }: Modifiers): string {
  return text.padStart(width, pad === "0" ? "0" : " ");
}

function numberText(value: number, digits: number, modifiers: Modifiers): string {
  const { pad, width } = modifiers;
  const length = Math.max(digits, width);
  if (pad === "-") return fill(String(value), modifiers);
  if (pad === "_") return String(value).padStart(length);
  const text = String(Math.abs(value));
  return value < 0 ? "-" + text.padStart(length - 1, "0") : text.padStart(length, "0");
}

/** Joins the texts that the pieces give for a point in time. */
export function renderTime(pieces: readonly TimePiece[], time: TimeFields): string {
  let text = "";
  for (const piece of pieces) text += typeof piece === "string" ? piece : piece(time);
  return text;
}
