/**
 * A level number above all levels of records: at it, a logger logs nothing. It is what commands send
 * for `off`, since CPython's listeners understand only numbers and the names of levels.
 */
export const ABOVE_ALL = 1000;

/** A level as one types it in a command. */
export function typedWord(level: string | number): string {
  return level === ABOVE_ALL ? "off" : String(level);
}
