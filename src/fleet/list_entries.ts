import { endWatch } from "./end_watch.ts";
import type { Bucket, BucketEntry } from "./nats_types.ts";

/** Longest wait for the next revision, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Reads all revisions that a bucket has, in the order in which they were stored.
 *
 * The library ends such a list when the server says that nothing is left to send. It may never say
 * so while others write: a revision that is overwritten before it was sent is counted still. So the
 * list ends here with the newest revision that there was at its begin, or with a later one: the
 * server sends them in order. Where that one has been deleted meanwhile, and nobody writes, the
 * library notices after some seconds that nothing comes.
 *
 * @throws {Error} The server sends nothing for too long.
 */
export async function listEntries(
  bucket: Pick<Bucket, "status" | "history">,
  patience: number = PATIENCE_MS,
): Promise<BucketEntry[]> {
  const { streamInfo: { state } } = await bucket.status();
  // As in `getEntry`.
  if (state.last_seq === 0) return [];
  const entries: BucketEntry[] = [], list = await bucket.history();
  let hasWaited = false;
  const giveUp = () => {
    hasWaited = true;
    list.stop();
  };
  let timer = setTimeout(giveUp, patience);
  try {
    for await (const entry of list) {
      entries.push(entry);
      if (entry.revision >= state.last_seq) break;
      clearTimeout(timer);
      timer = setTimeout(giveUp, patience);
    }
  } finally {
    clearTimeout(timer);
    await endWatch(list);
  }
  // This is the library's own word for a question that the server does not answer.
  if (hasWaited) throw new Error("timeout");
  return entries;
}

/** The last revision of each key that has a value. */
export function lastOfKeys(entries: readonly BucketEntry[]): BucketEntry[] {
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  return [...last.values()].filter(({ operation }) => operation === "PUT");
}
