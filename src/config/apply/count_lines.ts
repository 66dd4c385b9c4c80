import type { LineBudget } from "../../core/loggers/line_budget.ts";
import { floorOf, getOpening, levelSource, setOpening } from "../../core/loggers/logger_node.ts";
import type { Logger } from "../../core/loggers/logger.ts";
import type { Manager } from "../../core/loggers/manager.ts";

/**
 * Looks at the loggers before a whole configuration changes their levels; returns a function to be
 * called after that, from which on the records that pass only thanks to it take its lines.
 */
export function countLines(manager: Manager, lines: LineBudget): () => void {
  const before = new Map<Logger, { readonly floor: number; readonly isOff: boolean }>();
  for (const logger of manager.loggers()) {
    const opening = getOpening(logger);
    const isOff = logger.disabled || opening?.budget?.wasDisabled === true;
    before.set(logger, { floor: floorOf(logger), isOff });
  }
  return () => {
    const openBeneath = Infinity;
    for (const logger of manager.loggers()) {
      let known: Logger | undefined = logger;
      // A logger that the configuration has made would be as its nearest ancestor.
      while (known !== undefined && !before.has(known)) known = known.parent;
      const { floor, isOff } = before.get(known ?? manager.root)!;
      const wasDisabled = isOff && known === logger && !logger.disabled;
      if (!wasDisabled && levelSource(logger).level >= floor) continue;
      const budget = { lines, beneath: floor, wasDisabled, openBeneath };
      setOpening(logger, { from: Infinity, handlers: [], budget });
    }
  };
}
