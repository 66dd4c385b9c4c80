import { quote } from "../errors/quote.ts";
import { didYouMean, suggestOrList } from "../errors/suggest.ts";
import { turnSignal } from "./signal.ts";

/**
 * Level of errors that may end the program.
 *
 * @example
 * ```ts
 * import { CRITICAL, getLogger } from "@logdial/logging";
 *
 * getLogger("app").setLevel(CRITICAL);
 * ```
 */
export const CRITICAL = 50;
/**
 * Another word for {@linkcode CRITICAL}.
 *
 * @example
 * ```ts
 * import { FATAL, getLogger } from "@logdial/logging";
 *
 * getLogger("app").setLevel(FATAL);
 * ```
 */
export const FATAL: number = CRITICAL;
/**
 * Level of failures that the program survives.
 *
 * @example
 * ```ts
 * import { ERROR, getLogger } from "@logdial/logging";
 *
 * getLogger("app").setLevel(ERROR);
 * ```
 */
export const ERROR = 40;
/**
 * Level of what looks wrong but did not fail; the root logger's first level.
 *
 * @example
 * ```ts
 * import { getLogger, WARNING } from "@logdial/logging";
 *
 * getLogger("app").setLevel(WARNING);
 * ```
 */
export const WARNING = 30;
/**
 * Another word for {@linkcode WARNING}.
 *
 * @example
 * ```ts
 * import { getLogger, WARN } from "@logdial/logging";
 *
 * getLogger("app").setLevel(WARN);
 * ```
 */
export const WARN: number = WARNING;
/**
 * Level of what a service reports while all is well.
 *
 * @example
 * ```ts
 * import { getLogger, INFO } from "@logdial/logging";
 *
 * getLogger("app").setLevel(INFO);
 * ```
 */
export const INFO = 20;
/**
 * Level of what only someone hunting a fault wants to read.
 *
 * @example
 * ```ts
 * import { DEBUG, getLogger } from "@logdial/logging";
 *
 * getLogger("app").setLevel(DEBUG);
 * ```
 */
export const DEBUG = 10;
/**
 * No level of its own: a logger asks its parent, a handler takes everything.
 *
 * @example
 * ```ts
 * import { getLogger, NOTSET } from "@logdial/logging";
 *
 * getLogger("app.db").setLevel(NOTSET); // from here on it has the level of "app"
 * ```
 */
export const NOTSET = 0;

/**
 * A level: a whole number, or one of the registered names in their exact spelling.
 *
 * @example
 * ```ts
 * import { getLogger, type Level } from "@logdial/logging";
 *
 * function turn(level: Level) {
 *   getLogger("app").setLevel(level);
 * }
 * turn("DEBUG");
 * turn(10);
 * ```
 */
export type Level = number | string;

const nameOf = new Map<number, string>([
  [CRITICAL, "CRITICAL"],
  [ERROR, "ERROR"],
  [WARNING, "WARNING"],
  [INFO, "INFO"],
  [DEBUG, "DEBUG"],
  [NOTSET, "NOTSET"],
]);

/**
 * Names of the levels that there are before a program names its own.
 *
 * @internal
 */
export type LevelName =
  | "CRITICAL"
  | "FATAL"
  | "ERROR"
  | "WARN"
  | "WARNING"
  | "INFO"
  | "DEBUG"
  | "NOTSET";

/** The numbers of the standard levels, by name. */
export const STANDARD_LEVELS: Readonly<Record<LevelName, number>> = {
  CRITICAL,
  FATAL,
  ERROR,
  WARN,
  WARNING,
  INFO,
  DEBUG,
  NOTSET,
};

const numberOf = new Map<string, number>(Object.entries(STANDARD_LEVELS));

/**
 * Gives a level number a name, for `%(levelname)s` and for configurations
 * (`logging.addLevelName`).
 *
 * Differs from CPython: that takes anything for either, and fails where levels are compared.
 *
 * @throws {TypeError} A level that is not a whole number, or a name that is not a text.
 *
 * @example
 * ```ts
 * import { addLevelName, getLogger } from "@logdial/logging";
 *
 * addLevelName(5, "TRACE");
 * getLogger("app").setLevel("TRACE");
 * ```
 */
