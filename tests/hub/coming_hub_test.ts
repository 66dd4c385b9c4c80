import { assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";

// In a process of its own, since other test files share locks and channels.
Deno.test("a hub ends for one that comes up in another program of the process, not for one of its own or one that stands still", async () => {
  await using program = ChildProgram.deno("tests/fixtures/other_program.ts");
  await program.ended;
  assertEquals(program.stdout.lines, [
    "one of the same program: false",
    "one that stands still: false",
    "one of another program: true",
  ]);
});
