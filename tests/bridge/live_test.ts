import { assert, assertEquals } from "@std/assert";
import { reset, set } from "../../src/client/commands.ts";
import { dump } from "../../src/client/dump.ts";
import { loggers, why } from "../../src/client/loggers.ts";
import { record } from "../../src/client/record.ts";
import type { Delivery } from "../../src/client/request.ts";
import { rollback } from "../../src/client/rollback.ts";
import { status } from "../../src/client/status.ts";
import { tail } from "../../src/client/tail.ts";
import { statusLines } from "../../src/cli/answers/status_lines.ts";
import { labelOf } from "../../src/wire/library_label.ts";
import type { LoggerList, Why } from "../../src/wire/logger_info.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { within } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import type { Adapter } from "./adapter.ts";
import { ADAPTERS } from "./adapters.ts";

const OWN = "logdial";
const LIBRARIES = Object.keys(ADAPTERS);
const NAMES = [OWN, ...LIBRARIES];

/** The threads of `fixtures/bridges.ts`, each of which computes without yielding. */
class Computing implements AsyncDisposable {
  readonly child: ChildProgram;

  constructor(ports: PortBlock) {
    const args = [JSON.stringify({ names: NAMES, ports: ports.range })];
    this.child = ChildProgram.deno("tests/fixtures/bridges.ts", { args });
  }

  /** Number of lines on stdout so far. */
  get at(): number {
    return this.child.stdout.lines.length;
  }

  /** What the libraries have written since, by their names. */
  written(from: number, name: string): string[] {
    const prefix = `${name} line `;
    return this.child.stdout.lines.slice(from).filter((line) => line.startsWith(prefix))
      .map((line) => line.slice(prefix.length));
  }

  /** Waits until each has gone on for at least a beat, so that all it wrote before is here. */
  async untilBeat(): Promise<void> {
    // The first may have been said before whatever the caller has just done.
    for (let count = 0; count < 2; count++) {
      const from = this.at;
      for (const name of NAMES) await this.child.until((line) => line === `${name} beat`, from);
    }
  }

  /** Waits until each has written a line. */
  async untilWritten(from: number): Promise<void> {
    for (const name of NAMES) {
      await this.child.until((line) => line.startsWith(`${name} line `), from);
    }
  }

