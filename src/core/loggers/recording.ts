/**
 * Which records a thread keeps in memory, for those who ask later; see `hub/thread/recorder.ts`.
 *
 * @internal
 */
export interface Recording {
  /**
   * Lowest level number by logger, the root's under `root`; it counts for those below that have
   * none. Infinity stops it there.
   */
  readonly levels: ReadonlyMap<string, number>;
  /** Bytes for them, undefined for as many as it has been or usually is. */
  readonly size: number | undefined;
  /** Whether it takes the place of what the program asked for as it began to listen. */
  readonly isWhole: boolean;
}

/** Nothing at all. */
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
