import { quote } from "../../core/errors/quote.ts";

/** What a mode of Python's `open` asks for. */
export interface OpenMode {
  /** How an existing file is treated: read only, emptied, added to, refused. */
  readonly kind: "r" | "w" | "a" | "x";
  /** Whether it takes bytes and no text. */
  readonly binary: boolean;
  /** Whether it can be written to. */
  readonly writable: boolean;
}

/**
 * Reads a mode of Python's `open`, such as `a` or `w+`.
 *
 * @throws {RangeError} A mode that Python refuses, with its reason.
 * @throws {TypeError} Not a string.
 */
export function parseOpenMode(mode: unknown): OpenMode {
  if (typeof mode !== "string") {
    throw new TypeError(`Cannot open a log file with mode ${quote(mode)}: it must be a string`);
  }
  const refuse = (why: string) =>
    new RangeError(`Cannot open a log file with mode ${JSON.stringify(mode)}: ${why}`);
  if (/[^rwaxbt+]/.test(mode) || new Set(mode).size !== mode.length) {
    throw refuse("invalid mode, known are r, w, a and x, with b, t or + behind if need be");
  }
  const binary = mode.includes("b");
  if (binary && mode.includes("t")) throw refuse("it cannot be text and binary at once");
  const [kind, ...others] = mode.replace(/[bt+]/g, "");
  if (kind === undefined || others.length > 0) {
    throw refuse("it must have exactly one of r, w, a, x");
  }
  return {
    kind: kind as OpenMode["kind"],
    binary,
    writable: kind !== "r" || mode.includes("+"),
  };
}
