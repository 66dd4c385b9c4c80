import { ConfigError } from "../errors/config_error.ts";
import { Handler } from "../handlers/handler.ts";
import { NOTSET } from "../levels/levels.ts";
import type { Logger } from "./logger.ts";
import { getOpening, levelSource } from "./logger_node.ts";

/** What stands behind a logger whose lines another library writes. */
export interface Bridged {
  /** Name of the library. */
  readonly kind: string;
  /** Where the library's lines come out. */
  readonly outlets: () => readonly Handler[];
}

/**
 * What one logger of a library has said of its level. Several may stand behind one logger of the
 * tree: two that are bridged to one name, or children that name the same part of a program. That
 * logger has the level that all of them have said, and none if they disagree. Each goes on with its
 * own then, until somebody turns the logger.
 */
export interface LevelWord {
  /** The logger of the tree. */
  readonly logger: Logger;
  /** NOTSET to ask above. */
  level: number;
  /** What stands above it in the library, whose word counts where the tree does not hand it down. */
  above?: LevelWord | undefined;
  /** Whether it counts however the logger is turned, since its own logger is not to be had. */
  readonly isFixed?: boolean;
}

interface Bridge extends Bridged {
  /** How many bridges the logger has. */
  count: number;
  readonly words: Set<LevelWord>;
  /** The level that the logger was given for them, NOTSET for none. */
  given: number;
}

/** Bridged loggers. */
const BRIDGED = new WeakMap<Logger, Bridge>();

/**
 * The level that a logger had for its library when somebody turned it, where the library has said
 * another since, or its bridge is undone: states of that time still hold it.
 */
const STALE = new WeakMap<Logger, number>();

/** What a library writes to, as far as it is known: all that its logger lets pass. */
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
 * Says that a library writes the lines of a logger; the function that is given back takes that back.
 *
 * @throws {ConfigError} Another library does.
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

/** Counts a word among those that give its logger a level, unless that has another one. */
export function addWord(word: LevelWord): void {
  const bridged = BRIDGED.get(word.logger);
  bridged?.words.add(word);
  settle(word.logger, bridged);
}

/** Counts a word no more. */
export function removeWord(word: LevelWord): void {
  const bridged = BRIDGED.get(word.logger);
  if (bridged?.words.delete(word)) settle(word.logger, bridged);
}

/**
 * Takes a new level that the program has given by its library: it counts whatever the logger has,
 * as `setLevel` does, unless others of its name say otherwise.
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
 * The level that counts for whoever has said a word; undefined for that of the logger in the tree,
 * such as when somebody has turned it.
 */
export function wordInForce(word: LevelWord): number | undefined {
  const { logger, level, above, isFixed } = word;
  if (!isFixed && isTurned(logger)) return undefined;
  if (level !== NOTSET) return level;
  if (above === undefined) return undefined;
  if (isFixed) return wordInForce(above);
  const source = setBetween(logger, above.logger);
  // Levels that somebody has set between the two, or that of the one above, the tree hands down.
  if (source.isTurned) return undefined;
  if (!source.isOnWay && !above.isFixed) return undefined;
  const inForce = wordInForce(above), given = levelSource<Logger>(above.logger);
  return inForce ?? (isTurned(given) ? undefined : given.level);
}

/**
 * What lies between a logger and one above it: whether somebody has turned one there, and else
 * whether the tree hands down something other than the level of that above, such as that of another
 * part, since names may have dots.
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

/** Gives a logger the level that its libraries agree on, or has it have that once it may. */
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

/** Whether a logger has a level that its library has not given it. */
function isTurned(logger: Logger): boolean {
  return logger.level !== (BRIDGED.get(logger)?.given ?? NOTSET) ||
    getOpening<Logger>(logger) !== undefined;
}

/**
 * The level that a logger is to have where a state of before says `level`: one whose library was
 * bridged while an override was in force goes on with the library's, and one whose bridge was undone
 * meanwhile with none.
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

/** Where the lines of all those come out that are among these loggers. */
export function outletsOf(loggers: Iterable<Logger>): Handler[] {
  return [...loggers].flatMap((logger) => bridgedBy(logger)?.outlets() ?? []);
}
