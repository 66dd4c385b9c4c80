import { nodeModule } from "./node_modules.ts";

/** A thread that works for the program and does not keep it alive. */
export interface BackgroundThread {
  /** Sends it a message. */
  postMessage(message: unknown): void;
}

/** What the starter of a {@linkcode BackgroundThread} hears. */
export interface BackgroundEvents {
  /** Called when the thread has sent a message. */
  readonly onMessage?: (message: never) => void;
  /** Called when the thread has ended by an error. */
  readonly onError: (message: string) => void;
}

/**
 * Runs in the new thread before anything of ours can be imported there. A failure to load is also
 * told in the shared memory that the starter may give: a starter that blocks until it is served
 * hears of nothing else.
 */
const BOOTSTRAP = `
const begin = ({ entry, run, data, failure }, thread) => {
  import(entry).then((module) => module[run](data, thread)).catch((error) => {
    if (failure === undefined) throw error;
    const bytes = new TextEncoder().encode(String(error?.message ?? error).slice(0, 500));
    new Uint8Array(failure.memory).set(bytes, failure.at);
    Atomics.store(new Int32Array(failure.memory, 0, 1), 0, bytes.length || 1);
  });
};
`;

const WEB = `${BOOTSTRAP}
self.addEventListener("message", ({ data }) => begin(data, {
  hear: (take) => self.addEventListener("message", ({ data }) => take(data)),
  postMessage: (message) => self.postMessage(message),
  end: () => self.close(),
}), { once: true });`;

const NODE = `${BOOTSTRAP}
const { workerData, parentPort } = await import("node:worker_threads");
begin(workerData, {
  hear: (take) => parentPort.on("message", take),
  postMessage: (message) => parentPort.postMessage(message),
  // Ends this thread only.
  end: () => process.exit(),
});`;

/** Says what a {@linkcode BackgroundThread} runs. */
export interface BackgroundStart {
  /** URL of the module that it imports. */
  readonly entry: string;
  /** Function of that module that it calls, with the data and its {@linkcode StarterPort}. */
  readonly run: string;
  readonly data: unknown;
  /** Memory for a failure to load: the length of its text in the first word, the text at `at`. */
  readonly failure?: { readonly memory: SharedArrayBuffer; readonly at: number };
}

/**
 * What a background thread talks to its starter by, and ends itself by: it does not end when `run`
 * returns.
 */
export interface StarterPort {
  /** Hears the messages that come from now on. */
  hear(take: (message: never) => void): void;
  /** Sends a message. */
  postMessage(message: unknown): void;
  /** Ends the thread. */
  end(): void;
}

/**
 * Starts a thread that does not keep the program alive. It is a `data:` module that imports
 * the real one, which needs no permission and works whatever the module's URL.
 *
 * A web worker is much cheaper than one of `node:worker_threads`, and starts in children of
 * `node:cluster` too. It has what lets it be unreferenced, behind a symbol without a name;
 * where that is not found, Node's worker is the way out.
 */
export function startBackgroundThread(
  start: BackgroundStart,
  { onMessage, onError }: BackgroundEvents,
): BackgroundThread {
  const unref = findUnref();
  if (unref === undefined) return startNodeWorker(start, { onMessage, onError });
  const worker = new Worker(urlOf(WEB), { type: "module", name: "logdial" });
  if (onMessage !== undefined) {
    worker.addEventListener("message", ({ data }) => onMessage(data as never));
  }
  worker.addEventListener("error", (event) => {
    // Without `preventDefault` the error would end the program.
    event.preventDefault();
    onError(event.message);
  });
  unref.call(worker, false);
  worker.postMessage(start);
  return worker;
}

function startNodeWorker(
  start: BackgroundStart,
  { onMessage, onError }: BackgroundEvents,
): BackgroundThread {
  const worker = new (nodeModule("node:worker_threads").Worker)(new URL(urlOf(NODE)), {
    workerData: start,
    // A copy of the environment, the default, would need permission for all of it.
    env: {},
  });
  if (onMessage !== undefined) worker.on("message", onMessage);
  worker.on("error", (error: Error) => onError(error.message));
  worker.unref();
  return worker;
}

function urlOf(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

/** Undocumented: counts the reasons for which a worker keeps the program alive up or down. */
function findUnref(): ((isKept: boolean) => void) | undefined {
  const { prototype } = Worker as unknown as { prototype: Record<symbol, unknown> };
  for (const symbol of Object.getOwnPropertySymbols(prototype)) {
    const found = prototype[symbol];
    if (!symbol.description && typeof found === "function" && found.length === 1) {
      return found as (isKept: boolean) => void;
    }
  }
  return undefined;
}
