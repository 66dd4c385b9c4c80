import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { history, reset, set } from "../../src/client/commands.ts";
import type { Delivery } from "../../src/client/request.ts";
import { rollback } from "../../src/client/rollback.ts";
import { send } from "../../src/client/send.ts";
import { logdial } from "../harness/command_line.ts";
import { eventually } from "../harness/deadline.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { IMPATIENT } from "../harness/patient.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { taggedConfig } from "../harness/tagged_config.ts";

const outcomes = (deliveries: readonly { outcome: string }[]) =>
  deliveries.map(({ outcome }) => outcome);

/** Waits until the time is over for which a change of one thread was to be in force. */
async function untilOver([change]: readonly Delivery[]): Promise<void> {
  const until = Date.parse(change!.until!);
  await eventually("the end of its time", () => Date.now() > until || undefined);
}

Deno.test("an override comes back by itself on every thread, its sender long gone", async () => {
  await using program = new OperatorProgram();
  await program.start("Idle", "Busy");
  await program.makeBusy("Busy");
  const ports = ["--ports", program.ports.text];
  // A process of its own, which has ended when its time is up.
  const args = ["set", "app=DEBUG", "--for", "3s", "--wait", "10s", ...ports];
  const { code, stdout } = await logdial(args);
  assertEquals(code, 0, stdout);
  assertEquals(stdout.match(/applied +app NOTSET → DEBUG, for [0-3]s/g)?.length, 3, stdout);
  await program.line("|Busy|app|DEBUG|busy");
  for (const [name, { levels, overrides }] of await program.status()) {
    if (overrides.length === 0) continue; // So slow that it is over already.
    assertEquals(levels, { root: "INFO", app: "DEBUG" }, name);
    assert(overrides[0]!.by.startsWith("set app=DEBUG"), overrides[0]!.by);
  }
  for (const name of ["MainProcess", "Idle", "Busy"]) {
    const { overrides, changed } = await program.untilLevels(name, { root: "INFO" });
    assertEquals(overrides, []);
    assert(changed!.by.startsWith("end of set app=DEBUG"), changed!.by);
    await program.line((line) => line.includes(`|${name}|logdial|INFO|expire ended`));
  }
  // What the busy thread prints after that line is quiet.
  const { lines } = program.child.stdout;
  const end = lines.findIndex((line) => line.includes("|Busy|logdial|INFO|expire ended"));
  await program.line("|Busy|app|ERROR|busy", lines.length);
  assertEquals(lines.slice(end).filter((line) => line.includes("|Busy|app|DEBUG")), []);
});

Deno.test("an override ends when it is to, whatever time a program takes it for", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Early", "Late");
  const ports = program.ports.range, now = Date.now(), hour = 3_600_000;
  await set({ "app.db": "DEBUG" }, { ports, for: "10m" });
  for (const [name, at] of [["Early", now - hour], ["Late", now + hour]] as const) {
    await program.tell(name, { do: "stopClock", at });
    await program.line(`stopped at ${at}`);
  }
  await set({ app: "DEBUG" }, { ports, for: "300ms" });
  for (const name of ["Early", "Late"]) {
    await program.untilLevels(name, { root: "INFO", "app.db": "DEBUG" });
  }
  for (const name of ["Early", "Late"]) {
    await set({ app: "DEBUG" }, { ports, name, for: "10m", lines: 1 });
    await program.levelsLogged(name, "the last one", "app");
    await program.untilLevels(name, { root: "INFO", "app.db": "DEBUG" });
    const [{ result }] = await history({ ports, name }) as [Delivery];
    const { at, detail } = (result as { at: string; detail: string }[]).at(-1)!;
    assertMatch(detail, /^1 lines after \d+\.\d s: app DEBUG → NOTSET$/, name);
    assert(Math.abs(Date.parse(at) - Date.now()) < hour / 2, `${name} ${at}`);
  }
});

Deno.test("status tells the time left", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle");
  const ports = ["--ports", program.ports.text];
  await logdial(["set", "app=DEBUG", "--for", "10m", ...ports]);
  const { stdout } = await logdial(["status", ...ports]);
  assert(/Idle +INFO +app=DEBUG$/m.test(stdout), stdout);
  assert(/^changed .* set app=DEBUG by .*, (10m 0s|9m \d+s) left$/m.test(stdout), stdout);
});