  /** What all write from here on, while each goes on for some beats. */
  async quiet(): Promise<string[]> {
    await this.untilBeat();
    const from = this.at;
    await this.untilBeat();
    return NAMES.flatMap((name) => this.written(from, name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
  }
}

Deno.test("loggers of other libraries are turned in the middle of a computation, as our own", async (t) => {
  const adapters = new Map<string, Adapter>();
  for (const name of LIBRARIES) adapters.set(name, (await ADAPTERS[name]!()).ADAPTER);
  const loggerOf = (name: string) =>
    adapters.get(name)?.loggerName?.(`lib_${name}`) ?? `lib_${name}`;
  const levels = Object.fromEntries(NAMES.map((name) => [loggerOf(name), "DEBUG"]));
  using claimed = PortBlock.claim(NAMES.length + 2);
  await using program = new Computing(claimed);
  const { child } = program;
  for (const name of NAMES) await child.until(`${name} ready`);
  const ports = claimed.range;
  /** A slow machine may say "pending" of what is applied a moment later. */
  const applied = async (all: readonly Delivery[]) => {
    assertEquals(all.filter(({ outcome }) => outcome !== "applied" && outcome !== "pending"), []);
    await child.eventually(
      "what is pending",
      async () => (await status({ ports })).every(({ pending }) => pending === 0) || undefined,
    );
  };

  await t.step("one `set` shows the DEBUG of each, and a rollback ends it", async () => {
    assertEquals(await program.quiet(), []);
    const from = program.at;
    await applied(await set(levels, { ports, for: "10m" }));
    await program.untilWritten(from);
    for (const name of LIBRARIES) {
      if (name !== "debug" && name !== "console") {
        await child.until(`${name} line guarded step`, from);
      }
    }
    const of = new Map((await status({ ports })).map((one) => [one.name, one]));
    for (const [name, { kind }] of adapters) {
      const one = of.get(name)!;
      assertEquals([one.levels[loggerOf(name)], one.overrides.length], ["DEBUG", 1], name);
      assertEquals(one.bridged?.[loggerOf(name)], kind, name);
      const label = labelOf(loggerOf(name), kind);
      const [line] = (await statusLines([{ port: one.port, name, status: one }], 300))
        .filter((line) => line.includes(`${label}=`));
      assert(line !== undefined, `status tells no ${label}`);
    }
    await applied(await rollback(1, { ports }));
    assertEquals(await program.quiet(), []);
  });

  await t.step("`loggers` and `why` tell the library", async () => {
    const lists = new Map((await loggers({ ports })).map(({ name, result }) => [name, result]));
    for (const [name, { kind, outlets }] of adapters) {
      const out = outlets?.(`lib_${name}`) ?? [kind];
      const found = (lists.get(name) as LoggerList).loggers
        .find((one) => one.name === loggerOf(name))!;
      assertEquals([found.kind, found.out], [kind, out], name);
      const [told] = await why(loggerOf(name), "ERROR", { ports, name });
      assertEquals((told!.result as Why).out, out);
      // What `status` calls it may be copied.
      const label = labelOf(loggerOf(name), kind);
      const [asked] = await why(label, "ERROR", { ports, name });
      const { isNew, similar } = asked!.result as Why;
      assertEquals(isNew ? similar : label, loggerOf(name));
    }
  });

  await t.step("a scope shows the calls of one user, and `reset` ends it", async () => {
    const from = program.at;
    await applied(await set(levels, { ports, where: { user: "42" } }));
    await program.untilWritten(from);
    await program.untilBeat();
    for (const name of NAMES) {
      const others = program.written(from, name).filter((line) => !line.includes("step of 42"));
      assertEquals(others, [], name);
    }
    await applied(await reset({ ports }));
    assertEquals(await program.quiet(), []);
  });

  await t.step("a change ends by itself with the last line of its budget", async () => {
    const from = program.at;
    await applied(await set(levels, { ports, for: "10m", lines: 300 }));
    await child.eventually("the end of the override", async () => {
      const all = await status({ ports });
      return all.every(({ overrides }) => overrides.length === 0) || undefined;
    });
    assertEquals(await program.quiet(), []);
    const count = (name: string) => program.written(from, name).length;
    assertEquals(NAMES.map(count).reduce((a, b) => a + b), 300);
  });

  await t.step("a tail sees what is not written, with its fields", async () => {
    const from = program.at;
    const missing = new Set(NAMES.map(loggerOf));
    const controller = new AbortController();
    const follow = async () => {
      for await (const one of tail({ ports, signal: controller.signal })) {
        if (!("message" in one) || !missing.has(one.logger)) continue;
        if (!one.message.startsWith("step of") || one.fields === undefined) continue;
        assertEquals(one.message, `step of ${one.fields.user}`);
        assertEquals(one.level, "DEBUG");
        missing.delete(one.logger);
        if (missing.size === 0) controller.abort();
      }
    };
    await within(follow(), () => `records of ${[...missing].join(", ")}`);
    await program.untilBeat();
    assertEquals(NAMES.flatMap((name) => program.written(from, name)), []);
  });

  await t.step("the recorder keeps what is not written", async () => {
    const from = program.at;
    await applied(await record(levels, { ports }));
    await program.untilBeat();
    const kept = new Map<string, unknown>();
    for await (const one of dump({ ports })) {
      if ("message" in one) kept.set(String(one.logger), one.user);
    }
    assertEquals([...kept.keys()].sort(), Object.keys(levels).sort());
    for (const [logger, user] of kept) assert(user === "42" || user === "7", logger);
    assertEquals(NAMES.flatMap((name) => program.written(from, name)), []);
  });
});
