import { giveUpAfter } from "../../core/runtime/give_up_after.ts";

/** The time that a request may take. */
export interface TimeLimit {
  /** Breaks the request off when the time is over. */
  readonly signal: AbortSignal;
  /** To be called when the request is over. */
  readonly end: () => void;
}

/**
 * Limits the time of a request, in milliseconds in which this thread runs. `AbortSignal.timeout` would
 * break off what was answered long ago when a stopped program goes on: a record that has been taken
 * counted as lost, or was sent again. It rejects with `reason`.
 */
export function limitTime(milliseconds: number, reason: () => Error = timedOut): TimeLimit {
  const controller = new AbortController();
  const end = giveUpAfter(milliseconds, () => controller.abort(reason()));
  return { signal: controller.signal, end };
}

/** The error of `AbortSignal.timeout`. */
function timedOut(): Error {
  return new DOMException("The operation was aborted due to timeout", "TimeoutError");
}
