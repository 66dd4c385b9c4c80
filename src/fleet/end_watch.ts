import { pause } from "../core/runtime/pause.ts";
import type { BucketWatch } from "./nats_types.ts";

/** Longest wait for the server's answer, in milliseconds: the server may have gone. */
const PATIENCE_MS = 1000;

/**
 * Ends a list or a watch, also on the server. The library does not end it there, and the server keeps
 * a watch without a listener for five minutes more: hundreds of them, if somebody asks for the status
 * every second.
 */
export async function endWatch(watch: BucketWatch): Promise<void> {
  watch.stop();
  // If it cannot be deleted, the server removes it by itself later.
  const taken = watch._data?.delete().catch(() => {});
  await Promise.race([taken, pause(PATIENCE_MS)]);
}
