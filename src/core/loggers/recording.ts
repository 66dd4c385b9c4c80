/**
 * Which records a thread keeps in memory, for those who ask later; see `hub/thread/recorder.ts`.
 *
 * @internal
 */
export interface Recording {
  /**
   * Lowest level number by logger, the root's under `root`. It counts for the loggers below that have
   * none of their own; Infinity keeps nothing of a logger and those below.
   */
  readonly levels: ReadonlyMap<string, number>;
  /** Bytes for the records; undefined to keep the present size, or the default. */
  readonly size: number | undefined;
  /** Whether it replaces what the program asked for when it began to listen. */
  readonly isWhole: boolean;
}

/** A recording that keeps nothing. */
export const NO_RECORDING: Recording = { levels: new Map(), size: undefined, isWhole: true };

/** A recording with changes on top of it. */
export function mergeRecordings(base: Recording | undefined, change: Recording): Recording {
  if (base === undefined || change.isWhole) return change;
  return {
    levels: new Map([...base.levels, ...change.levels]),
    size: change.size ?? base.size,
    isWhole: base.isWhole,
  };
}

/** Lowest level number that is kept of a logger, Infinity for none. */
export function recordedLevel(levels: ReadonlyMap<string, number>, name: string): number {
  for (let end = name.length; end > 0; end = name.lastIndexOf(".", end - 1)) {
    const level = levels.get(name.slice(0, end));
    if (level !== undefined) return level;
  }
  return levels.get("root") ?? Infinity;
}
