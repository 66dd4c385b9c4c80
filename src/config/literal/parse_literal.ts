import type { ResolveName } from "../spec/config_spec.ts";
import { LiteralError } from "./literal_error.ts";
import { LiteralParser } from "./literal_parser.ts";
import { plain, tuple } from "./literal_values.ts";
import { isPlainName } from "./pure_names.ts";

export { LiteralError } from "./literal_error.ts";
export { isPyTuple } from "./literal_values.ts";

/** What `parseLiteral` needs beside the text. */
export interface LiteralOptions {
  /** Finds what a dotted name such as `sys.stdout` stands for. */
  readonly resolveName: ResolveName;
}

/** A tuple of one name, as most programs have it: `(sys.stdout,)`. */
const ONE_NAME = /^\(([A-Za-z_]\w*\.[A-Za-z_]\w*), ?\)$/;

/** Most characters of a literal. Differs from CPython: that has no limit. */
const LONGEST = 1 << 16;

/**
 * Reads a Python literal, as in the options `args=` and `kwargs=`.
 *
 * Differs from CPython: that evaluates the text as code. Here literals, arithmetic of
 * numbers, texts put together, `dict(key=literal)` and registered names are read, and the
 * functions in `pure_names.ts` called, where `resolveName` gives them; nothing is evaluated.
 *
 * | Python                  | JavaScript                                       |
 * | ----------------------- | ------------------------------------------------ |
 * | `int`                   | `number`, `bigint` when it is not a safe integer |
 * | `float`                 | `number`                                         |
 * | `str`, `bytes`          | `string`, `Uint8Array`                           |
 * | `True`, `False`, `None` | `true`, `false`, `null`                          |
 * | `tuple`                 | frozen array, see {@linkcode isPyTuple}          |
 * | `list`, `dict`, `set`   | array, `Map`, `Set`                              |
 *
 * @example
 * ```ts
 * import { parseLiteral } from "./parse_literal.ts";
 *
 * parseLiteral("('app.log', 'a', 10*1024*1024)", { resolveName: () => undefined });
 * // ["app.log", "a", 10485760]
 * ```
 *
 * @throws {LiteralError} The text is no such literal, or has a name that is not registered.
 */
export function parseLiteral(text: string, options: LiteralOptions): unknown {
  if (text.length > LONGEST) {
    throw new LiteralError(
      `it is longer than ${LONGEST} characters`,
      text,
      LONGEST,
    );
  }
  // A name alone needs no parser, which V8 takes a millisecond to compile.
  const [, name] = ONE_NAME.exec(text) ?? [];
  const found = name === undefined ? undefined : options.resolveName(name);
  if (isPlainName(found)) return plain(tuple([found.value]));
  const nul = text.indexOf("\0");
  if (nul >= 0) throw new LiteralError("it contains a null character", text, nul);
  // Python's tokenizer ends a line at these too.
  const lines = text.replace(/\r\n?/g, "\n");
  return new LiteralParser(lines, (name) => options.resolveName(name)).parse();
}
