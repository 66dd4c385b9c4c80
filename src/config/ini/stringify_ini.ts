import { stringify } from "@std/ini";
import { ConfigError } from "../../core/errors/config_error.ts";
import { excerpt } from "../spec/excerpt.ts";
import { readIniSections } from "./read_ini_sections.ts";
import { RAW_KEYS } from "./interpolation.ts";

/**
 * Prints sections as a `.conf` file that `IniDocument.parse` and Python's `configparser`
 * read back to the same names and values.
 *
 * @example
 * ```ts
 * import { stringifyIni } from "./stringify_ini.ts";
 *
 * stringifyIni([["loggers", [["keys", "root"]]]]); // "[loggers]\nkeys=root\n"
 * ```
 *
 * @throws {ConfigError} For a name or value which the format cannot hold.
 */
export function stringifyIni(
  sections: Iterable<readonly [string, Iterable<readonly [string, string]>]>,
): string {
  const blocks: string[] = [];
  const seen = new Set<string>();
  for (const [section, options] of sections) {
    if (seen.has(section)) {
      throw new ConfigError("Cannot print section twice", { section });
    }
    seen.add(section);
    const values = new Map<string, string>();
    for (const [key, value] of options) {
      if (values.has(key)) {
        throw new ConfigError("Cannot print option twice", { section, key });
      }
      const raw = RAW_KEYS.has(key) ? value : value.replaceAll("%", "%%");
      checkOption(section, key, raw);
      values.set(key, indented(raw));
    }
    checkSection(section);
    // One call each: an object would sort sections with names like "10" first.
    blocks.push(stringify({ [section]: Object.fromEntries(values) }) + "\n");
  }
  return blocks.join("\n");
}

/** A line of a value that is not blank has to be indented; the others would be trailing blanks. */
function indented(value: string): string {
  return value.replace(/\n(?=[^\n])/g, "\n    ");
}

function checkSection(section: string): void {
  const reason = "Cannot print section: its name would read back differently";
  if (section.includes("\r")) throw new ConfigError(reason, { section });
  const read = readBack(`[${section}]`, reason, { section });
  if (read.size !== 1 || !read.has(section)) {
    throw new ConfigError(reason, { section });
  }
}

function checkOption(section: string, key: string, value: string): void {
  const reason = `Cannot print option: ${excerpt(value)} would read back differently`;
  // A file opened in Python's text mode would turn it into "\n".
  if (`${key}${value}`.includes("\r")) {
    throw new ConfigError(reason, { section, key });
  }
  const read = readBack(`[section]\n${key}=${indented(value)}`, reason, {
    section,
    key,
  });
  const options = read.get("section")?.options;
  if (
    read.size !== 1 || options?.size !== 1 || options.get(key)?.value !== value
  ) {
    throw new ConfigError(reason, { section, key });
  }
}

function readBack(
  text: string,
  reason: string,
  place: { section: string; key?: string },
): ReturnType<typeof readIniSections> {
  try {
    return readIniSections(text);
  } catch (cause) {
    throw new ConfigError(reason, { ...place, cause });
  }
}
