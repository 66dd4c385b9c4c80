import type { Handler } from "../../core/handlers/handler.ts";
import type { LineBudget } from "../../core/loggers/line_budget.ts";
import type { LoggerScope } from "../../core/loggers/scope.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import type { HandlerLevelChange } from "./part_changes.ts";

/** Gets the handlers that a configuration has taken out of use, oldest first, and closes or parks them. */
export type Retire = (handlers: readonly Handler[]) => void;

/** A level for some log calls only, with the name of its logger. */
export interface NamedScope extends LoggerScope {
  readonly logger: string;
}

/** A configuration that is built and checked, and not in force. */
export interface PreparedConfig {
  /** Puts it in force; `lines` is the budget of lines that may come out thanks to it, if it has one. */
  commit(retire?: Retire, lines?: LineBudget): void;
  /**
   * Puts it in force once more with the same handlers, so that none of their files is opened again.
   * Undefined if it depends on what is in force, so that it has to be prepared anew.
   */
  readonly recommit?: (retire: Retire, lines?: LineBudget) => void;
  /** Names of the loggers whose levels it sets, if it only changes levels and propagation. */
  readonly turns?: readonly string[];
  /** Levels for some log calls only that it sets, by the name of the logger. */
  readonly scopes?: readonly NamedScope[];
  /** Names of all loggers beside the root that it changes; undefined if it may change any. */
  readonly touches?: readonly string[];
  /** Throws it away. */
  abort(): void;
  /** Tells what it would change. */
  preview(): ConfigPreview;
}

/** What a configuration would change. */
export interface ConfigPreview {
  /** Own level numbers by logger name, the root's included. */
  readonly levels: ReadonlyMap<string, number>;
  /** Levels for some log calls only, which count beside these levels. */
  readonly scopes?: readonly NamedScope[];
  /** Loggers that would be disabled. */
  readonly disabled: readonly string[];
  /** Handlers that would have another level, or are new. */
  readonly handlers: readonly HandlerLevelChange[];
  /** Handlers and filters that would go out of use, for people. */
  readonly dropped: readonly string[];
}

/** Own level numbers by logger name, the root's included. */
export function ownLevels(manager: Manager): Map<string, number> {
  const levels = new Map<string, number>();
  for (const { name, level } of manager.loggers()) levels.set(name, level);
  return levels;
}
