import { suggestOrList } from "../../core/errors/suggest.ts";
import { ABOVE_ALL } from "../../core/levels/above_all.ts";
import { FOREIGN_LEVELS } from "./foreign_levels.ts";

/** pino's levels from the least severe on, with its numbers. */
const NUMBERS = new Map([
  ["trace", 10],
  ["debug", 20],
  ["info", 30],
  ["warn", 40],
  ["error", 50],
  ["fatal", 60],
]);
const NAMES = [...NUMBERS.keys()];
/** pino's name and number for the level at which nothing is logged. */
const SILENT = "silent", SILENT_NUMBER = Infinity;

/** pino's property `levels`: names by number, and numbers by name; `silent` is not enumerable. */
export const PINO_LEVELS: {
  readonly labels: Readonly<Record<number, string>>;
  readonly values: Readonly<Record<string, number>>;
} = {
  labels: withHidden(Object.fromEntries(NAMES.map((name) => [NUMBERS.get(name)!, name])), [
    SILENT_NUMBER,
    SILENT,
  ]),
  values: withHidden(Object.fromEntries(NUMBERS), [SILENT, SILENT_NUMBER]),
};

/** Our number for a level of pino's, by its name or its number; undefined if it is unknown. */
export function pinoLevel(level: unknown): number | undefined {
  if (level === SILENT || level === SILENT_NUMBER) return ABOVE_ALL;
  const name = typeof level === "number" ? PINO_LEVELS.labels[level] : level;
  return typeof name === "string" && NUMBERS.has(name) ? FOREIGN_LEVELS.get(name) : undefined;
}

/**
 * Our number of a level that a program wants.
 *
 * @throws {RangeError} The level is unknown.
 */
export function requirePinoLevel(level: unknown): number {
  const number = pinoLevel(level);
  if (number !== undefined) return number;
  const text = String(level);
  throw new RangeError(`Cannot use level "${text}": ${suggestOrList(text, [...NAMES, SILENT])}`);
}

/** pino's name of the lowest of its levels that a threshold of ours lets pass. */
export function pinoName(threshold: number): string {
  return NAMES.find((name) => FOREIGN_LEVELS.get(name)! >= threshold) ?? SILENT;
}

/** Our number of any number of pino's: a level of a program's own lies between the same two. */
export function fromPinoNumber(number: number): number {
  return Math.round(number < 20 ? number / 2 : number - 10);
}

function withHidden<Key extends string | number, Value>(
  table: Record<Key, Value>,
  [key, value]: readonly [Key, Value],
): Record<Key, Value> {
  return Object.defineProperty(table, key, { value });
}
