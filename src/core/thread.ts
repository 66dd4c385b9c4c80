/** What a record says of the thread that logged it; fixed for the thread's life. */
export interface ThreadInfo {
  /** Whether this is the program's main thread. */
  readonly isMain: boolean;
  /** `MainProcess` on the main thread, else the worker's name: a worker stands for a process. */
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

/** The part of `node:worker_threads` that tells threads apart. */
interface NodeWorkerThreads {
  readonly isMainThread: boolean;
  readonly threadId: number;
}

function readThread(): ThreadInfo {
  const scope = globalThis as { WorkerGlobalScope?: unknown; name?: unknown };
  if (typeof scope.WorkerGlobalScope === "function") {
    const name = typeof scope.name === "string" && scope.name !== "" ? scope.name : "Worker";
    return { isMain: false, processName: name, thread: threadNumber(), threadName: "MainThread" };
  }
  const node = nodeThreads();
  if (node !== undefined && !node.isMainThread) {
    const name = `Worker-${node.threadId}`;
    return { isMain: false, processName: name, thread: node.threadId, threadName: "MainThread" };
  }
  return { isMain: true, processName: "MainProcess", thread: 0, threadName: "MainThread" };
}

function threadNumber(): number {
  return nodeThreads()?.threadId ?? 0;
}

function nodeThreads(): NodeWorkerThreads | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?(name: string): NodeWorkerThreads | undefined };
  };
  return process?.getBuiltinModule?.("node:worker_threads");
}
