import type { PortRange } from "../../src/hub/board/attach_options.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { check, get, history, reset, set } from "../../src/client/commands.ts";
import { rollback } from "../../src/client/rollback.ts";
import { NoTargetError } from "../../src/client/targets.ts";
import { send } from "../../src/client/send.ts";
import { logdial } from "../harness/command_line.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { taggedConfig } from "../harness/tagged_config.ts";

/** What `history` tells of a change. */
interface Entry {
  readonly what: string;
  readonly outcome: string;
  readonly detail: string;
  readonly by: string;
  readonly until?: string;
}

async function entriesOf(ports: PortRange): Promise<Entry[]> {
  const [answer] = await history({ ports });
  return answer!.result as Entry[];
}

Deno.test("rollback takes back so many changes, reset all of them with their handlers", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle", "Busy");
  await program.makeBusy("Busy");
  const ports = program.ports.range;
  for (const level of ["ERROR", "WARNING", "CRITICAL"]) await set({ app: level }, { ports });
  await send(taggedConfig("WHOLE", "DEBUG"), { ports });
  await program.line("WHOLE|Busy|DEBUG|busy");
  const arg = ["--ports", program.ports.text];
  const { code, stdout } = await logdial(["rollback", "2", ...arg]);
  assertEquals(code, 0, stdout);
  for (const name of ["Idle", "Busy"]) {
    await program.untilLevels(name, { root: "INFO", app: "WARNING" });
  }
  const tooMany = await rollback(3, { ports });
  assertEquals(tooMany.map(({ outcome }) => outcome), ["rejected", "rejected"]);
  assert(tooMany[0]!.error!.message.includes("Cannot roll back 3 changes: 2 can"));
  // It was no change, and no configuration, that was refused.
  const { what, outcome, by } = (await entriesOf(ports)).at(-1)!;
  assertEquals([what, outcome], ["rollback", "rejected"]);
  assert(/^rollback.* \(127\.0\.0\.1:\d+\)$/.test(by), by);
  await program.child.eventually("a line on stderr", () => {
    return program.child.stderr.matching(/^logdial: refused a rollback for port /).length ||
      undefined;
  });

  await send(taggedConfig("AGAIN", "DEBUG"), { ports });
  assertEquals((await logdial(["reset", ...arg])).code, 0);
  for (const name of ["Idle", "Busy"]) await program.untilLevels(name, { root: "INFO" });
  const from = program.child.stdout.lines.length;
  await program.tell("Idle", { do: "log", text: "reset" });
  await program.line("START|Idle|root|ERROR|reset", from);
  const again = await reset({ ports });
  assertEquals(again.map(({ outcome }) => outcome), ["unchanged", "unchanged"]);
  const none = await logdial(["rollback", ...arg]);
  assertEquals(none.code, 0, none.stdout);
  assert(none.stdout.endsWith("\n2 of 2 threads had nothing to take back"), none.stdout);
});

Deno.test("a program's own configuration leaves nothing to take back, and what has ended by it is told", async () => {
  await using program = new OperatorProgram();
  await program.start("Other");
  const ports = program.ports.range;
  await set({ root: "WARNING" }, { ports, forever: true });
  await set({ app: "DEBUG" }, { ports, for: "10m" });
  const taken = async (name: string) => (await program.status()).get(name)!.changes!.length;
  assertEquals([await taken("MainProcess"), await taken("Other")], [2, 2]);
  await program.tell("MainProcess", { do: "configure", config: { root: { level: "ERROR" } } });
  const status = await program.untilLevels("MainProcess", { root: "ERROR" });
  assertEquals(status.overrides, []);
  assertEquals(status.changed?.label, "end of set app=DEBUG");
  assertEquals([await taken("MainProcess"), await taken("Other")], [0, 2]);
  const [, { what, outcome, detail } = { what: "", outcome: "", detail: "" }] =
    (await entriesOf(ports)).slice(1);
  assertEquals([what, outcome, detail], [
    "configure",
    "ended",
    "the program has configured its logging anew",
  ]);
  // The others still have both.
  const undone = await rollback(2, { ports });
  assertEquals(undone.map(({ outcome }) => outcome), ["unchanged", "applied"]);
  await program.untilLevels("Other", { root: "INFO" });
  await set({ root: "DEBUG" }, { ports });
  assertEquals([await taken("MainProcess"), await taken("Other")], [1, 1]);
});

