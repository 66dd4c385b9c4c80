import { ConfigError } from "../../core/errors/config_error.ts";
import { excerpt } from "../spec/excerpt.ts";
import { isPySpace, pyRstrip, pyStrip } from "../../core/python/py_space.ts";

/** Name of the section whose options every other section has too. */
export const DEFAULT_SECTION = "DEFAULT";

/** A section as it stands in the text. */
export interface DialectSection {
  readonly name: string;
  /** 1-based line of its header, of the first one for `[DEFAULT]`. */
  readonly line: number;
  readonly options: Map<string, DialectOption>;
}

/** An option as it stands in the text. */
export interface DialectOption {
  /** 1-based line of its name. */
  readonly line: number;
  /** The value without interpolation; its lines are joined with `\n`. */
  readonly value: string;
}

interface OpenOption {
  readonly key: string;
  readonly line: number;
  readonly lines: string[];
}

/** Where a line's text begins, both 1-based. */
interface LinePlace {
  readonly line: number;
  readonly column: number;
}

/**
 * Splits text in the dialect of Python's `ConfigParser` into sections, in file order,
 * `[DEFAULT]` among them. Section names are exact, option names are in lower case.
 *
 * @throws {ConfigError} At the first line that breaks a rule, in unused sections too.
 */
export function readIniSections(text: string): Map<string, DialectSection> {
  refuseByteOrderMark(text);
  const sections = new Map<string, DialectSection>();
  let section: DialectSection | undefined;
  let option: OpenOption | undefined;
  let indent = 0;
  let number = 0;

  function closeOption(): void {
    if (section === undefined || option === undefined) return;
    section.options.set(option.key, {
      line: option.line,
      value: pyRstrip(option.lines.join("\n")),
    });
    option = undefined;
  }

  // Only "\n" ends a line, as in the io.StringIO that CPython's listener reads from.
  for (const line of text.split("\n")) {
    number++;
    const content = pyStrip(line);
    if (content === "") {
      option?.lines.push("");
      continue;
    }
    if (content.startsWith("#") || content.startsWith(";")) continue;

    const lineIndent = indentOf(line);
    if (option !== undefined && lineIndent > indent) {
      option.lines.push(content);
      continue;
    }
    closeOption();
    indent = lineIndent;
    const place = { line: number, column: lineIndent + 1 };

    const header = headerOf(content);
    if (header !== undefined) {
      section = openSection(header, sections, place);
      continue;
    }
    if (section === undefined) {
      const reason = `Cannot read line: it stands before the first [section]: ${excerpt(content)}`;
      throw new ConfigError(reason, place);
    }
    option = openOption(content, section, place);
  }
  closeOption();
  return sections;
}

function refuseByteOrderMark(text: string): void {
  if (!text.startsWith("\ufeff")) return;
  // CPython calls this a missing section header, and shows the mark, which cannot be seen.
  throw new ConfigError(
    "Cannot read INI text: it starts with a byte order mark (U+FEFF), save it without one",
    { line: 1, column: 1 },
  );
}

/** The section that a header opens; only `[DEFAULT]` may be opened more than once. */
function openSection(
  name: string,
  sections: Map<string, DialectSection>,
  place: LinePlace,
): DialectSection {
  const known = sections.get(name);
  if (known === undefined) {
    const section = { name, line: place.line, options: new Map() };
    sections.set(name, section);
    return section;
  }
  if (name === DEFAULT_SECTION) return known;
  const reason = `Cannot read section: it is already at line ${known.line}`;
  throw new ConfigError(reason, { section: name, ...place });
}

/** How far a line is indented: each white space is one column, a tab too. */
function indentOf(line: string): number {
  let indent = 0;
  while (isPySpace(line.charCodeAt(indent))) indent++;
  return indent;
}

/** The name between the first `[` and the last `]`; text after that is ignored. */
function headerOf(content: string): string | undefined {
  if (!content.startsWith("[")) return undefined;
  const end = content.lastIndexOf("]");
  return end > 1 ? content.slice(1, end) : undefined;
}

/** The option that a line begins, open for the lines that continue its value. */
function openOption(
  content: string,
  section: DialectSection,
  place: LinePlace,
): OpenOption {
  const delimiter = content.search(/[=:]/);
  if (delimiter < 0) {
    const rule = 'neither a [section] nor an option "key = value"';
    const reason = `Cannot read line: ${rule}: ${excerpt(content)}`;
    throw new ConfigError(reason, { section: section.name, ...place });
  }
  // As str.lower() is in Python.
  const key = pyRstrip(content.slice(0, delimiter)).toLowerCase();
  if (key === "") {
    const reason = `Cannot read line: no option name before the delimiter: ${excerpt(content)}`;
    throw new ConfigError(reason, { section: section.name, ...place });
  }
  const earlier = section.options.get(key);
  if (earlier !== undefined) {
    const rule = "names ignore letter case";
    const reason = `Cannot read option: it is already at line ${earlier.line} (${rule})`;
    throw new ConfigError(reason, { section: section.name, key, ...place });
  }
  return {
    key,
    line: place.line,
    lines: [pyStrip(content.slice(delimiter + 1))],
  };
}