export function addLevelName(level: number, name: string): void {
  if (!Number.isSafeInteger(level)) {
    throw new TypeError(`Cannot name level ${quote(level)}: it must be a whole number`);
  }
  if (typeof name !== "string") {
    throw new TypeError(`Cannot name level ${level} ${quote(name)}: a name must be a text`);
  }
  nameOf.set(level, name);
  numberOf.set(name, level);
  // Names of levels are told from outside, and kept until something changes.
  turnSignal();
}

/**
 * The name of a level number, or the number of a level name; `Level X` for an X that is not known
 * (`logging.getLevelName`).
 *
 * @example
 * ```ts
 * import { getLevelName } from "@logdial/logging";
 *
 * console.log(getLevelName(20), getLevelName("INFO"), getLevelName(25)); // INFO 20 Level 25
 * ```
 */
export function getLevelName(level: number): string;
/** The number of a level name; `Level X` for a name X that is not known. */
export function getLevelName(level: Level): Level;
export function getLevelName(level: Level): Level {
  const known = typeof level === "number" ? nameOf.get(level) : numberOf.get(level);
  return known ?? `Level ${level}`;
}

/**
 * A copy of the mapping from names to numbers (`logging.getLevelNamesMapping`).
 *
 * @example
 * ```ts
 * import { getLevelNamesMapping } from "@logdial/logging";
 *
 * console.log(Object.keys(getLevelNamesMapping()));
 * ```
 */
export function getLevelNamesMapping(): Record<string, number> {
  return Object.fromEntries(numberOf);
}

/**
 * The number of a level given either way (`logging._checkLevel`).
 *
 * @throws {RangeError} An unknown name; numeric text counts as one.
 * @throws {TypeError} Neither a whole number nor a string.
 */
export function checkLevel(level: unknown): number {
  if (typeof level === "number" && Number.isSafeInteger(level)) return level;
  // JSON from Python may have `true` for a level, which is an int there.
  if (typeof level === "boolean") return Number(level);
  if (typeof level !== "string") {
    throw new TypeError(`Cannot use level ${quote(level)}: it must be a whole number or a name`);
  }
  const known = numberOf.get(level);
  if (known === undefined) {
    throw new RangeError(`unknown level "${level}"${levelHint(level)}`);
  }
  return known;
}

/**
 * A level as it is told, for who sends it back: `Level 15` is the number of one without a name, as
 * {@linkcode getLevelName} has it. All else stays as it is.
 *
 * @internal
 */
export function levelToSend(level: Level): Level {
  const told = typeof level === "string" ? /^level (-?\d+)$/i.exec(level) : null;
  const number = Number(told?.[1]);
  return Number.isSafeInteger(number) ? number : level;
}

/** Most names of levels of the program's own that are told, and most characters of each. */
const MAX_OWN = 100;

/**
 * The names that the program has given to levels, with their numbers; undefined if there are none.
 *
 * @internal
 */
export function levelsOfProgram(): Readonly<Record<string, number>> | undefined {
  const own = [...numberOf].filter(([name, level]) =>
    name.length <= MAX_OWN && STANDARD_LEVELS[name as LevelName] !== level
  );
  return own.length === 0 ? undefined : Object.fromEntries(own.slice(0, MAX_OWN));
}

/**
 * The known name of a level for a name in capitals, since commands send in capitals what people type
 * in small letters: the same name, or the only one that differs in letter case; else undefined.
 *
 * @internal
 */
export function inAnyCase(
  name: string,
  names: Iterable<string> = numberOf.keys(),
): string | undefined {
  const same: string[] = [];
  for (const one of names) {
    if (one === name) return name;
    if (one.toUpperCase() === name) same.push(one);
  }
  return same.length === 1 ? same[0] : undefined;
}

function levelHint(level: string): string {
  const exact = level.trim().toUpperCase();
  if (numberOf.has(exact)) return `, ${didYouMean(exact)}`;
  return `, ${suggestOrList(level, [...numberOf.keys()])}`;
}
