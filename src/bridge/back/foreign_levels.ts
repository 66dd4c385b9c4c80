import {
  addLevelName,
  CRITICAL,
  DEBUG,
  ERROR,
  getLevelName,
  INFO,
  WARNING,
} from "../../core/levels/levels.ts";

/** Level number of what other libraries call trace, below DEBUG. */
export const TRACE = 5;

/** Our level numbers of the levels that other libraries have, by the names that they have there. */
export const FOREIGN_LEVELS: ReadonlyMap<string, number> = new Map([
  ["silly", TRACE],
  ["trace", TRACE],
  ["debug", DEBUG],
  ["info", INFO],
  ["log", INFO],
  ["notice", 25],
  ["warn", WARNING],
  ["warning", WARNING],
  ["error", ERROR],
  ["crit", CRITICAL],
  ["critical", CRITICAL],
  ["fatal", CRITICAL],
  ["alert", CRITICAL + 10],
  ["emerg", CRITICAL + 20],
]);

/** Lets level 5 be called TRACE in records and commands, unless the program calls it otherwise. */
export function nameTrace(): void {
  if (getLevelName(TRACE) === `Level ${TRACE}`) addLevelName(TRACE, "TRACE");
}
