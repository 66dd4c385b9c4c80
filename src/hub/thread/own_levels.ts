import { getLevelName, NOTSET } from "../../core/levels/levels.ts";
import { bridgedBy } from "../../core/loggers/bridged.ts";
import { getOpening } from "../../core/loggers/logger_node.ts";
import type { Logger } from "../../core/loggers/logger.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { ownTurns } from "../../core/levels/signal.ts";
import { toldName } from "../../wire/told_texts.ts";
import type { Levels } from "../../wire/message.ts";

/** Most loggers whose levels are told. */
const MAX_LEVELS = 1000;

/**
 * Tells the levels of a tree of loggers; it reads them again only when one of them may have
 * changed.
 */
export class OwnLevels {
  readonly #manager: Manager;
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

  /** Level names of the root and of the loggers that have a level of their own. */
  tell(): Levels {
    const turns = ownTurns(), { size } = this.#manager.loggerDict;
    // A class of the program's own may give its loggers a level as they are made.
    if (turns === this.#turns && size === this.#loggers) return this.#told;
    const levels = new Map<string, number>();
    const opened: string[] = [], disabled: string[] = [], bridged: [string, string][] = [];
    for (const logger of this.#manager.loggers()) {
      const { name, level, disabled: isDisabled } = logger;
      if (levels.size < MAX_LEVELS && isTold(name, level)) levels.set(name, level);
      if (opened.length < MAX_LEVELS && isOpened(logger)) opened.push(name);
      if (disabled.length < MAX_LEVELS && isDisabled) disabled.push(name);
      const kind = bridgedBy(logger)?.kind;
      if (bridged.length < MAX_LEVELS && kind !== undefined) bridged.push([name, kind]);
    }
    this.#told = levelNames(levels);
    this.#opened = opened;
    this.#disabled = disabled;
    this.#bridged = bridged.length === 0 ? undefined : Object.fromEntries(bridged);
    this.#turns = turns;
    this.#loggers = size;
    return this.#told;
  }
}

/** Names of level numbers; loggers without a level of their own are left out. */
export function levelNames(levels: ReadonlyMap<string, number>): Levels {
  const named: [string, string][] = [];
  for (const [name, level] of levels) {
    if (!isTold(name, level)) continue;
    if (named.length === MAX_LEVELS) break;
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
