import { quote } from "./quote.ts";
import { suggestOrList } from "./suggest.ts";

/** Says what a value must be, as `a text`, or nothing if it is that. */
export type OptionRule = (value: unknown) => string | undefined;

/** A rule for each option, none forgotten. */
export type OptionRules<T> = { readonly [K in keyof Required<T>]: OptionRule };

/**
 * Checks the options of a function as it is called, since nobody else does in JavaScript:
 * one that is misspelt must not count as one that is left out.
 *
 * @throws {TypeError} Something else than options, an unknown one, or a value of another type.
 * @throws {RangeError} A number that is out of range.
 */
export function checkOptions<T>(where: string, options: T, rules: OptionRules<T>): void {
  const known = Object.keys(rules);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`Cannot use ${quote(options)} as options of ${where}: give an object`);
  }
  // Inherited ones are read as well.
  for (const name in options) {
    if (!Object.hasOwn(rules, name)) {
      throw new TypeError(
        `Cannot use option "${name}" of ${where}: it is unknown, ${suggestOrList(name, known)}`,
      );
    }
    const value: unknown = options[name];
    const rule = value === undefined ? undefined : rules[name](value);
    if (rule === undefined) continue;
    const reason = `Cannot use option "${name}" of ${where}, ${quote(value)}: it must be ${rule}`;
    throw typeof value === "number" ? new RangeError(reason) : new TypeError(reason);
  }
}

/** A text, maybe an empty one. */
export function isText(value: unknown): string | undefined {
  return typeof value === "string" ? undefined : "a text";
}

/** A text that says something. */
export function isFilledText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? undefined : "a text that is not empty";
}

/** Yes or no. */
export function isBoolean(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "true or false";
}

/** A function. */
export function isFunction(value: unknown): string | undefined {
  return typeof value === "function" ? undefined : "a function";
}

/** A whole number within bounds. */
export function isWholeNumber(least: number, most: number): OptionRule {
  return (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `a whole number, ${least} to ${most}`;
}
