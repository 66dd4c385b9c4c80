import { nodeModule } from "./node_modules.ts";

/** What a record says of the thread that logged it. */
export interface ThreadInfo {
  /** Whether this is the program's main thread. */
  readonly isMain: boolean;
  /**
   * `MainProcess` on the main thread, else the worker's name: a worker stands for a process. Where
   * it has none, it is `Worker`, or `Worker-N` for the Nth of `node:worker_threads`. Main
   * threads of `deno serve --parallel` that listen are numbered from the second on.
   */
  readonly processName: string;
  /** Number that the runtime gives the thread; Deno gives 0 to all but those of Node. */
  readonly thread: number;
  /** `MainThread`, as each of Python's processes has one. */
  readonly threadName: string;
}

let info: ThreadInfo | undefined;

/** Tells about the calling thread; asked only when something is logged, never at import. */
export function currentThread(): ThreadInfo {
  return info ??= readThread();
}

/** Notes which of several main threads this one is, from 1 on. */
export function numberThread(number: number): void {
  const { processName, ...rest } = currentThread();
  if (number > 1) info = { ...rest, processName: `${processName}-${number}` };
}

function readThread(): ThreadInfo {
  const scope = globalThis as {
    DedicatedWorkerGlobalScope?: unknown;
    WorkerGlobalScope?: unknown;
    name?: unknown;
  };
  if (scope.DedicatedWorkerGlobalScope === undefined) {
    return { isMain: true, processName: "MainProcess", thread: 0, threadName: "MainThread" };
  }
  const given = typeof scope.name === "string" ? scope.name : "";
  // Threads of `node:worker_threads` have no such scope.
  if (scope.WorkerGlobalScope === undefined) {
    const { threadId } = nodeModule("node:worker_threads");
    const name = given || `Worker-${threadId}`;
    return { isMain: false, processName: name, thread: threadId, threadName: "MainThread" };
  }
  return { isMain: false, processName: given || "Worker", thread: 0, threadName: "MainThread" };
}
