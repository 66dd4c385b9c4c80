import { giveUpAfter } from "../core/runtime/give_up_after.ts";
import { endWatch } from "./end_watch.ts";
import type { Bucket, BucketEntry } from "./nats_types.ts";
import { unanswered } from "./nats_connect.ts";

/** How often a list goes on to what has been written meanwhile, each time much less. */
const MOST_ROUNDS = 5;

/** How long the next revision is waited for, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Reads all revisions that a bucket has, in the order in which they were stored.
 *
 * The library ends such a list when the server says that nothing is left to send. It may never say
 * so while others write: a revision that is overwritten before it was sent is counted still. So the
 * list ends here with the newest revision that there was at its begin, or with a later one: the
 * server sends them in order. But what was overwritten meanwhile comes only behind that one, and
 * nobody is to be missing who tells something just then, so the list goes on to what is the newest
 * then, until nobody has written, or some times. Where the newest one has been deleted meanwhile, and
 * nobody writes, the library notices after some seconds that nothing comes.
 *
 * @throws {Error} The server sends nothing for too long.
 */
export async function listEntries(
  bucket: Pick<Bucket, "status" | "history">,
  patience: number = PATIENCE_MS,
): Promise<BucketEntry[]> {
  const lastOf = async () => (await bucket.status()).streamInfo.state.last_seq;
  let newest = await lastOf();
  // As in `getEntry`.
  if (newest === 0) return [];
  const entries: BucketEntry[] = [], list = await bucket.history();
  let hasWaited = false, rounds = 0;
  const giveUp = () => {
    hasWaited = true;
    list.stop();
  };
  let stopWaiting = giveUpAfter(patience, giveUp);
  try {
    for await (const entry of list) {
      entries.push(entry);
      stopWaiting();
      if (entry.revision >= newest) {
        newest = await lastOf();
        if (entry.revision >= newest || ++rounds === MOST_ROUNDS) break;
      }
      stopWaiting = giveUpAfter(patience, giveUp);
    }
  } finally {
    stopWaiting();
    await endWatch(list);
  }
  if (hasWaited) throw unanswered();
  return entries;
}

/** The last revision of each key that has a value. */
export function lastOfKeys(entries: readonly BucketEntry[]): BucketEntry[] {
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  return [...last.values()].filter(({ operation }) => operation === "PUT");
}
