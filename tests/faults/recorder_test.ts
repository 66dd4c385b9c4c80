import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { DumpRecord } from "../../src/client/dump_line.ts";
import { kept, type RecorderOrder, RecorderProgram } from "../harness/recorder_program.ts";

const LEVELS = { "app.db": "DEBUG" } as const;

/** Records of each thread follow each other, and each is as it was logged. */
function assertWhole(records: readonly DumpRecord[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const { thread, message } of records) {
    const number = Number(message.split(" ")[1]);
    assertEquals(message, kept(thread, number), "a torn record");
    const before = last.get(thread);
    if (before !== undefined) assertEquals(number, before + 1, `a gap in ${thread}`);
    last.set(thread, number);
  }
  return last;
}

Deno.test("dumps while eight threads log without a pause have whole records without gaps", async () => {
  const recorder = { levels: LEVELS, size: "64K" };
  await using program = new RecorderProgram({ options: { recorder } }, 12);
  const names = Array.from({ length: 8 }, (_, at) => `Flood${at}`);
  await program.start(...names);
  for (const name of names) await program.tell(name, { do: "flood" }, `${name} floods`);
  // A thread that floods has said so before its first record.
  await program.child.eventually("records of all", async () => {
    const threads = new Set((await program.dump()).records.map(({ thread }) => thread));
    return names.every((name) => threads.has(name)) || undefined;
  });
  const before = new Map<string, number>();
  for (let round = 0; round < 5; round++) {
    const { records, threads, failures } = await program.dump();
    assertEquals(failures, []);
    const last = assertWhole(records);
    for (const name of names) {
      const [now = -1, then = 0] = [last.get(name), before.get(name)];
      assert(now >= then, `${name} goes back from ${then} to ${now}`);
      before.set(name, now);
    }
    if (round < 4) continue;
    const overwritten = threads.filter(({ overwritten }) => overwritten > 0);
    assertEquals(overwritten.length, 8, "their rings have been full");
  }
});

Deno.test("errors outlive a flood of others", async () => {
  await using program = new RecorderProgram({
    options: { recorder: { levels: LEVELS, size: "64K" } },
  });
  await program.untilListening("MainProcess");
  await program.tell("MainProcess", { do: "error" }, "failed");
  await program.log(20_000, "MainProcess");
  const { records, threads } = await program.dump();
  assertEquals(records[0]!.message, "MainProcess failed");
  assert(threads[0]!.overwritten > 10_000, JSON.stringify(threads));
  assertEquals(records.at(-1)!.message, kept("MainProcess", 19_999));
});

Deno.test("a new hub knows what was recorded, also on the thread with which the old one ended", async () => {
  await using program = new RecorderProgram({
    options: { recorder: { levels: LEVELS } },
    quietMain: true,
  });
  await program.start("Host");
  await program.start("Other");
  await program.log(2, "Host", "Other");
  await program.tell("MainProcess", { do: "await standby" }, "a hub stands by");
  await program.tell("Host", { do: "close" });
  const { records } = await program.child.eventually("a new hub", async () => {
    const found = await program.dump().catch(() => undefined);
    const ended = new Map(found?.threads.map(({ thread, ended }) => [thread, ended]));
    // The old one answers until its thread has ended.
    const isNew = ended.get("Host") !== undefined;
    return isNew && ended.has("Other") && ended.get("Other") === undefined ? found : undefined;
  });
  const texts = records.map(({ message }) => message).sort();
  assertEquals(texts, [0, 1].flatMap((at) => [kept("Host", at), kept("Other", at)]).sort());
  await program.log(1, "Other");
  assertEquals((await program.dump({ name: "Other" })).records.at(-1)!.message, kept("Other", 2));
});

/** A program of which a test looks at the file that it leaves. */
class CrashingProgram implements AsyncDisposable {
  readonly folder: string = Deno.makeTempDirSync({ prefix: "logdial_dump_" });
  readonly path: string = `${this.folder}/crash.jsonl`;
  readonly program: RecorderProgram;

  constructor(more: { dumpOnError?: boolean } = {}) {
    const recorder = { levels: LEVELS, dumpTo: this.path, ...more };
    this.program = new RecorderProgram({ options: { recorder } });
  }

  /** The whole lines of the file, none as long as there is none. */
  get lines(): Readonly<Record<string, unknown>>[] {
    const files = [...Deno.readDirSync(this.folder)];
    const text = files.length === 0 ? "" : Deno.readTextFileSync(this.path);
    return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  }

