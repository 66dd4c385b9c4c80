import { pause } from "../../core/runtime/pause.ts";
import { atProgramEnd } from "../../core/runtime/at_program_end.ts";
import type { KeptRing } from "../../handlers/rings/ring_keeper.ts";
import { startedHubs } from "../life/start_hub.ts";

/**
 * Has the rings written out when the program ends; for main. The hub writes the rings of all threads
 * and gives them back, then this thread writes what is left in its own. Later lines go out directly.
 */
export function leaveRingsAtEnd(rings: readonly KeptRing[]): void {
  atProgramEnd(() => {
    const controls = startedHubs().map(({ control }) => control);
    for (const control of controls) control.leaveRings();
    for (const ring of rings) ring.flush();
    // The pause ends only if the program goes on after all, once its other listeners have run.
    void pause(1).then(() => controls.forEach((control) => control.goOn()));
  });
}
