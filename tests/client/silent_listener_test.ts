import { assert, assertEquals } from "@std/assert";
import { reset, set } from "../../src/client/commands.ts";
import { scan } from "../../src/client/ports/scan.ts";
import { send } from "../../src/client/send.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { ForeignService } from "../harness/foreign_service.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { taggedConfig } from "../harness/tagged_config.ts";

const CANNOT = "CPython's listener cannot take a change back after a time";

Deno.test("a listener that takes nothing back, as CPython's, gets no change that has an end", async (t) => {
  await using program = new OperatorProgram();
  await program.until("MainProcess", () => true);
  using others = PortBlock.claim(1);
  await using silent = new ForeignService(others.first, "reads, then closes");
  const ports = [program.ports.range, others.range];
  const list = `${program.ports.text},${others.first}`;

  await t.step("set and send with an end skip it, whoever has said so", async () => {
    const ofFile = `${taggedConfig("X", "ERROR")}\n[logdial]\nexpires = 10m\n`;
    for (
      const done of [
        await set({ root: "DEBUG" }, { ports, for: "10m" }),
        await send(taggedConfig("X", "ERROR"), { ports, for: "10m" }),
        await send(ofFile, { ports }),
      ]
    ) {
      const [ours, theirs] = done[0]!.port === others.first ? [...done].reverse() : done;
      assertEquals([ours!.outcome, ours!.until !== undefined], ["applied", true]);
      assertEquals(theirs, {
        port: others.first,
        kind: "silent",
        outcome: "skipped",
        unable: true,
        error: { message: CANNOT },
      });
    }
    assertEquals(silent.received.replaceAll("!\n", ""), "");
  });

  await t.step("it counts as one that was meant", async () => {
    const args = ["set", "root=DEBUG", "--for", "10m", "--ports"];
    const { code, stdout } = await logdial([...args, list]);
    assertEquals(code, 4, stdout);
    assert(stdout.includes(`skipped  ${CANNOT}`), stdout);
    const notSent = "not sent to 1 CPython listener, which cannot do it";
    assert(stdout.endsWith(`\n1 of 1 threads applied the change, ${notSent}`), stdout);
    const alone = await logdial([...args, others.text]);
    assertEquals(alone.code, 4, alone.stdout);
    assert(alone.stdout.endsWith(`\n${notSent}`), alone.stdout);
    const [theirs] = (await reset({ port: others.first })).slice(-1);
    assertEquals([theirs!.outcome, theirs!.unable], ["skipped", true]);
  });

  await t.step("OpenTelemetry's configuration is nothing for it", async () => {
    const part = { "logger_configurator/development": { default_config: {} } };
    const text = JSON.stringify({ file_format: "1.1", logger_provider: part });
    const [one, ...more] = await send(text, { ports: others.range });
    const message = "CPython's listener cannot read OpenTelemetry's configuration";
    assertEquals([one!.outcome, one!.unable, one!.error, more], ["skipped", true, { message }, []]);
  });

  await t.step("nor is a level for some log calls only, also one without an end", async () => {
    const options = { ports: others.range, where: { user: "42" } };
    const [one, ...more] = await set({ root: "INFO" }, options);
    const message = "CPython's listener cannot turn levels for some log calls only";
    assertEquals([one!.outcome, one!.unable, one!.error, more], ["skipped", true, { message }, []]);
  });

  await t.step(
    "what is incremental goes by Python's truth: false makes a whole configuration",
    async () => {
      const ports = others.range, root = { level: "ERROR" }, record = { app: "DEBUG" };
      const whole = { version: 1, incremental: false, root, logdial: { record } };
      const [one] = await send(JSON.stringify(whole), { ports });
      assertEquals([one!.outcome, one!.note], ["unconfirmed", undefined]);
      const [other] = await send(JSON.stringify({ ...whole, incremental: 1 }), { ports });
      const message = "CPython's listener cannot keep records in memory";
      assertEquals([other!.outcome, other!.error], ["skipped", { message }]);
    },
  );

  await t.step("a plain set is sent, and what becomes of it is said", async () => {
    const [one, ...more] = await set({ root: "DEBUG" }, { ports: others.range });
    assertEquals([one!.port, one!.outcome, more], [others.first, "unconfirmed", []]);
    assertEquals(one!.note, "stays until set again; its handlers may hold lines back");
    const [signed] = await set({ root: "ERROR" }, { port: others.first, key: "a key" });
    assertEquals([signed!.outcome, signed!.note], [
      "unconfirmed",
      "signed: read only by a listener whose verify takes that away",
    ]);
    assert(silent.received.includes('"root":{"level":"DEBUG"}'), silent.received);
  });
});

Deno.test("a listener that ends while it is asked is not taken for one that tells nothing", async () => {
  using block = PortBlock.claim(1);
  await using program = ChildProgram.deno("tests/fixtures/ending_listener.ts", {
    args: [String(block.first)],
  });
  await program.until(/^listens$/);
  assertEquals(await scan({ ports: block.range }), []);
  assertEquals((await program.end()).code, 0);
});

Deno.test("a change says what it is narrowed to, and is one for all its threads", async (t) => {
  using block = PortBlock.claim(2);
  await using first = new ForeignService(block.first, "reads, then closes");
  await using last = new ForeignService(block.last, "reads, then closes");
  const sent = ({ received }: ForeignService): { id: string; to?: unknown } => {
    const text = received.slice(received.lastIndexOf('{"version"'));
    return JSON.parse(text).logdial;
  };
  const cases = [
    { desc: "a range is all of it", options: { ports: block.range }, to: [undefined, undefined] },
    {
      desc: "single ports are themselves",
      options: { ports: [[block.first, block.first], [block.last, block.last]] as const },
      to: [{ port: block.first }, { port: block.last }],
    },
    {
      desc: "a port in a range is not single",
      options: { ports: [block.range, [block.last, block.last]] as const },
      to: [undefined, undefined],
    },
  ];
  for (const { desc, options, to } of cases) {
    await t.step(desc, async () => {
      await set({ root: "DEBUG" }, options);
      const all = [sent(first), sent(last)];
      assertEquals(all.map((one) => one.to), to);
      assertEquals(all[0]!.id, all[1]!.id);
    });
  }
});
