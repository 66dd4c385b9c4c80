/**
 * Stands in for `@std/ini` 1.0.0-rc.9 on machines that reach npm but not JSR, where it
 * has no copy: its documented `parse` and `stringify`, written from the behaviour.
 * `tests/deps/ini_test.ts` holds the contract and runs against whichever of the two is in use.
 */

/** Replaces a value that was read. */
export type ReviverFunction = (
  key: string,
  value: string | number | boolean | null,
  section?: string,
) => unknown;

/** Options of `parse`. */
export interface ParseOptions {
  /** Called for every option; what it returns is the value. */
  reviver?: ReviverFunction;
}

/** Turns a value into the text that is written. */
export type ReplacerFunction = (
  key: string,
  value: unknown,
  section?: string,
) => string;

/** Options of `stringify`. */
export interface StringifyOptions {
  /**
   * Ends a line.
   *
   * @default {"\n"}
   */
  lineBreak?: "\n" | "\r\n" | "\r";
  /**
   * Blanks around `=`.
   *
   * @default {false}
   */
  pretty?: boolean;
  /** Called for every option; the default is `String`. */
  replacer?: ReplacerFunction;
}

/**
 * Reads `[section]` and `key=value` lines; `#`, `;` and `//` start a comment line.
 *
 * @throws {SyntaxError} With the number of the line that is none of these.
 */
export function parse<T extends object>(
  text: string,
  options: ParseOptions = {},
): T {
  const root: Record<string, unknown> = {};
  let target = root;
  let section: string | undefined;
  for (const [index, untrimmed] of text.split(/\r\n|\r|\n/).entries()) {
    const line = untrimmed.trim();
    if (line === "" || /^(?:#|;|\/\/)/.test(line)) continue;
    const place = `at line ${index + 1} of the INI text`;

    if (line.startsWith("[")) {
      if (!line.endsWith("]")) {
        throw new SyntaxError(`Unclosed section header ${place}`);
      }
      section = line.slice(1, -1);
      if (section.trim() === "") {
        throw new SyntaxError(`Empty section name ${place}`);
      }
      target = {};
      define(root, section, target);
      continue;
    }
    const equals = line.indexOf("=");
    if (equals < 0) {
      throw new SyntaxError(`Unexpected ${JSON.stringify(line[0])} ${place}`);
    }
    const key = line.slice(0, equals).trimEnd();
    if (key === "") throw new SyntaxError(`Empty key ${place}`);
    const value = typedValue(line.slice(equals + 1).trimStart());
    define(
      target,
      key,
      options.reviver ? options.reviver(key, value, section) : value,
    );
  }
  return root as T;
}

/** Defined, not assigned: a key may be `__proto__`. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function typedValue(text: string): string | number | boolean | null {
  if (text === "null") return null;
  if (text === "true" || text === "false") return text === "true";
  if (text.length > 1 && text.startsWith('"') && text.endsWith('"')) {
    return text.slice(1, -1);
  }
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

/** Prints `{section: {key: value}}`; options without a section come first. */
export function stringify(
  object: object,
  options: StringifyOptions = {},
): string {
  const {
    lineBreak = "\n",
    pretty = false,
    replacer = (_key, value) => `${value}`,
  } = options;
  const equals = pretty ? " = " : "=";
  const top: string[] = [];
  const sections: string[] = [];
  for (const [name, value] of Object.entries(object)) {
    if (Object.prototype.toString.call(value) !== "[object Object]") {
      top.push(`${name}${equals}${replacer(name, value)}`);
      continue;
    }
    sections.push(`[${name}]`);
    for (const [key, inner] of Object.entries(value)) {
      sections.push(`${key}${equals}${replacer(key, inner, name)}`);
    }
  }
  return [...top, ...sections].join(lineBreak);
}
