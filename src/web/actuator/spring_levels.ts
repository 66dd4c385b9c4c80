import { getLevelName, getLevelNamesMapping } from "../../core/levels/levels.ts";

/** Spring Boot's levels as the actuator lists them, and the numbers that stand for them here. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ["OFF", 1000],
  ["FATAL", 50],
  ["ERROR", 40],
  ["WARN", 30],
  ["INFO", 20],
  ["DEBUG", 10],
  ["TRACE", 5],
]);

/** The levels that can be set. */
export const SPRING_LEVELS: readonly string[] = [...NUMBERS.keys()];

/** The level that programs are sent for one of Spring's, in any letter case; undefined for others. */
export function levelOfSpring(name: string): string | number | undefined {
  const number = NUMBERS.get(name.toUpperCase());
  if (number === undefined) return undefined;
  const known = getLevelName(number);
  return Object.hasOwn(getLevelNamesMapping(), known) ? known : number;
}

/**
 * Spring's name for a level that a program has told. A level of the program's own keeps its name, as
 * custom levels do there; for a number it is the nearest level that shows no less.
 */
export function springLevel(level: string): string {
  const number = numberOf(level);
  if (number === undefined) return level;
  const below = [...NUMBERS].filter(([, one]) => one <= number);
  return below[0]?.[0] ?? "TRACE";
}

/** Which of two levels shows more; one that a program has made up counts as its lowest. */
export function moreTelling(a: string, b: string): string {
  return (numberOf(a) ?? 0) <= (numberOf(b) ?? 0) ? a : b;
}

function numberOf(level: string): number | undefined {
  const known = getLevelNamesMapping();
  const number = Object.hasOwn(known, level) ? known[level] : /^Level (-?\d+)$/.exec(level)?.[1];
  return number === undefined ? undefined : Number(number);
}
