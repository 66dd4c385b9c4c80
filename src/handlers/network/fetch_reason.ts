import { isError, readOrTell, reasonOf } from "../../core/values/thrown.ts";

/**
 * Why a request has failed, in the words of the system. What `fetch` throws says no more than that
 * it has; the cause says why, behind the whole URL, which may have secrets in it.
 */
export function fetchReason(error: unknown): string {
  const cause = isError(error) ? readOrTell(error, "cause") : undefined;
  return reasonOf(isError(cause) ? cause : error).replace(/^error sending request .*?: /s, "");
}
