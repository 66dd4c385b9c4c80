import { ConfigError } from "../errors/config_error.ts";
import { Handler } from "../handlers/handler.ts";
import { NOTSET } from "../levels/levels.ts";
import type { Logger } from "./logger.ts";
import { getOpening, getTurned, levelSource, TURNED_LEVEL } from "./logger_node.ts";

/** The library that writes the lines of a bridged logger. */
export interface Bridged {
  /** Name of the library. */
  readonly kind: string;
  /** Where the library's lines come out. */
  readonly outlets: () => readonly Handler[];
}

/**
 * The level that one logger of a library has. Several loggers of libraries may stand behind one
 * logger of the tree: two that are bridged to one name, or children that name the same part of a
 * program. The logger of the tree has the level that all of them have, and none if they disagree:
 * then each goes on with its own level, until somebody turns the logger.
 */
export interface LevelWord {
  /** The logger of the tree. */
  readonly logger: Logger;
  /** Level number; NOTSET to take that of {@linkcode LevelWord.above}. */
  level: number;
  /** The word of its parent in the library, which counts unless the tree hands another level down. */
  above?: LevelWord | undefined;
  /** Whether it counts even if the logger is turned, since it has no logger of its own in the tree. */
  readonly isFixed?: boolean;
}

interface Bridge extends Bridged {
  /** How many bridges the logger has. */
  count: number;
  readonly words: Set<LevelWord>;
  /** The level that the logger was given for its words, NOTSET for none. */
  given: number;
}

/** Bridged loggers. */
const BRIDGED = new WeakMap<Logger, Bridge>();

/**
 * The level that a logger had from its library when somebody turned it, if the library has taken
 * another level since, or the bridge was undone: logging states of that time still hold it.
 */
const STALE = new WeakMap<Logger, number>();

/** Stands for a library's output if its places are not known: it takes all that the logger passes. */
class LibraryOutput extends Handler {
  constructor(kind: string) {
    super();
    this.name = kind;
  }

  emit(): void {}

  override toString(): string {
    return `the output of ${this.name} ()`;
  }
}

/**
 * Marks a logger as one whose lines a library writes; returns a function that undoes this.
 *
 * @throws {ConfigError} Another library writes them.
 */
export function markBridged(
  logger: Logger,
  kind: string,
  outlets?: () => readonly Handler[],
): () => void {
  const known = BRIDGED.get(logger);
  if (known !== undefined && known.kind !== kind) {
    throw new ConfigError(
      `Cannot bridge ${kind} to logger "${logger.name}": ${known.kind} is, give another name`,
    );
  }
  const output = [new LibraryOutput(kind)];
  const bridged = known ??
    { kind, outlets: outlets ?? (() => output), count: 0, words: new Set(), given: NOTSET };
  bridged.count++;
  BRIDGED.set(logger, bridged);
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    if (--bridged.count === 0) BRIDGED.delete(logger);
  };
}

/** Adds a word to those that give its logger a level, unless the logger has another level already. */
export function addWord(word: LevelWord): void {
  const bridged = BRIDGED.get(word.logger);
  bridged?.words.add(word);
  settle(word.logger, bridged);
}

/** Removes a word from those that give its logger a level. */
export function removeWord(word: LevelWord): void {
  const bridged = BRIDGED.get(word.logger);
  if (bridged?.words.delete(word)) settle(word.logger, bridged);
}

/**
 * Gives a word the level that the program has set by its library. The logger gets that level, as by
 * `setLevel`, whatever level it has, unless other words of the logger disagree.
 */
export function changeWord(word: LevelWord, level: number): void {
  const { logger } = word, bridged = BRIDGED.get(logger);
  word.level = level;
  if (word.isFixed || bridged === undefined) return;
  bridged.words.add(word);
  if ([...bridged.words].some((other) => other.level !== level)) return settle(logger, bridged);
  bridged.given = level;
  STALE.delete(logger);
  logger.setLevel(level);
}

/**
 * The level that counts for the library's logger behind a word; undefined if that of the logger in
 * the tree counts, such as when somebody has turned it.
 */
export function wordInForce(word: LevelWord): number | undefined {
  const { logger, level, above, isFixed } = word;
  if (!isFixed && isTurned(logger)) return undefined;
  if (level !== NOTSET) return level;
  if (above === undefined) return undefined;
  if (isFixed) return wordInForce(above);
  const source = setBetween(logger, above.logger);
  // The tree hands down levels that somebody has set between the two, or on the one above.
  if (source.isTurned) return undefined;
  if (!source.isOnWay && !above.isFixed) return undefined;
  const inForce = wordInForce(above), given = levelSource<Logger>(above.logger);
  return inForce ?? (isTurned(given) ? undefined : given.level);
}

/**
 * Looks at the loggers between a logger and one above it: whether somebody has turned one of them
 * (`isTurned`), and whether one of them hands down a level of its own (`isOnWay`), such as a part
 * whose name happens to lie between, since names may have dots.
 */
function setBetween(logger: Logger, above: Logger): { isTurned: boolean; isOnWay: boolean } {
  let isOnWay = false;
  for (let at = levelSource<Logger>(logger); at !== above; at = levelSource<Logger>(at.parent)) {
    isOnWay = true;
    const isBetween = at.name.startsWith(`${above.name}.`);
    if (isBetween && isTurned(at)) return { isTurned: true, isOnWay };
    if (!isBetween || at.parent === undefined) break;
  }
  return { isTurned: false, isOnWay };
}

/** Gives a logger the level on which its words agree; if it is turned, it gets that level later. */
function settle(logger: Logger, bridged: Bridge | undefined): void {
  if (bridged === undefined) return;
  const [first = NOTSET, ...others] = [...bridged.words].map(({ level }) => level);
  const level = others.some((other) => other !== first) ? NOTSET : first;
  if (isTurned(logger)) {
    if (level !== bridged.given && !STALE.has(logger)) STALE.set(logger, bridged.given);
    bridged.given = level;
    return;
  }
  STALE.delete(logger);
  if (level === bridged.given) return;
  bridged.given = level;
  logger.setLevel(level);
}

/** Whether a logger has a level that its library has not given it; it may be the same as that. */
function isTurned(logger: Logger): boolean {
  return logger.level !== (BRIDGED.get(logger)?.given ?? NOTSET) ||
    (getTurned<Logger>(logger) & TURNED_LEVEL) !== 0 ||
    getOpening<Logger>(logger) !== undefined;
}

/**
 * The level that a logger is to get where an earlier state says `level`. A logger that was bridged
 * while an override was in force gets the library's level, and one whose bridge was undone meanwhile
 * gets none.
 */
export function levelSince(logger: Logger, level: number): number {
  if (STALE.get(logger) !== level) return level;
  const bridged = BRIDGED.get(logger);
  if (bridged !== undefined) return bridged.given;
  STALE.delete(logger);
  return NOTSET;
}

/** The library that writes a logger's lines; undefined for logdial itself. */
export function bridgedBy(logger: Logger): Bridged | undefined {
  return BRIDGED.get(logger);
}

/** The places where lines of these loggers come out that libraries write. */
export function outletsOf(loggers: Iterable<Logger>): Handler[] {
  return [...loggers].flatMap((logger) => bridgedBy(logger)?.outlets() ?? []);
}