Deno.test("status tells each override by itself, and the last change by itself", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle");
  const ports = program.ports.range;
  await set({ "app.db": "DEBUG" }, { ports, for: "10m" });
  await set({ "app.http": "DEBUG" }, { ports, for: "20m" });
  await set({ app: "ERROR" }, { ports, forever: true });
  const { stdout } = await logdial(["status", "--ports", program.ports.text]);
  const [changed, ...others] = stdout.split("\n").slice(2);
  assert(/^changed .*: set app=ERROR by 127\.0\.0\.1$/.test(changed!), stdout);
  assert(/^in force: set app\.db=DEBUG by \S+, (10|9)m \d+s left$/.test(others[0]!), stdout);
  assert(/^in force: set app\.http=DEBUG by \S+, (20|19)m \d+s left$/.test(others[1]!), stdout);
});

Deno.test("overlapping overrides unwind in the order of their ends", async (t) => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Busy");
  await program.makeBusy("Busy");
  const ports = program.ports.range;
  // The thread tells of each end, whenever somebody looks.
  const changed = async (label: string, from: number) => {
    const line = await program.line(`|expire ended, by end of ${label} (`, from);
    return line.slice(line.indexOf("): ") + 3);
  };
  await t.step("the newest ends first", async () => {
    const from = program.child.stdout.lines.length;
    await set({ app: "WARNING" }, { ports, for: "2500ms" });
    await set({ app: "DEBUG" }, { ports, for: "400ms" });
    assertEquals(await changed("set app=DEBUG", from), "app DEBUG → WARNING");
    assertEquals(await changed("set app=WARNING", from), "app WARNING → NOTSET");
    const { overrides } = await program.untilLevels("Busy", { root: "INFO" });
    assertEquals(overrides, []);
  });
  await t.step("the oldest ends first", async () => {
    const from = program.child.stdout.lines.length;
    await set({ app: "WARNING", other: "ERROR" }, { ports, for: "1500ms" });
    await set({ app: "DEBUG" }, { ports, for: "3s" });
    assertEquals(await changed("set app=WARNING other=ERROR", from), "other ERROR → NOTSET");
    assertEquals(await changed("set app=DEBUG", from), "app DEBUG → NOTSET");
    const { overrides } = await program.untilLevels("Busy", { root: "INFO" });
    assertEquals(overrides, []);
  });
});

Deno.test("the end of an override undoes only what it did", async (t) => {
  await using program = new OperatorProgram({
    options: { wireHandlers: ["logging.FileHandler"] },
    quietMain: true,
  });
  await program.start("Idle");
  const ports = program.ports.range;
  const isOver = ({ overrides }: { overrides: readonly unknown[] }) => overrides.length === 0;
  await t.step("a permanent change meanwhile stays", async () => {
    await set({ app: "DEBUG" }, { ports, for: "400ms" });
    await set({ root: "ERROR" }, { ports });
    assertEquals((await program.until("Idle", isOver)).levels, { root: "ERROR" });
  });
  await t.step("a whole configuration meanwhile stays", async () => {
    await set({ app: "DEBUG" }, { ports, for: "400ms" });
    await send(taggedConfig("STAYS", "WARNING"), { ports });
    assertEquals((await program.until("Idle", isOver)).levels, { root: "WARNING" });
    await program.tell("Idle", { do: "log", text: "after" });
    await program.line("STAYS|Idle|ERROR|after");
  });
  await t.step(
    "a file that was opened meanwhile is not opened again, and so not emptied",
    async () => {
      const file = await Deno.makeTempFile();
      try {
        await set({ app: "DEBUG" }, { ports, for: "600ms" });
        const config = {
          version: 1,
          handlers: { file: { class: "logging.FileHandler", filename: file, mode: "w" } },
          root: { level: "WARNING", handlers: ["file"] },
        };
        await sendConfig(ports[0]!, config);
        await program.tell("Idle", { do: "log", text: "before the end" });
        await program.until("Idle", isOver);
        await program.tell("Idle", { do: "log", text: "after the end" });
        await program.child.eventually("both lines in the file", () => {
          return Deno.readTextFileSync(file).endsWith("after the end\n") || undefined;
        });
        assert(Deno.readTextFileSync(file).includes("before the end\n"));
      } finally {
        await send(taggedConfig("STAYS", "WARNING"), { ports });
        await Deno.remove(file);
      }
    },
  );
  await t.step("the program's own setLevel meanwhile stays", async () => {
    await set({ app: "DEBUG", root: "INFO" }, { ports, for: "600ms" });
    await program.tell("Idle", { do: "setLevel", logger: "app", level: "CRITICAL" });
    await program.line("set app");
    const { levels } = await program.until("Idle", isOver);
    assertEquals(levels, { root: "WARNING", app: "CRITICAL" });
  });
});

