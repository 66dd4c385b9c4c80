/** A handler and the times at which to ask it. */
export interface RolloverCase {
  readonly when: string;
  readonly interval: number;
  readonly utc: boolean;
  readonly atTime: [hour: number, minute: number, second: number] | null;
  /** Times to compute the next rollover for. */
  readonly times: readonly number[];
  /** Seconds by which each of a row of rollovers is late. */
  readonly late: readonly number[];
}

/** What came of it. */
export interface RolloverResult {
  readonly computed: readonly number[];
  /** For each rollover, the full file's name and the time of the next. */
  readonly chain: readonly (string | number)[];
}
