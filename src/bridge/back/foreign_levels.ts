import {
  addLevelName,
  CRITICAL,
  DEBUG,
  ERROR,
  getLevelName,
  INFO,
  WARNING,
} from "../../core/levels/levels.ts";

/** Level number of what other libraries call trace. */
export const TRACE = 5;

/** Levels by the names that pino and LogTape have for them, the least severe first. */
export const FOREIGN_LEVELS: ReadonlyMap<string, number> = new Map([
  ["trace", TRACE],
  ["debug", DEBUG],
  ["info", INFO],
  ["warn", WARNING],
  ["warning", WARNING],
  ["error", ERROR],
  ["fatal", CRITICAL],
]);

/** Lets level 5 be called TRACE in records and commands, unless the program calls it otherwise. */
export function nameTrace(): void {
  if (getLevelName(TRACE) === `Level ${TRACE}`) addLevelName(TRACE, "TRACE");
}
