import { addLevelName, getLevelName, type Level } from "../core/levels/levels.ts";
import { FOREIGN_LEVELS, TRACE } from "./back/foreign_levels.ts";

/**
 * Levels of a library and level numbers of ours: `trace` is 5, `debug` DEBUG, `fatal` CRITICAL, and
 * so on; one of another name lies between its neighbours.
 *
 * @internal
 */
export class LevelMap {
  readonly #numbers = new Map<string, number>();
  /** Names from the least severe on. */
  readonly #names: readonly string[];

  /** Takes the names from the least severe on, and those that have a number of their own. */
  constructor(names: readonly string[], own: ReadonlyMap<string, number> = new Map()) {
    this.#names = names;
    const numbers = names.map((name) => own.get(name) ?? FOREIGN_LEVELS.get(name.toLowerCase()));
    for (const [at, name] of names.entries()) {
      this.#numbers.set(name, between(numbers, at));
    }
    // A number without a name gets the library's name for it.
    for (const [name, number] of this.#numbers) {
      if (!getLevelName(number).startsWith("Level ")) continue;
      // `ERROR` must not become another number for the whole program.
      const isKnown = FOREIGN_LEVELS.has(name.toLowerCase()) &&
        typeof getLevelName(name.toUpperCase() as Level) === "number";
      if (isKnown) continue;
      addLevelName(number, number === TRACE ? "TRACE" : name.toUpperCase());
    }
  }

  /** The number of a level; undefined for one that the library does not have. */
  numberOf(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  /** The least severe level of at least that number; undefined if there is none: all is off. */
  nameOf(number: number): string | undefined {
    return this.#names.find((name) => this.#numbers.get(name)! >= number);
  }
}

/** The number at a place; one that has none lies between its neighbours, or beyond the last. */
export function between(numbers: readonly (number | undefined)[], at: number): number {
  const own = numbers[at];
  if (own !== undefined) return own;
  let from = at, to = at;
  while (from >= 0 && numbers[from] === undefined) from--;
  while (to < numbers.length && numbers[to] === undefined) to++;
  const below = numbers[from], above = numbers[to];
  if (below === undefined && above === undefined) return 10 * (at + 1);
  if (below === undefined) return Math.max(1, Math.round(above! * (at + 1) / (to + 1)));
  if (above === undefined) return below + 10 * (at - from);
  return Math.round(below + (above - below) * (at - from) / (to - from));
}
