/** What one thread or process does with a file that others share. */
export interface SharingTask {
  readonly path: string;
  /** Two letters that its lines begin with. */
  readonly name: string;
  /** Most lines to log. */
  readonly lines: number;
  /** Seconds after which to stop. */
  readonly seconds?: number;
  readonly maxBytes: number;
  readonly backupCount: number;
  /** Roll over by time, not by size. */
  readonly when?: string;
}
