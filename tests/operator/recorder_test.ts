import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { record } from "../../src/client/record.ts";
import { reset } from "../../src/client/commands.ts";
import { status } from "../../src/client/status.ts";
import { dump, type DumpOptions } from "../../src/client/dump.ts";
import type { DumpFailure, DumpThread } from "../../src/client/dump_line.ts";
import { tail } from "../../src/client/tail.ts";
import type { Targets } from "../../src/client/targets.ts";
import type { TopOrder } from "../fixtures/top.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { within } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { kept, RecorderProgram } from "../harness/recorder_program.ts";
import { runCommand } from "../harness/run_command.ts";
import { ThreadOrders } from "../harness/thread_orders.ts";

Deno.test("the last records of threads that hang or have ended can be dumped", async () => {
  await using program = new RecorderProgram({ handlesError: true });
  const ends = ["hang", "terminate", "throw", "close", "exit"] as const;
  await program.start(...ends);
  const ports = program.ports.range;
  const taken = await record({ "app.db": "DEBUG" }, { ports, for: "1h" });
  assertEquals(taken.map(({ outcome }) => outcome), Array(6).fill("applied"));
  // One that starts later records as well.
  await program.start("late");
  const names = ["MainProcess", ...ends, "late"];
  await program.log(3, ...names);
  await program.tell("hang", { do: "hang" }, "hang hangs");
  await program.tell("terminate", { do: "terminate" }, "terminate terminated");
  await program.tell("throw", { do: "throw" });
  await program.tell("close", { do: "close" });
  await program.tell("exit", { do: "exit", code: 0 });
  const gone = await program.child.eventually("the end of four threads", async () => {
    const { threads } = await program.dump();
    const ended = threads.filter(({ ended }) => ended !== undefined);
    return ended.length === 4 ? threads : undefined;
  });
  assertEquals(gone.map(({ thread }) => thread).sort(), [...names].sort());
  for (const name of names) {
    const { threads, records, failures } = await program.dump({ name });
    assertEquals(failures, []);
    assertEquals(threads.map(({ thread, records }) => [thread, records]), [[name, 3]]);
    assertEquals(records.map(({ message }) => message), [0, 1, 2].map((at) => kept(name, at)));
    const { level, levelno, logger, thread, pid } = records[0]!;
    assertEquals({ level, levelno, logger, thread, pid }, {
      level: "DEBUG",
      levelno: 10,
      logger: "app.db",
      thread: name,
      pid: program.child.pid,
    });
  }
  assertEquals(program.child.stdout.lines, [], "not one line comes out, of logdial either");
  const left = async (options: Targets) => {
    await record("off", options);
    return (await program.dump()).threads.map(({ thread }) => thread).sort();
  };
  assertEquals(await left({ ports, name: "*ate" }), [
    "MainProcess",
    "close",
    "exit",
    "hang",
    "throw",
  ]);
  assertEquals(await left({ ports }), ["hang"], "which has not come to it");
});

Deno.test("what is recorded is a change like others, which shows in the status", async () => {
  await using program = new RecorderProgram({
    options: { recorder: { levels: { "app.db": "DEBUG" } } },
  });
  await program.untilListening("MainProcess");
  const ports = program.ports.range;
  const recorder = async () => (await status({ ports }))[0]!.recorder;
  assertEquals(await recorder(), { levels: { "app.db": "DEBUG" }, bytes: 1 << 20 });
  await program.log(2, "MainProcess");
  await record({ root: "INFO", "app.http": "off" }, { ports, size: "100K" });
  assertEquals(await recorder(), {
    levels: { "app.db": "DEBUG", root: "INFO", "app.http": "off" },
    bytes: 1 << 17,
  });
  const { records } = await program.dump({ logger: "app.db" });
  assertEquals(records.length, 2, "another size forgets nothing");
  const [undone] = await reset({ ports });
  assertEquals(await recorder(), { levels: { "app.db": "DEBUG" }, bytes: 1 << 17 });
  assertEquals(undone!.recorder, await recorder(), "the answer tells what is kept from then on");
  await record("off", { ports });
  assertEquals(await recorder(), undefined);
  assertEquals(await program.dump(), { threads: [], records: [], failures: [] });
  const [rejected] = await record({ app: "LOUD" }, { ports });
  assertStringIncludes(rejected!.error!.message, 'Cannot record: unknown level "LOUD"');
  await assertRejects(
    () => record({ app: "DEBUG" }, { ports, size: "1G" }),
    TypeError,
    "64K to 4M",
  );
  await assertRejects(() => record({}, { ports }), RangeError, "none is given");
});

