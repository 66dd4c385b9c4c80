import { assertEquals } from "@std/assert";
import { FaultProgram, LINES } from "./fault_program.ts";
import { type End, MAIN } from "./fault_task.ts";
import { HANDLER_KINDS, widthFor } from "./handler_kinds.ts";
import { assertNothingLost } from "./numbered_lines.ts";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
const STATES: readonly End[] = ["idle", "compute", "log on"];

for (const handler of HANDLER_KINDS) {
  for (const signal of SIGNALS) {
    for (const main of STATES) {
      Deno.test(`${signal} loses no line: main is at "${main}", ${handler}`, async () => {
        const width = widthFor(handler), orMore = main === "log on";
        await using program = new FaultProgram({ handler, main, width });
        await program.untilWritten();
        program.child.signal(signal);
        assertEquals((await program.child.end()).signal, signal);
        assertNothingLost(program.lines, { [MAIN]: { count: LINES, orMore } }, width);
      });
    }
  }
}
