import { ConfigError } from "../../core/errors/config_error.ts";
import { readCanonical } from "./ini_canonical.ts";
import { DEFAULT_SECTION, readIniSections } from "./read_ini_sections.ts";
import { interpolate } from "./interpolation.ts";

/** An option of an INI section, without interpolation. */
export interface IniOption {
  /** Name, in lower case. */
  readonly key: string;
  /** Value as written; the lines of a longer one are joined with `\n`. */
  readonly value: string;
  /** 1-based line of the option's name; 0 for a default that the program has given. */
  readonly line: number;
}

/** Sections with their options in file order: plain data that can travel between threads. */
export type IniTable = readonly (readonly [
  name: string,
  line: number,
  options: readonly IniOption[],
])[];

/**
 * Text in the dialect of Python's `ConfigParser`, as `logging.config.fileConfig` reads it.
 *
 * @example
 * ```ts
 * import { IniDocument } from "./ini_document.ts";
 *
 * const document = IniDocument.parse("[handler_file]\nclass = FileHandler\nargs: ('app.log',)\n");
 * console.log(document.get("handler_file")?.value("args")); // ('app.log',)
 * ```
 */
export class IniDocument {
  /** The sections in file order, without `[DEFAULT]`. */
  readonly sections: ReadonlyMap<string, IniSection>;

  private constructor(sections: ReadonlyMap<string, IniSection>) {
    this.sections = sections;
  }

  /**
   * Parses Python's `ConfigParser` dialect.
   *
   * @throws {ConfigError} With the line of the first error. Syntax and duplicates are
   * errors in unused sections too, references (`%(name)s`) only when the option is read.
   */
  static parse(text: string): IniDocument {
    return IniDocument.fromTable(parseIniTable(text));
  }

  /**
   * The document that {@linkcode parseIniTable} has read, here or in another thread; `given`
   * are options that are used where `[DEFAULT]` has none.
   */
  static fromTable(table: IniTable, given: Readonly<Record<string, unknown>> = {}): IniDocument {
    const defaults = readDefaults(given);
    const sections = new Map<string, IniSection>(), expanded = { length: 0 };
    for (const [name, line, options] of table) {
      const own = name === DEFAULT_SECTION ? defaults : new Map<string, IniOption>();
      for (const option of options) own.set(option.key, option);
      if (own !== defaults) sections.set(name, new IniSection(name, line, own, defaults, expanded));
    }
    return new IniDocument(sections);
  }

  /** The section of exactly this name. */
  get(section: string): IniSection | undefined {
    return this.sections.get(section);
  }
}

function readDefaults(given: Readonly<Record<string, unknown>>): Map<string, IniOption> {
  const defaults = new Map<string, IniOption>();
  for (const [name, value] of Object.entries(given)) {
    const key = name.toLowerCase();
    if (defaults.has(key)) throw new ConfigError("Cannot use a default twice", { key });
    defaults.set(key, { key, value: String(value), line: 0 });
  }
  return defaults;
}

/** A section of an {@linkcode IniDocument}: its own options, and `[DEFAULT]`'s behind them. */
export class IniSection {
  /** Name as written between the brackets. */
  readonly name: string;
  /** 1-based line of the header. */
  readonly line: number;
  readonly #own: ReadonlyMap<string, IniOption>;
  readonly #defaults: ReadonlyMap<string, IniOption>;
  readonly #expanded: { length: number };

  /** Makes a section whose own options win over those of `[DEFAULT]`. */
  constructor(
    name: string,
    line: number,
    own: ReadonlyMap<string, IniOption>,
    defaults: ReadonlyMap<string, IniOption>,
    /** How many characters references have expanded to so far, in the whole text. */
    expanded: { length: number } = { length: 0 },
  ) {
    this.#expanded = expanded;
    this.name = name;
    this.line = line;
    this.#own = own;
    this.#defaults = defaults;
  }

  /** Whether the section or `[DEFAULT]` has the option. */
  has(key: string): boolean {
    return this.#option(key) !== undefined;
  }

  /** 1-based line of the option, which may be one of `[DEFAULT]`; undefined if it has none. */
  lineOf(key: string): number | undefined {
    return this.#option(key)?.line || undefined;
  }

  /** The value without interpolation. */
  raw(key: string): string | undefined {
    return this.#option(key)?.value;
  }

  /**
   * The value with `%(name)s` and `%%` expanded.
   *
   * @throws {ConfigError} If a reference is malformed, unknown or too deep.
   */
  value(key: string): string | undefined {
    const option = this.#option(key);
    if (option === undefined || !option.value.includes("%")) return option?.value;
    const scope = {
      section: this.name,
      expanded: this.#expanded,
      lookUp: (name: string) => this.#option(name),
    };
    return interpolate(scope, option);
  }

  /** The names of the options, own ones first, then those only in `[DEFAULT]`. */
  *keys(): Iterable<string> {
    for (const { key } of this.entries()) yield key;
  }

  /** The section's own options, without interpolation. */
  ownEntries(): Iterable<IniOption> {
    return this.#own.values();
  }

  /** The options without interpolation, own ones first, then those only in `[DEFAULT]`. */
  *entries(): Iterable<IniOption> {
    yield* this.#own.values();
    for (const option of this.#defaults.values()) {
      if (!this.#own.has(option.key)) yield option;
    }
  }

  /** An option; merged beforehand, a long `[DEFAULT]` would be copied into every section. */
  #option(key: string): IniOption | undefined {
    const name = key.toLowerCase();
    return this.#own.get(name) ?? this.#defaults.get(name);
  }
}

/**
 * Parses Python's `ConfigParser` dialect into plain data.
 *
 * @throws {ConfigError} As {@linkcode IniDocument.parse}.
 */
export function parseIniTable(text: string): IniTable {
  const dialect = readIniSections(text);
  return [...readCanonical(dialect.values())].map(([name, values]) => {
    const section = dialect.get(name);
    const options = [...values].map(([key, value]) => {
      return { key, value, line: section?.options.get(key)?.line ?? 0 };
    });
    return [name, section?.line ?? 0, options];
  });
}
