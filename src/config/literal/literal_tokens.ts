import { excerpt } from "../spec/excerpt.ts";
import { LiteralError, NO_CODE } from "./literal_error.ts";
import { readString } from "./literal_string.ts";

/** A piece of a Python expression. */
export type Token =
  & { readonly index: number }
  & (
    | { readonly type: "name"; readonly text: string }
    | { readonly type: "op"; readonly text: string }
    | { readonly type: "int"; readonly value: bigint }
    | { readonly type: "float"; readonly value: number }
    | { readonly type: "string"; readonly value: string }
    | { readonly type: "bytes"; readonly value: Uint8Array }
    | { readonly type: "end" }
  );

/** Python's keywords, which cannot be names. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  ("False None True and as assert async await break class continue def del elif else except " +
    "finally for from global if import in is lambda nonlocal not or pass raise return try " +
    "while with yield").split(" "),
);

const BLANK = /(?:[ \t\f]+|\\\n(?!$)|#[^\n]*)*/y;
const STRING_START = /([A-Za-z]*)("""|'''|"|')/y;
const ASCII_NAME = /[A-Za-z_]\w*(?![\w\x80-\u{10ffff}])/uy;
/** The ASCII characters that no name begins with. */
const OTHER_START = /[ -@[-^`{-~]/y;
const RADIX_INT = /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+/y;
const DECIMAL =
  /(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*(?:\.(?:[eE][+-]?\d(?:_?\d)*)?|[eE][+-]?\d(?:_?\d)*)?/y;
const OPERATOR = /\*\*|\/\/|<<|>>|[-+*/%&|^~.]/y;
/** What is an operator by itself, whatever follows; looked for without a pattern, as most common. */
const LONE_OPERATORS = "()[]{},:=";

/** Blanks in front of the first line are fine, in front of a later one they are not. */
const INDENTED = /(?<!\\)\n[ \t]+$/;

/** Most digits of an integer, as CPython's limit for decimal text. */
const MOST_DIGITS = 4300;

/**
 * Splits a Python expression into tokens. Line ends count only outside brackets, where
 * nothing may follow them.
 *
 * @throws {LiteralError} A piece is no token, a bracket has no partner, or text follows the end.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const brackets: string[] = [];
  let index = 0;
  let hasEnded = false;

  for (;;) {
    index += matchAt(BLANK, text, index)?.[0].length ?? 0;
    if (index >= text.length) break;
    if (text[index] === "\n") {
      if (brackets.length === 0 && tokens.length > 0) hasEnded = true;
      index++;
      continue;
    }
    if (hasEnded) {
      throw new LiteralError("text after the end of the literal", text, index);
    }
    if (tokens.length === 0 && INDENTED.test(text.slice(0, index))) {
      throw new LiteralError("unexpected indent", text, index);
    }
    const [token, end] = readToken(text, index);
    if (token.type === "op") checkBracket(token.text, brackets, text, index);
    tokens.push(token);
    index = end;
  }
  if (brackets.length > 0) {
    throw new LiteralError(`"${brackets.pop()}" is missing`, text, index);
  }
  tokens.push({ type: "end", index: text.length });
  return tokens;
}

/** The token that begins at `index`, where no blank is, and the index behind it. */
function readToken(text: string, index: number): [token: Token, end: number] {
  const first = text[index]!;
  if (LONE_OPERATORS.includes(first)) return [{ type: "op", text: first, index }, index + 1];
  const quote = matchAt(STRING_START, text, index);
  if (quote !== undefined) {
    const [value, end] = readString(text, index, quote[1] ?? "", quote[2] ?? "");
    return typeof value === "string"
      ? [{ type: "string", value, index }, end]
      : [{ type: "bytes", value, index }, end];
  }
  const name = nameAt(text, index);
  if (name !== undefined) return [{ type: "name", text: name, index }, index + name.length];
  const number = numberAt(text, index);
  if (number !== undefined) return [numberToken(text, number, index), index + number.length];
  const operator = matchAt(OPERATOR, text, index)?.[0];
  if (operator !== undefined) {
    return [{ type: "op", text: operator, index }, index + operator.length];
  }
  const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
  throw new LiteralError(`unexpected ${excerpt(character)}: ${NO_CODE}`, text, index);
}

function nameAt(text: string, index: number): string | undefined {
  const ascii = matchAt(ASCII_NAME, text, index);
  if (ascii !== undefined) return ascii[0];
  return matchAt(OTHER_START, text, index) ? undefined : matchAt(anyName(), text, index)?.[0];
}

function numberAt(text: string, index: number): string | undefined {
  if (!/[\d.]/.test(text[index]!)) return undefined;
  return (matchAt(RADIX_INT, text, index) ?? matchAt(DECIMAL, text, index))?.[0];
}

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text) ?? undefined;
}

/** Keeps the closing brackets that are due. */
function checkBracket(
  operator: string,
  due: string[],
  text: string,
  index: number,
): void {
  const closing = { "(": ")", "[": "]", "{": "}" }[operator];
  if (closing !== undefined) {
    due.push(closing);
  } else if (")]}".includes(operator) && due.pop() !== operator) {
    throw new LiteralError(`"${operator}" closes no bracket`, text, index);
  }
}

function numberToken(text: string, number: string, index: number): Token {
  const next = text.slice(index + number.length);
  if (/^[jJ]/.test(next)) {
    throw new LiteralError("complex numbers are not supported", text, index);
  }
  if (/^[\w.]/.test(next) || (next > "\x7f" && /^\p{ID_Continue}/u.test(next))) {
    throw new LiteralError(
      `malformed number after ${excerpt(number)}`,
      text,
      index,
    );
  }
  const digits = number.replaceAll("_", "");
  if (/^0[xXoObB]/.test(digits)) {
    return { type: "int", value: BigInt(digits), index };
  }
  if (/[.eE]/.test(digits)) {
    return { type: "float", value: Number(digits), index };
  }
  if (/^0+[1-9]/.test(digits)) {
    throw new LiteralError(
      'leading zeros in an integer; octal ones start with "0o"',
      text,
      index,
    );
  }
  if (digits.length > MOST_DIGITS) {
    throw new LiteralError(
      `an integer of more than ${MOST_DIGITS} digits`,
      text,
      index,
    );
  }
  return { type: "int", value: BigInt(digits), index };
}

let unicodeName: RegExp | undefined;

/** The pattern of any name, made when one is not ASCII: V8 takes milliseconds for all letters. */
function anyName(): RegExp {
  return unicodeName ??= /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
}
