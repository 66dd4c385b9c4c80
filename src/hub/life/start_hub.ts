import { currentThread } from "../../core/thread.ts";
import { startBackgroundThread } from "../../core/background_thread.ts";
import { filePath } from "../../core/io/file_path.ts";
import { permissionFlag } from "../../core/io/permission_flag.ts";
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
  let crash: string | undefined;
  const data = { control: control.buffer, drain };
  const failure = { memory: control.buffer, at: REASON_AT };
  startBackgroundThread(
    { entry: entry.href, run: "runHub", data, failure },
    { onError: (message) => crash = message },
  );
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
    : `it may not be loaded, add ${permissionFlag("read", filePath(folder))}`;
}
