import type { CompiledFormat } from "./compiled_format.ts";
import { compilePercentStyle } from "./percent_style.ts";
import { pyRepr, pythonError } from "./py_repr.ts";
import { Recent } from "./recent.ts";
import { compileStrFormatStyle } from "./str_format_style.ts";
import { compileStringTemplateStyle } from "./string_template_style.ts";

export type { CompiledFormat, FieldGetter, FieldPart } from "./compiled_format.ts";

/** How a format names its fields: `%(message)s`, `{message}` or `${message}`. */
export type Style = "%" | "{" | "$";

/** What fields are read from. */
export type FieldSource = Readonly<Record<string, unknown>>;

/** Reads a field of a record; throws an error named `KeyError` if there is none. */
export type FieldReader = (record: FieldSource, name: string) => unknown;

/** The format of each style that an empty format stands for. */
export const DEFAULT_FORMATS: Readonly<Record<Style, string>> = {
  "%": "%(message)s",
  "{": "{message}",
  "$": "${message}",
};

const COMPILERS: Readonly<Record<Style, (format: string, validate: boolean) => CompiledFormat>> = {
  "%": compilePercentStyle,
  "{": compileStrFormatStyle,
  "$": compileStringTemplateStyle,
};

const COMPILED = new Recent<CompiledFormat>();

/**
 * Compiles the format of a `Formatter`.
 *
 * Throws only what CPython's `validate()` refuses; other defects throw when a record is
 * formatted.
 *
 * @throws {Error} Named `ValueError`, with CPython's message.
 */
export function compileFormat(format: string, style: Style, validate = true): CompiledFormat {
  if (!Object.hasOwn(COMPILERS, style)) {
    throw pythonError("ValueError", `Style must be one of: ${Object.keys(COMPILERS).join(",")}`);
  }
  const compile = () => COMPILERS[style](format || DEFAULT_FORMATS[style], validate);
  return COMPILED.get(`${style} ${validate} ${format}`, compile);
}

/** Reads a record's own property of that name. */
export function readField(record: FieldSource, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name];
  throw pythonError("KeyError", pyRepr(name));
}
