import type { FormatParts } from "./format_parts.ts";
import { compilePercentStyle } from "./percent_style.ts";
import { pythonError } from "../python/py_repr.ts";
import { Recent } from "../text/recent.ts";
import { compileStrFormatStyle } from "./str_format_style.ts";
import { compileStringTemplateStyle } from "./string_template_style.ts";

/**
 * How a format names its fields: `%(message)s`, `{message}` or `${message}`.
 *
 * @example
 * ```ts
 * import { Formatter, type Style } from "@logdial/logging";
 *
 * const style: Style = "{";
 * const formatter = new Formatter("{message}", undefined, style);
 * ```
 */
export type Style = "%" | "{" | "$";

/** The format of each style that an empty format stands for. */
export const DEFAULT_FORMATS: Readonly<Record<Style, string>> = {
  "%": "%(message)s",
  "{": "{message}",
  "$": "${message}",
};

const COMPILERS: Readonly<Record<Style, (format: string, validate: boolean) => FormatParts>> = {
  "%": compilePercentStyle,
  "{": compileStrFormatStyle,
  "$": compileStringTemplateStyle,
};

const VALIDATED = recentByStyle(), UNVALIDATED = recentByStyle();

/**
 * Compiles the format of a `Formatter`.
 *
 * Throws only what CPython's `validate()` refuses; other defects throw when a record is
 * formatted.
 *
 * @throws {Error} Named `ValueError`, with CPython's message.
 */
export function compileFormat(format: string, style: Style, validate = true): FormatParts {
  if (!Object.hasOwn(COMPILERS, style)) {
    throw pythonError("ValueError", `Style must be one of: ${Object.keys(COMPILERS).join(",")}`);
  }
  const compile = () => COMPILERS[style](format || DEFAULT_FORMATS[style], validate);
  return (validate ? VALIDATED : UNVALIDATED)[style].get(format, compile);
}

function recentByStyle(): Readonly<Record<Style, Recent<FormatParts>>> {
  return { "%": new Recent(), "{": new Recent(), "$": new Recent() };
}
