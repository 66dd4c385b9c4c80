import type { ScopeTest } from "../../core/loggers/scope.ts";
import { asJson } from "./text_values.ts";

/** Words by which a change of levels is for some log calls only. */
export const SCOPE_WORDS: readonly string[] = ["where", "sample", "match"];

/** Most fields of a scope, and longest text of one, or of a message. */
const MAX_FIELDS = 20, MAX_TEXT = 1000;

/**
 * Reads `where`: an object of texts by dotted paths of fields, in a `.conf` written as JSON.
 *
 * @throws {RangeError} It has another shape.
 */
export function readWhere(value: unknown): ScopeTest["where"] {
  return readFields(typeof value === "string" ? asJson(value) : value, ["number", "boolean"]);
}

/**
 * Reads an object of texts by dotted paths of fields; values of these types count as texts too.
 *
 * @throws {RangeError} It has another shape.
 */
export function readFields(
  value: unknown,
  alsoTexts: readonly string[] = [],
): (readonly [path: string, text: string])[] {
  const fields = typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value)
    : [];
  const isText = (text: unknown) => typeof text === "string" || alsoTexts.includes(typeof text);
  const isGood = fields.length > 0 && fields.length <= MAX_FIELDS &&
    fields.every(([path, text]) =>
      path !== "" && isText(text) && path.length + String(text).length <= MAX_TEXT
    );
  if (isGood) return fields.map(([path, text]) => [path, String(text)]);
  throw new RangeError(`it must be an object of 1 to ${MAX_FIELDS} texts by field`);
}

/**
 * Reads `sample`: `1/100`, or `1/100:requestId` for all calls with one in a hundred of its values.
 *
 * @throws {RangeError} It is something else.
 */
export function readSample(value: unknown): ScopeTest["sample"] {
  const [, of, by] = /^1\/([1-9]\d{0,8})(?::(.{1,1000}))?$/s.exec(String(value)) ?? [];
  if (of !== undefined) return { of: Number(of), ...by === undefined ? {} : { by } };
  throw new RangeError("it must be like 1/100 or 1/100:requestId");
}

/**
 * Reads `match`: a message as written in the source, in which `*` stands for any text.
 *
 * @throws {RangeError} It is no text.
 */
export function readMatch(value: unknown): string {
  if (typeof value === "string" && value !== "" && value.length <= MAX_TEXT) return value;
  throw new RangeError(`it must be a text of 1 to ${MAX_TEXT} characters`);
}

/**
 * For which log calls a change of levels is; undefined for all.
 *
 * @throws {RangeError} A word has another shape.
 */
export function readScope(get: (word: string) => unknown): ScopeTest | undefined {
  const [where, sample, match] = SCOPE_WORDS.map(get);
  if (where === undefined && sample === undefined && match === undefined) return undefined;
  return {
    where: where === undefined ? [] : readWhere(where),
    ...sample === undefined ? {} : { sample: readSample(sample) },
    ...match === undefined ? {} : { match: readMatch(match) },
  };
}
