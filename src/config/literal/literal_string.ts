import { excerpt } from "../spec/excerpt.ts";
import { LiteralError, NO_CODE } from "./literal_error.ts";

const PREFIX = /^(?:|[rbuf]|br|rb|fr|rf)$/i;

const ESCAPES: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * Reads the Python string or bytes literal at `start`.
 *
 * @returns The value and the index behind the closing quote.
 */
export function readString(
  text: string,
  start: number,
  prefix: string,
  quote: string,
): [value: string | Uint8Array, end: number] {
  if (!PREFIX.test(prefix)) {
    throw new LiteralError(
      `unknown string prefix ${excerpt(prefix)}`,
      text,
      start,
    );
  }
  const kind = prefix.toLowerCase();
  const isBytes = kind.includes("b");
  const parts: string[] = [];
  let index = start + prefix.length + quote.length;
  while (!text.startsWith(quote, index)) {
    const character = text[index];
    if (character === undefined || (character === "\n" && quote.length === 1)) {
      throw new LiteralError(
        `the string is not closed with ${quote}`,
        text,
        start,
      );
    }
    if (kind.includes("f") && (character === "{" || character === "}")) {
      if (text[index + 1] !== character) {
        throw new LiteralError(`f-strings cannot have fields: ${NO_CODE}`, text, index);
      }
      index++; // Doubled, it stands for itself.
    }
    if (isBytes && character > "\x7f") {
      throw new LiteralError(
        "bytes can only contain ASCII characters",
        text,
        index,
      );
    }
    if (character !== "\\") {
      parts.push(character);
      index++;
    } else if (kind.includes("r")) {
      // Raw: the quote after it stays, and does not close the string.
      const length = /^[\\'"\n]/.test(text[index + 1] ?? "") ? 2 : 1;
      parts.push(text.slice(index, index + length));
      index += length;
    } else {
      const [part, length] = readEscape(text, index, isBytes);
      parts.push(part);
      index += length;
    }
  }
  const value = parts.join("");
  const end = index + quote.length;
  return [
    isBytes ? Uint8Array.from(value, (unit) => unit.charCodeAt(0)) : value,
    end,
  ];
}

/** The value of the escape at `index`, and its length; an unknown escape stands for itself. */
function readEscape(
  text: string,
  index: number,
  isBytes: boolean,
): [string, number] {
  const letter = text[index + 1] ?? "";
  const simple = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  if (simple !== undefined) return [simple, 2];

  const octal = /^[0-7]{1,3}/.exec(text.slice(index + 1, index + 4))?.[0];
  if (octal !== undefined) {
    const code = parseInt(octal, 8);
    return [
      String.fromCharCode(isBytes ? code & 0xff : code),
      1 + octal.length,
    ];
  }
  if (!isBytes && letter === "N") {
    throw new LiteralError("\\N{…} is not supported", text, index);
  }
  const size = letter === "x" ? 2 : isBytes ? 0 : letter === "u" ? 4 : letter === "U" ? 8 : 0;
  if (size === 0) return ["\\", 1];
  const digits = text.slice(index + 2, index + 2 + size);
  if (digits.length < size || !/^[0-9a-fA-F]+$/.test(digits)) {
    throw new LiteralError(
      `\\${letter} needs ${size} hexadecimal digits`,
      text,
      index,
    );
  }
  const code = parseInt(digits, 16);
  if (code > 0x10ffff) {
    throw new LiteralError(`\\U${digits} is no Unicode character`, text, index);
  }
  return [String.fromCodePoint(code), 2 + size];
}
