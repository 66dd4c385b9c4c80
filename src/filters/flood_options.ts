import type { OptionRule } from "../core/errors/check_options.ts";
import { checkLevel } from "../core/levels/levels.ts";
import { pyStr } from "../core/python/py_repr.ts";
import { hashText } from "../core/text/hash_text.ts";
import { reasonOf, thrownText } from "../core/values/thrown.ts";

/** Most values or messages that a filter tells apart; beyond that it forgets the oldest. */
export const MOST_KEYS = 1000;
/** How many characters of a value are compared as they are, and the rest by its hash. */
const LONGEST_KEY = 1000;

/** The rule for a number above 0; undefined if the value keeps it. */
export const isPositive: OptionRule = (value) =>
  typeof value === "number" && value > 0 && Number.isFinite(value) ? undefined : "a number above 0";

/** The rule for a level by name or number; undefined if the value keeps it. */
export const isLevel: OptionRule = (value) => {
  try {
    checkLevel(value);
    return undefined;
  } catch (error) {
    return `a level: ${reasonOf(error)}`;
  }
};

/** A text by which to know a value again; if the value cannot be read, what it throws. */
export function keyText(value: unknown): string {
  try {
    const text = pyStr(value);
    return text.length <= LONGEST_KEY
      ? text
      : `${text.slice(0, LONGEST_KEY)} ${text.length} ${hashText(text)}`;
  } catch (error) {
    return `[throws: ${thrownText(error)}]`;
  }
}

/** Puts a key last into those that a filter tells apart; if there are too many, the first makes room. */
export function putLast<Value>(all: Map<string, Value>, key: string, value: Value): void {
  all.delete(key);
  if (all.size >= MOST_KEYS) all.delete(all.keys().next().value!);
  all.set(key, value);
}
