import { assertEquals } from "@std/assert";
import { listThreads } from "../harness/list_threads.ts";
import { PortBlock } from "../harness/port_block.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";
import { untilRefused } from "../harness/until_refused.ts";

Deno.test("a worker's port is freed as the worker ends, and the next one takes it", async (t) => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  await program.untilThreads("MainProcess");
  const ends: { desc: string; end: (name: string) => Promise<void> }[] = [
    { desc: "self.close()", end: (name) => program.tell(name, "close") },
    { desc: "terminate()", end: (name) => program.command({ do: "terminate", name }) },
    { desc: "an uncaught error", end: (name) => program.tell(name, "throw") },
  ];
  for (const [index, { desc, end }] of ends.entries()) {
    await t.step(desc, async () => {
      const name = `Worker-${index}`;
      await program.start(name);
      const port = await program.portOf(name);
      assertEquals(port, ports.first + 1, "the lowest free one, that of the worker before");
      await end(name);
      await untilRefused(port);
      await program.untilThreads("MainProcess");
    });
  }
});

Deno.test("a change for a thread that ends before it comes to it is not told to be pending", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  await program.start("Ending", "log here", "block to-end");
  await program.child.until("Ending - ERROR - here");
  const port = await program.portOf("Ending");
  const asked = sendConfig(port, taggedConfig("LATE", "ERROR"), { wait: "20s" });
  await program.child.eventually("a change that waits", async () => {
    return (await listThreads(ports)).get("Ending")!.pending === 1 || undefined;
  });
  await program.command({ do: "open", name: "Ending" });
  const { status, error } = await asked;
  assertEquals(status, "rejected");
  assertEquals(error!.message, "The thread has ended meanwhile, or listens no more");
});

Deno.test("a gap is filled before a higher port is taken", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  const names = ["A", "B", "C"];
  for (const [index, name] of names.entries()) {
    await program.start(name);
    assertEquals(await program.portOf(name), ports.first + 1 + index);
  }
  await program.tell("B", "close");
  await untilRefused(ports.first + 2);
  await program.start("D");
  assertEquals(await program.portOf("D"), ports.first + 2);
  await program.start("E");
  assertEquals(await program.portOf("E"), ports.first + 4);
});

Deno.test("a worker that starts late starts from the newest configuration", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.start("Early");
  const port = await program.portOf("Early");
  await sendConfig(port, taggedConfig("FIRST", "ERROR"));
  await sendConfig(port, taggedConfig("SECOND", "ERROR"));
  await sendConfig(port, { version: 1, incremental: true, root: { level: "DEBUG" } });
  await program.start("Late", "log hello");
  await program.child.until(tagged("SECOND", "Late", "DEBUG", "hello"));
  await program.child.until(tagged("SECOND", "Late", "ERROR", "hello"));
  const late = (await program.untilThreads("Early", "Late")).get("Late")!;
  assertEquals(late.levels, { root: "DEBUG" });
  const early = (await program.untilThreads("Early", "Late")).get("Early")!;
  assertEquals(late.changed, early.changed, "it tells of the change as the others do");
  assertEquals(program.child.stdout.matching("hello").length, 2);
});

Deno.test("a configuration that was refused is not what a late worker starts from", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.start("Early");
  const port = await program.portOf("Early");
  await sendConfig(port, taggedConfig("GOOD", "DEBUG"));
  const bad = taggedConfig("BAD", "DEBUG").replace("StreamHandler", "NoSuchHandler");
  assertEquals((await sendConfig(port, bad)).status, "rejected");
  await program.start("Late", "log hello");
  await program.child.until(tagged("GOOD", "Late", "DEBUG", "hello"));
});
