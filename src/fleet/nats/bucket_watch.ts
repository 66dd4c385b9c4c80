import { pause } from "../../core/runtime/pause.ts";
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

/** How long the server has to answer before it is asked once more, in milliseconds. */
const AGAIN_MS = 1000;

/**
 * Begins a list or a watch of a bucket. Of a cluster, one server keeps it, and for some minutes after a
 * server was killed the others go on to choose that one as well, so that nobody answers. So it is asked
 * for again every second, until one of the questions is answered or the first one has failed.
 *
 * @throws {Error} What the first question to fail has failed by, such as that nobody answers.
 */
export async function beginWatch(ask: () => Promise<BucketWatch>): Promise<BucketWatch> {
  const { promise, resolve, reject } = Promise.withResolvers<BucketWatch>();
  let isBegun = false;
  const take = (watch: BucketWatch) => {
    if (isBegun) return void endWatch(watch);
    isBegun = true;
    resolve(watch);
  };
  const askOnce = () => void ask().then(take, reject);
  askOnce();
  const again = setInterval(askOnce, AGAIN_MS);
  try {
    return await promise;
  } finally {
    // What is answered later is of no use.
    isBegun = true;
    clearInterval(again);
  }
}
