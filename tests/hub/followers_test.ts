import { assert, assertEquals } from "@std/assert";
import { type Delivery, get, reset, rollback, set, status, tail } from "../../src/client/mod.ts";
import type { TopOrder } from "../fixtures/top.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { PortBlock } from "../harness/port_block.ts";
import { findPython } from "../harness/python.ts";
import { REFERENCE_SENDER } from "../harness/reference_sender.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { ThreadOrders } from "../harness/thread_orders.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

Deno.test("41 threads follow on 29 ports, one of them computing", async (t) => {
  using ports = PortBlock.claim(29);
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  const workers = Array.from({ length: 40 }, (_, index) => `W${index + 1}`);
  for (const name of workers) await program.start(name, "log here");
  // Polling would take the processor from those that start.
  for (const name of workers) await program.child.until(`${name} - ERROR - here`);
  // The last one: it has no port of its own.
  const threads = await program.untilThreads("MainProcess", ...workers);
  const followers = [...threads.values()].filter(({ port }) => port === 0);
  assertEquals(followers.length, 12);
  const busy = followers.at(-1)!.name;
  await program.tell(busy, "busy");
  await program.child.until(`${busy} - ERROR - busy`);

  await t.step("set counts all of them, and the command says so", async () => {
    const args = ["set", "app=ERROR", "--wait", "10s", "--ports", ports.text];
    const { code, stdout } = await logdial(args);
    assertEquals(code, 0, stdout);
    assert(stdout.includes("41 of 41 threads applied the change"), stdout);
    const { stdout: status } = await logdial(["status", "--ports", ports.text]);
    assert(/×29 .*DEBUG +app=ERROR$/m.test(status), status);
    assert(new RegExp(`^\\(${ports.first}\\) .*×12 .*DEBUG +app=ERROR$`, "m").test(status), status);
  });

  await t.step("a name selects among those without a port", async () => {
    const done = await set({ db: "ERROR" }, { ports: ports.range, name: busy, wait: 20_000 });
    assertEquals(done.map(({ name, outcome, via }) => [name, outcome, via]), [
      [busy, "applied", ports.first],
    ]);
    const { levels } = (await program.untilThreads("MainProcess", ...workers)).get(busy)!;
    assertEquals(levels.db, "ERROR");
  });

  await t.step("CPython's sender turns all of them", async () => {
    const python = await findPython();
    if (python === undefined) return;
    const file = await Deno.makeTempFile({ suffix: ".conf" });
    try {
      await Deno.writeTextFile(file, taggedConfig("PYTHON", "ERROR"));
      const args = ["-c", REFERENCE_SENDER, file, String(ports.first)];
      await using sender = ChildProgram.run(python, args);
      assertEquals(await sender.output(), "updated 29");
    } finally {
      await Deno.remove(file);
    }
    await program.child.eventually("41 threads at ERROR", async () => {
      const all = [...(await program.untilThreads("MainProcess", ...workers)).values()];
      return all.every(({ levels }) => levels.root === "ERROR") || undefined;
    });
    await program.child.until(tagged("PYTHON", busy, "ERROR", "busy"));
  });

  await t.step("reset reaches all of them", async () => {
    const done = await reset({ ports: ports.range });
    assertEquals(done.length, 41);
    // A thread that gets no processor for 250 ms is not waited for.
    const isDone = ({ outcome }: Delivery) => outcome === "applied" || outcome === "pending";
    assertEquals(done.filter((one) => !isDone(one)), []);
    await program.child.eventually("41 threads as they began", async () => {
      const all = [...(await program.untilThreads("MainProcess", ...workers)).values()];
      return all.every(({ levels }) => levels.root === "DEBUG") || undefined;
    });
  });
});

Deno.test("a port that is freed goes to the thread that has waited longest", async () => {
  using ports = PortBlock.claim(3);
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  for (const name of ["A", "B"]) {
    await program.start(name);
    await program.portOf(name);
  }
  for (const name of ["C", "D"]) {
    await program.start(name);
    assertEquals(await program.portOf(name), 0);
  }
  await program.child.until("All ports are taken: changes come by the first one");
  await program.tell("A", "close");
  await program.child.eventually("C on the port of A", async () => {
    return await program.portOf("C") === ports.first + 1 || undefined;
  });
  assertEquals(await program.portOf("D"), 0);
  await set({ app: "ERROR" }, { ports: ports.range, wait: 20_000 });
  const threads = await program.untilThreads("MainProcess", "B", "C", "D");
  assertEquals([...threads.values()].map(({ levels }) => levels.app), Array(4).fill("ERROR"));
});

Deno.test("a port that another program frees goes to a thread that has none", async () => {
  using ports = PortBlock.claim(2);
  await using program = new ThreadsProgram(ports);
  {
    using _ = Deno.listen({ hostname: "127.0.0.1", port: ports.last });
    await program.command({ do: "import" });
    await program.untilThreads("MainProcess");
    await program.start("A");
    assertEquals(await program.portOf("A"), 0);
  }
  await program.child.eventually("A on the last port", async () => {
    return await program.portOf("A") === ports.last || undefined;
  });
});