Deno.test("files that changes opened are closed when nothing can bring them back", async () => {
  await using program = new OperatorProgram({
    options: { wireHandlers: ["logging.FileHandler"] },
    quietMain: true,
  });
  await program.start("Idle");
  const port = program.ports.first;
  const folder = await Deno.makeTempDir();
  const count = () => program.child.descriptors().filter((one) => one.startsWith(folder)).length;
  try {
    for (let round = 0; round < 100; round++) {
      const config = {
        version: 1,
        handlers: {
          file: { class: "logging.FileHandler", filename: `${folder}/${round % 30}.log` },
        },
        root: { level: "INFO", handlers: ["file"] },
      };
      assertEquals((await sendConfig(port, config)).status, "applied");
    }
    // One in use, and those that a rollback may bring back.
    assert(count() <= 17, `${count()} files are open`);
    await rollback(1, { port });
    await program.tell("Idle", { do: "log", text: "rolled back" });
    await program.child.eventually("the line in the file before", () => {
      const text = Deno.readTextFileSync(`${folder}/${98 % 30}.log`);
      return text.includes("rolled back") || undefined;
    });
    await reset({ port });
    assertEquals(count(), 0);
    assertEquals(await program.levelsLogged("Idle", "after"), ["ERROR"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every change is logged and kept for history, refused ones included", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle");
  const ports = program.ports.range;
  await set({ app: "ERROR" }, { ports });
  await send(taggedConfig("X", "LOUD"), { ports, for: "5m" });
  await sendConfig(ports[0]!, "no configuration");
  await set({ app: "DEBUG" }, { ports, for: "5m" });
  await rollback(1, { ports });
  const result = await entriesOf(ports);
  assertEquals(result.map(({ what, outcome }) => `${what} ${outcome}`), [
    "change applied",
    "change rejected",
    "change rejected",
    "change applied",
    "rollback applied",
  ]);
  assert(/^set app=ERROR \(127\.0\.0\.1:\d+\)$/.test(result[0]!.by), result[0]!.by);
  assertEquals(result[0]!.detail, "app NOTSET → ERROR");
  assert(result[1]!.detail.includes("LOUD"), result[1]!.detail);
  // What was refused ends at no time.
  assertEquals(result.map(({ until }) => until !== undefined), [false, false, false, true, false]);
  assertEquals(result[4]!.detail, "app DEBUG → ERROR");
  await program.line(
    /^START\|Idle\|logdial\|INFO\|change applied, by set app=ERROR .*NOTSET → ERROR/,
  );
  await program.line(/^START\|Idle\|logdial\|WARNING\|change rejected, by send .*LOUD/);
  await program.line(/^START\|Idle\|logdial\|WARNING\|change rejected, by 127.*/);
  await program.line(/^START\|Idle\|logdial\|INFO\|change applied, .*DEBUG, until 20\d\d-/);

  const { stdout } = await logdial(["history", "--ports", program.ports.text]);
  assert(/rollback +applied +app DEBUG → ERROR/.test(stdout), stdout);

  const long = `[${"x".repeat(900_000)}`;
  for (let round = 0; round < 120; round++) {
    await sendConfig(ports[0]!, round < 3 ? long : "bad");
    // The hub refuses these at once, and tells a thread that lags behind of 36 of a sender at most.
    if (round % 20 === 0) await entriesOf(ports);
  }
  const bounded = await entriesOf(ports);
  assertEquals(bounded.length, 100);
  assert(JSON.stringify(bounded).length < 200_000);
});

Deno.test("diff tells what would change, per thread, and changes nothing", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle", "Busy");
  await program.makeBusy("Busy");
  const ports = program.ports.range;
  await set({ app: "WARNING" }, { ports, name: "Idle" });
  const before = await program.status();
  const text = taggedConfig("NEVER", "ERROR");
  const [busy, idle] = (await check(text, { ports }))
    .sort((a, b) => a.name!.localeCompare(b.name!));
  assertEquals([busy!.outcome, idle!.outcome], ["applied", "applied"]);
  assertEquals(idle!.result, { levels: { root: "ERROR", app: "WARNING" }, disabled: ["app"] });
  const show = async (name: string) => {
    const { code, stdout } = await logdial(["diff", name, "--ports", program.ports.text]);
    assertEquals(code, 0);
    return stdout;
  };
  const ofFile = await show("examples/logger_config/error.conf");
  assert(/Idle +root INFO → ERROR; .*disables app/.test(ofFile), ofFile);
  const ofPreset = await show("error");
  assert(/levels only/.test(ofPreset) && /Idle +root INFO → ERROR$/m.test(ofPreset), ofPreset);
  const { levels, changed } = (await program.status()).get("Idle")!;
  const idleBefore = before.get("Idle")!;
  assertEquals([levels, changed], [idleBefore.levels, idleBefore.changed]);
  await program.line("START|Busy|app|ERROR|busy", program.child.stdout.lines.length);
  assertEquals(program.child.stdout.matching("NEVER"), []);
});

Deno.test("get tells a configuration that can be sent again", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle");
  const ports = program.ports.range;
  // On a loaded machine a thread may take longer to answer than is usual.
  const wait = 10_000;
  await send(taggedConfig("MINE", "WARNING"), { ports, wait });
  const { conf } = await program.child.eventually("the configuration", async () => {
    const [answer] = await get({ ports });
    return answer!.result as { conf: string } | undefined;
  });
  await reset({ ports });
  assertEquals((await send(conf, { ports, wait })).map(({ outcome }) => outcome), ["applied"]);
  await program.tell("Idle", { do: "log", text: "again" });
  await program.line("MINE|Idle|ERROR|again");
});

