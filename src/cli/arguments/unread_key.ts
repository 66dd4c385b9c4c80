import { printError } from "../printing/print.ts";

/** What listeners and programs say when they take no change without a good signature. */
const WANTS_SIGNATURE = /signed changes only|verify has refused/;

/** Whether the environment may be asked for the key; Deno asks nobody for that. */
export function mayReadKey(): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "LOGDIAL_KEY" });
  return state === "granted";
}

let isTold = false;

/**
 * Says on stderr, once, that a key, if there is one, was not read: only where a listener has refused
 * for want of a signature, since all others need none.
 */
export function tellUnreadKey(errors: readonly (string | undefined)[]): void {
  if (isTold || mayReadKey()) return;
  if (!errors.some((error) => error !== undefined && WANTS_SIGNATURE.test(error))) return;
  isTold = true;
  printError(
    "logdial: Cannot sign: LOGDIAL_KEY may not be read, run or install with " +
      "--allow-env=LOGDIAL_KEY",
  );
}
