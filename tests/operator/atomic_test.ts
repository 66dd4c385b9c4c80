import { assert, assertEquals } from "@std/assert";
import { rollback } from "../../src/client/rollback.ts";
import { send } from "../../src/client/send.ts";
import type { Ack } from "../../src/wire/message.ts";
import { logdial } from "../harness/command_line.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { IMPATIENT } from "../harness/patient.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { taggedConfig } from "../harness/tagged_config.ts";

const INFO = { root: "INFO" };

/** How the threads log is as it was at the start. */
async function checkUnchanged(program: OperatorProgram, ...names: string[]): Promise<void> {
  for (const name of names) {
    await program.untilLevels(name, INFO);
    await program.tell(name, { do: "log", text: `still ${name}` });
    await program.line(`START|${name}|root|ERROR|still ${name}`);
  }
}

Deno.test("all or nothing: all threads take it, a computing one included", async () => {
  await using program = new OperatorProgram();
  await program.start("Idle", "Busy");
  await program.makeBusy("Busy");
  const ports = program.ports.range;
  const all = await send(taggedConfig("ALL", "ERROR"), { ports, atomic: true, for: "800ms" });
  assertEquals(all.map(({ outcome }) => outcome), ["applied", "applied", "applied"]);
  for (const { previous, levels } of all) {
    assertEquals([previous, levels], [INFO, { root: "ERROR" }]);
  }
  await program.line("ALL|Busy|ERROR|busy");
  await program.start("Late");
  // The time that it is for holds as without --atomic, for late ones too.
  for (const name of ["MainProcess", "Idle", "Late", "Busy"]) {
    await program.untilLevels(name, INFO);
  }
});

