import type { Fields, SharedFields } from "../records/shared_fields.ts";
import type { LineBudget } from "./line_budget.ts";
import type { LevelScope } from "./scope.ts";
import type { TreeContext } from "./tree_context.ts";

/**
 * What a logger has computed for its own calls. All of it but `threshold` is as of the last time
 * that the logger has looked.
 */
export interface LoggerInside<Logger> {
  /** Lowest level number that is not dropped; it applies what waits first. */
  threshold(logger: Logger): number;
  /** Lowest level number of records that go to the handlers without a scope. */
  ownThreshold(logger: Logger): number;
  /** Level number below which a scope may let calls pass, or open handlers for them. */
  askedBelow(logger: Logger): number;
  /**
   * The scope that lets a call pass which is below the logger's own level, or opens handlers for one
   * that is not; where the logger {@linkcode LoggerInside.isAsked is asked}, `HANDLED` or `WATCHED`
   * may stand for one.
   */
  scopeFor(
    logger: Logger,
    level: number,
    msg: unknown,
    args: readonly unknown[],
  ): LevelScope | undefined;
  /** Whether its class has an `isEnabledFor` of its own, which `scopeFor` asks for each call. */
  isAsked(logger: Logger): boolean;
  /** Whether a scope may let a call pass that has these fields beside the logger's own. */
  mayPass(logger: Logger, level: number, fields: Fields | undefined): boolean;
  /** The lines that a record has to take one of. */
  linesFor(logger: Logger, level: number, scope: LevelScope | undefined): LineBudget | undefined;
  /** Fields of all its records. */
  bound(logger: Logger): SharedFields | undefined;
  /** What it shares with all loggers of its tree. */
  context(logger: Logger): TreeContext<Logger>;
}
