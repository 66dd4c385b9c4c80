import { nameText, valueText } from "../../core/formatters/logfmt.ts";

/** Fields as `name=value`, in quotes where that would not end with a blank. */
export function fieldTexts(fields: Iterable<readonly [string, unknown]>): string[] {
  return Array.from(fields, ([name, value]) => `${nameText(name)}=${valueText(value)}`);
}
