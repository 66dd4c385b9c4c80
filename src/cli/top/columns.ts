import { labelOf } from "../../wire/library_label.ts";
import { printedWidth } from "../printing/print.ts";
import type { ListRow } from "./list_rows.ts";
import { RATED_LEVELS } from "./rates.ts";

/** Where a column begins, and how wide it is. */
export type Column = readonly [at: number, width: number];

/** The columns of the list; those for which there is no room are missing. */
export interface Columns {
  readonly mark: Column;
  readonly port: Column;
  readonly thread: Column;
  readonly app?: Column;
  readonly level: Column;
  /** Records a second: of all levels, or of each. */
  readonly rates: readonly Column[];
  /** What is left of a change's time. */
  readonly left: Column;
  readonly change?: Column;
}

/** From so many columns on, all that there is has room. */
const WIDE = 100;
/** From so many columns on, there are margins and rates. */
const MEDIUM = 60;

/** The columns for rows of the list, on a screen that is so wide. */
export function columnsFor(width: number, rows: readonly ListRow[]): Columns {
  const statuses = rows.flatMap(({ thread }) => thread.status ?? []);
  const isWide = width >= WIDE, isMedium = width >= MEDIUM;
  const hasApps = isWide && new Set(statuses.map(({ app }) => app)).size > 1;
  const hasRates = statuses.some(({ written }) => written !== undefined);
  const rates = !hasRates || !isMedium ? [] : isWide ? RATED_LEVELS.map(() => 5) : [5];
  const gap = isMedium ? 2 : 1, margin = isMedium ? 1 : 0;
  // Brackets stand around the port of another thread.
  const port = rows.some(({ thread }) => thread.isFollower) ? 7 : 5;
  const app = hasApps ? [16] : [], level = isMedium ? 11 : 10, left = 7;
  const fixed = [...app, level, ...rates.map((one) => one - 1), left];
  const before = margin + 2 + port + gap;
  const room = width - before - fixed.reduce((sum, one) => sum + one + gap, 0) - margin;
  const longest = Math.max(
    12,
    ...rows.map(({ thread, logger }) =>
      logger === undefined
        ? printedWidth(thread.status?.name ?? "")
        : printedWidth(labelOf(logger.name, logger.kind)) + 2
    ),
  );
  // What is left for a change is worth it only if something can be read.
  const wanted = Math.min(longest, isWide ? 28 : 24), change = room - wanted - gap;
  const hasChange = isMedium && change >= 12;
  let at = before;
  const next = (columns: number, space = gap): Column => {
    const column: Column = [at, columns];
    at += columns + space;
    return column;
  };
  return {
    mark: [margin, 1],
    port: [margin + 2, port],
    thread: next(hasChange ? wanted : room),
    ...hasApps ? { app: next(16) } : {},
    level: next(level),
    rates: rates.map((one, index) => next(one, index === rates.length - 1 ? gap : 1)),
    left: next(left),
    ...hasChange ? { change: next(width - at - margin) } : {},
  };
}
