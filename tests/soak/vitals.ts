import { median } from "./median.ts";

/** A look at the program. */
export interface Sample {
  /** Resident memory in MiB. */
  readonly memory: number;
  /** Open file descriptors. */
  readonly handles: number;
}

/** Growth of memory that is taken for noise: of its size, and in MiB beside. */
export const MEMORY_SHARE = 0.05, MEMORY_MIB = 16;
/** Descriptors that may come and go by the runtime's doing. */
export const HANDLES = 4;

/** What has become of memory and handles. */
export interface Trend {
  /** Medians of the second and of the last third, in MiB. */
  readonly memory: readonly [before: number, after: number];
  /** While nothing goes on, after the first third and at the end. */
  readonly handles: readonly [before: number, after: number];
  readonly isFlat: boolean;
}

/**
 * Compares the last third of a run with the second; the first one is for warming up. Memory
 * is flat if its median has grown by less than 5 % and 16 MiB together, handles if there are
 * not more than 4 above those of the first quiet moment.
 */
export function trendOf(samples: readonly Sample[], quiet: readonly [Sample, Sample]): Trend {
  const third = Math.floor(samples.length / 3);
  const memory = [samples.slice(third, 2 * third), samples.slice(2 * third)].map((part) =>
    median(part.map(({ memory }) => memory))
  ) as [number, number];
  const handles = quiet.map(({ handles }) => handles) as [number, number];
  const isFlat = memory[1] <= memory[0] * (1 + MEMORY_SHARE) + MEMORY_MIB &&
    handles[1] <= handles[0] + HANDLES;
  return { memory, handles, isFlat };
}
