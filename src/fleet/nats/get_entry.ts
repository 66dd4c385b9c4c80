import type { Bucket, BucketEntry } from "./nats_types.ts";

/** Buckets in which something has been stored, so that the server has surely finished making them. */
const FILLED = new WeakSet<object>();

/**
 * Reads the last revision of a key; null if there is none.
 *
 * Nothing is read from a bucket in which nothing has been stored: nats-server 2.9 crashes when it is
 * asked for a message of a stream that it is just making, and agents look for buckets all the time.
 *
 * @throws {Error} The server or the bucket is not there.
 */
export async function getEntry(
  bucket: Pick<Bucket, "get" | "status">,
  key: string,
): Promise<BucketEntry | null> {
  try {
    if (!FILLED.has(bucket)) {
      const { streamInfo: { state } } = await bucket.status();
      if (state.last_seq === 0) return null;
      FILLED.add(bucket);
    }
    return await bucket.get(key);
  } catch (error) {
    // There may be another bucket of that name when the server is back.
    FILLED.delete(bucket);
    throw error;
  }
}

/**
 * The revision of a value of which the server has not said that it is stored; undefined if it is not
 * there. The answer may be lost, or have come while the program was stopped.
 */
export async function revisionOf(
  bucket: Bucket,
  key: string,
  value: object,
): Promise<number | undefined> {
  const entry = await getEntry(bucket, key);
  const isThere = entry?.operation === "PUT" &&
    JSON.stringify(entry.json()) === JSON.stringify(value);
  return isThere ? entry.revision : undefined;
}