Deno.test("threads without a port outlive the thread that runs the hub and leads them", async () => {
  using ports = PortBlock.claim(2);
  await using program = new ThreadsProgram(ports);
  for (const name of ["A", "B", "C"]) {
    await program.start(name);
    await program.portOf(name);
  }
  assertEquals(await program.portOf("C"), 0);
  await set({ app: "ERROR" }, { ports: ports.range, forever: true, wait: 20_000 });
  await program.command({ do: "terminate", name: "A" });
  const threads = await program.untilThreads("B", "C");
  assertEquals([...threads.values()].map(({ levels }) => levels.app), ["ERROR", "ERROR"]);
  assertEquals(threads.get("B")!.port, ports.first + 1);
  await program.child.eventually("a port for C", async () => {
    return await program.portOf("C") === ports.first || undefined;
  });
});

Deno.test("one certain port that is taken is refused, by whomever it is taken", async () => {
  using ports = PortBlock.claim(1);
  await using child = ChildProgram.deno("tests/fixtures/exact_port.ts", {
    args: [String(ports.first)],
  });
  await child.until(`main on ${ports.first}`);
  await child.until(`worker refused: Cannot listen: port ${ports.first} is in use`);
});

Deno.test("a thread without a port is turned by its name though its leader takes signed changes only", async () => {
  using block = PortBlock.claim(2);
  const ports = block.range, name = "W2";
  await using child = ChildProgram.deno("tests/fixtures/top.ts");
  const orders = new ThreadOrders(child);
  const begin = async (name: string, key?: string) => {
    const order: Omit<TopOrder, "name" | "number"> = { do: "begin", ports, key };
    await orders.tell(name, order);
  };
  await begin("MainProcess", "secret");
  await begin("W1", "secret");
  await begin(name);
  for (const atomic of [false, true]) {
    const [one, ...others] = await set({ root: atomic ? "ERROR" : "INFO" }, {
      ports,
      name,
      atomic,
    });
    assertEquals([one!.name, one!.outcome, others], [name, "applied", []], `atomic ${atomic}`);
  }
  const refused = await set({ root: "DEBUG" }, { ports });
  assertEquals(refused.map(({ name, outcome }) => [name, outcome]), [
    ["MainProcess", "rejected"],
    [name, "applied"],
    ["W1", "rejected"],
  ], "of all, all are told of");
});

Deno.test("a thread without a port is reached by its name and the port of its leader, as status tells it", async () => {
  using block = PortBlock.claim(1);
  const ports = block.range, [port] = ports, name = "W1";
  await using child = ChildProgram.deno("tests/fixtures/top.ts");
  const orders = new ThreadOrders(child);
  for (const name of ["MainProcess", "W1", "W2"]) {
    const order: Omit<TopOrder, "name" | "number"> = { do: "begin", ports };
    await orders.tell(name, order);
  }
  const targets = { port, name, pid: child.pid };
  const who = (all: readonly { name?: string; outcome?: string }[]) =>
    all.map(({ name, outcome }) => [name, outcome]);
  assertEquals((await status({ port, name })).map(({ name }) => name), [name]);
  assertEquals(who(await set({ root: "DEBUG" }, targets)), [[name, "applied"]]);
  assertEquals(who(await get(targets)), [[name, "applied"]]);
  for await (const one of tail(targets)) {
    assert("message" in one && one.thread === name, JSON.stringify(one));
    break;
  }
  assertEquals(who(await set({ root: "ERROR" }, { port })), [["MainProcess", "applied"]]);
  assertEquals(who(await rollback(1, targets)), [[name, "applied"]]);
});

Deno.test("a thread that comes while all or nothing is under way has the change, and refuses nothing", async () => {
  using block = PortBlock.claim(1);
  const ports = block.range, port = block.first;
  await using child = ChildProgram.deno("tests/fixtures/top.ts");
  const orders = new ThreadOrders(child);
  const begin = async (name: string) => {
    const order: Omit<TopOrder, "name" | "number"> = { do: "begin", ports };
    await orders.tell(name, order);
  };
  await begin("MainProcess");
  const config = JSON.stringify({ version: 1, incremental: true, root: { level: "ERROR" } });
  const ask = (command: string, more: object = {}) =>
    sendConfig(port, { logdial: { command, transaction: "one", ...more } });
  assertEquals((await ask("prepare", { config })).status, "applied");
  await begin("W1");
  const ack = await ask("commit");
  assertEquals([ack.status, ack.followers], ["applied", undefined]);
  await child.eventually("both with the change", async () => {
    const all = await status({ ports });
    const have = all.filter(({ levels, changes }) =>
      levels.root === "ERROR" && changes?.length === 1
    );
    return have.map(({ name }) => name).join() === "MainProcess,W1" || undefined;
  });
});
