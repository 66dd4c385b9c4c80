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
 * counted as lost, or was sent again.
 */
export function limitTime(milliseconds: number): TimeLimit {
  const controller = new AbortController();
  const end = giveUpAfter(milliseconds, () => {
    const message = "The operation was aborted due to timeout";
    controller.abort(new DOMException(message, "TimeoutError"));
  });
  return { signal: controller.signal, end };
}
