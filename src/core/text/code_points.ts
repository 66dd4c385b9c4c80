import { pythonError } from "../python/py_repr.ts";

/** Number of code points of a text: Python's `len()`. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    if (
      (text.charCodeAt(i) & 0xfc00) === 0xdc00 &&
      (text.charCodeAt(i - 1) & 0xfc00) === 0xd800
    ) {
      count--;
    }
  }
  return count;
}

/** The first `length` code points of a text. */
export function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = 0;
  for (let i = 0; i < length && end < text.length; i++) {
    end += text.codePointAt(end)! > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

/** Character of a code point, with CPython's errors for those that are none. */
export function codePointText(value: number | bigint | boolean): string {
  const code = Number(value);
  if (code < 0 || code > 0x10ffff) {
    throw pythonError("OverflowError", "%c arg not in range(0x110000)");
  }
  return String.fromCodePoint(code);
}
