import { Worker as NodeWorker } from "node:worker_threads";
import { HUB_URL } from "./run_hub.ts";

/** Bytes for the reason why a hub could not start. */
const REASON_BYTES = 2048;

/** A hub that is coming up, or not. */
export interface HubStart {
  /** Why it cannot run; undefined while it may. */
  failure(): string | undefined;
}

/**
 * Runs in the hub thread before anything of ours can be imported there: a failure must
 * reach a thread that waits synchronously, so it goes through shared memory.
 */
const BOOTSTRAP = `
import { workerData } from "node:worker_threads";
import(workerData.entry).then((hub) => hub.runHub()).catch((error) => {
  const bytes = new TextEncoder().encode(String(error?.message ?? error).slice(0, 500));
  new Uint8Array(workerData.report, 4).set(bytes);
  Atomics.store(new Int32Array(workerData.report, 0, 1), 0, bytes.length || 1);
});
`;

/**
 * Starts a hub thread; one too many ends by itself.
 *
 * It is a worker of `node:worker_threads`, since only those can be unreferenced: a program
 * that only logs must end by itself. Those take no `https:` URL, which is what an import
 * from a registry has, hence the `data:` module around it.
 */
export function startHub(): HubStart {
  const entry = new URL(HUB_URL);
  const refusal = whyUnreadable(entry);
  if (refusal !== undefined) return { failure: () => refusal };
  const report = new SharedArrayBuffer(4 + REASON_BYTES);
  const url = new URL(`data:text/javascript,${encodeURIComponent(BOOTSTRAP)}`);
  const worker = new NodeWorker(url, {
    workerData: { entry: entry.href, report },
    // A copy of the environment, the default, would need permission for all of it.
    env: {},
  });
  let crash: string | undefined;
  worker.on("error", (error: Error) => crash = error.message);
  worker.unref();
  return {
    failure() {
      const length = Atomics.load(new Int32Array(report, 0, 1), 0);
      if (length === 0) return crash;
      return new TextDecoder().decode(new Uint8Array(report, 4, length).slice());
    },
  };
}

/** Asked ahead, since a refused import would be told only after a while. */
function whyUnreadable(entry: URL): string | undefined {
  if (entry.protocol !== "file:") return undefined;
  const folder = new URL("../../", entry);
  const { state } = Deno.permissions.querySync({ name: "read", path: folder });
  return state === "granted"
    ? undefined
    : `it may not be loaded, add --allow-read=${folder.pathname}`;
}
