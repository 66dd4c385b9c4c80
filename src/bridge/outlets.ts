import type { Handler } from "../core/handlers/handler.ts";
import type { Dial } from "../core/loggers/dial.ts";

/** Higher than any level of a library, so that nothing passes. */
export const ABOVE_ALL = 1000;

/**
 * Whether a call of a level would come out of any of a library's places, or somebody watches it;
 * `dial` must be one that no call has been made by, so that it knows nothing of the last one.
 */
export function wouldComeOut(
  dial: Dial,
  outlets: readonly Handler[],
  levelno: number,
): boolean {
  if (dial.isOff(levelno) || !dial.isEnabled(levelno)) return false;
  if (outlets.some(({ level }) => levelno >= level) || dial.wants(levelno)) return true;
  // What single calls open is known of each of them only.
  if (levelno < dial.level) return outlets.some(({ opens }) => opens);
  return dial.opened(levelno).length > 0;
}
