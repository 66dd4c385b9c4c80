/** A file that is to be watched. */
export interface FileToWatch {
  /** Where it is, absolute. */
  readonly path: string;
  /** Longest that it may be. */
  readonly maxBytes: number;
}

/** Asks the hub to watch a file for the process. */
export interface WatchOrder {
  readonly watch: FileToWatch;
  /** Who asks, as the `id` with which it attached. */
  readonly of: string;
  /** A word that tells when the file has been read; see `answerOnce`. */
  readonly word?: SharedArrayBuffer;
}

/** Tells the hub that a thread needs no file watched any more. */
export interface UnwatchOrder {
  /** The `id` with which it attached. */
  readonly unwatch: string;
  /** A word by which the hub tells that it has heard; see `noteHeard`. */
  readonly word?: SharedArrayBuffer;
}
