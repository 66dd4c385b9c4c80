import { parse } from "@std/ini";
import type { DialectSection } from "./read_ini_sections.ts";

/** Characters that must be escaped in a name; a digit only in front, see `escapeName`. */
const UNSAFE_IN_NAME = /^[0-9]|[^A-Za-z0-9_.-]/g;

/**
 * Passes sections through `@std/ini`: they are printed in its own dialect, `[section]`
 * and `key="value"`, and it reads them. That cannot go wrong on odd characters, because
 * names are escaped to ASCII letters and values to JSON strings.
 *
 * @returns The values by section and option name, both in file order.
 */
export function readCanonical(
  sections: Iterable<DialectSection>,
): Map<string, Map<string, string>> {
  const table = parse<Record<string, Record<string, string>>>(
    canonicalText(sections),
    {
      reviver: (_key, value) => JSON.parse(`"${value}"`),
    },
  );
  const result = new Map<string, Map<string, string>>();
  for (const [section, options] of Object.entries(table)) {
    const values = Object.entries(options).map(([key, value]) =>
      [unescapeName(key), value] as const
    );
    result.set(unescapeName(section), new Map(values));
  }
  return result;
}

/** The sections in the dialect of `@std/ini`. */
function canonicalText(sections: Iterable<DialectSection>): string {
  const lines: string[] = [];
  for (const { name, options } of sections) {
    lines.push(`[${escapeName(name)}]`);
    for (const [key, { value }] of options) {
      lines.push(`${escapeName(key)}=${quoteValue(value)}`);
    }
  }
  return lines.join("\n");
}

/** Escapes a name, and a digit in front: an object sorts keys like "10" before all others. */
function escapeName(name: string): string {
  return name.replace(UNSAFE_IN_NAME, escapeUnits);
}

function unescapeName(name: string): string {
  return JSON.parse(`"${name}"`);
}

/** A JSON string, without the two line ends that JSON allows and `.` in a pattern does not. */
function quoteValue(value: string): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, escapeUnits);
}

function escapeUnits(text: string): string {
  return `\\u${text.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
