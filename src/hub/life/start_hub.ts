import { currentThread } from "../../core/thread.ts";
import { nodeModule } from "../../core/node_modules.ts";
import type { RingRequest } from "../rings/ring_drain.ts";
import { type DrainStart, HubControl, REASON_AT } from "./hub_control.ts";
import { HUB_URL } from "./run_hub.ts";
import { countSignalListeners } from "../rings/signal_listeners.ts";

/** A hub that is coming up, or not. */
export interface HubStart {
  /** Memory shared with it. */
  readonly control: HubControl;
  /** Why it cannot run; undefined while it may. */
  failure(): string | undefined;
}

/**
 * Runs in the hub thread before anything of ours can be imported there: a failure must
 * reach a thread that waits synchronously, so it goes through shared memory.
 */
const BOOTSTRAP = `
import { workerData } from "node:worker_threads";
const { entry, control, drain } = workerData;
import(entry).then((hub) => hub.runHub(control, drain)).catch((error) => {
  const bytes = new TextEncoder().encode(String(error?.message ?? error).slice(0, 500));
  new Uint8Array(control, ${REASON_AT}).set(bytes);
  Atomics.store(new Int32Array(control, 0, 1), 0, bytes.length || 1);
});
`;

/** Hubs that the thread has started. */
const started: HubStart[] = [];
/** The one that may still be coming up. */
let coming: HubStart | undefined;

/** The hubs that this thread has started, the last one last. */
export function startedHubs(): readonly HubStart[] {
  return started;
}

/**
 * Starts a hub thread; one too many ends by itself.
 *
 * It is a worker of `node:worker_threads`, since only those can be unreferenced: a program
 * that only logs must end by itself. Those take no `https:` URL, which is what an import
 * from a registry has, hence the `data:` module around it.
 *
 * Only one that the main thread has started writes out rings: it ends with the process, and
 * not before, so that the rings of threads that have ended are safe with it.
 */
export function startHub(rings: readonly RingRequest[] = []): HubStart {
  const entry = new URL(HUB_URL);
  const control = new HubControl();
  const refusal = whyUnreadable(entry);
  if (refusal !== undefined) return { control, failure: () => refusal };
  if (coming !== undefined && isComing(coming)) return coming;
  const drain: DrainStart | undefined = currentThread().isMain
    ? { listeners: countSignalListeners(), rings }
    : undefined;
  const url = new URL(`data:text/javascript,${encodeURIComponent(BOOTSTRAP)}`);
  const worker = new (nodeModule("node:worker_threads").Worker)(url, {
    workerData: { entry: entry.href, control: control.buffer, drain },
    // A copy of the environment, the default, would need permission for all of it.
    env: {},
  });
  let crash: string | undefined;
  worker.on("error", (error: Error) => crash = error.message);
  worker.unref();
  const start = { control, failure: () => control.failure ?? crash };
  started.push(start);
  if (drain !== undefined) coming = start;
  return start;
}

function isComing({ control, failure }: HubStart): boolean {
  return control.isComing && failure() === undefined;
}

/** Asked ahead, since a refused import would be told only after a while. */
function whyUnreadable(entry: URL): string | undefined {
  if (entry.protocol !== "file:") return undefined;
  const folder = new URL("../../../", entry);
  const { state } = Deno.permissions.querySync({ name: "read", path: folder });
  return state === "granted"
    ? undefined
    : `it may not be loaded, add --allow-read=${folder.pathname}`;
}
