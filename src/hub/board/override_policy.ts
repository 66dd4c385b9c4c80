import { readConfigText } from "../../config/text/config_text.ts";
import type { Extensions } from "../../config/text/extensions.ts";
import { checkLevel, INFO, NOTSET } from "../../core/levels/levels.ts";

/** When a change is taken back by itself; an undefined bound does not end it. */
export interface OverrideEnd {
  /** After how many milliseconds. */
  readonly time?: number;
  /** After how many lines that the process logs only thanks to it. */
  readonly lines?: number;
}

/** What ends changes that turn a logger below INFO, unless they are to go beyond it. */
export interface OverrideLimits {
  /** Longest time, in milliseconds. */
  readonly maxOverride: number;
  /** Most lines of a process. */
  readonly maxLines: number;
  /** The number of a level that is the program's own; undefined for one that is not known. */
  readonly levelOf?: LevelOf;
}

type LevelOf = (name: string) => number | undefined;

/**
 * When a change is taken back.
 *
 * What turns a logger below INFO fills disks, so a temporary change that does is capped at
 * `maxOverride` and `maxLines`; so is a change that says `forever: false`, as `set` does unless told
 * otherwise. `forever: true` goes beyond the cap. A configuration that says neither stays, as
 * CPython's senders expect. One that may log so many lines only ends by time as well.
 */
export function overrideEnd(
  text: string,
  { expires, forever, lines }: Extensions,
  { maxOverride, maxLines, levelOf }: OverrideLimits,
): OverrideEnd {
  const time = expires ?? (lines === undefined ? undefined : maxOverride);
  if (forever) return { time, lines };
  if (time === undefined && forever === undefined) return {};
  if (!turnsBelowInfo(text, levelOf)) return { time, lines };
  return {
    time: Math.min(time ?? maxOverride, maxOverride),
    lines: Math.min(lines ?? maxLines, maxLines),
  };
}

/** Whether a configuration turns a logger below INFO. */
export function turnsBelowInfo(text: string, levelOf?: LevelOf): boolean {
  const spec = readConfigText(text, () => ({ value: undefined }));
  // NOTSET gives a logger its parent's level; for some calls only, it is a level as any other.
  const inherits = (level: unknown) =>
    (level === NOTSET || level === "NOTSET") && !(spec.incremental && spec.scope !== undefined);
  const loggers = spec.loggers.filter(({ level }) => !inherits(level));
  const root = spec.root === undefined ? [] : [spec.root];
  const patterns = spec.incremental ? spec.patterns ?? [] : [];
  return [...loggers, ...root, ...patterns].some(({ level }) => isBelowInfo(level, levelOf));
}

/** Whether a level is below INFO; a level that nobody knows counts as not below. */
function isBelowInfo(level: unknown, levelOf: LevelOf = () => undefined): boolean {
  try {
    return level !== undefined && level !== null && checkLevel(level) < INFO;
  } catch {
    return typeof level === "string" && (levelOf(level) ?? INFO) < INFO;
  }
}
