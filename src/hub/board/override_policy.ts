import { readConfigText } from "../../config/text/config_text.ts";
import type { Extensions } from "../../config/text/extensions.ts";
import { checkLevel, INFO } from "../../core/levels/levels.ts";

/**
 * After how many milliseconds a change is taken back, undefined for never.
 *
 * What turns a logger below INFO fills disks, so a temporary change that does is capped at
 * `maxOverride`; so is a change that says `forever: false`, as `set` does unless told
 * otherwise. `forever: true` goes beyond the cap. A configuration that says neither stays, as
 * CPython's senders expect.
 */
export function overrideTime(
  text: string,
  { expires, forever }: Extensions,
  maxOverride: number,
): number | undefined {
  if (forever) return expires;
  if (expires === undefined && forever === undefined) return undefined;
  const spec = readConfigText(text, () => ({ value: undefined }));
  const loggers = spec.root === undefined ? spec.loggers : [...spec.loggers, spec.root];
  const patterns = spec.incremental ? spec.patterns ?? [] : [];
  const isVerbose = [...loggers, ...patterns].some(({ level }) => isBelowInfo(level));
  return isVerbose ? Math.min(expires ?? maxOverride, maxOverride) : expires;
}

/** Levels of the program's own are not known here and count as quiet. */
function isBelowInfo(level: unknown): boolean {
  try {
    return level !== undefined && level !== null && checkLevel(level) < INFO;
  } catch {
    return false;
  }
}
