import { writeDiagnostic } from "../../core/io/diagnostics.ts";
import { pause } from "../../core/runtime/pause.ts";
import { currentThread } from "../../core/runtime/thread.ts";
import { REHEARSAL_PAUSE_MS, REHEARSE_AFTER_MS } from "../life/rehearsed_text.ts";
import { rehearseChange } from "./thread_rehearsal.ts";

/** A worker rehearses when it has been idle for so long; it looks so often, in milliseconds. */
const IDLE_MS = 3000, IDLE_LOOK_MS = 500;
/** A worker whose timer is so late, in milliseconds, is not idle. */
const BUSY_MS = 50;

/**
 * Rehearses changes step by step, until a real one comes (`isOver`), which compiles the code as well.
 * Workers may be many and end soon: they rehearse only when they have nothing else to do.
 */
export async function rehearseWhenIdle(isOver: () => boolean): Promise<void> {
  if (currentThread().isMain) await pause(REHEARSE_AFTER_MS);
  else await untilIdle();
  try {
    for (const _ of rehearseChange()) {
      if (isOver()) return;
      await pause(REHEARSAL_PAUSE_MS);
    }
  } catch (error) {
    // A fault in the rehearsal must not end the program.
    writeDiagnostic(`logdial: the rehearsal failed: ${error}\n`);
  }
}

/** Resolves when the thread has had its event loop to itself for a while. */
async function untilIdle(): Promise<void> {
  for (let quiet = 0; quiet < IDLE_MS; quiet += IDLE_LOOK_MS) {
    const due = performance.now() + IDLE_LOOK_MS;
    await pause(IDLE_LOOK_MS);
    if (performance.now() - due > BUSY_MS) quiet = -IDLE_LOOK_MS;
  }
}
