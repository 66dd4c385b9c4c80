import { FOREIGN_LEVELS } from "./back/foreign_levels.ts";
import { ABOVE_ALL } from "../core/levels/above_all.ts";
import { between, LevelMap } from "./level_map.ts";

/** Levels that each logger of pino's has, unless the program has told it not to. */
const USUAL = /^(trace|debug|info|warn|error|fatal)$/;
/** The highest number for levels that cannot keep the numbers of the known ones. */
const UP_TO = 50;

/** The number that a level of pino's should have, and whether it can have no other. */
interface Wish {
  readonly number: number;
  readonly isFixed: boolean;
}

/**
 * The map of pino's levels and of those that a program has added, or has in their place. Two levels
 * never get the same number, and all are below {@linkcode ABOVE_ALL}.
 */
export function pinoLevelMap(
  values: Readonly<Record<string, number>>,
  passes: (level: number, from: number) => boolean = (level, from) => level >= from,
): LevelMap {
  const order = (a: number, b: number) => a === b ? 0 : passes(a, b) ? 1 : -1;
  const names = Object.keys(values).sort((a, b) => order(values[a]!, values[b]!));
  const numbers = place(wishesOf(names, values, passes)) ?? spread(names.length);
  let at = -1;
  const own = names.map((name, index) => {
    if (index === 0 || values[name] !== values[names[index - 1]!]) at++;
    return [name, numbers[at]!] as const;
  });
  return new LevelMap(names, new Map(own));
}

/** The wish of each level, from the least severe on; names with the same value are one level. */
function wishesOf(
  names: readonly string[],
  values: Readonly<Record<string, number>>,
  passes: (level: number, from: number) => boolean,
): Wish[] {
  const hasAll = values.info === 30 && values.debug === 20 && values.fatal === 60;
  const isUsual = hasAll && passes(60, 20);
  const known = names.map((name) =>
    isUsual && !USUAL.test(name) ? undefined : FOREIGN_LEVELS.get(name.toLowerCase())
  );
  const wishes = new Map<number, Wish>();
  for (const [at, name] of names.entries()) {
    const value = values[name]!, number = known[at];
    if (number !== undefined) wishes.set(value, { number, isFixed: true });
    else if (!wishes.has(value)) {
      wishes.set(value, { number: isUsual ? ours(value) : between(known, at), isFixed: false });
    }
  }
  return [...wishes.values()];
}

/** Numbers that rise from level to level; undefined if there is no room for that. */
function place(wishes: readonly Wish[]): number[] | undefined {
  const numbers: number[] = [];
  let last = 0;
  for (const [at, { number, isFixed }] of wishes.entries()) {
    // The levels that follow need room below the next fixed one.
    let most = ABOVE_ALL - (wishes.length - at);
    for (const [later, wish] of wishes.entries()) {
      if (later >= at && wish.isFixed) most = Math.min(most, wish.number - (later - at));
    }
    last = isFixed ? number : Math.max(last + 1, Math.min(number, most));
    if (last > most || last <= (numbers.at(-1) ?? 0)) return undefined;
    numbers.push(last);
  }
  return numbers;
}

/** Numbers for so many levels, at the same distance. */
function spread(count: number): number[] {
  const step = Math.max(1, Math.floor(UP_TO / count));
  return Array.from({ length: count }, (_, at) => step * (at + 1));
}

/** Our number for a number of pino's; below `debug` there are only half as many. */
function ours(value: number): number {
  return Math.max(1, Math.round(value >= 20 ? value - 10 : value / 2));
}
