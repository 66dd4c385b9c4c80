import type { WrittenRecords } from "../../wire/written.ts";

/** A thread or logger that may tell how many records it writes. */
export interface Rated {
  readonly name: string;
  readonly written?: WrittenRecords;
}

/** The levels that have a column of their own. */
export const RATED_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR"] as const;

/** Records a second of a level; what is above ERROR counts as that. */
export function rateOf({ written }: Rated, level: typeof RATED_LEVELS[number]): number {
  const rates = written?.perSecond ?? {};
  return (rates[level] ?? 0) + (level === "ERROR" ? rates.CRITICAL ?? 0 : 0);
}

/** Records a second of all levels. */
export function rateOfAll(one: Rated): number {
  return RATED_LEVELS.reduce((sum, level) => sum + rateOf(one, level), 0);
}

/** A rate in at most five columns; nothing for none, so that what is quiet looks quiet. */
export function rateText(rate: number): string {
  if (rate <= 0) return "";
  if (rate < 1) return "<1";
  if (rate < 999.5) return String(Math.round(rate));
  if (rate < 999_500) return `${inShort(rate / 1000)}k`;
  return `${inShort(rate / 1_000_000)}M`;
}

function inShort(value: number): string {
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}
