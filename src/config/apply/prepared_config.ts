import type { Handler } from "../../core/handlers/handler.ts";
import type { LineBudget } from "../../core/loggers/line_budget.ts";
import type { LoggerScope } from "../../core/loggers/scope.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import type { HandlerLevelChange } from "./part_changes.ts";

/** Does away with handlers that a configuration has taken out of use, oldest first. */
export type Retire = (handlers: readonly Handler[]) => void;

/** What a change shows of some log calls, with the logger that it has named. */
export interface NamedScope extends LoggerScope {
  readonly logger: string;
}

/** A configuration that is built and checked, and not in force. */
export interface PreparedConfig {
  /** Puts it in force; `lines` are those that may come out thanks to it, undefined for any number. */
  commit(retire?: Retire, lines?: LineBudget): void;
  /**
   * Puts it in force once more with the same handlers, so that no file of theirs is opened
   * again; undefined where it depends on what is in force, and has to be prepared anew.
   */
  readonly recommit?: (retire: Retire, lines?: LineBudget) => void;
  /** Names of the loggers whose levels it sets, where it changes nothing but levels and propagation. */
  readonly turns?: readonly string[];
  /** What it shows of some log calls only, by the name of the logger. */
  readonly scopes?: readonly NamedScope[];
  /** Names of all loggers beside the root that it changes; undefined where it may be any. */
  readonly touches?: readonly string[];
  /** Throws it away. */
  abort(): void;
  /** Tells what it would make of the loggers. */
  preview(): ConfigPreview;
}

/** What a configuration makes of the loggers. */
export interface ConfigPreview {
  /** Own level numbers by logger name, the root's included. */
  readonly levels: ReadonlyMap<string, number>;
  /** What would be shown of some log calls only, whatever these levels. */
  readonly scopes?: readonly NamedScope[];
  /** Loggers that would be disabled. */
  readonly disabled: readonly string[];
  /** Handlers that would have another level, or are new. */
  readonly handlers: readonly HandlerLevelChange[];
  /** Handlers and filters that would be in use no more, for people. */
  readonly dropped: readonly string[];
}

/** Own level numbers by logger name, the root's included. */
export function ownLevels(manager: Manager): Map<string, number> {
  const levels = new Map<string, number>();
  for (const { name, level } of manager.loggers()) levels.set(name, level);
  return levels;
}
