import { assert, assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { least } from "../harness/least.ts";
import { PortBlock } from "../harness/port_block.ts";
import { kept, RecorderProgram } from "../harness/recorder_program.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

Deno.test("when the worker that started the hub ends, the others are served on as before", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  // The main thread never imports the module, so the hub lives and dies with this one.
  await program.start("Starter");
  const starterPort = await program.portOf("Starter");
  await program.start("Idle");
  const idlePort = await program.portOf("Idle");
  await program.start("Busy", "busy");
  const busyPort = await program.portOf("Busy");
  for (const port of [starterPort, idlePort, busyPort]) {
    await sendConfig(port, taggedConfig("BEFORE", "ERROR"));
  }

  const { instance } = (await program.untilThreads("Starter", "Busy", "Idle")).get("Idle")!;
  await program.tell("Starter", "close");
  // The hub may answer for a moment more, and a thread that starts once it has ended is the next
  // hub's first, which knows of no change before the others come to it.
  await program.untilAnotherHub(instance, "Busy", "Idle");
  const after = await program.untilThreads("Busy", "Idle");
  assertEquals(after.get("Idle")!.port, idlePort);
  assertEquals(after.get("Busy")!.port, busyPort, "found out by itself although it never yields");

  // What the new hub knows is what the threads remember.
  await program.start("Late", "log hello");
  await program.child.until(tagged("BEFORE", "Late", "ERROR", "hello"));
  for (const [name, { port }] of await program.untilThreads("Busy", "Idle", "Late")) {
    const ack = await sendConfig(port, taggedConfig("AFTER", "DEBUG"));
    assertEquals([ack.status, ack.name], ["applied", name]);
  }
  await program.tell("Idle", "log alive");
  await program.child.until(tagged("AFTER", "Idle", "DEBUG", "alive"));
  await program.child.until(tagged("AFTER", "Busy", "DEBUG", "busy"));
  assertEquals(program.child.stderr.lines, []);
});

Deno.test("when the hub's worker ends, a thread whose log calls are all dropped is served on", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.start("First");
  await program.portOf("First");
  await program.start("Second");
  await program.portOf("Second");
  // On the second one, there being no other.
  await program.untilStandby();
  await program.start("Hot");
  const port = await program.portOf("Hot");
  await sendConfig(port, taggedConfig("BEFORE", "ERROR"));
  await program.tell("Hot", "hot");
  await program.child.until("warmed up");

  const first = (await program.untilThreads("First", "Second", "Hot")).get("Hot")!.instance;
  await program.command({ do: "terminate", name: "First" });
  const second = await program.untilAnotherHub(first, "Hot", "Second");
  assertEquals(await program.portOf("Hot"), port);
  const ack = await sendConfig(port, taggedConfig("AFTER", "WARNING"));
  assertEquals([ack.status, ack.name], ["applied", "Hot"]);

  // Now on the computing one itself, which started it in a call that was dropped.
  await program.untilStandby();
  await program.command({ do: "terminate", name: "Second" });
  await program.untilAnotherHub(second, "Hot");
  const last = await sendConfig(port, taggedConfig("LAST", "DEBUG"));
  assertEquals([last.status, last.name], ["applied", "Hot"]);
  await program.child.until(tagged("LAST", "Hot", "DEBUG", "hot"));
  assertEquals(program.child.stderr.lines, []);
});

