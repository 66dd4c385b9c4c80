import { isGivenToAll } from "../values/is_given_to_all.ts";
import { quote } from "./quote.ts";
import { suggestOrList } from "./suggest.ts";

/** Checks a value: undefined if it is good, else what it must be, such as `a text`. */
export type OptionRule = (value: unknown) => string | undefined;

/** A rule for each option; the type has none left out. */
export type OptionRules<T> = { readonly [K in keyof Required<T>]: OptionRule };

/**
 * Checks the options of a function when it is called, for JavaScript, which has no types: an option
 * that is misspelt must not count as left out.
 *
 * @throws {TypeError} No object, an unknown option, or a value of another type.
 * @throws {RangeError} A number that is out of range.
 */
export function checkOptions<T>(where: string, options: T, rules: OptionRules<T>): void {
  const known = Object.keys(rules);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`Cannot use ${quote(options)} as options of ${where}: give an object`);
  }
  // `for in` also finds inherited options, which the function would read as well.
  for (const name in options) {
    if (!Object.hasOwn(rules, name)) {
      if (isGivenToAll(options, name)) continue;
      throw new TypeError(
        `Cannot use option "${name}" of ${where}: it is unknown, ${suggestOrList(name, known)}`,
      );
    }
    const value: unknown = options[name];
    const rule = value === undefined ? undefined : rules[name](value);
    if (rule === undefined) continue;
    const shown = SECRET_RULES.has(rules[name]) ? "" : `, ${quote(value)}`;
    const reason = `Cannot use option "${name}" of ${where}${shown}: it must be ${rule}`;
    throw typeof value === "number" && takesNumbers(rules[name])
      ? new RangeError(reason)
      : new TypeError(reason);
  }
}

/** Numbers of which each rule for numbers accepts one: parts, counts, levels, sizes. */
const NUMBERS = [0.5, 1, 10, 1000, 1 << 16];

/** Whether an option may be a number at all: one where a text belongs is of another type. */
function takesNumbers(rule: OptionRule): boolean {
  return NUMBERS.some((number) => rule(number) === undefined);
}

/** Rules for values that no error shows. */
const SECRET_RULES = new WeakSet<OptionRule>();

/** Makes a rule for a key or a password, which the error of a bad one does not show. */
export function secretRule(rule: OptionRule): OptionRule {
  const secret: OptionRule = (value) => rule(value);
  SECRET_RULES.add(secret);
  return secret;
}

/** Accepts a text, which may be empty. */
export function isText(value: unknown): string | undefined {
  return typeof value === "string" ? undefined : "a text";
}

/** Accepts a text that is not empty. */
export function isFilledText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? undefined : "a text that is not empty";
}

/** Accepts a key, as {@linkcode isFilledText} does a text. */
export const isKey: OptionRule = secretRule(isFilledText);

/** Accepts true and false. */
export function isBoolean(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "true or false";
}

/** Accepts a function. */
export function isFunction(value: unknown): string | undefined {
  return typeof value === "function" ? undefined : "a function";
}

/** Makes a rule that accepts whole numbers within bounds. */
export function isWholeNumber(least: number, most: number): OptionRule {
  return (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `a whole number, ${least} to ${most}`;
}
