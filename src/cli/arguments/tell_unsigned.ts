import { printError } from "../printing/print.ts";

/** What listeners say that have a key, and programs that look for a signature themselves. */
const HAS_KEY = /signed changes only/, WANTS_SIGNATURE = /signed changes only|verify has refused/;

/** Whether the environment may be asked for the key; Deno asks nobody for that. */
export function mayReadKey(): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "LOGDIAL_KEY" });
  return state === "granted";
}

let isTold = false;

/**
 * Says on stderr, once, that nothing was signed, and why: only where a listener has refused for want
 * of a signature, since all others need none.
 */
export function tellUnsigned(errors: readonly (string | undefined)[]): void {
  const isRead = mayReadKey();
  if (isTold || (isRead && Deno.env.get("LOGDIAL_KEY"))) return;
  const wanted = isRead ? HAS_KEY : WANTS_SIGNATURE;
  if (!errors.some((error) => error !== undefined && wanted.test(error))) return;
  isTold = true;
  const reason = isRead
    ? "LOGDIAL_KEY is not set, it has to be the listener's key"
    : "LOGDIAL_KEY may not be read, run or install with --allow-env=LOGDIAL_KEY";
  printError(`logdial: Cannot sign: ${reason}`);
}
