import { parseConfigText, readParsedConfig } from "../config/config_text.ts";
import { applyConfig } from "../config/configurator.ts";
import type { Registry } from "../config/registry.ts";
import { getLevelName, NOTSET } from "../core/levels.ts";
import { Logger } from "../core/logger.ts";
import type { Manager } from "../core/manager.ts";
import { type LastChange, type Levels, toChangeError } from "../wire/message.ts";
import type { Board } from "./board.ts";
import { type Change, MAX_WAITING, type Outcome, type Post, type Report } from "./exchange.ts";
import { History } from "./history.ts";

/** Thread side of a board: applies what the hub has put there, and shows what came of it. */
export class Inbox {
  /** What the process was sent, as far as this thread has seen. */
  readonly history: History = new History();
  readonly #board: Board;
  readonly #manager: Manager;
  readonly #registry: Registry;
  #outcomes: Outcome[] = [];
  #changed: LastChange | null = null;
  #reported = false;

  /** Changes on `board` are applied to `manager`, with names from `registry`. */
  constructor(board: Board, manager: Manager, registry: Registry) {
    this.#board = board;
    this.#manager = manager;
    this.#registry = registry;
  }

  /** Applies what waits, and shows the thread's status if the hub asks; it never throws. */
  readonly catchUp = (): void => {
    const board = this.#board;
    if (board.published !== board.answered) this.#applyAll();
    else if (board.reportWanted || !this.#reported) this.#answer(board.answered);
  };

  #applyAll(): void {
    const { changes, awaited } = JSON.parse(this.#board.readInbox()) as Post;
    this.#outcomes = this.#outcomes.filter(({ id }) => id >= awaited);
    let { answered } = this.#board;
    for (const change of changes) {
      if (change.id <= answered) continue;
      this.#outcomes.push(this.#apply(change));
      answered = change.id;
    }
    this.#outcomes.splice(0, this.#outcomes.length - MAX_WAITING);
    this.#answer(answered);
  }

  #apply({ id, text, parsed, by, at }: Change): Outcome {
    const previous = levelsOf(this.#manager);
    try {
      const spec = readParsedConfig(
        parsed ?? parseConfigText(text),
        (name) => this.#registry.object(name),
      );
      applyConfig(this.#manager, spec, this.#registry);
    } catch (error) {
      return { id, previous, levels: previous, error: toChangeError(error) };
    }
    this.#changed = { at, by };
    this.history.add(text, Date.parse(at));
    return { id, previous, levels: levelsOf(this.#manager) };
  }

  #answer(answered: number): void {
    this.#reported = true;
    const report: Report = {
      outcomes: this.#outcomes,
      levels: levelsOf(this.#manager),
      changed: this.#changed,
    };
    this.#board.answer(JSON.stringify(report), answered);
  }
}

/** Most loggers whose levels a status shows. */
const MAX_LEVELS = 1000;

/** Level names of the root and of the loggers that have a level of their own. */
function levelsOf(manager: Manager): Levels {
  const levels: [string, string][] = [["root", getLevelName(manager.root.level)]];
  for (const [name, logger] of manager.loggerDict) {
    if (levels.length >= MAX_LEVELS) break;
    if (!(logger instanceof Logger) || logger.level === NOTSET) continue;
    levels.push([name, getLevelName(logger.level)]);
  }
  return Object.fromEntries(levels);
}
