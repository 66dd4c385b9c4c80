import type { Handler } from "../core/handlers/handler.ts";
import type { Dial } from "../core/loggers/dial.ts";

/**
 * Whether a call of a level would come out of any of a library's places, or is watched. `dial` must be
 * one that has admitted no calls, since a dial remembers its last one.
 */
export function wouldComeOut(
  dial: Dial,
  outlets: readonly Handler[],
  levelno: number,
): boolean {
  if (dial.isOff(levelno) || !dial.isEnabled(levelno)) return false;
  if (outlets.some(({ level }) => levelno >= level) || dial.wants(levelno)) return true;
  // A scope opens places for single calls, which cannot be known before.
  if (levelno < dial.level) return outlets.some(({ opens }) => opens);
  return dial.opened(levelno).length > 0;
}
