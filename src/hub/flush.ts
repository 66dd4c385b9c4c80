import { type Handler, livingHandlers } from "../core/handlers/handler.ts";
import { currentThread } from "../core/runtime/thread.ts";
import { RingHandler } from "../handlers/rings/ring_handler.ts";
import { FLUSHED, RING_CHANNEL } from "./rings/ring_writeout.ts";
import { isLockHeld } from "./board/locks.ts";
import { linkedRings } from "./thread/hub_ring_keeper.ts";
import { WRITEOUT_LOCK } from "./board/lock_names.ts";
import { startedHubs } from "./life/start_hub.ts";

/** How often the hub is asked until it has heard, in milliseconds. */
const REPEAT_MS = 50;

/** Whether a hub has flushed for this thread: then it is asked at once, and looked for later. */
let hasFlushed = false;

/**
 * Resolves when everything logged so far has been written: what the calling thread's
 * handlers hold back or are sending, and what is in the rings of `RingHandler`s of all threads.
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
  await Promise.all(livingHandlers().map(drained));
  for (const ring of linkedRings()) {
    ring.writeOwn();
    if (ring.isAllWritten) return;
  }
  const word = new Int32Array(new SharedArrayBuffer(4));
  let isThere = hasFlushed;
  while (isThere || await hasWriteout()) {
    const state = Atomics.load(word, 0);
    hasFlushed = state === FLUSHED;
    if (hasFlushed) return;
    if (state === 0) RING_CHANNEL.post({ flush: word.buffer });
    isThere = await hasChanged(word, state);
  }
  // Whoever wrote the rings out is gone.
  for (const ring of linkedRings()) ring.flush();
}

/** Those that send in the background are done when nothing waits, or the other end is away. */
function drained(handler: Handler): unknown {
  const { drain } = handler as { drain?: unknown };
  return typeof drain === "function" ? drain.call(handler) : undefined;
}

/** Whether there is a hub that writes out rings. */
async function hasWriteout(): Promise<boolean> {
  if (currentThread().isMain && startedHubs().length === 0) return false;
  return await isLockHeld(WRITEOUT_LOCK);
}

/** Whether the word changes within a while; the program does not end meanwhile. */
async function hasChanged(word: Int32Array<SharedArrayBuffer>, from: number): Promise<boolean> {
  const result = Atomics.waitAsync(word, 0, from);
  if (!result.async) return true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) =>
    timer = setTimeout(() => resolve("late"), REPEAT_MS)
  );
  const first = await Promise.race([result.value, late]);
  clearTimeout(timer);
  return first !== "late";
}
