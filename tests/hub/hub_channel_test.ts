import { assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";

Deno.test("what a thread tells the hub neither ends the program nor keeps it alive", async () => {
  await using child = ChildProgram.deno("tests/fixtures/tells_hub.ts", { allow: ["--allow-net"] });
  assertEquals(await child.output(), "a request has come");
});