Deno.test("what get tells changes nothing when it is sent back", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle");
  const targets = { ports: program.ports.range, name: "Idle" };
  await send(taggedConfig("OWN", "INFO"), targets);
  // Made now, they have nothing of their own; Python's rule for files that name neither disables them.
  for (const logger of ["lib", "lib.db", "other.db"]) {
    await program.tell("Idle", { do: "log", logger, text: logger });
    await program.line(`OWN|Idle|ERROR|${logger}`);
  }
  const running = async () => (await get(targets))[0]!.result as { conf: string; dict: unknown };
  const disabledBy = async (text: string) =>
    ((await check(text, targets))[0]!.result as { disabled: readonly string[] }).disabled;

  const { conf } = await running();
  assertEquals(await disabledBy(conf), []);
  await send(conf, targets);
  for (const logger of ["lib", "lib.db", "other.db"]) {
    const from = program.child.stdout.lines.length;
    await program.tell("Idle", { do: "log", logger, text: `${logger} again` });
    await program.line(`OWN|Idle|ERROR|${logger} again`, from);
  }

  await send(taggedConfig("OWN", "INFO"), targets);
  const now = await running();
  for (const text of [now.conf, JSON.stringify(now.dict)]) {
    assertEquals(await disabledBy(text), [], "they are disabled already");
  }
});

Deno.test("targets choose threads by port, name, process and program", async (t) => {
  await using one = new OperatorProgram({ options: { app: "one" } });
  await using two = new OperatorProgram({ options: { app: "two" } });
  await one.start("Worker #1", "Worker #2");
  await two.start("Worker #1");
  const ports = [one.ports.range, two.ports.range];
  const cases = [
    { desc: "all", targets: {}, count: 5 },
    { desc: "port", targets: { port: one.ports.first }, count: 1 },
    { desc: "name", targets: { name: "Worker #1" }, count: 2 },
    { desc: "glob", targets: { name: "Worker #*" }, count: 3 },
    { desc: "pid", targets: { pid: one.child.pid }, count: 3 },
    { desc: "app", targets: { app: "two" }, count: 2 },
    { desc: "app glob", targets: { app: "t*" }, count: 2 },
    { desc: "several", targets: { app: "one", name: "Worker*" }, count: 2 },
  ];
  for (const { desc, targets, count } of cases) {
    await t.step(desc, async () => {
      const done = await set({ app: "ERROR" }, "port" in targets ? targets : { ports, ...targets });
      assertEquals(done.map(({ outcome }) => outcome), Array(count).fill("applied"));
    });
  }
  await t.step("an exact target that nobody is, is an error", async () => {
    for (const targets of [{ name: "Worker" }, { pid: 1 }, { app: "three" }]) {
      await assertRejects(() => set({ app: "ERROR" }, { ports, ...targets }), NoTargetError);
    }
    const args = ["set", "app=ERROR", "--name", "Worker", "--ports", one.ports.text];
    const { code, stderr } = await logdial(args);
    assertEquals(code, 3);
    assert(stderr.includes('Cannot find a thread with name "Worker": those that'), stderr);
    const none = await logdial(["set", "app=ERROR", "--port", String(one.ports.last)]);
    assertEquals(none.code, 3);
  });
});
