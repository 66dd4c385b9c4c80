import { assert, assertEquals } from "@std/assert";
import { history, set } from "../../src/client/commands.ts";
import { why } from "../../src/client/loggers.ts";
import type { Delivery } from "../../src/client/request.ts";
import { rollback } from "../../src/client/rollback.ts";
import { send } from "../../src/client/send.ts";
import { status } from "../../src/client/status.ts";
import type { Why } from "../../src/wire/logger_info.ts";
import type { LinesOrder } from "../fixtures/lines_program.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { Guests } from "../harness/guests.ts";
import { eventually } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { ThreadOrders } from "../harness/thread_orders.ts";

interface Answer {
  readonly counts: Readonly<Record<string, number>>;
  readonly isOn: boolean;
}

/** The threads of `lines_program.ts`. */
class Program implements AsyncDisposable {
  readonly child: ChildProgram = ChildProgram.deno("tests/fixtures/lines_program.ts");
  readonly ports: PortBlock;
  readonly #orders = new ThreadOrders(this.child);

  constructor(ports: PortBlock) {
    this.ports = ports;
  }

  async begin(names: readonly string[], maxLines?: number): Promise<void> {
    for (const name of names) {
      await this.tell(name, { do: "begin", ports: this.ports.range, maxLines });
    }
  }

