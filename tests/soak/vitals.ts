/** A look at the program. */
export interface Sample {
  /** Resident memory in MiB. */
  readonly memory: number;
  /** Open file descriptors. */
  readonly handles: number;
}

/** A look at it when nothing goes on, and all threads have collected their garbage. */
export interface QuietSample extends Sample {
  /** What is left in the heaps of the threads that last, in MiB together. */
  readonly heaps: number;
}

/**
 * Growth of the heaps that is let pass. Measured in 5 minutes: 3.5 %, while the heap of a
 * thread alone stays within 3 % for 10,000 changes.
 */
const HEAP_SHARE = 0.06;
/**
 * Growth of resident memory that is let pass. Measured in 5 minutes: 15 to 17 %. A program of
 * one thread grows from 76 to 164 MiB with its first 50,000 changes, its heaps apart, and then
 * no more; in 5 minutes each thread sees some 500.
 */
const MEMORY_SHARE = 0.25;
/** Descriptors that may come and go by the runtime's doing. */
const HANDLES = 4;

/**
 * Compares two quiet moments, after the first third of a run, which is for warming up, and
 * at its end, both with all changes taken back: the heaps may have grown by at most 6 %,
 * resident memory by 25 %, and there may be at most 4 more handles.
 */
export function isFlat([before, after]: readonly [QuietSample, QuietSample]): boolean {
  return after.heaps <= before.heaps * (1 + HEAP_SHARE) &&
    after.memory <= before.memory * (1 + MEMORY_SHARE) &&
    after.handles <= before.handles + HANDLES;
}
