import { isError, readOrTell, reasonOf } from "../../core/values/thrown.ts";

/**
 * Why a request has failed, in the words of the system. The error of `fetch` only says that it has
 * failed; its cause says why, after the whole URL, which is left out here: it may hold secrets.
 */
export function fetchReason(error: unknown): string {
  const cause = isError(error) ? readOrTell(error, "cause") : undefined;
  return reasonOf(isError(cause) ? cause : error).replace(/^error sending request .*?: /s, "");
}
