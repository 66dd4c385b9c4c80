import { pause } from "../core/runtime/pause.ts";
import type { BucketWatch } from "./nats_types.ts";

/** How long the server's answer is waited for, in milliseconds: it may have gone. */
const PATIENCE_MS = 1000;

/**
 * Ends a list or a watch, also on the server. The library only leaves it there, and the server
 * keeps what nobody listens to for five minutes more: hundreds of it where somebody asks for the
 * status every second.
 */
export async function endWatch(watch: BucketWatch): Promise<void> {
  watch.stop();
  // One that cannot be taken away goes by itself later.
  const taken = watch._data?.delete().catch(() => {});
  await Promise.race([taken, pause(PATIENCE_MS)]);
}
