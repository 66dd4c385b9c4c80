import { assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";
import { listThreads } from "../harness/list_threads.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

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

Deno.test("where no hub follows one that ended, threads keep their ports, and the others get what is freed", async () => {
  using ports = PortBlock.claim(2);
  await using program = new ThreadsProgram(ports);
  for (const name of ["Starter", "Keeper"]) {
    await program.start(name);
    await program.portOf(name);
  }
  for (const name of ["C", "D"]) await program.start(name);
  const before = await program.untilThreads("Starter", "Keeper", "C", "D");
  for (const name of ["Keeper", "C", "D"]) {
    await program.tell(name, "unlock");
    await program.child.until(`${name} - ERROR - finds no other hub`);
  }
  await program.command({ do: "terminate", name: "Starter" });
  const after = await program.child.eventually("the freed port at work", async () => {
    const found = await listThreads(ports);
    return [...found.values()].some(({ port }) => port === ports.first) ? found : undefined;
  });
  assertEquals(after.get("Keeper")?.port, before.get("Keeper")!.port);
  await program.command({ do: "terminate", name: "Keeper" });
  await program.untilThreads("C", "D");
  assertEquals(program.child.stderr.lines, []);
});
