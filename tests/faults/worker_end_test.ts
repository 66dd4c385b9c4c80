import { assertEquals } from "@std/assert";
import { FaultProgram, LINES } from "./fault_program.ts";
import { type End, MAIN, WORKER, workerName } from "./fault_task.ts";
import { HANDLER_KINDS, widthFor } from "./handler_kinds.ts";
import { assertNothingLost } from "./numbered_lines.ts";

/** Each of them ends the program, so that it has a program of its own. */
const LAST: readonly {
  readonly desc: string;
  readonly worker: End;
  readonly terminates?: boolean;
  readonly code: number;
}[] = [
  { desc: "terminate() while it logs on", worker: "log on", terminates: true, code: 0 },
  { desc: "an uncaught error that ends the program", worker: "throw", code: 1 },
  { desc: "an unhandled rejection that ends the program", worker: "reject", code: 1 },
];

/**
 * After these, main goes on: `self.close()`, `Deno.exit`, an error and a rejection, both of which
 * main handles and logs as many lines again, and `terminate()` while it waits.
 */
const ENDS: readonly End[] = ["close", "exit", "throw", "reject", "idle"];

for (const handler of HANDLER_KINDS) {
  const width = widthFor(handler);
  for (const { desc, code, ...how } of LAST) {
    Deno.test(`a worker's end loses no line: ${desc}, ${handler}`, async () => {
      await using program = new FaultProgram({ handler, width, ...how });
      assertEquals((await program.child.end()).code, code, program.child.stderr.lines.join("\n"));
      const workers = { count: LINES, orMore: how.worker === "log on" };
      assertNothingLost(program.lines, { [MAIN]: LINES, [WORKER]: workers }, width);
    });
  }

  Deno.test(`workers' ends lose no line where main goes on, ${handler}`, async () => {
    const how = { handlesError: true, terminates: true, moreWorkers: ENDS };
    await using program = new FaultProgram({ handler, width, ...how });
    assertEquals((await program.child.end()).code, 0, program.child.stderr.lines.join("\n"));
    const workers = ENDS.map((_, index) => [workerName(index), LINES]);
    assertNothingLost(program.lines, { [MAIN]: 3 * LINES, ...Object.fromEntries(workers) }, width);
  });
}