Deno.test("what turns a logger below INFO is capped at maxOverride, unless for ever is said", async () => {
  await using program = new OperatorProgram({ options: { maxOverride: 500 }, quietMain: true });
  await program.start("Idle");
  const ports = program.ports.range;
  const [capped] = await set({ app: "DEBUG" }, { ports });
  assert(Date.parse(capped!.until!) - Date.now() <= 500);
  await program.untilLevels("Idle", { root: "INFO" });
  const [shortened] = await set({ app: "DEBUG" }, { ports, for: "10m" });
  assert(Date.parse(shortened!.until!) - Date.now() <= 500);
  await program.untilLevels("Idle", { root: "INFO" });
  const [quiet] = await set({ app: "ERROR" }, { ports });
  assertEquals(quiet!.until, undefined, "only what fills disks is capped");
  const [inherited] = await set({ app: "NOTSET" }, { ports });
  assertEquals(inherited!.until, undefined, "a logger without a level has its parent's");
  const [file] = await send(taggedConfig("FILE", "DEBUG"), { ports });
  assertEquals(file!.until, undefined, "a whole configuration stays, as CPython's senders expect");
  const args = ["set", "app=DEBUG", "--forever", "--json", "--ports", program.ports.text];
  const { stdout } = await logdial(args);
  const [forever] =
    (JSON.parse(stdout) as { threads: { until?: string; outcome: string }[] }).threads;
  assertEquals([forever!.outcome, forever!.until], ["applied", undefined]);
});

Deno.test("levels that the program has named are capped too, and are found in small letters", async () => {
  await using program = new OperatorProgram({ options: { maxOverride: 500 }, quietMain: true });
  await program.start("Idle");
  for (const [level, as] of [[5, "trace"], [25, "NOTICE"]] as const) {
    await program.tell("Idle", { do: "nameLevel", level, as });
    await program.line(`named ${as}`);
  }
  const said = async (...args: string[]) => {
    const { stdout } = await logdial([...args, "--json", "--ports", program.ports.text]);
    const [thread] = (JSON.parse(stdout) as { threads: Record<string, unknown>[] }).threads;
    return thread!;
  };
  const trace = await said("set", "app=trace");
  assertEquals(trace.levels, { root: "INFO", app: "trace" });
  assertEquals(trace.cappedAt, 500);
  await program.untilLevels("Idle", { root: "INFO" });
  const notice = await said("set", "app=notice", "--atomic");
  assertEquals([notice.levels, notice.until], [{ root: "INFO", app: "NOTICE" }, undefined]);
  assertEquals((await said("record", "app=trace")).outcome, "applied");
  assertEquals((await said("why", "app", "trace")).outcome, "applied");
  const typed = await set({ app: "Trace" }, { ports: program.ports.range });
  assertStringIncludes(typed[0]!.error!.message, 'did you mean "trace"?');
});

Deno.test("a level of which a thread that computes has not told ends as one below INFO", async () => {
  const options = { ...IMPATIENT, maxOverride: 60_000 };
  await using program = new OperatorProgram({ options, quietMain: true });
  await program.start("Idle");
  await program.tell("Idle", { do: "nameLevel", level: 5, as: "TRACE" });
  await program.block("Idle");
  const [named] = await set({ app: "TRACE" }, { ports: program.ports.range });
  assertEquals([named!.outcome, named!.cappedAt], ["pending", 60_000]);
});

Deno.test("a change that waits longer than it is meant to last has no effect", async () => {
  await using program = new OperatorProgram({ options: IMPATIENT, quietMain: true });
  await program.start("Idle");
  await program.block("Idle");
  const ports = program.ports.range;
  const waiting = await set({ app: "DEBUG" }, { ports, for: "300ms" });
  assertEquals(outcomes(waiting), ["pending"]);
  await untilOver(waiting);
  await program.open("Idle");
  await program.line("|Idle|app|ERROR|computed");
  const { levels } = await program.until("Idle", ({ pending }) => pending === 0);
  assertEquals(levels, { root: "INFO" });
  assertEquals(program.child.stderr.lines, []);
});

