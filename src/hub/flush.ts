import { livingHandlers } from "../core/handler.ts";
import { currentThread } from "../core/thread.ts";
import { RingHandler } from "../handlers/ring_handler.ts";
import { FLUSHED } from "./drain.ts";
import { isLockHeld } from "./locks.ts";
import { linkedRings, post } from "./ring_link.ts";
import { DRAIN_LOCK } from "./run_hub.ts";
import { startedHubs } from "./start_hub.ts";

/** How often the hub is asked until it has heard, in milliseconds. */
const REPEAT_MS = 50;

/**
 * Resolves when everything logged so far has been written: what the calling thread's
 * handlers hold back, and what is in the rings of `RingHandler`s of all threads.
 *
 * @example
 * ```ts
 * import { flush, getLogger } from "@logdial/logging";
 *
 * getLogger().error("the last one");
 * await flush();
 * ```
 */
export async function flush(): Promise<void> {
  for (const handler of livingHandlers().reverse()) {
    // Rings are waited for below, without blocking the thread.
    if (!(handler instanceof RingHandler)) handler.flush();
  }
  const word = new Int32Array(new SharedArrayBuffer(4));
  while (await hasDrain()) {
    if (Atomics.load(word, 0) === 0) post({ flush: word.buffer });
    await changed(word, Atomics.load(word, 0));
    if (Atomics.load(word, 0) === FLUSHED) return;
  }
  // Whoever wrote the rings out is gone.
  for (const ring of linkedRings()) ring.flush();
}

/** Whether there is a hub that writes out rings. */
async function hasDrain(): Promise<boolean> {
  if (currentThread().isMain && startedHubs().length === 0) return false;
  return await isLockHeld(DRAIN_LOCK);
}

/** Resolves when the word changes, or after a while; the program does not end meanwhile. */
async function changed(word: Int32Array<SharedArrayBuffer>, from: number): Promise<void> {
  const result = Atomics.waitAsync(word, 0, from);
  if (!result.async) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, REPEAT_MS));
  await Promise.race([result.value, late]);
  clearTimeout(timer);
}
