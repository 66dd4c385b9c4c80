const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Longest duration, in milliseconds: what a timer can wait for. */
const LONGEST = 2 ** 31 - 1;

/**
 * Reads a duration such as `90s`, `10m`, `1h30m`; a bare number is in seconds. Returns
 * milliseconds.
 *
 * @throws {RangeError} Something else.
 */
export function parseDuration(text: string): number {
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])?/g)) {
    total += Number(amount) * UNITS[unit ?? "s"]!;
  }
  const whole = /^(\d+(\.\d+)?(ms|[smhd])?)+$/.test(text);
  if (whole && total >= 1 && total <= LONGEST) return Math.round(total);
  throw new RangeError(
    `Cannot read duration "${text}": it must be like 90s, 10m or 1h30m, up to 24d`,
  );
}

/** A duration for people, such as `9m 58s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}
