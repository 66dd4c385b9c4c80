/** A look at the program. */
export interface Sample {
  /** Resident memory in MiB. */
  readonly memory: number;
  /** Open file descriptors. */
  readonly handles: number;
}

/** Growth of memory that is taken for noise: of its size, and in MiB beside. */
const MEMORY_SHARE = 0.03, MEMORY_MIB = 8;
/** Descriptors that may come and go by the runtime's doing. */
const HANDLES = 4;

/**
 * Compares two quiet moments, after the first third of a run, which is for warming up, and
 * at its end: nothing goes on, the changes have been taken back, and all threads have
 * collected their garbage. Memory is flat if it has grown by at most 3 % and 8 MiB
 * together, handles if there are at most 4 more.
 */
export function isFlat([before, after]: readonly [Sample, Sample]): boolean {
  return after.memory <= before.memory * (1 + MEMORY_SHARE) + MEMORY_MIB &&
    after.handles <= before.handles + HANDLES;
}