Deno.test("records that a hub has written to a file, the next one does not write again", async () => {
  const folder = await Deno.makeTempDir({ prefix: "logdial_dump_" }),
    dumpTo = `${folder}/dump.jsonl`;
  const recorder = { levels: { "app.db": "DEBUG" }, dumpTo, dumpOnError: true };
  const messages = async () => {
    const lines = (await Deno.readTextFile(dumpTo).catch(() => "")).split("\n").slice(0, -1);
    return lines.flatMap((line) => JSON.parse(line).message ?? []);
  };
  try {
    await using program = new RecorderProgram({ options: { recorder }, quietMain: true });
    await program.start("Host");
    await program.start("Other");
    await program.tell("MainProcess", { do: "await standby" }, "a hub stands by");
    await program.log(1, "Other");
    await program.tell("Other", { do: "error" }, "failed");
    const before = [kept("Other", 0), "Other failed"];
    await program.child.eventually(
      "a dump",
      async () => (await messages()).length > 1 || undefined,
    );
    await program.tell("Host", { do: "close" });
    await program.child.eventually("a new hub", async () => {
      const found = await program.dump().catch(() => undefined);
      return found?.threads.some(({ thread, ended }) => thread === "Host" && ended) || undefined;
    });
    await program.log(1, "Other");
    await program.tell("Other", { do: "throw" });
    assertEquals((await program.child.end()).code, 1);
    assertEquals(await messages(), [...before, kept("Other", 1)]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("of the hubs that workers start at once, one serves, one stands by, and the rest end", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  const names = ["A", "B", "C", "D"];
  await Promise.all(names.map((name) => program.start(name)));
  const untilWorkers = (count: number) => {
    const look = () => program.child.workers() === count || undefined;
    return program.child.eventually(`${count} workers`, look);
  };
  for (let left = names; left.length > 0; left = left.slice(1)) {
    // What takes over stays, and the last thread has no other to stand by for it.
    await program.untilThreads(...left);
    await untilWorkers(left.length + (left.length > 1 ? 2 : 1));
    await program.command({ do: "terminate", name: left[0]! });
  }
  await untilWorkers(0);
  assertEquals(program.child.stderr.lines, []);
});

Deno.test("a hub that would end with the one that it stands by for is not needed", async () => {
  await using program = ChildProgram.deno("tests/fixtures/own_standby.ts");
  assertEquals((await program.output()).split("\n"), [
    "of the same thread: ends",
    "of another one: stands by",
    "of the thread whose hub has taken over: ends",
    "of another one again: stands by",
  ]);
});

Deno.test("a hub that the main thread started outlives every worker", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  const main = (await program.untilThreads("MainProcess")).get("MainProcess")!;
  for (const name of ["A", "B"]) {
    await program.start(name);
    await program.untilThreads("MainProcess", name);
    await program.command({ do: "terminate", name });
    await program.untilThreads("MainProcess");
  }
  assertEquals((await sendConfig(main.port, taggedConfig("ON", "DEBUG"))).status, "applied");
});

Deno.test("no log call waits for a hub that hangs, and it serves on when it wakes up", async () => {
  let said = "";
  const took = await least(1000, async () => {
    using ports = PortBlock.claim();
    const plan = { options: { ports: ports.range }, logs: 5500, hangs: 5000 };
    await using child = ChildProgram.deno("tests/fixtures/hanging_hub.ts", {
      args: [JSON.stringify(plan)],
    });
    await child.until(`listens on ${ports.first} by hub`);
    said = await child.until("longest ");
    assertEquals((await sendConfig(ports.first, taggedConfig("ON", "DEBUG"))).status, "applied");
    const [, first, second] = /(\d+) (\d+)$/.exec(said)!;
    // One call may start another hub, which finds that there is one; the others take 200 ms at most.
    return Math.max(Number(first), 5 * Number(second));
  });
  assert(took < 1000, said);
});

Deno.test("whoever stops listening has its port free, however slow the hub is", async () => {
  using ports = PortBlock.claim();
  const plan = { options: { ports: ports.range }, logs: 0, hangs: 0, stops: 900 };
  await using child = ChildProgram.deno("tests/fixtures/hanging_hub.ts", {
    args: [JSON.stringify(plan)],
  });
  await child.until("is free");
});

Deno.test("whoever has taken a slow hub for dead can stop listening, and listen there again", async () => {
  using ports = PortBlock.claim();
  const plan = { options: { ports: ports.range }, logs: 0, hangs: 0, stops: 500, seemsDead: true };
  await using child = ChildProgram.deno("tests/fixtures/hanging_hub.ts", {
    args: [JSON.stringify(plan)],
  });
  await child.until("listens again");
});
