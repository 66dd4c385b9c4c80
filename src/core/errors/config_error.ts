/**
 * Where in a configuration an error was found.
 *
 * @example
 * ```ts
 * import { ConfigError, type ConfigErrorOptions } from "@logdial/logging";
 *
 * const place: ConfigErrorOptions = { section: "handler_console", key: "class", line: 13 };
 * console.log(new ConfigError("Cannot find the class", place).message);
 * ```
 */
export interface ConfigErrorOptions {
  /** Section of the INI text, or dotted path in the dict, e.g. `handler_console` or `handlers.console`. */
  section?: string;
  /** Option name inside the section. */
  key?: string;
  /** 1-based line of the text, INI or JSON. */
  line?: number;
  /** 1-based column in that line, in code points. */
  column?: number;
  /** The error that led to this one. */
  cause?: unknown;
}

/**
 * A configuration was refused; nothing of it was applied.
 *
 * CPython raises `RuntimeError`, `ValueError`, `KeyError` or a `configparser.Error`
 * for the same, without a place.
 *
 * @example
 * ```ts
 * import { ConfigError, fileConfig } from "@logdial/logging";
 *
 * try {
 *   fileConfig("[loggers]\nkeys=app\n");
 * } catch (error) {
 *   if (error instanceof ConfigError) console.log(error.section, error.key, error.line);
 * }
 * ```
 */
export class ConfigError extends Error {
  /** `ConfigError`. */
  override readonly name = "ConfigError";
  /** What is wrong, without the place. */
  readonly reason: string;
  /** Section of the INI text, or dotted path in the dict. */
  readonly section: string | undefined;
  /** Option name inside the section. */
  readonly key: string | undefined;
  /** 1-based line of the text, INI or JSON. */
  readonly line: number | undefined;
  /** 1-based column in that line, in code points. */
  readonly column: number | undefined;

  /** Builds the message from the reason and the place. */
  constructor(reason: string, options: ConfigErrorOptions = {}) {
    super(reason + place(options), { cause: options.cause });
    this.reason = reason;
    this.section = options.section;
    this.key = options.key;
    this.line = options.line;
    this.column = options.column;
  }

  /**
   * The same error with the place where it was found.
   *
   * @internal
   */
  at(place: ConfigErrorOptions): ConfigError {
    return new ConfigError(this.reason, { ...place, cause: this.cause });
  }
}

function place({ section, key, line, column }: ConfigErrorOptions): string {
  const parts = [];
  if (section !== undefined) parts.push(`section [${section}]`);
  if (key !== undefined) parts.push(`key "${key}"`);
  if (line !== undefined) parts.push(`line ${line}`);
  if (column !== undefined) parts.push(`column ${column}`);
  return parts.length > 0 ? ` (${parts.join(", ")})` : "";
}
