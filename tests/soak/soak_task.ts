/** How a thread of `program.ts` spends its time. */
export type Manner =
  /** Computes, blocks and logs, and never yields. */
  | "computing"
  /** Blocks for longer than a listener waits for it, logs, and never yields. */
  | "deaf"
  /** Logs now and then, by a timer. */
  | "idle";

/** What `program.ts` does. */
export interface SoakTask {
  /** Where its threads listen. */
  readonly ports: readonly [number, number];
  /** What they begin with. */
  readonly conf: string;
  /** Workers that are there for all of the time, by name. */
  readonly lasting: Readonly<Record<string, Manner>>;
  /** How many more come and go. */
  readonly passing: number;
  /** Seed of what is random. */
  readonly seed: number;
}

/** What `program.ts` is told on stdin. */
export type SoakOrder =
  /** Workers come and go, or stay as they are. */
  | "churn"
  | "rest"
  /** All threads collect their garbage; those that last say `heaps`, the sum of what is left. */
  | "collect"
  /** All threads stop logging and end. */
  | "stop";

/** What a thread has logged, said on stderr as JSON. */
export interface Tally {
  readonly thread: string;
  /** Rounds that it has begun, and those of which all log calls have returned. */
  readonly begun: number;
  readonly done: number;
}

/** Levels that are logged in every round, in this order. */
export const ROUND_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;

/** The logger of the rounds. */
export const SOAK_LOGGER = "soak";
