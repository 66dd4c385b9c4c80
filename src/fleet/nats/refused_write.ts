import { reasonOf } from "../../core/values/thrown.ts";
import { NO_LEADER } from "./nats_connect.ts";
import type { Bucket } from "./nats_types.ts";

/** The server does not store what it was given: one may not write there, or there is no room. */
export class RefusedWriteError extends Error {
  override name = "RefusedWriteError";
}

/** What the library says of a server without JetStream, and of a write that nothing takes. */
export const NOT_ENABLED: RegExp = /jetstream (is )?not enabled/i;

/** What is said where a bucket is not there, or not any more. */
const NO_BUCKET = "There is no bucket yet, the first logdial fleet makes it";

/** Why a bucket cannot be read, with what helps where it is not there; anything else as it is. */
export function bucketFault(error: unknown): unknown {
  return reasonOf(error).includes("stream not found")
    ? new Error(NO_BUCKET, { cause: error })
    : error;
}

/** A refusal as such, with what helps; anything else as it is. */
export async function refusedWrite(
  error: unknown,
  bucket: Pick<Bucket, "status">,
): Promise<unknown> {
  const reason = reasonOf(error);
  // The server has JetStream: the bucket has been read before.
  if (NOT_ENABLED.test(reason)) return await untakenWrite(error, bucket);
  if (/^permissions violation for publish/i.test(reason)) {
    return new RefusedWriteError(`${reason}: the user needs the right to publish there`, {
      cause: error,
    });
  }
  if (/message size exceeds/i.test(reason)) {
    const way = "raise what its stream takes (max_msg_size)";
    return new RefusedWriteError(`${reason}: the bucket takes no value as long as that, ${way}`, {
      cause: error,
    });
  }
  if (/insufficient (storage )?resources|no space left|maximum bytes exceeded/i.test(reason)) {
    const way = "give its disk, or max_file_store and what limits its account, more";
    return new RefusedWriteError(`${reason}: the server has no room to store it, ${way}`, {
      cause: error,
    });
  }
  return error;
}

/** Why nothing takes a write: the bucket is not there, or nobody leads those who keep it. */
async function untakenWrite(error: unknown, bucket: Pick<Bucket, "status">): Promise<unknown> {
  try {
    await bucket.status();
  } catch (fault) {
    return bucketFault(fault);
  }
  return new Error(NO_LEADER, { cause: error });
}
