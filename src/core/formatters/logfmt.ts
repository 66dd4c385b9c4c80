import { jsonOf } from "../format/json_value.ts";
import type { LogRecord } from "../records/log_record.ts";
import { allFields } from "../records/record_extras.ts";
import { isError, thrownText } from "../values/thrown.ts";

/** Texts that need no quotes: most names and values. */
const PLAIN = /^[!#-<>-[\]-~]+$/;

/**
 * The fields of a record as `user=kim path="/a b" tags="[1,2]"`, without those that are named
 * elsewhere; empty if there are none.
 */
export function logfmt(record: LogRecord, named: ReadonlySet<string>): string {
  let text = "";
  for (const [name, value] of allFields(record)) {
    if (named.has(name)) continue;
    text += `${text === "" ? "" : " "}${nameText(name)}=${valueText(value)}`;
  }
  return text;
}

/** A name as text, with `_` for characters that would end it before its `=`. */
export function nameText(name: string): string {
  return PLAIN.test(name) ? name : name.replace(/[\s"=\\\p{C}]/gu, "_") || "_";
}

/** A value as text; in quotes if it has blanks or other characters that need them. */
export function valueText(value: unknown): string {
  const text = plainText(value);
  // Letters of other scripts need no quotes either; invisible characters do.
  return PLAIN.test(text) || /^[^\s"=\\\p{C}]+$/u.test(text) ? text : JSON.stringify(text);
}

function plainText(value: unknown): string {
  if (typeof value === "string") return value;
  if (isError(value)) return thrownText(value);
  const json = jsonOf(value);
  // A value whose JSON is a text, such as a date, is that text.
  return json.startsWith('"') ? JSON.parse(json) as string : json;
}
