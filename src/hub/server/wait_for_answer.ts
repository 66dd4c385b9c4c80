import type { Outcome, PostedOrder } from "../board/orders.ts";
import type { ServedThread } from "./served_thread.ts";

/** Most senders of the process that wait longer than usual, so that others find a connection. */
const MAX_PATIENT = 48;
/** Longest wait for a thread that is carrying out an order: our sender gives up after 2 s. */
const AT_WORK_MS = 1500;

/** Something that has been sent to a thread, and that its sender waits for. */
export interface AwaitedRequest {
  readonly thread: ServedThread;
  /** When it came, in milliseconds of this thread's clock. */
  readonly since: number;
  /** Resolves when no thread may be waited for any longer. */
  readonly hurry: Promise<void>;
}

/** Senders that wait longer than usual, for any thread. */
let patient = 0;

/**
 * What a thread answers to an order; undefined if it does not within the usual time, or the time
 * that the sender wants to wait: then it is pending. A thread that is carrying the order out, as one
 * with thousands of loggers may be for long, is given more time than one that computes. `soon` sees
 * the outcome, or undefined, when the usual time is over.
 */
export async function waitForAnswer(
  { thread, since, hurry }: AwaitedRequest,
  posted: PostedOrder,
  wait = 0,
  soon: (outcome: Outcome | undefined) => void = () => {},
): Promise<Outcome | undefined> {
  const { answerTimeout } = thread.options;
  const outcome = await thread.outcome(posted, answerTimeout, hurry);
  soon(outcome);
  const atWork = thread.isAt(posted) ? since + AT_WORK_MS - performance.now() : 0;
  const patience = Math.max(wait - answerTimeout, atWork);
  if (outcome !== undefined || patience <= 0 || patient >= MAX_PATIENT) return outcome;
  patient++;
  try {
    return await thread.outcome(posted, patience, hurry);
  } finally {
    patient--;
  }
}
