import type { Summary } from "./statistics.ts";

/** How long a run may take. */
export type Pace = "full" | "quick";

/** What a case needs to know of the run. */
export interface RunOptions {
  readonly pace: Pace;
  /** Path of CPython, undefined where there is none. */
  readonly python: string | undefined;
}

/** Times of one contestant. */
export interface Entry {
  readonly name: string;
  readonly times: Summary;
}

/** What a case found out. */
export interface Result {
  readonly unit: "ms" | "µs" | "ns" | "MiB";
  readonly ours: Entry;
  /** Others of the same class; ours is compared with the best of them. */
  readonly peers: readonly Entry[];
  /** What does not count: others of another class, ours in other ways. */
  readonly also: readonly Entry[];
  /** What the same takes by hand, with nothing of a logger. */
  readonly floor?: Entry;
  /**
   * How ours is compared with the best peer.
   *
   * @default {"ratio"}
   */
  readonly compareBy?: "ratio" | "difference";
  /** Highest ratio or difference that is good enough; without one there is no claim. */
  readonly target?: number;
  /** What else was seen, a sentence each. */
  readonly notes?: readonly string[];
}

/** Thrown by a case that cannot be run here; its message says why. */
export class Skipped extends Error {}

/** One benchmark; a file in `cases/` has one or a family, `cases.ts` lists them. */
export interface Case {
  readonly name: string;
  readonly description: string;
  /** @throws {Skipped} It cannot be run here. */
  run(options: RunOptions): Promise<Result>;
}
