import { type Handler, livingHandlers } from "../core/handlers/handler.ts";
import { currentThread } from "../core/runtime/thread.ts";
import { RingHandler } from "../handlers/rings/ring_handler.ts";
import { DONE } from "./board/order_word.ts";
import { RING_CHANNEL } from "./rings/ring_writeout.ts";
import { isLockHeld } from "./board/locks.ts";
import { linkedRings } from "./thread/hub_ring_keeper.ts";
import { WRITEOUT_LOCK } from "./board/lock_names.ts";
import { startedHubs } from "./life/start_hub.ts";

/** How often the hub is asked until it has heard, in milliseconds. */
const REPEAT_MS = 50;

/**
 * Whether the last flush was done by a hub. Then the next one asks the hub at once, and looks
 * whether there is a hub only if no answer comes.
 */
let hasFlushed = false;

/**
 * Resolves when everything logged so far has been written: what the calling thread's
 * handlers hold back or are sending, and what is in the rings of `RingHandler`s of all threads.
 * A handler that fails does not keep the others from it.
 *
 * @throws {Error} What a handler's `flush` has thrown, once all else is written; of several an
 * `AggregateError`.
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
  const failures = [
    ...await doForAll(livingHandlers().reverse(), flushed),
    ...await doForAll(livingHandlers(), drained),
  ];
  await ringsWritten();
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) {
    throw new AggregateError(failures, `Cannot flush ${failures.length} handlers`);
  }
}

/** Calls a function for all handlers at the same time; resolves to the errors that were thrown. */
async function doForAll(
  handlers: readonly Handler[],
  does: (handler: Handler) => Promise<void>,
): Promise<unknown[]> {
  const results = await Promise.allSettled(handlers.map(does));
  return results.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
}

/**
 * Flushes a handler. Those that are waited for later are left out: the rings of `RingHandler`s,
 * without blocking, and handlers whose `drain` flushes them.
 */
async function flushed(handler: Handler): Promise<void> {
  const { drainFlushes } = handler as { drainFlushes?: unknown };
  if (!(handler instanceof RingHandler) && drainFlushes !== true) await handler.flush();
}

/** Resolves when a handler that sends in the background has sent all, or cannot reach its peer. */
async function drained(handler: Handler): Promise<void> {
  const { drain } = handler as { drain?: unknown };
  if (typeof drain === "function") await drain.call(handler);
}

/** Resolves when the rings of all threads are written out. */
async function ringsWritten(): Promise<void> {
  for (const ring of linkedRings()) {
    ring.writeOwn();
    if (ring.isAllWritten) return;
  }
  const word = new Int32Array(new SharedArrayBuffer(4));
  let isThere = hasFlushed;
  while (isThere || await hasWriteout()) {
    const state = Atomics.load(word, 0);
    hasFlushed = state === DONE;
    if (hasFlushed) return;
    if (state === 0) RING_CHANNEL.post({ flush: word.buffer });
    isThere = await hasChanged(word, state);
  }
  // The hub that wrote out the rings has ended.
  for (const ring of linkedRings()) ring.flush();
}

/** Whether there is a hub that writes out rings. */
async function hasWriteout(): Promise<boolean> {
  if (currentThread().isMain && startedHubs().length === 0) return false;
  return await isLockHeld(WRITEOUT_LOCK);
}

/** Whether the word changes within a while; its timer keeps the program alive meanwhile. */
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
