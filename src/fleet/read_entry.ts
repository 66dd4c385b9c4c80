import { reasonOf } from "../core/values/thrown.ts";
import { BUCKET, SEEN_BUCKET } from "./fleet_keys.ts";
import type { BucketEntry } from "./nats/nats_types.ts";

/** A value in a bucket that nobody here can read, such as one of another version. */
export class UnreadableError extends Error {
  /** Name of the class. */
  override readonly name = "UnreadableError";

  /** The message names the value, what is wrong with it, and how to delete it. */
  constructor(bucket: string, key: string, cause: unknown) {
    const reason = reasonOf(cause).replace(/^its answer/, "its value");
    const way = `"nats kv del ${bucket} ${key}" removes it`;
    super(`Cannot read key ${key} of bucket ${bucket}: ${reason}; ${way}`, { cause });
  }
}

/** The part of an entry that is needed to read its value. */
export type Value = Pick<BucketEntry, "key" | "json">;

/**
 * Reads what operators have stored.
 *
 * @throws {UnreadableError} The value is something else.
 */
export function readWish<T>(value: Value, read: (json: unknown) => T): T {
  return readIn(BUCKET, value, read);
}

/**
 * Reads what an agent has told.
 *
 * @throws {UnreadableError} It is something else.
 */
export function readSeen<T>(value: Value, read: (json: unknown) => T): T {
  return readIn(SEEN_BUCKET, value, read);
}

function readIn<T>(bucket: string, value: Value, read: (json: unknown) => T): T {
  try {
    return read(value.json());
  } catch (error) {
    throw new UnreadableError(bucket, value.key, error);
  }
}
