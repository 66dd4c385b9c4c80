/** What a process does with a file that others share. */
export interface SharingTask {
  readonly path: string;
  /** Two letters that the lines of each of its threads begin with. */
  readonly names: readonly string[];
  /** Most lines to log per thread. */
  readonly lines: number;
  /** Stop when so many files are there, so that time passes between lines. */
  readonly files?: number;
  readonly maxBytes: number;
  readonly backupCount: number;
  /** Roll over by time, not by size. */
  readonly when?: string;
}