Deno.test("all or nothing: one that does not know a class keeps all from changing", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Special 1", "Special 2", "Plain");
  const ports = ["--ports", program.ports.text];
  const folder = await Deno.makeTempDir();
  const file = `${folder}/mine.conf`;
  try {
    const text = taggedConfig("MINE", "ERROR").replace("StreamHandler", "my.Handler");
    await Deno.writeTextFile(file, text);
    const { code, stdout } = await logdial(["send", file, "--atomic", ...ports]);
    assertEquals(code, 1, stdout);
    assert(/Special 1 .*rejected +Not applied: another thread could not/.test(stdout), stdout);
    assert(/Plain .*rejected +.*my\.Handler/.test(stdout), stdout);
    await checkUnchanged(program, "Special 1", "Special 2", "Plain");
    // Each for itself, those that can would have.
    const single = await logdial(["send", file, ...ports]);
    assertEquals(single.stdout.match(/ applied {2,}/g)?.length, 2, single.stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("all or nothing: a file that one cannot open leaves no file open in the others", async () => {
  await using program = new OperatorProgram({
    options: { wireHandlers: ["logging.FileHandler"] },
    quietMain: true,
  });
  await program.start("A", "B");
  const folder = await Deno.makeTempDir();
  try {
    const before = program.child.descriptors().filter((target) => target.startsWith(folder));
    assertEquals(before, []);
    const handler = (file: string) => ({ class: "logging.FileHandler", filename: file });
    const config = {
      version: 1,
      handlers: { good: handler(`${folder}/a.log`), bad: handler(`${folder}/nowhere/b.log`) },
      root: { level: "ERROR", handlers: ["good", "bad"] },
    };
    const all = await send(JSON.stringify(config), { ports: program.ports.range, atomic: true });
    assertEquals(all.map(({ outcome }) => outcome), ["rejected", "rejected"]);
    await checkUnchanged(program, "A", "B");
    const open = program.child.descriptors().filter((target) => target.startsWith(folder));
    assertEquals(open, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("all or nothing: one that computes silently keeps all from changing, or is waited for", async () => {
  await using program = new OperatorProgram({ options: IMPATIENT, quietMain: true });
  await program.start("Idle", "Silent");
  const ports = program.ports.range;
  await program.block("Silent");
  const text = taggedConfig("NEW", "ERROR");
  const refused = await send(text, { ports, atomic: true });
  assertEquals(refused.map(({ outcome }) => outcome), ["rejected", "rejected"]);
  const silent = refused.find(({ name }) => name === "Silent")!;
  assert(silent.error!.message.includes("it computes"), silent.error!.message);
  await program.open("Silent");
  await program.line("|Silent|app|ERROR|computed");
  await checkUnchanged(program, "Idle", "Silent");

  await program.silence("Silent", 800);
  const taken = await send(text, { ports, atomic: true, wait: 20_000 });
  assertEquals(taken.map(({ outcome }) => outcome), ["applied", "applied"]);
});

Deno.test("all or nothing: what one thread puts in force the others do, though the sender ends", async (t) => {
  const config = taggedConfig("NEW", "ERROR");
  const ask = (port: number, command: string, said = {}) =>
    sendConfig(port, { logdial: { command, transaction: "one", ...said } });
  const prepared = async (program: OperatorProgram, ...names: string[]) => {
    await program.start(...names);
    const ports: number[] = [];
    for (const name of names) ports.push((await program.until(name, () => true)).port);
    for (const port of ports) {
      assertEquals((await ask(port, "prepare", { config })).status, "applied");
    }
    return ports as [number, number, number];
  };
  const told = ({ status, previous, levels, unchanged }: Ack) => [
    status,
    previous?.root,
    levels?.root,
    unchanged,
  ];
  const TAKEN = ["applied", "INFO", "ERROR", undefined];
  const HAD = ["applied", "ERROR", "ERROR", true];

  await t.step("and is told what it asks for later, once and again", async () => {
    await using program = new OperatorProgram({ quietMain: true });
    const [a, b, c] = await prepared(program, "A", "B", "C");
    assertEquals(told(await ask(a, "commit")), TAKEN);
    for (const name of ["B", "C"]) await program.untilLevels(name, { root: "ERROR" });
    assertEquals(told(await ask(b, "commit")), TAKEN);
    assertEquals(told(await ask(b, "commit")), HAD);
    assertEquals(told(await ask(a, "commit")), HAD);
    // It has been put in force: nothing is left to be thrown away.
    assertEquals((await ask(c, "abort")).status, "applied");
    const taken = await rollback(1, { ports: program.ports.range });
    assertEquals(taken.map(({ outcome }) => outcome), ["applied", "applied", "applied"]);
    for (const name of ["A", "B", "C"]) await program.untilLevels(name, INFO);
  });

  await t.step(
    "also by a thread that computes, which asks for it when the hub has ended",
    async () => {
      await using program = new OperatorProgram({ quietMain: true });
      await program.start("Host");
      const [a, b] = await prepared(program, "A", "B");
      await program.silence("B", 700);
      assertEquals(told(await ask(a, "commit")), TAKEN);
      await program.endHub("Host", "A");
      await program.untilLevels("B", { root: "ERROR" });
      for (const port of [a, b]) assertEquals(told(await ask(port, "commit")), HAD);
      const unknown = await sendConfig(b, { logdial: { command: "commit", transaction: "two" } });
      assertEquals(unknown.status, "rejected");
    },
  );
});

Deno.test("a prepared change whose sender never comes back is thrown away", async (t) => {
  const folder = await Deno.makeTempDir();
  const config = JSON.stringify({
    version: 1,
    handlers: { file: { class: "logging.FileHandler", filename: `${folder}/x.log` } },
    root: { level: "ERROR", handlers: ["file"] },
  });
  const ask = (port: number, command: string, transaction: string) =>
    sendConfig(port, { logdial: { command, transaction, config } });
  const isOpen = ({ child }: OperatorProgram) =>
    child.descriptors().some((target) => target.startsWith(folder));
  const untilClosed = (program: OperatorProgram) =>
    program.child.eventually("the file to be closed", () => !isOpen(program) || undefined);
  const options = { wireHandlers: ["logging.FileHandler"] };

  await t.step("when its time is up", async () => {
    const hasty = { prepareTimeout: 300, ...options };
    await using program = new OperatorProgram({ quietMain: true, options: hasty });
    await program.start("Idle");
    const port = program.ports.first;
    assertEquals((await ask(port, "prepare", "one")).status, "applied");
    await untilClosed(program);
    const late = await sendConfig(port, { logdial: { command: "commit", transaction: "one" } });
    assertEquals(late.status, "rejected");
    assert(late.error!.message.includes("is not prepared"), late.error!.message);
    await checkUnchanged(program, "Idle");
    const third = await ask(port, "prepare", "three");
    assertEquals(third.status, "applied", "it is not in the way of others");
  });

  await t.step("by the next hub, when the one that would have done it has ended", async () => {
    await using program = new OperatorProgram({ quietMain: true, options });
    await program.start("Host");
    await program.start("Idle");
    const { port } = await program.until("Idle", () => true);
    assertEquals((await ask(port, "prepare", "one")).status, "applied");
    await program.endHub("Host", "Idle");
    await untilClosed(program);
    assertEquals((await ask(port, "prepare", "two")).status, "applied");
  });

  await t.step("when the thread listens no more", async () => {
    await using program = new OperatorProgram({ quietMain: true, options });
    await program.start("Idle");
    const port = program.ports.first;
    assertEquals((await ask(port, "prepare", "one")).status, "applied");
    assertEquals([isOpen(program), (await ask(port, "prepare", "two")).status], [true, "rejected"]);
    await program.tell("Idle", { do: "stopListening" });
    await untilClosed(program);
  });

  await Deno.remove(folder, { recursive: true });
});