  /** The messages in the file. */
  get messages(): unknown[] {
    return this.lines.flatMap(({ message }) => message === undefined ? [] : [message]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

interface Crash {
  readonly desc: string;
  readonly who: string;
  readonly order: RecorderOrder;
  /** Sent once the order has been carried out. */
  readonly signal?: Deno.Signal;
  readonly reason: string;
}

const CRASHES: readonly Crash[] = [
  {
    desc: "an uncaught error of main",
    who: "MainProcess",
    order: { do: "throw" },
    reason: "uncaught error",
  },
  {
    desc: "an unhandled rejection of main",
    who: "MainProcess",
    order: { do: "reject" },
    reason: "unhandled rejection",
  },
  {
    desc: "an uncaught error of a worker",
    who: "Worker",
    order: { do: "throw" },
    reason: "uncaught error",
  },
  {
    desc: "Deno.exit with a status",
    who: "MainProcess",
    order: { do: "exit", code: 3 },
    reason: "exit status 3",
  },
  {
    desc: "SIGTERM while main computes",
    who: "MainProcess",
    order: { do: "hang" },
    signal: "SIGTERM",
    reason: "SIGTERM",
  },
];

for (const { desc, who, order, signal, reason } of CRASHES) {
  Deno.test(`the hub writes the records of all threads before the program ends: ${desc}`, async () => {
    await using crashing = new CrashingProgram();
    const { program } = crashing;
    await program.start("Worker");
    await program.untilListening("MainProcess");
    await program.log(2, "Worker", "MainProcess");
    await program.tell(who, order, signal && `${who} hangs`);
    if (signal !== undefined) program.child.signal(signal);
    const { success } = await program.child.end();
    assertEquals(success, false);
    assertEquals(crashing.lines[0]!.dump, reason);
    const all = ["MainProcess", "Worker"].flatMap((name) => [kept(name, 0), kept(name, 1)]);
    assertEquals(crashing.messages.sort(), all.sort());
    assertEquals(Deno.statSync(crashing.path).mode! & 0o777, 0o600);
    assertEquals(program.child.stdout.lines, []);
  });
}

Deno.test("a program that ends well leaves no dump", async () => {
  await using crashing = new CrashingProgram();
  const { program } = crashing;
  await program.untilListening("MainProcess");
  await program.log(1, "MainProcess");
  await program.tell("MainProcess", { do: "exit", code: 0 });
  assertEquals((await program.child.end()).code, 0);
  assertEquals([...Deno.readDirSync(crashing.folder)], []);
});

Deno.test("the first error of a burst is dumped with what was before it, and nothing twice", async () => {
  await using crashing = new CrashingProgram({ dumpOnError: true });
  const { program } = crashing;
  await program.untilListening("MainProcess");
  await program.log(2, "MainProcess");
  await program.tell("MainProcess", { do: "error" }, "failed");
  await program.tell("MainProcess", { do: "error" }, "failed");
  const first = await program.child.eventually("the dump", () => {
    return crashing.messages.length > 2 ? crashing.messages : undefined;
  });
  const before = [kept("MainProcess", 0), kept("MainProcess", 1), "MainProcess failed"];
  assertEquals(first.slice(0, 3), before);
  await program.log(1, "MainProcess");
  // A program that hears the signal goes on, and may hang: it is written then too.
  await program.tell("MainProcess", { do: "listen to signals" }, "listens");
  program.child.signal("SIGTERM");
  await program.child.untilError("heard SIGTERM");
  await program.child.eventually(
    "the second dump",
    () => crashing.messages.length > 4 || undefined,
  );
  assertEquals(crashing.messages, [...before, "MainProcess failed", kept("MainProcess", 2)]);
});

Deno.test("a dump that may not be written is refused as the program begins to listen", async () => {
  const script = `
    import { listen } from "${new URL("../../mod.ts", import.meta.url)}";
    try {
      await listen(0, { recorder: { dumpTo: "/somewhere/crash.jsonl" } });
    } catch (error) {
      console.log(error.name, error.message);
    }
    Deno.exit();`;
  const folder = await Deno.makeTempDir({ prefix: "logdial_dump_" });
  try {
    await Deno.writeTextFile(`${folder}/main.ts`, script);
    const { ChildProgram } = await import("../harness/child_program.ts");
    await using program = ChildProgram.deno(new URL(`file://${folder}/main.ts`), {
      allow: ["--allow-net=127.0.0.1", "--allow-read", "--allow-import"],
    });
    assertMatch(
      await program.output(),
      /^NotCapable Cannot listen: dumpTo "\/somewhere\/crash.jsonl" may not be written, add --allow-write=/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a dump for which there is no place is refused as the program begins to listen", async () => {
  const { listen } = await import("../../mod.ts");
  const folder = await Deno.makeTempDir({ prefix: "logdial_dump_" });
  const listenFor = (dumpTo: string) => listen(0, { recorder: { dumpTo } });
  try {
    await assertRejects(
      () => listenFor(`${folder}/none/crash.jsonl`),
      Deno.errors.NotFound,
      `dumpTo "${folder}/none/crash.jsonl" cannot be written, its folder does not exist: make it`,
    );
    await assertRejects(
      () => listenFor(folder),
      Deno.errors.IsADirectory,
      `dumpTo "${folder}" is a folder`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a dump that the hub may not write, as a worker may not that started it, is told at once", async () => {
  const mod = new URL("../../mod.ts", import.meta.url);
  const permissions = { net: ["127.0.0.1"], read: true, import: true };
  const folder = await Deno.makeTempDir({ prefix: "logdial_dump_" });
  const main = `
    import { listen } from "${mod}";
    const url = new URL("./worker.ts", import.meta.url);
    const deno = { permissions: ${JSON.stringify(permissions)} };
    const worker = new Worker(url, { type: "module", deno });
    await new Promise((resolve) => worker.onmessage = resolve);
    await listen(0, { recorder: { dumpTo: "${folder}/crash.jsonl" } });
    setInterval(() => {}, 1000);`;
  const worker = `
    import { listen } from "${mod}";
    await listen(0);
    postMessage("listens");`;
  try {
    await Deno.writeTextFile(`${folder}/main.ts`, main);
    await Deno.writeTextFile(`${folder}/worker.ts`, worker);
    const { ChildProgram } = await import("../harness/child_program.ts");
    await using program = ChildProgram.deno(new URL(`file://${folder}/main.ts`), {
      allow: ["--allow-all", "--unstable-worker-options"],
    });
    const told = await program.untilError(/cannot write the dump/);
    assertMatch(told, /crash.jsonl: the hub has the permissions of the worker that started it/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
