import type { Fields, SharedFields } from "../records/shared_fields.ts";
import type { LineBudget } from "./line_budget.ts";
import type { LevelScope } from "./scope.ts";
import type { TreeContext } from "./tree_context.ts";

/**
 * What a logger has computed for its own calls. `threshold` computes it anew if need be; the other
 * methods give what was computed last.
 */
export interface LoggerInside<Logger> {
  /** Lowest level number that is not dropped; it applies what waits first. */
  threshold(logger: Logger): number;
  /** Lowest level number of records that go to the handlers without a scope. */
  ownThreshold(logger: Logger): number;
  /** Level number below which a scope may let calls pass, or open handlers for them. */
  askedBelow(logger: Logger): number;
  /**
   * The scope that lets a call below the logger's own level pass, or opens handlers for another
   * call. If {@linkcode LoggerInside.isAsked} is true, it may also be `HANDLED` or `WATCHED`.
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
  /** The budget of which a record has to take a line; undefined for none. */
  linesFor(logger: Logger, level: number, scope: LevelScope | undefined): LineBudget | undefined;
  /** Fields of all its records. */
  bound(logger: Logger): SharedFields | undefined;
  /** The context that all loggers of its tree share. */
  context(logger: Logger): TreeContext<Logger>;
}
