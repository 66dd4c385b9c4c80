import { assert, assertEquals } from "@std/assert";
import { FaultProgram, LINES } from "./fault_program.ts";
import { type End, type HandlerKind, MAIN } from "./fault_task.ts";
import { HANDLER_KINDS, isRing, widthFor } from "./handler_kinds.ts";
import { assertNothingLost, countLines } from "./numbered_lines.ts";

const ABORTS: readonly { desc: string; main: End; signal: Deno.Signal }[] = [
  { desc: "process.abort()", main: "abort", signal: "SIGABRT" },
  { desc: "SIGKILL", main: "log on", signal: "SIGKILL" },
];

for (const handler of HANDLER_KINDS) {
  for (const { desc, main, signal } of ABORTS) {
    const what = isRing(handler) ? "tears nothing of what is out" : "loses no line";
    Deno.test(`${desc}, of which no program is told, ${what}: ${handler}`, async () => {
      await using program = new FaultProgram({ handler, main, width: widthFor(handler) });
      await program.untilWritten();
      if (signal === "SIGKILL") program.child.signal(signal);
      assertEquals((await program.child.end()).signal, signal);
      check(handler, program.lines, main);
    });
  }
}

/** What a ring holds dies with the process; what the hub has written is a beginning of it. */
function check(handler: HandlerKind, lines: readonly string[], main: End): void {
  if (!isRing(handler)) {
    const logged = { [MAIN]: { count: LINES, orMore: main === "log on" } };
    assertNothingLost(lines, logged, widthFor(handler));
    return;
  }
  const { torn, writers } = countLines(lines, widthFor(handler));
  assertEquals(torn, []);
  const { lost, doubled, disordered } = writers.get(MAIN) ?? { lost: 0, doubled: 0, disordered: 0 };
  assertEquals({ lost, doubled, disordered }, { lost: 0, doubled: 0, disordered: 0 });
  assert(main === "abort" || lines.length > 0, "the hub had time");
}
