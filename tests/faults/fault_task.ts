/**
 * How lines get out: written by the thread itself, to stdout or a file, or by way of a ring,
 * from where to a pipe the hub writes, and to a file thread and hub by turns.
 */
export type HandlerKind = "direct" | "file" | "ring" | "ring to a file";

/** What the last log call is followed by. */
export type End =
  /** Nothing: the thread has no more to do. */
  | "normally"
  /** `Deno.exit`. */
  | "exit"
  /** An error that nobody catches. */
  | "throw"
  /** A promise that rejects and that nobody looks at. */
  | "reject"
  /** `process.abort()`. */
  | "abort"
  /** Waits, and would do something if it was told to. */
  | "idle"
  /** Computes and never yields. */
  | "compute"
  /** Logs on, computes and never yields. */
  | "log on"
  /** `self.close()`, in workers. */
  | "close"
  /**
   * Follows orders on stdin: `log N` logs so many more lines, `enter` some until the hub has its
   * ring, `flush` flushes, `exit` exits.
   */
  | "orders";

/** What `fixtures/faults_program.ts` does. */
export interface FaultTask {
  /** The configuration, INI. */
  readonly conf: string;
  /** How main ends once it has logged its lines. */
  readonly main: End;
  /** How a worker ends that main starts once it has logged its lines. */
  readonly worker?: End;
  /** How further workers end that main starts with it. */
  readonly moreWorkers?: readonly End[];
  /** Whether only the worker logs: main knows nothing of logging. */
  readonly quietMain?: boolean;
  /** Whether main starts the worker only when all of its own lines are out. */
  readonly flushes?: boolean;
  /** Whether main exits once the worker has logged its lines. */
  readonly exits?: boolean;
  /** Whether main terminates a worker that waits or logs on, once that has logged its lines. */
  readonly terminates?: boolean;
  /** Whether main takes a worker's error as no reason to end, and logs as many lines again. */
  readonly handlesError?: boolean;
  /** Whether the threads listen, as programs do. */
  readonly listens: boolean;
  /** Lines of each. */
  readonly lines: number;
  /** Characters of each line beyond its number. @default {WIDTH} */
  readonly width?: number;
}

/** Characters of lines beyond their number, unless a test wants others. */
export const WIDTH = 30;

/** Name of main's lines and of the worker's. */
export const MAIN = "M", WORKER = "W";

/** Name of the lines of one of {@linkcode FaultTask.moreWorkers}. */
export function workerName(index: number): string {
  return `${WORKER}${index}`;
}

/** Said on stderr by a thread when all of its log calls have returned. */
export function written(name: string, count: number): string {
  return `${name} has logged ${count} lines`;
}
