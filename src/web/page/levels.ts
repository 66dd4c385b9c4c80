/** The stops of the dial, from nothing to everything. */
export const STOPS = ["OFF", "CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"] as const;

/** A stop of the dial. */
export type Stop = typeof STOPS[number];

/** What a logger has that takes its level from above it. */
export const INHERITED = "NOTSET";

const NUMBERS: Readonly<Record<string, number>> = {
  OFF: 1000,
  CRITICAL: 50,
  FATAL: 50,
  ERROR: 40,
  WARNING: 30,
  WARN: 30,
  INFO: 20,
  DEBUG: 10,
  NOTSET: 0,
};

/** The number of a level; undefined for a name that a program has made up. */
function levelNumber(level: string): number | undefined {
  if (Object.hasOwn(NUMBERS, level)) return NUMBERS[level];
  const number = /^(?:Level )?(-?\d+)$/.exec(level)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** Where a level stands on the dial, maybe between two stops; undefined if nobody knows. */
export function placeOf(level: string): number | undefined {
  const number = levelNumber(level);
  if (number === undefined) return undefined;
  if (number > 50) return 0;
  return Math.min(1 + (50 - number) / 10, STOPS.length - 0.6);
}

/** The class of the colour of a level. */
export function levelClass(level: string): string {
  const number = levelNumber(level);
  if (number === undefined) return "lv-other";
  if (number > 50) return "lv-off";
  if (number >= 50) return "lv-critical";
  if (number >= 40) return "lv-error";
  if (number >= 30) return "lv-warning";
  if (number >= 20) return "lv-info";
  return "lv-debug";
}

/** A level as people read it. */
export function levelText(level: string): string {
  const number = levelNumber(level);
  if (number !== undefined && number >= 1000) return "OFF";
  return level;
}
