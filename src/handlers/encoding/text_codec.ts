import { quote } from "../../core/errors/quote.ts";
import { encodeLine } from "../../core/io/encode_line.ts";
import { unencodable } from "./encoding_errors.ts";
import { codePageOf } from "./code_pages.ts";

/** Turns text into the bytes of an encoding. */
export interface TextCodec {
  /** Python's name of the encoding. */
  readonly name: string;
  /**
   * The text's bytes, valid until the next call of any codec; `atStart` where a byte
   * order mark belongs.
   *
   * @throws {Error} `UnicodeEncodeError`, as Python's.
   */
  encode(text: string, atStart: boolean): Uint8Array;
}

/** Python's other names, without `-` and `_`, for the encodings that log files are written in. */
const ALIASES: Readonly<Record<string, string>> = {
  locale: "utf-8",
  u8: "utf-8",
  utf: "utf-8",
  utf8: "utf-8",
  utf8ucs2: "utf-8",
  utf8ucs4: "utf-8",
  cp65001: "utf-8",
  utf8sig: "utf-8-sig",
  ascii: "ascii",
  "646": "ascii",
  usascii: "ascii",
  us: "ascii",
  ansix341968: "ascii",
  latin1: "latin-1",
  latin: "latin-1",
  l1: "latin-1",
  "8859": "latin-1",
  cp819: "latin-1",
  iso88591: "latin-1",
  utf16: "utf-16",
  u16: "utf-16",
  utf16le: "utf-16-le",
  utf16be: "utf-16-be",
  utf32: "utf-32",
  u32: "utf-32",
  utf32le: "utf-32-le",
  utf32be: "utf-32-be",
};

/**
 * The codec of an encoding by any of Python's names for it, UTF-8 for none.
 *
 * Differs from CPython: unless `errors` is given, half a surrogate pair is written to
 * UTF files as U+FFFD; text cut in the middle of an emoji is common in JavaScript, and
 * no reason to lose a line.
 *
 * @throws {RangeError} An encoding that is not known here.
 */
export function textCodec(encoding?: string | null, errors?: string | null): TextCodec {
  for (const [what, value] of Object.entries({ encoding, errors })) {
    if (value !== undefined && value !== null && typeof value !== "string") {
      throw new TypeError(`Cannot use ${what} ${quote(value)}: it must be a string`);
    }
  }
  const key = (encoding ?? "utf-8").toLowerCase().replace(/[-_ .]/g, "");
  const name = Object.hasOwn(ALIASES, key) ? ALIASES[key]! : key;
  switch (name) {
    case "utf-8":
      return utf8(name, "", errors);
    case "utf-8-sig":
      return utf8(name, "\ufeff", errors);
    case "ascii":
      return charmap(name, (code) => code < 0x80 ? code : undefined, errors);
    case "latin-1":
      return charmap(name, (code) => code < 0x100 ? code : undefined, errors);
  }
  const [, width, order] = /^utf-(16|32)(-[lb]e)?$/.exec(name) ?? [];
  if (width !== undefined) return wide(name, Number(width), order, errors);
  const page = codePageOf(key);
  if (page !== undefined) return charmap(encoding!, (code) => page.get(code), errors);
  throw new RangeError(
    `Cannot use encoding ${JSON.stringify(encoding)}: it is not known; known are utf-8, ` +
      "utf-8-sig, ascii, latin-1, utf-16, utf-32 (-le, -be), cp1250 to cp1258, cp866, " +
      "koi8-r, koi8-u, iso8859-2 to -8, -10 and -13 to -16",
  );
}

const encoder = new TextEncoder();

/** Shared by all codecs of the thread: a line is written before the next is encoded. */
let buffer = new Uint8Array(16_384);

function reserve(bytes: number): Uint8Array<ArrayBuffer> {
  if (bytes > buffer.length) buffer = new Uint8Array(bytes + (bytes >> 1));
  return buffer;
}

function utf8(name: string, mark: string, errors: string | null | undefined): TextCodec {
  return {
    name,
    encode(text, atStart) {
      const marked = atStart ? mark + text : text;
      if (errors === undefined || errors === null || marked.isWellFormed()) {
        return encodeLine(marked);
      }
      return encodeSome("utf-8", marked, errors, (code) => !isSurrogate(code), putUtf8);
    },
  };
}

function charmap(
  name: string,
  byteOf: (code: number) => number | undefined,
  errors: string | null | undefined,
): TextCodec {
  const put = (code: number, target: Uint8Array, at: number) => {
    target[at] = byteOf(code)!;
    return at + 1;
  };
  return {
    name,
    encode: (text) =>
      encodeSome(name, text, errors ?? "strict", (code) => byteOf(code) !== undefined, put),
  };
}

function wide(
  name: string,
  width: number,
  order: string | undefined,
  errors: string | null | undefined,
): TextCodec {
  const bigEndian = order === "-be";
  const mark = order === undefined ? "\ufeff" : "";
  const size = width / 8;
  const putUnit = (unit: number, target: Uint8Array, at: number) => {
    for (let byte = 0; byte < size; byte++) {
      target[at + byte] = unit >>> 8 * (bigEndian ? size - 1 - byte : byte);
    }
    return at + size;
  };
  const put = (code: number, target: Uint8Array, at: number) => {
    if (width === 32 || code < 0x10000) return putUnit(code, target, at);
    const [high, low] = pairOf(code);
    return putUnit(low, target, putUnit(high, target, at));
  };
  return {
    name,
    encode(text, atStart) {
      const marked = atStart ? mark + text : text;
      const safe = errors === undefined || errors === null ? marked.toWellFormed() : marked;
      const fits = (code: number) => errors === "surrogatepass" || !isSurrogate(code);
      return encodeSome(name, safe, errors ?? "strict", fits, put);
    },
  };
}

/** Encodes code point by code point; what does not fit becomes what `errors` says. */
function encodeSome(
  name: string,
  text: string,
  errors: string,
  fits: (code: number) => boolean,
  put: (code: number, target: Uint8Array, at: number) => number,
): Uint8Array {
  let bytes = reserve(text.length * 4);
  let at = 0;
  let index = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (fits(code)) {
      at = put(code, bytes, at);
    } else {
      const instead = unencodable(name, errors, char, index);
      const needed = at + instead.length * 4 + (text.length - index) * 4;
      if (needed > bytes.length) {
        const old = bytes.subarray(0, at);
        bytes = new Uint8Array(needed * 2);
        bytes.set(old);
        buffer = bytes;
      }
      if (typeof instead === "string") {
        for (const one of instead) at = put(one.codePointAt(0)!, bytes, at);
      } else {
        bytes.set(instead, at);
        at += instead.length;
      }
    }
    index++;
  }
  return bytes.subarray(0, at);
}

function putUtf8(code: number, target: Uint8Array, at: number): number {
  const { written } = encoder.encodeInto(String.fromCodePoint(code), target.subarray(at));
  return at + written;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

function pairOf(code: number): [number, number] {
  return [0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff)];
}
