import type { OptionRule } from "../core/errors/check_options.ts";
import { checkLevel } from "../core/levels/levels.ts";
import { pyStr } from "../core/python/py_repr.ts";
import { reasonOf, thrownText } from "../core/values/thrown.ts";

/** Values or messages that a filter tells apart; of more, those that came first are forgotten. */
export const MOST_KEYS = 1000;
/** Characters of a value that count. */
const LONGEST_KEY = 1000;

/** A number above 0. */
export const isPositive: OptionRule = (value) =>
  typeof value === "number" && value > 0 && Number.isFinite(value) ? undefined : "a number above 0";

/** A level by name or number. */
export const isLevel: OptionRule = (value) => {
  try {
    checkLevel(value);
    return undefined;
  } catch (error) {
    return `a level: ${reasonOf(error)}`;
  }
};

/** A value as text, to know it again; of one that cannot be read, what it throws. */
export function keyText(value: unknown): string {
  try {
    return pyStr(value).slice(0, LONGEST_KEY);
  } catch (error) {
    return `[throws: ${thrownText(error)}]`;
  }
}
