import { assertEquals } from "@std/assert";
import { FaultProgram, LINES } from "./fault_program.ts";
import { type End, MAIN, WORKER } from "./fault_task.ts";
import { HANDLER_KINDS, widthFor } from "./handler_kinds.ts";
import { assertNothingLost } from "./numbered_lines.ts";

interface WorkerEnd {
  readonly desc: string;
  readonly worker: End;
  readonly terminates?: boolean;
  /** Whether main logs as much again afterwards. */
  readonly handlesError?: boolean;
  readonly code: number;
}

const ENDS: readonly WorkerEnd[] = [
  { desc: "self.close()", worker: "close", code: 0 },
  { desc: "terminate() while it waits", worker: "idle", terminates: true, code: 0 },
  { desc: "terminate() while it logs on", worker: "log on", terminates: true, code: 0 },
  { desc: "Deno.exit", worker: "exit", code: 0 },
  { desc: "an uncaught error that ends the program", worker: "throw", code: 1 },
  { desc: "an uncaught error that main handles", worker: "throw", handlesError: true, code: 0 },
  { desc: "an unhandled rejection that ends the program", worker: "reject", code: 1 },
  {
    desc: "an unhandled rejection that main handles",
    worker: "reject",
    handlesError: true,
    code: 0,
  },
];

for (const handler of HANDLER_KINDS) {
  for (const { desc, code, handlesError = false, ...how } of ENDS) {
    Deno.test(`a worker's end loses no line: ${desc}, ${handler}`, async () => {
      const width = widthFor(handler);
      await using program = new FaultProgram({ handler, handlesError, width, ...how });
      assertEquals((await program.child.end()).code, code, program.child.stderr.lines.join("\n"));
      const own = handlesError ? 2 * LINES : LINES;
      const workers = { count: LINES, orMore: how.worker === "log on" };
      assertNothingLost(program.lines, { [MAIN]: own, [WORKER]: workers }, width);
    });
  }
}
