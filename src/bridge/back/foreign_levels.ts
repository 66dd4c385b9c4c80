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

/** Our level numbers for the levels of other libraries, by their names there. */
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

/** Names level 5 TRACE in records and commands, unless the program has given it another name. */
export function nameTrace(): void {
  if (getLevelName(TRACE) === `Level ${TRACE}`) addLevelName(TRACE, "TRACE");
}
