import { printError } from "../printing/print.ts";

/** Messages of listeners that have a key, and of programs whose `verify` wants a signature. */
const HAS_KEY = /signed (changes|questions) only/,
  WANTS_SIGNATURE = /signed (changes|questions) only|verify has refused/;

/** Whether the program may read the key from the environment; Deno does not prompt for it. */
export function mayReadKey(): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "LOGDIAL_KEY" });
  return state === "granted";
}

let isTold = false;

/**
 * Tells on stderr, once, that nothing was signed, and why; only if a listener has refused because
 * there is no signature.
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
