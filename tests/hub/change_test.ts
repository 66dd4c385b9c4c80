import { assert, assertEquals } from "@std/assert";
import { set } from "../../src/client/commands.ts";
import { send } from "../../src/client/send.ts";
import { encodeFrame } from "../../src/wire/frame.ts";
import type { Ack } from "../../src/wire/message.ts";
import { eventually } from "../harness/deadline.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { IMPATIENT } from "../harness/patient.ts";
import { PortBlock } from "../harness/port_block.ts";
import { readAck, say, sendConfig } from "../harness/raw_peer.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";
import { listThreads } from "../harness/list_threads.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

Deno.test("a whole configuration lands in a worker that never yields", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.start("Busy", "busy");
  await program.child.until("Busy - DEBUG - busy");
  const port = await program.portOf("Busy");

  const toError = await sendConfig(port, taggedConfig("ONE", "ERROR"));
  assertEquals([toError.status, toError.name], ["applied", "Busy"]);
  assertEquals([toError.previous, toError.levels], [{ root: "DEBUG" }, { root: "ERROR" }]);
  await program.child.until(tagged("ONE", "Busy", "ERROR", "busy"));

  const toDebug = await sendConfig(port, taggedConfig("TWO", "DEBUG"));
  assertEquals([toDebug.status, toDebug.generation], ["applied", toError.generation + 1]);
  await program.child.until(tagged("TWO", "Busy", "DEBUG", "busy"));

  const { lines } = program.child.stdout;
  assert(!lines.includes(tagged("ONE", "Busy", "DEBUG", "busy")), "no debug line while at ERROR");
  const firstNew = lines.findIndex((line) => line.startsWith("TWO|"));
  const after = lines.slice(firstNew);
  assertEquals(after.filter((line) => !line.startsWith("TWO|")), [], "no line in an old format");
});

Deno.test("a dropped call in an optimised loop sees that it is enabled", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports, { env: { ENV: "prod" } });
  await program.start("Hot", "hot");
  await program.child.until("warmed up");
  const port = await program.portOf("Hot");
  const used = program.child.processorSeconds();
  // Long enough for the endless loop itself to be compiled.
  await eventually(
    "0.3 s of computing",
    () => program.child.processorSeconds() > used + 0.3 || undefined,
  );
  assertEquals(program.child.stdout.matching(/hot/), []);

  const ack = await sendConfig(port, taggedConfig("ON", "DEBUG"));
  assertEquals(ack.status, "applied");
  await program.child.until(tagged("ON", "Hot", "DEBUG", "hot"));
});

Deno.test("idle threads apply a change at once, without a log call", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  await program.start("Idle");
  const threads = await program.untilThreads("MainProcess", "Idle");
  for (const [name, { port, generation }] of threads) {
    const ack = await sendConfig(port, taggedConfig("NEW", "WARNING"));
    assertEquals([ack.status, ack.name], ["applied", name]);
    assertEquals(ack.generation, generation + 1);
  }
  for (const status of (await listThreads(ports)).values()) {
    assertEquals([status.levels, status.pending], [{ root: "WARNING" }, 0]);
  }
  assertEquals(program.child.stdout.matching("NEW"), []);
});

Deno.test("changes wait for a thread that computes without logging, and keep their order", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.start("Blocked", "log here", "block");
  await program.child.until("Blocked - ERROR - here");
  const port = await program.portOf("Blocked");
  const changes: (string | object)[] = [
    taggedConfig("WAITED", "ERROR"),
    { version: 1, incremental: true, root: { level: "DEBUG" } },
    { version: 1, incremental: true, loggers: { app: { level: "INFO" } } },
    {
      version: 1,
      incremental: true,
      root: { level: "INFO" },
      loggers: { app: { level: "ERROR" } },
    },
    { version: 1, incremental: true, root: { level: "DEBUG" } },
  ];
  const before = (await listThreads(ports)).get("Blocked")!;
  for (const change of changes) {
    const ack = await sendConfig(port, change, { wait: "1ms" });
    assertEquals([ack.status, ack.name, ack.generation], ["pending", "Blocked", before.generation]);
  }
  const waiting = (await listThreads(ports)).get("Blocked")!;
  assertEquals([waiting.pending, waiting.levels], [changes.length, { root: "DEBUG" }]);

  await program.command({ do: "open", name: "Blocked" });
  await program.child.until(tagged("WAITED", "Blocked", "DEBUG", "released"));
  const after = (await listThreads(ports)).get("Blocked")!;
  assertEquals([after.pending, after.generation], [0, before.generation + changes.length]);
  assertEquals(after.levels, { root: "DEBUG", app: "ERROR" });
});

