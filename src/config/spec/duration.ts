import { excerpt } from "./excerpt.ts";

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Longest duration, in milliseconds: what a timer can wait for. */
const LONGEST = 2 ** 31 - 1;

/** Longest text of a duration: nobody needs more, and it is looked at piece by piece. */
const LONGEST_TEXT = 50;

/** One amount with its unit. It is tried at one place only, so that no text takes long to refuse. */
const PIECE = /(\d+(?:\.\d+)?)(ms|[smhd])?/y;

/**
 * Reads a duration such as `90s`, `10m`, `1h30m`; a bare number is in seconds. Returns
 * milliseconds.
 *
 * @throws {RangeError} Something else.
 */
export function parseDuration(text: string): number {
  const total = text.length > LONGEST_TEXT ? undefined : sumOf(text);
  if (total !== undefined && total >= 1 && total <= LONGEST) return Math.round(total);
  throw new RangeError(
    `Cannot read duration ${excerpt(text)}: it must be like 90s, 10m or 1h30m, up to 24d`,
  );
}

/** The milliseconds of all pieces, undefined if it is not made of pieces. */
function sumOf(text: string): number | undefined {
  let total = 0, at = 0;
  while (at < text.length) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(text);
    if (piece === null) return undefined;
    total += Number(piece[1]) * UNITS[piece[2] ?? "s"]!;
    at = PIECE.lastIndex;
  }
  return total;
}

/** A duration for people, such as `9m 58s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}
