import { assertEquals } from "@std/assert";
import { FaultProgram, LINES } from "./fault_program.ts";
import { type End, MAIN } from "./fault_task.ts";
import { HANDLER_KINDS, isRing } from "./handler_kinds.ts";
import { assertNothingLost } from "./numbered_lines.ts";

const ENDS: readonly { readonly desc: string; readonly main: End; readonly code: number }[] = [
  { desc: "it ends normally", main: "normally", code: 0 },
  { desc: "Deno.exit", main: "exit", code: 3 },
  { desc: "an uncaught error", main: "throw", code: 1 },
  { desc: "an unhandled rejection", main: "reject", code: 1 },
];

for (const handler of HANDLER_KINDS) {
  for (const { desc, main, code } of ENDS) {
    // The hub is there for the one reason, the other, or both.
    for (const listens of isRing(handler) ? [true, false] : [true]) {
      const what = listens ? "a program that listens" : "a program";
      Deno.test(`${what} loses no line: ${desc}, ${handler}`, async () => {
        await using program = new FaultProgram({ handler, main, listens });
        assertEquals((await program.child.end()).code, code);
        assertNothingLost(program.lines, { [MAIN]: LINES });
      });
    }
  }
}
