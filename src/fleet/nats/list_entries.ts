import { giveUpAfter } from "../../core/runtime/give_up_after.ts";
import { pause } from "../../core/runtime/pause.ts";
import { beginWatch, endWatch } from "./bucket_watch.ts";
import type { Bucket, BucketEntry } from "./nats_types.ts";
import { unanswered } from "./nats_connect.ts";

/** How often a list goes on to what has been written meanwhile, each time much less. */
const MOST_ROUNDS = 5;

/** How long the next revision is waited for, in milliseconds. */
const PATIENCE_MS = 10_000;

/** How often a server is asked that has not all of the bucket yet. */
const MOST_LISTS = 10;
/** The pause before each time, in milliseconds. */
const BEHIND_MS = 500;

/**
 * Reads all revisions that a bucket has, in the order in which they were stored.
 *
 * The library ends such a list when the server says that nothing is left to send. It may never say
 * so while others write: a revision that is overwritten before it was sent is counted still. So the
 * list ends here with the newest revision that there was when it began, or with a later one: the
 * server sends them in order. But what was overwritten meanwhile comes only behind that one, and
 * nobody is to be missing who tells something just then, so the list goes on to what is the newest
 * then, until nobody has written, or some times.
 *
 * Of a cluster, the list may be sent by a server that was away for a while and has not caught up
 * with the others: its list ends too early. So it is asked for again. A list without the newest one
 * that has as many revisions as the leader counts is taken in the end: the newest may be deleted.
 * But as a rule it has older ones of the same keys, since of a report the last revision only is kept.
 *
 * @throws {Error} The server sends nothing for too long, or does not catch up.
 */
export async function listEntries(
  bucket: Pick<Bucket, "status" | "history">,
  patience: number = PATIENCE_MS,
  behind: number = BEHIND_MS,
): Promise<BucketEntry[]> {
  for (let count = 1; count <= MOST_LISTS; count++) {
    const { entries, hasNewest, messages } = await listOnce(bucket, patience);
    const isLast = count === MOST_LISTS;
    if (hasNewest || isLast && entries.length === messages) return entries;
    if (!isLast) await pause(behind);
  }
  throw new Error("the server that sends it has not caught up with the others yet, try again");
}

async function listOnce(
  bucket: Pick<Bucket, "status" | "history">,
  patience: number,
): Promise<{ entries: BucketEntry[]; hasNewest: boolean; messages: number }> {
  const stateOf = async () => (await bucket.status()).streamInfo.state;
  let { last_seq: newest, messages } = await stateOf();
  // All have been deleted, or none was stored yet: then nothing is read, as in `getEntry`.
  if (messages === 0) return { entries: [], hasNewest: true, messages };
  const entries: BucketEntry[] = [], list = await beginWatch(() => bucket.history());
  let hasWaited = false, hasNewest = false, rounds = 0;
  const giveUp = () => {
    hasWaited = true;
    list.stop();
  };
  let stopWaiting = giveUpAfter(patience, giveUp);
  try {
    for await (const entry of list) {
      entries.push(entry);
      stopWaiting();
      hasNewest = entry.revision >= newest;
      if (hasNewest) {
        ({ last_seq: newest, messages } = await stateOf());
        hasNewest = entry.revision >= newest || ++rounds === MOST_ROUNDS;
        if (hasNewest) break;
      }
      stopWaiting = giveUpAfter(patience, giveUp);
    }
  } finally {
    stopWaiting();
    await endWatch(list);
  }
  if (hasWaited) throw unanswered();
  return { entries, hasNewest, messages };
}

/** The last revision of each key that has a value. */
export function lastOfKeys(entries: readonly BucketEntry[]): BucketEntry[] {
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  return [...last.values()].filter(({ operation }) => operation === "PUT");
}
