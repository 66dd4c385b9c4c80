import { assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";

const PROGRAM = "tests/fixtures/serves_itself.ts";

Deno.test("a thread that serves itself answers as soon as it is idle, and can stop and begin again", async () => {
  await using program = ChildProgram.deno(PROGRAM);
  const line = await program.until(/^port \d+ served by thread$/);
  const port = Number(line.split(" ")[1]);
  // The thread has its port already, and blocks.
  const asked = sendConfig(port, taggedConfig("NEW", "DEBUG"));
  await program.tell("be idle");
  assertEquals((await asked).status, "applied");
  const again = await sendConfig(port, taggedConfig("NEXT", "DEBUG"));
  assertEquals(again.status, "applied");
  await program.tell("stop");
  await program.output();
  assertEquals(program.stdout.lines.slice(-2), [
    tagged("NEXT", "MainProcess", "DEBUG", "turned"),
    "listens again",
  ]);
});

Deno.test("a thread that serves itself frees its port at once if it has not been idle", async () => {
  using ports = PortBlock.claim(1);
  await using program = ChildProgram.deno(PROGRAM, { args: [String(ports.first)] });
  await program.output();
  assertEquals(program.stdout.lines.at(-1), "the port is free");
});
