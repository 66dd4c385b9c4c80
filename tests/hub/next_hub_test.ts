import { assertEquals } from "@std/assert";
import { HUB_LOCK, STANDBY_LOCK } from "../../src/hub/board/lock_names.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";

for (
  const { where, flags, counts } of [
    { where: "under deno run --watch", flags: ["--watch"], counts: "0,0,1" },
    { where: "elsewhere, where that was main of another test file", flags: [], counts: "0,1,2" },
  ]
) {
  const starts = flags.length > 0 ? "starts no hub" : "starts one";
  Deno.test(`a worker that computes ${starts} after one of main's has ended, ${where}`, async () => {
    await using program = ChildProgram.deno("tests/fixtures/computing_search.ts", {
      allow: ["--allow-all", ...flags],
    });
    assertEquals(await program.until(/^\d,\d,\d$/), counts);
  });
}

for (
  const { desc, lock } of [
    { desc: "finds one that then ends", lock: HUB_LOCK },
    { desc: "leaves it to one that stands by, and then ends,", lock: STANDBY_LOCK },
  ]
) {
  Deno.test(`a thread whose hub ${desc} is served by it, and starts no others meanwhile`, async () => {
    using ports = PortBlock.claim(1);
    const args = [String(ports.first), lock];
    await using program = ChildProgram.deno("tests/fixtures/ending_hub.ts", { args });
    // A hub that does not start is waited for for 10 s.
    assertEquals(await program.output(), "hub soon by 1 started");
  });
}
