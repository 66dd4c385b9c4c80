import { atProgramEnd } from "../../core/runtime/at_program_end.ts";
import { currentThread } from "../../core/runtime/thread.ts";

/**
 * Has a dump written when nobody catches an error of this thread and, on main, when the program
 * ends with an exit status other than 0. If it ends well, `dump` gets no reason: a dump that a signal
 * has brought about may still be on its way. Returns a function that undoes this.
 */
export function dumpAtEnd(dump: (reason: string | undefined) => void): () => void {
  return atProgramEnd((event) => {
    const reason = reasonFor(event);
    if (reason !== undefined || currentThread().isMain) dump(reason);
  });
}

/** Why an event asks for a dump; undefined if it does not. */
function reasonFor({ type }: Event): string | undefined {
  if (type === "error") return "uncaught error";
  if (type === "unhandledrejection") return "unhandled rejection";
  const isFault = currentThread().isMain && Deno.exitCode !== 0;
  return isFault ? `exit status ${Deno.exitCode}` : undefined;
}
