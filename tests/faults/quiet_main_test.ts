import { assertEquals } from "@std/assert";
import { FaultProgram, LINES } from "./fault_program.ts";
import { type End, WORKER } from "./fault_task.ts";
import { assertNothingLost } from "./numbered_lines.ts";

/** Only the worker logs, so that nothing in main can see to its lines. */
const QUIET: readonly { desc: string; worker: End; exits?: boolean; code: number }[] = [
  { desc: "the worker closes, and so the program ends", worker: "close", code: 0 },
  { desc: "the worker throws, and so the program ends", worker: "throw", code: 1 },
  { desc: "main exits while the worker waits", worker: "idle", exits: true, code: 0 },
  { desc: "main exits while the worker logs on", worker: "log on", exits: true, code: 0 },
];

for (const { desc, code, ...how } of QUIET) {
  for (const listens of [true, false]) {
    const what = listens ? "a worker that listens" : "a worker";
    Deno.test(`a ring: ${what} loses no line where main does not log: ${desc}`, async () => {
      await using program = new FaultProgram({ handler: "ring", quietMain: true, listens, ...how });
      assertEquals((await program.child.end()).code, code);
      const orMore = how.worker === "log on";
      assertNothingLost(program.lines, { [WORKER]: { count: LINES, orMore } });
    });
  }
}
