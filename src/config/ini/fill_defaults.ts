import { ConfigError } from "../../core/errors/config_error.ts";
import { excerpt } from "../spec/excerpt.ts";
import { DEFAULT_SECTION } from "./read_ini_sections.ts";
import { IniDocument, type IniOption, type IniSection, type IniTable } from "./ini_document.ts";
import { insertOptions } from "./insert_options.ts";
import { RAW_KEYS } from "./interpolation.ts";

/**
 * A `.conf` with the given defaults in place of the references to them, so that a reader without
 * these defaults can read it; all else stays as it is written.
 *
 * @throws {ConfigError} No `.conf` can say what one of the values makes of an option.
 */
export function fillDefaults(
  text: string,
  table: IniTable,
  defaults: Readonly<Record<string, string>>,
): string {
  const own = optionsOf(table, (name) => name === DEFAULT_SECTION);
  const wanted = new Map(
    Object.entries(defaults).map(([name, value]): [string, string] => [name.toLowerCase(), value])
      .filter(([name]) => !own.has(name)),
  );
  // Where a section has its own option of a default's name, only the other sections must see the
  // default: so it goes into `[DEFAULT]`, and references to it stay.
  const hidden = optionsOf(table, (name) => name !== DEFAULT_SECTION);
  const kept = [...wanted].filter(([name]) => hidden.has(name));
  const lines = text.split("\n");
  for (const [section, , options] of table) {
    // A reference in [DEFAULT] is expanded anew in each section, by that section's own options.
    const other = section === DEFAULT_SECTION ? hidden : new Set(options.map(({ key }) => key));
    const here = new Map([...wanted].filter(([name]) => !other.has(name)));
    for (const option of options) {
      if (!RAW_KEYS.has(option.key)) fillOption(lines, option, here);
    }
  }
  const filled = withDefaultSection(lines, table, kept).join("\n");
  requireSame(IniDocument.fromTable(table, defaults), IniDocument.parse(filled));
  return filled;
}

/** Makes sure that values are as before: a `.conf` cannot hold blanks around them, or `#` lines. */
function requireSame(given: IniDocument, filled: IniDocument): void {
  for (const [name, section] of given.sections) {
    for (const { key, line } of section.ownEntries()) {
      const wanted = RAW_KEYS.has(key) ? undefined : valueOf(section, key);
      const found = wanted === undefined ? undefined : filled.get(name)?.value(key);
      // Blanks around literals mean nothing.
      const isLiteral = key === "args" || key === "kwargs";
      if (wanted === found || isLiteral && wanted?.trim() === found?.trim()) continue;
      throw new ConfigError(
        `Cannot put the defaults in: no .conf can say ${excerpt(wanted!)}, it keeps no blanks at ` +
          "the ends of a value and no lines that begin with # or ;",
        { section: name, key, line },
      );
    }
  }
}

/** An option's value; undefined if a reference leads nowhere, as in sections of other programs. */
function valueOf(section: IniSection, key: string): string | undefined {
  try {
    return section.value(key);
  } catch {
    return undefined;
  }
}

function optionsOf(table: IniTable, isMeant: (section: string) => boolean): Set<string> {
  return new Set(
    table.filter(([name]) => isMeant(name)).flatMap(([, , options]) =>
      options.map(({ key }) => key)
    ),
  );
}

/** An option's lines are its first, and as many of those below as its value has. */
function fillOption(
  lines: string[],
  { line, value }: IniOption,
  wanted: ReadonlyMap<string, string>,
): void {
  if (!value.includes("%(")) return;
  let left = value.split("\n").length;
  for (let at = line - 1; left > 0 && at < lines.length; at++) {
    // A comment in between is no line of the value.
    if (at >= line && /^\s*[#;]/.test(lines[at]!)) continue;
    lines[at] = fill(lines[at]!, wanted, []);
    left--;
  }
}

/** A default may refer to others; one that comes back to itself is left to the reader to refuse. */
function fill(
  text: string,
  wanted: ReadonlyMap<string, string>,
  above: readonly string[],
): string {
  return text.replace(/%%|%\(([^)]+)\)s/g, (found, name?: string) => {
    const key = name?.toLowerCase();
    const value = key === undefined || above.includes(key) ? undefined : wanted.get(key);
    if (value === undefined) return found;
    return fill(value.replaceAll("\n", "\n "), wanted, [...above, key!]);
  });
}

/** Puts options into `[DEFAULT]`, which is made at the end if need be: lines keep their numbers. */
function withDefaultSection(
  lines: readonly string[],
  table: IniTable,
  options: readonly (readonly [name: string, value: string])[],
): readonly string[] {
  if (options.length === 0) return lines;
  const [, line] = table.find(([name]) => name === DEFAULT_SECTION) ?? [];
  if (line !== undefined) return insertOptions(lines, line, options);
  return insertOptions([...lines, `[${DEFAULT_SECTION}]`, ""], lines.length + 1, options);
}
