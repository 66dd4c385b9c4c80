import { assertEquals, assertMatch } from "@std/assert";
import { FaultProgram, LINES } from "./fault_program.ts";
import { HANDLER_KINDS } from "./handler_kinds.ts";
import { assertNothingLost } from "./numbered_lines.ts";

for (const handler of HANDLER_KINDS) {
  Deno.test(`the hub's end loses no line: ${handler}`, async () => {
    await using program = new FaultProgram({ handler, fixture: "faults_hub" });
    assertEquals((await program.child.end()).code, 0, program.child.stderr.lines.join("\n"));
    const [said = ""] = program.child.stderr.lines;
    assertMatch(said, /^W has logged \d+ lines$/);
    const count = Number(said.split(" ")[3]);
    assertNothingLost(program.lines, { S: LINES, W: count });
  });
}
