import { pause } from "../../core/runtime/pause.ts";
import { atProgramEnd } from "../../core/runtime/at_program_end.ts";
import type { KeptRing } from "../../handlers/rings/ring_keeper.ts";
import { startedHubs } from "../life/start_hub.ts";

/**
 * Writes the rings out when the program ends, on main: the hub writes those of all threads and
 * gives them back, then this thread what it still has in its own. What comes after that goes out
 * directly.
 */
export function leaveRingsAtEnd(rings: readonly KeptRing[]): void {
  atProgramEnd(() => {
    const controls = startedHubs().map(({ control }) => control);
    for (const control of controls) control.leaveRings();
    for (const ring of rings) ring.flush();
    // Only a program that has outlived it comes there: its other listeners may take their time.
    void pause(1).then(() => controls.forEach((control) => control.goOn()));
  });
}
