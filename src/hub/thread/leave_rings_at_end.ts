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
    for (const { control } of startedHubs()) control.leaveRings();
    for (const ring of rings) ring.flush();
  });
}
