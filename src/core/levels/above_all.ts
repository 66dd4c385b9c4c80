/**
 * A level number above all levels of records: at it, a logger logs nothing. It is what commands send
 * for `off`, since CPython's listeners understand only numbers and the names of levels.
 */
export const ABOVE_ALL = 1000;

/** Levels as one types them in a command. */
export function typedLevels(levels: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(levels).map(([name, level]) =>
    `${name}=${level === ABOVE_ALL ? "off" : level}`
  );
}