Deno.test("whoever floods a thread that computes keeps no others from it, and what waits stays", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.start("Blocked", "log here", "block");
  await program.child.until("Blocked - ERROR - here");
  const port = await program.portOf("Blocked");
  const flood = async (count: number, by: (at: number) => string | undefined) => {
    const acks = await Promise.all(Array.from({ length: count }, (_, at) => {
      const logdial = { by: by(at), wait: "1ms" };
      return sendConfig(port, { version: 1, incremental: true, root: { level: "DEBUG" }, logdial });
    }));
    const isWaiting = ({ status }: Ack) => status === "pending";
    return [acks.filter(isWaiting).length, acks.find((ack) => !isWaiting(ack))?.error?.message];
  };
  const wait = "wait for the thread's next log call already, and the places that are left are for";
  const [first, refused] = await flood(70, () => undefined);
  assertEquals(first, 24);
  assertEquals(
    refused,
    `Cannot take the change: 24 that name no sender at 127.0.0.1 ${wait} others: send it again ` +
      "once they are done",
  );
  // Somebody else gets through, and what was prepared before is held ready where others have it.
  const command = (logdial: object) => sendConfig(port, { logdial: { by: "kim@vm", ...logdial } });
  const config = taggedConfig("COMMITTED", "ERROR");
  const prepare = { command: "prepare", transaction: "t", config, wait: "1ms" };
  assertEquals((await command(prepare)).status, "pending");
  assertEquals(await flood(20, () => "sam@vm"), [
    12,
    `Cannot take the change: 12 of this sender at 127.0.0.1 ${wait} others: send it again once ` +
    "they are done",
  ]);
  const [rest, all] = await flood(20, (at) => `name ${at}`);
  assertEquals([rest, all], [
    11,
    `Cannot take the change: 48 from 127.0.0.1 ${wait} other addresses: send it again once they ` +
    "are done",
  ]);
  const commit = { command: "commit", transaction: "t" };
  assertEquals((await command({ ...commit, wait: "1ms" })).status, "pending");
  assertEquals((await command({ ...commit, wait: "1ms" })).status, "rejected");
  await program.command({ do: "open", name: "Blocked" });
  await program.child.until(tagged("COMMITTED", "Blocked", "ERROR", "released"), 0);
  assertEquals((await sendConfig(port, taggedConfig("NEXT", "DEBUG"))).status, "applied");
});

Deno.test("who looks at a thread that computes keeps no change from it, however often", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.start("Blocked", "log here", "block");
  await program.child.until("Blocked - ERROR - here");
  const port = await program.portOf("Blocked");
  const questions = [
    { command: "get" },
    { command: "loggers" },
    { command: "history" },
    { command: "why", logger: "app", level: "DEBUG" },
    { command: "check", config: taggedConfig("LOOKED", "ERROR") },
  ];
  for (const logdial of questions) {
    const asked = Array.from({ length: 16 }, () => sendConfig(port, { logdial }));
    for (const { status } of await Promise.all(asked)) assertEquals(status, "pending");
  }
  // Nor does it count as a change that waits, while it is asked.
  let isAnswered = false;
  const asked = sendConfig(port, { logdial: questions[0] }).finally(() => isAnswered = true);
  do {
    assertEquals((await listThreads(ports)).get("Blocked")!.pending, 0);
  } while (!isAnswered);
  assertEquals((await asked).status, "pending");
  const ack = await sendConfig(port, taggedConfig("QUEUED", "ERROR"), { wait: "1ms" });
  assertEquals(ack.status, "pending");
  assertEquals((await listThreads(ports)).get("Blocked")!.pending, 1);
  await program.command({ do: "open", name: "Blocked" });
  await program.child.until(tagged("QUEUED", "Blocked", "ERROR", "released"), 0);
});

Deno.test("threads of one program are changed one by one", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.start("A", "log a");
  await program.child.until("A - ERROR - a");
  await program.start("B", "log b");
  await program.child.until("B - ERROR - b");
  await sendConfig(await program.portOf("A"), taggedConfig("ONLY A", "ERROR"));
  const threads = await listThreads(ports);
  assertEquals(threads.get("A")!.levels, { root: "ERROR" });
  assertEquals(threads.get("B")!.levels, { root: "DEBUG" });
});

Deno.test("a thread that is at a change for longer than the hub waits is not told as one that computes", async () => {
  await using program = new OperatorProgram({ options: { answerTimeout: 500 }, verify: "slow" });
  await program.until("MainProcess", () => true);
  const { first } = program.ports;
  const [done] = await set({ root: "ERROR" }, { port: first, timeout: 10_000 });
  assertEquals([done!.outcome, done!.levels?.root], ["applied", "ERROR"]);
});

Deno.test("a thread that is at a change for longer than a sender waits is pending before that gives up", async () => {
  await using program = new OperatorProgram({ options: IMPATIENT });
  await program.until("MainProcess", () => true);
  const config = { version: 1, formatters: { slow: { class: "my.SlowFormatter" } } };
  const [done] = await send(JSON.stringify(config), { port: program.ports.first, timeout: 2500 });
  assertEquals(done!.outcome, "pending");
});

Deno.test("those who ask for the same at a time get the same, however long it is together", async () => {
  await using program = new OperatorProgram();
  await program.until("MainProcess", () => true);
  const { first } = program.ports;
  const names = Array.from({ length: 1000 }, (_, at) => `${at}${"x".repeat(200)}`);
  const loggers = Object.fromEntries(names.map((name) => [name, { level: "ERROR" }]));
  await sendConfig(first, { version: 1, incremental: true, loggers });
  await program.silence("MainProcess", 300);
  const ask = encodeFrame(
    new TextEncoder().encode(JSON.stringify({ logdial: { command: "get", wait: "10s" } })),
  );
  const answers = await Promise.all(Array.from({ length: 8 }, () => say(first, ask)));
  const acks = answers.map(readAck);
  assertEquals(acks.map(({ status, error }) => error?.message ?? status), Array(8).fill("applied"));
  const { dict } = acks[7]!.result as { dict: { loggers: object } };
  assertEquals([Object.keys(dict.loggers).length, acks[7]!.levels?.root], [1000, "INFO"]);
});