Deno.test("a dump is narrowed by time, level, logger and fields", async () => {
  await using program = new RecorderProgram({
    options: { recorder: { levels: { root: "DEBUG" } } },
  });
  await program.untilListening("MainProcess");
  await program.tell("MainProcess", { do: "field", value: "a1" }, "told a1");
  await program.tell("MainProcess", { do: "field", value: "a2" }, "told a2");
  await program.tell("MainProcess", { do: "error" }, "failed");
  const messages = async (options: Parameters<RecorderProgram["dump"]>[0]) =>
    (await program.dump(options)).records.map(({ requestId, message }) => requestId ?? message);
  const error = "MainProcess failed";
  assertEquals(await messages({}), ["a1", "a2", error]);
  assertEquals(await messages({ where: { requestId: "a1" } }), ["a1"]);
  assertEquals(await messages({ where: { "user.id": "7", requestId: "a2" } }), ["a2"]);
  assertEquals(await messages({ where: { "user.id": "8" } }), []);
  assertEquals(await messages({ level: "ERROR" }), [error]);
  assertEquals(await messages({ logger: "app" }), ["a1", "a2", error]);
  assertEquals(await messages({ logger: "root" }), ["a1", "a2", error]);
  assertEquals(await messages({ logger: "app.http" }), []);
  assertEquals(await messages({ last: "1d" }), ["a1", "a2", error]);
  const { records } = await program.dump({ level: "ERROR" });
  assertEquals((records[0]!.error as { message: string }).message, "of the test");
  await assertRejects(() => program.dump({ last: "soon" }), TypeError, "10m");
});

Deno.test("a key that guards a thread's port guards its records too", async () => {
  await using program = new RecorderProgram({
    options: { key: "secret", recorder: { levels: { root: "DEBUG" } } },
  });
  await program.untilListening("MainProcess");
  await program.log(1, "MainProcess");
  const { records, failures } = await program.dump();
  assertEquals(records, []);
  assertStringIncludes(failures[0]!.failure, "this listener takes signed questions only");
  // Not what was refused just now: that is recorded too, a little later.
  const own = await program.dump({ key: "secret", logger: "app.db" });
  assertEquals(own.records.length, 1);
});

Deno.test("a dump says which threads keep records and do not let in who asks", async () => {
  using block = PortBlock.claim(2);
  const ports = block.range, key = "secret";
  await using child = ChildProgram.deno("tests/fixtures/top.ts");
  const orders = new ThreadOrders(child);
  const guarded = ["MainProcess", "W2"];
  const begin = async (name: string) => {
    const order: Omit<TopOrder, "name" | "number"> = {
      do: "begin",
      ports,
      ...guarded.includes(name) ? { key } : {},
    };
    await orders.tell(name, order);
  };
  for (const name of ["MainProcess", "W1", "W2"]) await begin(name);
  const done = await record({ root: "DEBUG" }, { ports, key });
  assertEquals(done.map(({ outcome }) => outcome), ["applied", "applied", "applied"]);
  /** The threads that are told, and the ports and threads of the others. */
  const dumped = async (options: DumpOptions) => {
    const heads: string[] = [], failures: string[] = [];
    for await (const line of dump({ ports, ...options })) {
      if ("failure" in line && !("message" in line)) {
        const { port, failure } = line as DumpFailure;
        failures.push(`${port - block.first} ${failure}`);
      } else if (!("message" in line)) heads.push((line as DumpThread).thread);
    }
    return { heads: heads.sort(), failures: failures.sort() };
  };
  const refused = "Cannot answer: this listener takes signed questions only";
  assertEquals(await dumped({}), {
    heads: ["W1"],
    failures: [`0 MainProcess: ${refused}`, `0 W2: ${refused}`],
  });
  assertEquals(await dumped({ name: "W*" }), { heads: ["W1"], failures: [`0 W2: ${refused}`] });
  assertEquals(await dumped({ key }), { heads: ["MainProcess", "W1", "W2"], failures: [] });
  await assertRejects(() => tail({ ports, name: "W2" }).next(), Error, refused);
  await begin("W3");
  const told = async () => {
    for await (const line of tail({ ports, name: "W*" })) {
      if ("failure" in line) return line.failure;
    }
  };
  assertEquals(await within(told(), () => "what a tail of others says"), `W2: ${refused}`);
});

Deno.test("a dump does not say of a thread that only listens no more that it has ended", async () => {
  await using program = new OperatorProgram();
  await program.start("W");
  const ports = program.ports.range;
  await record({ app: "DEBUG" }, { ports });
  await program.levelsLogged("W", "kept", "app");
  await program.tell("W", { do: "stopListening" });
  const of = ["--name", "W", "--ports", program.ports.text];
  await program.child.eventually("a dump of what has been", async () => {
    const { stdout } = await runCommand(["dump", ...of]);
    return stdout.includes("it ended, or listened no more, by ") || undefined;
  });
  assertEquals(await program.levelsLogged("W", "it lives", "app"), ["ERROR"]);
});
