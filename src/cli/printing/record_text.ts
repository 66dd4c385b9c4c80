import { nameText, valueText } from "../../core/formatters/logfmt.ts";
import { dim } from "./print.ts";

/** A message with the fields of its record behind it. */
export function messageText(message: string, fields: Readonly<Record<string, unknown>>): string {
  return [message, ...fieldTexts(Object.entries(fields)).map(dim)].join(" ");
}

/** Fields as `name=value`, in quotes where that would not end with a blank. */
export function fieldTexts(fields: Iterable<readonly [string, unknown]>): string[] {
  return Array.from(fields, ([name, value]) => `${nameText(name)}=${valueText(value)}`);
}

/** A time of a record, in UTC. */
export function timeText(iso: string): string {
  return iso.replace("T", " ").replace("Z", "");
}