Deno.test("--wait waits for a thread that computes, and tells what became of it", async () => {
  await using program = new OperatorProgram({ options: IMPATIENT, quietMain: true });
  await program.start("Idle");
  const ports = program.ports.range;
  await program.silence("Idle", 800);
  const good = await set({ app: "ERROR" }, { ports, wait: 20_000 });
  assertEquals(outcomes(good), ["applied"]);
  assertEquals(good[0]!.levels, { root: "INFO", app: "ERROR" });
  await program.silence("Idle", 800);
  const bad = taggedConfig("BAD", "INFO").replace("StreamHandler", "my.Unknown");
  const refused = await send(bad, { ports, wait: 20_000 });
  assertEquals(outcomes(refused), ["rejected"]);
  assert(refused[0]!.error!.message.includes("my.Unknown"), refused[0]!.error!.message);
});

Deno.test("a worker that starts late has what is in force, and its remaining time", async () => {
  await using program = new OperatorProgram();
  await program.start();
  await program.until("MainProcess", () => true);
  const ports = program.ports.range;
  await send(taggedConfig("WHOLE", "WARNING"), { ports });
  await set({ other: "CRITICAL" }, { ports });
  const [override] = await set({ app: "DEBUG" }, { ports, for: "10m" });
  // The thread may come when this one has ended.
  await set({ ends: "ERROR" }, { ports, for: "4s" });
  await program.start("Late");
  const late = await program.until("Late", ({ levels }) => levels.app === "DEBUG");
  assertEquals(late.overrides[0]!.until, override!.until);
  await program.tell("Late", { do: "log", text: "late" });
  await program.line("WHOLE|Late|ERROR|late");
  const inForce = { root: "WARNING", other: "CRITICAL", app: "DEBUG" };
  assertEquals((await program.untilLevels("Late", inForce)).overrides.length, 1);
});

Deno.test("what was taken back is not what a late worker starts with", async () => {
  await using program = new OperatorProgram();
  await program.start("Idle");
  const ports = program.ports.range;
  await send(taggedConfig("FIRST", "WARNING"), { ports });
  await send(taggedConfig("SECOND", "ERROR"), { ports });
  await set({ app: "CRITICAL" }, { ports });
  // Two threads take two steps back each: that is two steps for the process.
  assertEquals(outcomes(await rollback(2, { ports })), ["applied", "applied"]);
  await program.start("Late");
  await program.untilLevels("Late", { root: "WARNING" });
  await program.tell("Late", { do: "log", text: "late" });
  await program.line("FIRST|Late|ERROR|late");
  await reset({ ports });
  await program.start("Later");
  await program.tell("Later", { do: "log", text: "later" });
  await program.line("START|Later|root|ERROR|later");
});

Deno.test("overrides outlive the hub, and what is taken back stays so", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  // The hub lives and dies with the worker that started it.
  await program.start("Starter");
  await program.start("Idle", "Busy");
  await program.makeBusy("Busy");
  const ports = program.ports.range;
  await set({ gone: "ERROR" }, { ports });
  await rollback(1, { ports });
  await set({ root: "WARNING" }, { ports });
  await set({ app: "DEBUG" }, { ports, for: "10m" });
  // The next hub may come when this one is over.
  await set({ ends: "ERROR" }, { ports, for: "8s" });
  await program.tell("Starter", { do: "close" });
  await program.start("Late");
  for (const name of ["Idle", "Busy", "Late"]) {
    const { overrides } = await program.untilLevels(name, { root: "WARNING", app: "DEBUG" });
    assertEquals(overrides.map(({ label }) => label), ["set app=DEBUG"], name);
  }
});

Deno.test("an override ends although as many changes wait as may", async () => {
  await using program = new OperatorProgram({ options: IMPATIENT, quietMain: true });
  await program.start("Idle");
  const [port] = program.ports.all;
  const override = await set({ app: "DEBUG" }, { port, for: "400ms" });
  await program.block("Idle");
  const config = { version: 1, incremental: true, loggers: { other: { level: "ERROR" } } };
  const acks = await Promise.all(
    Array.from({ length: 70 }, (_, at) => {
      return sendConfig(port!, { ...config, logdial: { by: `name ${at}` } }, { wait: "1ms" });
    }),
  );
  // As many as may from one address.
  assertEquals(acks.filter(({ status }) => status === "pending").length, 48);
  await untilOver(override);
  await program.open("Idle");
  await program.line("|Idle|app|ERROR|computed");
  // The hub has lived through it: it answers, and what it asked for has come to the thread.
  const { overrides } = await program.untilLevels("Idle", { root: "INFO", other: "ERROR" });
  assertEquals(overrides, []);
  assertEquals((await sendConfig(port!, config)).status, "applied");
});
