import { getLevelName, NOTSET } from "../../core/levels/levels.ts";
import { bridgedBy } from "../../core/loggers/bridged.ts";
import { getOpening } from "../../core/loggers/logger_node.ts";
import type { Logger } from "../../core/loggers/logger.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { ownTurns } from "../../core/levels/signal.ts";
import { toldName } from "../../wire/told_texts.ts";
import { levelIn, type Levels } from "../../wire/message.ts";

/** Most loggers whose levels are told. */
const MAX_LEVELS = 1000;

/**
 * Tells the levels of a tree of loggers; it reads them again only when one of them may have
 * changed.
 */
export class ToldLevels {
  readonly #manager: Manager;
  #all: Levels = {};
  #told: Levels = {};
  #opened: readonly string[] = [];
  #disabled: readonly string[] = [];
  #bridged: Readonly<Record<string, string>> | undefined = undefined;
  #turns = -1;
  #loggers = -1;

  /** Tells the levels of this manager's loggers. */
  constructor(manager: Manager) {
    this.#manager = manager;
  }

  /** Loggers whose level shows more than their handlers' levels do, as last told. */
  get opened(): readonly string[] {
    return this.#opened;
  }

  /** Loggers that are disabled, as last told. */
  get disabled(): readonly string[] {
    return this.#disabled;
  }

  /** Loggers whose lines another library writes, as last told; undefined if there are none. */
  get bridged(): Readonly<Record<string, string>> | undefined {
    return this.#bridged;
  }

  /** Level names of the root and of the loggers that have a level of their own, of the first ones. */
  tell(): Levels {
    this.#read();
    return this.#told;
  }

  /** Level names of all such loggers, to be compared with what they are later. */
  all(): Levels {
    this.#read();
    return this.#all;
  }

  #read(): void {
    const turns = ownTurns(), { size } = this.#manager.loggerDict;
    // A logger class of the program's own may set levels in its constructor, so the size counts too.
    if (turns === this.#turns && size === this.#loggers) return;
    const levels = new Map<string, number>();
    const opened: string[] = [], disabled: string[] = [], bridged: [string, string][] = [];
    for (const logger of this.#manager.loggers()) {
      const { name, level, disabled: isDisabled } = logger;
      if (isTold(name, level)) levels.set(name, level);
      if (opened.length < MAX_LEVELS && isOpened(logger)) opened.push(name);
      if (disabled.length < MAX_LEVELS && isDisabled) disabled.push(name);
      const kind = bridgedBy(logger)?.kind;
      if (bridged.length < MAX_LEVELS && kind !== undefined) bridged.push([name, kind]);
    }
    this.#all = levelNames(levels, Infinity);
    this.#told = levels.size > MAX_LEVELS ? levelNames(levels) : this.#all;
    this.#opened = opened;
    this.#disabled = disabled;
    this.#bridged = bridged.length === 0 ? undefined : Object.fromEntries(bridged);
    this.#turns = turns;
    this.#loggers = size;
  }
}

/** Levels before and after a change as they are told; if there are too many, those that differ. */
export function toldChange(previous: Levels, levels: Levels): { previous: Levels; levels: Levels } {
  // Many orders change nothing: both are one object then, which the report holds once.
  if (previous === levels) {
    const same = firstOf(levels);
    return { previous: same, levels: same };
  }
  const names = [...new Set([...Object.keys(previous), ...Object.keys(levels)])];
  if (names.length <= MAX_LEVELS) return { previous, levels };
  const differs = (name: string) => levelIn(previous, name) !== levelIn(levels, name);
  const told = [...names.filter(differs), ...names].slice(0, MAX_LEVELS);
  const among = (all: Levels) =>
    Object.fromEntries(
      told.flatMap((name) => Object.hasOwn(all, name) ? [[name, all[name]!]] : []),
    );
  return { previous: among(previous), levels: among(levels) };
}

/** The first of too many levels, by all the levels; one object for all outcomes that tell them. */
const firstOnes = new WeakMap<Levels, Levels>();

function firstOf(levels: Levels): Levels {
  const known = firstOnes.get(levels);
  if (known !== undefined) return known;
  const entries = Object.entries(levels);
  const first = entries.length <= MAX_LEVELS
    ? levels
    : Object.fromEntries(entries.slice(0, MAX_LEVELS));
  firstOnes.set(levels, first);
  return first;
}

/** Names of level numbers; loggers without a level of their own are left out. */
export function levelNames(
  levels: ReadonlyMap<string, number>,
  most: number = MAX_LEVELS,
): Levels {
  const named: [string, string][] = [];
  for (const [name, level] of levels) {
    if (!isTold(name, level)) continue;
    if (named.length === most) break;
    named.push([name, toldName(getLevelName(level))]);
  }
  return Object.fromEntries(named);
}

function isOpened(logger: Logger): boolean {
  return (getOpening(logger)?.from ?? Infinity) < Infinity;
}

function isTold(name: string, level: number): boolean {
  return name === "root" || level !== NOTSET;
}
