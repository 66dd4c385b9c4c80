/**
 * `unicodeWidth` of `@std/cli` where JSR is out of reach: its copy on npm lacks the table
 * that it needs.
 *
 * @module
 */
import stringWidth from "npm:string-width@7.2.0";

/** Columns that a terminal needs for the text. */
export function unicodeWidth(text: string): number {
  return stringWidth(text);
}
