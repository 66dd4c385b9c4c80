import { ConfigError } from "../../core/errors/config_error.ts";
import { codePoints } from "../../core/text/code_points.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { findTooDeep, MOST_DEPTH } from "./find_too_deep.ts";
import { findJsonError } from "./find_json_error.ts";

/**
 * Parses JSON.
 *
 * @throws {ConfigError} It is none, or nests too deeply; with the line and the column.
 */
export function parseJson(text: string): unknown {
  const value = parse(text), at = findTooDeep(text, MOST_DEPTH);
  if (at === undefined) return value;
  throw new ConfigError(`Cannot read JSON: it nests deeper than ${MOST_DEPTH} levels`, {
    ...lineAndColumn(text.slice(0, at)),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = reasonOf(error);
    const at = placeOf(message, text);
    const before = text.slice(0, at);
    const said = message
      .replace(
        /(?: in JSON)? at position .*$|,? (?:\.{3})?"[^]*"(?:\.{3})? is not valid JSON$/,
        "",
      );
    const rule = ruleFor(text.slice(at), before);
    throw new ConfigError(`Cannot read JSON: ${said}${rule === undefined ? "" : `, ${rule}`}`, {
      ...lineAndColumn(before),
      cause: error,
    });
  }
}

function lineAndColumn(before: string): { line: number; column: number } {
  const inLine = before.slice(before.lastIndexOf("\n") + 1);
  return { line: before.split("\n").length, column: codePoints(inLine) + 1 };
}

/** The index of the mistake. V8 mostly says where it is; if not, it is looked for. */
function placeOf(message: string, text: string): number {
  const end = text.trimEnd().length;
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  if (position !== undefined) return Math.min(Number(position), end);
  return message.includes("end of JSON input") ? end : findJsonError(text);
}

/**
 * The rule to tell where somebody has written what only other languages allow; undefined elsewhere.
 */
function ruleFor(rest: string, before: string): string | undefined {
  if (rest.startsWith("\ufeff")) {
    return "it starts with a byte order mark (U+FEFF), save it without one";
  }
  if (/^(?:\/[/*]|#)/.test(rest)) return "JSON has no comments";
  if (/^(?:True|False|None)\b/.test(rest)) return "JSON has true, false and null";
  if (/^-?(?:NaN|Infinity)\b/.test(rest)) return "JSON has no NaN and no Infinity";
  if (rest.startsWith("'")) return "texts stand in double quotes";
  return /^[}\]]/.test(rest) && /,\s*$/.test(before)
    ? "the comma before it is too much"
    : undefined;
}
