/**
 * What an error handler of Python puts in the place of a character that the encoding
 * does not have: text to encode instead, or bytes.
 *
 * @throws {Error} `UnicodeEncodeError` for `strict`, `LookupError` for a handler that is
 * not known; both with Python's words.
 */
export function unencodable(
  encoding: string,
  errors: string,
  char: string,
  index: number,
): string | Uint8Array {
  const code = char.codePointAt(0)!;
  switch (errors) {
    case "ignore":
      return "";
    case "replace":
      return "?";
    case "backslashreplace":
      return escape(code);
    case "xmlcharrefreplace":
      return `&#${code};`;
    case "surrogateescape":
      // A single byte would shift all that follows in the file by one.
      if (/^utf-(?:16|32)/.test(encoding)) break;
      if (code >= 0xdc80 && code <= 0xdcff) return new Uint8Array([code - 0xdc00]);
      break;
    case "surrogatepass":
      if (encoding === "utf-8" && char.length === 1 && code >= 0xd800) {
        return new Uint8Array([0xe0 | code >> 12, 0x80 | code >> 6 & 0x3f, 0x80 | code & 0x3f]);
      }
      break;
    case "strict":
      break;
    default:
      throw named("LookupError", `unknown error handler name '${errors}'`);
  }
  throw named(
    "UnicodeEncodeError",
    `'${encoding}' codec can't encode character '${escape(code)}' in position ${index}`,
  );
}

function escape(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
