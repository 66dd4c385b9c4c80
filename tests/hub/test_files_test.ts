import { assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { listThreads } from "../harness/list_threads.ts";
import { PortBlock } from "../harness/port_block.ts";
import { importFlags } from "../harness/project.ts";

Deno.test("a hub that a worker of one test file has started serves on as the main thread of another one ends", async () => {
  using ports = PortBlock.claim(2);
  const files = ["computing", "ending"].map((name) => `tests/fixtures/${name}_test_file.ts`);
  const args = ["test", "--no-check", "--parallel", "--allow-all", ...importFlags(), ...files];
  const env = { DENO_JOBS: "2", LOGDIAL_PORT: String(ports.first), NO_COLOR: "1" };
  await using program = ChildProgram.run(Deno.execPath(), args, { env });
  await program.until(/ending_test_file.* ok /);
  const left = await program.eventually("the end of a main thread", async () => {
    const threads = await listThreads(ports);
    return threads.has("MainProcess") ? undefined : threads;
  });
  assertEquals([...left.keys()], ["Computing"]);
});
