import { atProgramEnd } from "../../core/runtime/at_program_end.ts";
import { currentThread } from "../../core/runtime/thread.ts";
import { DUMP_WRITTEN } from "../board/dump_order.ts";
import { LOOK_MS, PulseWatch } from "../../core/shared/pulse_watch.ts";

/** How often the hub is asked until it has heard, in milliseconds. */
const REPEAT_MS = 50;

/**
 * Has a dump written when an error of this thread is caught by nobody, and on main also when the
 * program ends with an exit status other than 0. It returns what undoes that.
 */
export function dumpAtEnd(dump: (reason: string) => void): () => void {
  let isOver = false;
  atProgramEnd((event) => {
    if (isOver) return;
    const reason = reasonFor(event);
    if (reason !== undefined) dump(reason);
  });
  return () => isOver = true;
}

/** Why an event asks for a dump; undefined if it does not. */
function reasonFor({ type }: Event): string | undefined {
  if (type === "error") return "uncaught error";
  if (type === "unhandledrejection") return "unhandled rejection";
  const isFault = currentThread().isMain && Deno.exitCode !== 0;
  return isFault ? `exit status ${Deno.exitCode}` : undefined;
}

/** Blocks until the hub has written a dump, or is found dead, whose pulse is `pulse`. */
export function waitForDump(
  post: (word: SharedArrayBuffer) => void,
  pulse: () => number,
): void {
  const word = new Int32Array(new SharedArrayBuffer(4));
  const watch = new PulseWatch(pulse());
  for (;;) {
    const state = Atomics.load(word, 0);
    if (state === DUMP_WRITTEN) return;
    if (state === 0) post(word.buffer);
    const changed = Atomics.wait(word, 0, state, state === 0 ? REPEAT_MS : LOOK_MS);
    if (changed === "timed-out" && watch.isSilent(pulse())) return;
  }
}
