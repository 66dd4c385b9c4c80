import { assertEquals, assertRejects } from "@std/assert";
import { exitStatus } from "../../src/cli/answers/exit_status.ts";
import { NoTargetError, scan, send, set, tail } from "../../src/client/mod.ts";
import { encodeFrame, PROBE } from "../../src/wire/frame.ts";
import { holdThread } from "../fixtures/hold_thread.ts";
import { logdial } from "../harness/command_line.ts";
import { eventually } from "../harness/deadline.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { RawPeer, say } from "../harness/raw_peer.ts";
import { runCommand } from "../harness/run_command.ts";

const TAIL = JSON.stringify({ logdial: { command: "tail", level: 0, logger: "" } });

/** Takes the only connection that the program serves. */
async function occupy({ ports: { first } }: OperatorProgram): Promise<RawPeer> {
  return await eventually(() => "the only connection", async () => {
    const peer = await RawPeer.connect(first);
    await peer.write(encodeFrame(new TextEncoder().encode(TAIL)));
    // The one before may not be over, or this one may not be read yet: then it is turned away.
    if ((await say(first, PROBE)).includes("Cannot serve")) return peer;
    peer[Symbol.dispose]();
  });
}

Deno.test("a thread at whose port too many ask is told as one that was not asked", async (t) => {
  await using busy = new OperatorProgram({ options: { maxConnections: 1 } });
  await using other = new OperatorProgram();
  for (const program of [busy, other]) await program.until("MainProcess", () => true);
  const ports = [busy.ports.range, other.ports.range] as const;

  await t.step("whoever goes lets others in", async () => {
    const peer = await occupy(busy);
    setTimeout(() => peer[Symbol.dispose](), 200);
    const done = await set({ root: "ERROR" }, { ports, timeout: 10_000 });
    assertEquals(done.map(({ outcome }) => outcome), ["applied", "applied"]);
  });

  await t.step("whoever stood still until then asks once more", async () => {
    const peer = await occupy(busy);
    const asked = scan({ port: busy.ports.first, timeout: 300 });
    // As soon as it has asked, this thread stands still; the place is free when it goes on.
    setTimeout(() => holdThread(600), 10);
    setTimeout(() => peer[Symbol.dispose](), 11);
    assertEquals((await asked).map(({ kind }) => kind), ["logdial"]);
  });

  const [found] = await scan({ port: busy.ports.first });
  const process = found?.kind === "logdial" ? found.status.pid : undefined;
  using _peer = await occupy(busy);
  const timeout = 500, message = "Cannot serve: there are more than 1 connections";

  await t.step("the others are turned, and the command fails", async () => {
    const done = await set({ root: "INFO" }, { ports, timeout });
    const [skipped] = done.filter(({ port }) => port === busy.ports.first);
    assertEquals([skipped!.outcome, skipped!.name, skipped!.error?.message], [
      "skipped",
      "MainProcess",
      message,
    ]);
    assertEquals(done.filter(({ outcome }) => outcome === "applied").length, 1);
    assertEquals(exitStatus(done), 1);
  });

  await t.step("every command tells in JSON which thread it is", async () => {
    const targets = ["--port", `${busy.ports.first}`, "--timeout", `${timeout}`, "--json"];
    for (const command of ["status", "get"]) {
      const { code, stdout } = await runCommand([command, ...targets]);
      const { kind, name, pid, outcome, error } = JSON.parse(stdout).threads[0];
      assertEquals([kind, name, pid], ["logdial", "MainProcess", process], command);
      assertEquals([code, outcome, error], [1, "skipped", { message }], command);
    }
  });

  await t.step("all or nothing is nothing", async () => {
    const config = JSON.stringify({ version: 1, incremental: true, root: { level: "DEBUG" } });
    const done = await send(config, { ports, timeout, atomic: true });
    assertEquals(done.map(({ outcome }) => outcome).sort(), ["rejected", "skipped"]);
  });

  await t.step("a tail says why it has nobody", async () => {
    const { first } = busy.ports;
    await assertRejects(
      () => tail({ port: first, timeout }).next(),
      NoTargetError,
      `port ${first} takes no more questions: ${message}`,
    );
  });
});

Deno.test("a command with fewer descriptors than ports turns the threads at all of them", async () => {
  await using program = new OperatorProgram();
  await program.until("MainProcess", () => true);
  // The thread's port is asked when the others have taken what there is.
  const ports = `1-60,${program.ports.first}`;
  const { code, stdout, stderr } = await logdial(["set", "root=ERROR", "--ports", ports], {
    wrap: ["sh", "-c", 'ulimit -n 40; exec "$@"', "sh"],
  });
  assertEquals(code, 0, stderr);
  assertEquals(stdout.split("\n").at(-1), "1 of 1 threads applied the change", stdout);
  assertEquals(stdout.includes("Too many open files"), false, stdout);
});

Deno.test("a thread that may not be asked is neither passed over nor taken for a foreign service", async () => {
  await using one = new OperatorProgram();
  await using other = new OperatorProgram();
  for (const program of [one, other]) await program.until("MainProcess", () => true);
  const [asked, forbidden] = [one.ports.first, other.ports.first];
  const words = ["root=ERROR", "--ports", `${asked},${forbidden}`];
  const { code, stdout, stderr } = await logdial(["set", ...words, "--atomic"], {
    allow: [`--allow-net=127.0.0.1:${asked}`],
  });
  const rule = "the program may not connect to it, run again with --allow-net, or name other ports";
  const message = `logdial: Cannot reach 127.0.0.1:${forbidden}: ${rule}`;
  assertEquals([code, stdout, stderr], [1, "", message]);
  const { levels } = await one.until("MainProcess", () => true);
  assertEquals(levels.root !== "ERROR", true);
});
