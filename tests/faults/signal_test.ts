import { assertEquals } from "@std/assert";
import { FaultProgram, LINES } from "./fault_program.ts";
import { type End, MAIN, written } from "./fault_task.ts";
import { HANDLER_KINDS, isRing, widthFor } from "./handler_kinds.ts";
import { assertNothingLost } from "./numbered_lines.ts";
import { watches } from "../harness/watches.ts";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
const STATES: readonly End[] = ["idle", "compute", "log on"];

for (const [kind, handler] of HANDLER_KINDS.entries()) {
  for (const [index, signal] of SIGNALS.entries()) {
    // Only where there are rings does the program do something at a signal: then each at each.
    const states = isRing(handler) ? STATES : [STATES[(kind + index) % STATES.length]!];
    for (const main of states) {
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

Deno.test("deno run --watch starts a program anew that has a ring, and no line is lost", async () => {
  const watched = await Deno.makeTempFile({ prefix: "logdial_watched_" });
  const allow = ["--allow-all", `--watch=${watched}`], lines = 1000;
  await using program = new FaultProgram({ handler: "ring", main: "idle", lines, allow });
  await program.untilWritten(MAIN, lines);
  const { child } = program;
  // The watcher comes to that some time after it has started the program.
  await child.eventually("a watch", () => watches(child.pid, watched) || undefined);
  const from = child.stderr.lines.length;
  await Deno.writeTextFile(watched, "changed");
  await child.untilError(written(MAIN, lines), from);
  child.signal("SIGTERM");
  assertEquals((await child.end()).signal, "SIGTERM");
  for (const run of [program.lines.slice(0, lines), program.lines.slice(lines)]) {
    assertNothingLost(run, { [MAIN]: lines });
  }
  await Deno.remove(watched);
});