  async tell(name: string, order: Omit<LinesOrder, "name" | "number">): Promise<Answer> {
    return JSON.parse(await this.#orders.tell(name, order)) as Answer;
  }

  async log(name: string, debug: number, info = 0): Promise<Answer> {
    return await this.tell(name, { do: "log", debug, info });
  }

  /**
   * Has threads log at the same time until the change is over on all of them: lines that they drop
   * while the hub is late can still be had.
   */
  async logToEnd(...names: readonly string[]): Promise<Answer[]> {
    return await eventually("the last line", async () => {
      const answers = await Promise.all(names.map((name) => this.log(name, 2000)));
      return answers.some(({ isOn }) => isOn) ? undefined : answers;
    });
  }

  /** DEBUG lines of all threads so far. */
  async total(names: readonly string[]): Promise<number> {
    let sum = 0;
    for (const name of names) sum += debugOf(await this.log(name, 0));
    return sum;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
  }
}

/** Who knows no scopes is not sent any, and keeps all others from them if it is to be all or none. */
async function checkBesideOlder(program: Program, { range, first }: PortBlock): Promise<void> {
  await using _ = olderListener(first + 1);
  for (const atomic of [true, false]) {
    const [ours, older] = await set({ app: "DEBUG" }, { ports: range, sample: "1/1", atomic });
    assertEquals(
      [ours!.outcome, older!.outcome],
      atomic ? ["rejected", "rejected"] : ["applied", "skipped"],
    );
    assertEquals([older!.kind, older!.name], [undefined, "Older"]);
    const reason = "It cannot turn levels for some log calls only: its logdial is older";
    assertEquals(older!.error!.message, reason);
    assertEquals((await program.log("MainProcess", 0)).isOn, !atomic);
  }
  const [counted] = await set({ app: "INFO" }, { port: first + 1, lines: 5 });
  assertEquals([counted!.outcome, counted!.unable], ["skipped", true]);
  assertEquals(
    counted!.error!.message,
    "It cannot take a change back after so many lines: its logdial is older",
  );
}

/** A listener that knows no scopes, and would take whatever it is sent. */
function olderListener(port: number): Guests {
  const status = { logdial: 1, name: "Older", pid: 1, port, levels: { root: "INFO" } };
  return new Guests(port, async (guest) => {
    const chunk = new Uint8Array(4096);
    while (await guest.read(chunk) !== null);
    await guest.write(new TextEncoder().encode(`${JSON.stringify(status)}\n`));
  });
}

/** What the history says last of a thread. */
async function lastDetail(port: number): Promise<string> {
  const [{ result }] = await history({ port }) as [Delivery];
  return (result as { detail: string }[]).at(-1)!.detail;
}

function debugOf({ counts }: Answer): number {
  return counts["app.db DEBUG"] ?? 0;
}

Deno.test("a change may bring out so many lines of the process, and the last one takes it back", async (t) => {
  const names = ["MainProcess", "A", "B", "C"];
  using claimed = PortBlock.claim();
  await using program = new Program(claimed);
  await program.begin(names);
  const ports = claimed.range;
  const options = { ports, for: "10m", lines: 3000 };

  await t.step("one busy thread gets what the idle ones have no use for", async () => {
    const [first] = await set({ app: "DEBUG" }, options);
    assertEquals([first!.outcome, first!.maxLines], ["applied", 3000]);
    const [override] = (await status({ ports }))[0]!.overrides;
    assertEquals([override!.maxLines, override!.linesLeft], [3000, 3000]);
    const one = await program.log("A", 2000, 2000);
    assertEquals(one.counts["app.db INFO"], 2000, "what INFO shows is free");
    const { linesLeft } = (await status({ ports }))[0]!.overrides[0]!;
    assertEquals(linesLeft, 3000 - debugOf(one));
    // It goes on in loops that never yield.
    const [two] = await program.logToEnd("A");
    assertEquals(debugOf(two!), 3000);
    assertEquals(two!.counts["logdial INFO"], 2, "the change, and its end");
  });

  await t.step("the others take it back as well, and history says why", async () => {
    await eventually(() => "the end everywhere", async () => {
      const all = await status({ ports });
      return all.every(({ overrides, levels }) => overrides.length === 0 && !levels.app) ||
        undefined;
    });
    for (const name of names) assertEquals((await program.log(name, 100)).isOn, false, name);
    assertEquals(await program.total(names), 3000);
    for (const { result } of await history({ ports })) {
      const last = (result as { what: string; outcome: string; detail: string }[]).at(-1)!;
      assert(/^3000 lines after \d+\.\d s: app DEBUG → NOTSET$/.test(last.detail), last.detail);
      assertEquals([last.what, last.outcome], ["spent", "ended"]);
    }
  });

  await t.step(
    "threads that log at the same time share them, late and ended ones too",
    async () => {
      const before = await program.total(["MainProcess", "A", "C"]);
      const ofB = await program.total(["B"]);
      await set({ app: "DEBUG" }, options);
      await program.begin(["Late"]);
      const ended = await program.tell("B", { do: "end", debug: 100 });
      const busy = ["MainProcess", "A", "C", "Late"];
      await program.logToEnd(...busy);
      const after = await program.total(busy);
      assertEquals(after - before + debugOf(ended) - ofB, 3000);
    },
  );
});

Deno.test("a listener gives changes that turn loggers below INFO its maxLines, and no more", async () => {
  using claimed = PortBlock.claim();
  await using program = new Program(claimed);
  await program.begin(["MainProcess"], 500);
  const ports = claimed.range;
  const config = { version: 1, disable_existing_loggers: false, root: { level: "DEBUG" } };
  const text = JSON.stringify(config);
  const changes = [
    { by: set({ app: "DEBUG" }, { ports }), maxLines: 500, ends: true },
    { by: set({ app: "DEBUG" }, { ports, lines: 1000 }), maxLines: 500, ends: true },
    {
      by: set({ app: "DEBUG" }, { ports, lines: 1000, forever: true }),
      maxLines: 1000,
      ends: true,
    },
    { by: set({ app: "DEBUG" }, { ports, forever: true }), maxLines: undefined, ends: false },
    { by: set({ app: "INFO" }, { ports, for: "10m" }), maxLines: undefined, ends: true },
    { by: send(text, { ports, for: "10m" }), maxLines: 500, ends: true },
    { by: send(text, { ports, lines: 70 }), maxLines: 70, ends: true },
    { by: send(text, { ports, lines: 70, atomic: true }), maxLines: 70, ends: true },
    { by: send(text, { ports }), maxLines: undefined, ends: false },
  ];
  for (const [index, { by, maxLines, ends }] of changes.entries()) {
    const [ack] = await by;
    assertEquals([ack!.maxLines, ack!.until !== undefined], [maxLines, ends], String(index));
  }
});

Deno.test("when the hub ends, no more lines come out than were given, and not many fewer", async () => {
  using claimed = PortBlock.claim();
  await using program = new Program(claimed);
  // Main does not listen, so the hub lives and dies with this one.
  await program.begin(["Starter", "A", "B"]);
  const ports = claimed.range;
  await set({ app: "DEBUG" }, { ports, for: "10m", lines: 3000 });
  await program.log("A", 1000);
  const { instance } = (await status({ ports }))[0]!;
  await program.tell("Starter", { do: "end" });
  await eventually(() => "another hub", async () => {
    const all = await status({ ports });
    const isNew = all.every((one) => one.instance !== instance);
    return (isNew && all.map(({ name }) => name).sort().join() === "A,B") || undefined;
  });
  await program.logToEnd("A", "B");
  const total = await program.total(["A", "B"]);
  // What the thread had been leased that has ended with the hub is lost.
  assert(total <= 3000 && total >= 3000 - 250, String(total));
  for (const { overrides } of await status({ ports })) assertEquals(overrides, []);
});

Deno.test("what was taken back comes with no thread that did not listen, after the hub's end either", async () => {
  using claimed = PortBlock.claim();
  await using program = new Program(claimed);
  await program.begin(["Starter", "Away", "There"]);
  const ports = claimed.range;
  await set({ app: "DEBUG" }, { ports, forever: true });
  await program.tell("Away", { do: "stop" });
  await program.tell("There", { do: "await standby" });
  await rollback(1, { ports });
  const [{ instance } = { instance: "" }] = await status({ ports });
  await program.tell("Starter", { do: "end" });
  await eventually("another hub", async () => {
    const all = await status({ ports });
    return (all.length > 0 && all.every((one) => one.instance !== instance)) || undefined;
  });
  await program.tell("Away", { do: "listen", ports });
  await eventually("both to agree", async () => {
    const all = await status({ ports });
    return (all.length === 2 && all.every(({ levels }) => levels.app === undefined)) || undefined;
  });
  await program.begin(["Late"]);
  for (const { name, levels } of await status({ ports })) assertEquals(levels.app, undefined, name);
});

Deno.test("the command tells what a change may bring out, and that listeners cap it", async () => {
  using claimed = PortBlock.claim();
  await using program = new Program(claimed);
  await program.begin(["MainProcess"], 500);
  const ports = ["--ports", claimed.text];
  const asked = await logdial(["set", "app=DEBUG", "--lines", "80", "--for", "10m", ...ports]);
  assert(/app NOTSET → DEBUG, for (10m 0s|9m \d+s) or 80 lines/.test(asked.stdout), asked.stdout);
  await program.log("MainProcess", 30);
  const { stdout } = await logdial(["status", ...ports]);
  // Wherever the line is broken.
  assert(/ or 50 of 80 lines left$/m.test(stdout.replaceAll("\n  ", " ")), stdout);
  const capped = await logdial(["set", "app=DEBUG", "--lines", "900", ...ports]);
  assert(capped.stdout.includes("ends after 500 lines, not 900"), capped.stdout);
  const { code, stderr } = await logdial(["set", "app=DEBUG", "--lines", "0", ...ports]);
  assertEquals(code, 2, stderr);
  assert(stderr.includes('Cannot use --lines "0": it must be a whole number'), stderr);
});

Deno.test("set turns levels for some log calls only, and says so; who cannot is skipped", async () => {
  using claimed = PortBlock.claim(2);
  await using program = new Program(claimed);
  await program.begin(["MainProcess"]);
  const port = claimed.first;
  const ports = ["--ports", claimed.text];
  const args = ["set", "app=DEBUG", "--where", "count=3", "--lines", "2", "--match", "line %d"];
  const { code, stdout } = await logdial([...args, ...ports]);
  assertEquals(code, 0, stdout);
  assertEquals(debugOf(await program.log("MainProcess", 10)), 0, "no call has the field");
  const shown = await logdial(["status", ...ports]);
  const label = "set app=DEBUG --where count=3 --match 'line %d' --lines 2";
  assert(shown.stdout.includes(label), shown.stdout);
  const calls = 'app DEBUG for count=3 and message "line %d"';
  assertEquals(await lastDetail(port), calls);
  const told = await logdial(["why", "app.db", "DEBUG", ...ports]);
  assert(told.stdout.includes("does not come out: logger root is at INFO"), told.stdout);
  const out = "it comes out of CountingHandler";
  const forWhom = `but for count=3 and message "line %d" ${out}, by ${label} by 127.0.0.1`;
  assert(told.stdout.includes(forWhom), told.stdout);
  // Not of loggers elsewhere, nor of levels below it.
  for (const [name, level] of [["web", "DEBUG"], ["app", 5]] as const) {
    assertEquals(((await why(name, level, { port }))[0]!.result as Why).scopes, []);
  }
  await rollback(1, { port });
  assertEquals(await lastDetail(port), `no more ${calls}`);
  const where = { count: "4" };
  const [both] = await set({ app: "DEBUG" }, { port, where, lines: 9, atomic: true });
  assertEquals([both!.outcome, both!.maxLines], ["applied", 9]);
  assertEquals(await lastDetail(port), "app DEBUG for count=4");
  await rollback(1, { port });
  await checkBesideOlder(program, claimed);
  await rollback(1, { port });
  const [sampled] = await set({ app: "DEBUG" }, { port, sample: "1/5", match: "line*", lines: 3 });
  assertEquals([sampled!.outcome, sampled!.maxLines], ["applied", 3]);
  assertEquals(debugOf(await program.log("MainProcess", 10)), 2);
  assertEquals(debugOf(await program.log("MainProcess", 100)), 3);
  const detail =
    /^3 lines after \d+\.\d s: no more app DEBUG for message "line\*" and one call in 5$/;
  assert(detail.test(await lastDetail(port)), await lastDetail(port));
  for (
    const wrong of [["--sample", "5"], ["--where", "user"], ["--where", "a=1", "--where", "a=2"]]
  ) {
    assertEquals(
      (await logdial(["set", "app=DEBUG", ...wrong, ...ports])).code,
      2,
      wrong.join(" "),
    );
  }
});
