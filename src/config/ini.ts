import { readCanonical } from "./ini_canonical.ts";
import { DEFAULT_SECTION, type DialectSection, readDialect } from "./ini_dialect.ts";
import { interpolate } from "./interpolation.ts";

/** An option of an INI section, without interpolation. */
export interface IniOption {
  /** Name, in lower case. */
  readonly key: string;
  /** Value as written; the lines of a longer one are joined with `\n`. */
  readonly value: string;
  /** 1-based line of the option's name. */
  readonly line: number;
}

/**
 * Text in the dialect of Python's `ConfigParser`, as `logging.config.fileConfig` reads it.
 *
 * @example
 * ```ts
 * import { IniDocument } from "./ini.ts";
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
    const dialect = readDialect(text);
    const table = new Map<string, ReadonlyMap<string, IniOption>>();
    for (const [name, values] of readCanonical(dialect.values())) {
      table.set(name, withLines(values, dialect.get(name)));
    }
    const defaults = table.get(DEFAULT_SECTION) ?? new Map<string, IniOption>();
    const sections = new Map<string, IniSection>();
    for (const [name, options] of table) {
      if (name === DEFAULT_SECTION) continue;
      const line = dialect.get(name)?.line ?? 0;
      sections.set(name, new IniSection(name, line, options, defaults));
    }
    return new IniDocument(sections);
  }

  /** The section of that exact name. */
  get(section: string): IniSection | undefined {
    return this.sections.get(section);
  }
}

/** A section of an {@linkcode IniDocument}: its own options, and `[DEFAULT]`'s behind them. */
export class IniSection {
  /** Name as written between the brackets. */
  readonly name: string;
  /** 1-based line of the header. */
  readonly line: number;
  readonly #options: ReadonlyMap<string, IniOption>;

  /** Own options win over those of `[DEFAULT]`. */
  constructor(
    name: string,
    line: number,
    own: ReadonlyMap<string, IniOption>,
    defaults: ReadonlyMap<string, IniOption>,
  ) {
    this.name = name;
    this.line = line;
    const inherited = [...defaults].filter(([key]) => !own.has(key));
    this.#options = new Map([...own, ...inherited]);
  }

  /** Whether the section or `[DEFAULT]` has the option. */
  has(key: string): boolean {
    return this.#options.has(key.toLowerCase());
  }

  /** 1-based line of the option, which may be one of `[DEFAULT]`. */
  lineOf(key: string): number | undefined {
    return this.#options.get(key.toLowerCase())?.line;
  }

  /** The value without interpolation. */
  raw(key: string): string | undefined {
    return this.#options.get(key.toLowerCase())?.value;
  }

  /**
   * The value with `%(name)s` and `%%` expanded.
   *
   * @throws {ConfigError} If a reference is malformed, unknown or too deep.
   */
  value(key: string): string | undefined {
    const name = key.toLowerCase();
    const option = this.#options.get(name);
    if (option === undefined) return undefined;
    const scope = {
      section: this.name,
      lookUp: (key: string) => this.#options.get(key),
    };
    return interpolate(scope, name, option);
  }

  /** The names of the options, own ones first, then those only in `[DEFAULT]`. */
  keys(): Iterable<string> {
    return this.#options.keys();
  }

  /** The options without interpolation, own ones first, then those only in `[DEFAULT]`. */
  entries(): Iterable<IniOption> {
    return this.#options.values();
  }
}

function withLines(
  values: ReadonlyMap<string, string>,
  section: DialectSection | undefined,
): Map<string, IniOption> {
  const options = new Map<string, IniOption>();
  for (const [key, value] of values) {
    options.set(key, {
      key,
      value,
      line: section?.options.get(key)?.line ?? 0,
    });
  }
  return options;
}
