import { assert, assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { eventually } from "../harness/deadline.ts";
import type { SharingTask } from "./sharing_task.ts";

/** Every line has this many bytes. */
const LINE = 2 + 1 + 6 + 1 + 30 + 1;

interface Case {
  readonly desc: string;
  readonly threads: number;
  readonly processes: number;
  readonly task: Omit<SharingTask, "path" | "name">;
}

const CASES: readonly Case[] = [
  {
    desc: "eight threads, by size",
    threads: 8,
    processes: 0,
    task: { lines: 2000, maxBytes: 100 * LINE, backupCount: 200 },
  },
  {
    desc: "eight threads, by size, every few lines",
    threads: 8,
    processes: 0,
    task: { lines: 100, maxBytes: 5 * LINE, backupCount: 250 },
  },
  {
    desc: "two processes, by size",
    threads: 0,
    processes: 2,
    task: { lines: 2000, maxBytes: 100 * LINE, backupCount: 50 },
  },
  {
    desc: "two processes and four threads, by size",
    threads: 4,
    processes: 2,
    task: { lines: 500, maxBytes: 50 * LINE, backupCount: 100 },
  },
  {
    desc: "four threads and a process, by time",
    threads: 4,
    processes: 1,
    task: { lines: 1_000_000, seconds: 3.2, maxBytes: 0, backupCount: 0, when: "S" },
  },
];

for (const { desc, threads, processes, task } of CASES) {
  Deno.test(`a shared file rolls over once and loses nothing: ${desc}`, async () => {
    const folder = Deno.makeTempDirSync();
    try {
      const path = `${folder}/app.log`;
      await logTogether(threads, processes, { ...task, path });
      const files = readFiles(folder);
      checkLines(files, threads + processes, task);
      if (task.when === undefined) checkSizes(files, task);
      else checkSeconds(files);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
}

Deno.test("with few backups the newest lines are there, in their order", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const task = { lines: 1000, maxBytes: 10 * LINE, backupCount: 2 };
    await logTogether(4, 0, { ...task, path: `${folder}/app.log` });
    const files = readFiles(folder);
    assertEquals(files.map(({ name }) => name), ["app.log.2", "app.log.1", "app.log"]);
    const lines = files.flatMap(({ lines }) => lines);
    assert(lines.length > 18, `${lines.length} lines`);
    assert(lines.some((line) => line.includes(" 000999 ")), "the last line of one is there");
    for (const name of new Set(lines.map((line) => line.slice(0, 2)))) {
      const own = lines.filter((line) => line.startsWith(name)).map((line) => line.slice(3, 9));
      assertEquals(own, own.toSorted());
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

async function logTogether(
  threads: number,
  processes: number,
  task: Omit<SharingTask, "name">,
): Promise<void> {
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const workers = Array.from({ length: threads }, (_, index) => {
    const url = new URL("../fixtures/handlers_sharing.ts", import.meta.url);
    const worker = new Worker(url, { type: "module" });
    const done = new Promise<void>((resolve, reject) => {
      worker.onmessage = () => resolve();
      worker.onerror = (event) => reject(new Error(event.message));
    });
    worker.postMessage({ ...task, name: `t${index}`, gate: gate.buffer });
    return { worker, done };
  });
  const children = Array.from(
    { length: processes },
    (_, index) =>
      ChildProgram.deno("tests/fixtures/handlers_sharing.ts", {
        args: [JSON.stringify({ ...task, name: `p${index}` })],
      }),
  );
  try {
    const ready = () => Atomics.load(gate, 0) === threads ? true : undefined;
    const failed = Promise.all(workers.map(({ done }) => done));
    await Promise.race([
      Promise.all([
        eventually(() => `${threads} workers, there are ${Atomics.load(gate, 0)}`, ready),
        ...children.map((child) => child.until("ready")),
      ]),
      ...(threads > 0 ? [failed] : []),
    ]);
    Atomics.store(gate, 1, 1);
    Atomics.notify(gate, 1);
    await Promise.all(children.map((child) => child.tell("go")));
    await Promise.all([
      ...workers.map(({ done }) => done),
      ...children.map(async (child) => {
        await child.output();
        assertEquals(child.stderr.lines, []);
      }),
    ]);
  } finally {
    for (const { worker } of workers) worker.terminate();
    for (const child of children) await child[Symbol.asyncDispose]();
  }
}

interface LogContent {
  readonly name: string;
  readonly lines: readonly string[];
}

/** The files, the oldest first. */
function readFiles(folder: string): LogContent[] {
  const age = (name: string) => {
    const end = name.slice("app.log.".length);
    return end === "" ? "" : /^\d+$/.test(end) ? String(1e6 - Number(end)) : end;
  };
  return [...Deno.readDirSync(folder)]
    .map(({ name }) => name)
    .sort((a, b) => age(a) === "" ? 1 : age(b) === "" ? -1 : age(a) < age(b) ? -1 : 1)
    .map((name) => {
      const text = Deno.readTextFileSync(`${folder}/${name}`);
      assert(text === "" || text.endsWith("\n"), `${name} ends with a whole line`);
      return { name, lines: text.split("\n").slice(0, -1) };
    });
}

/** Every line once and whole, those of each writer in their order. */
function checkLines(files: readonly LogContent[], writers: number, task: Case["task"]): void {
  const numbers = new Map<string, number[]>();
  for (const line of files.flatMap(({ lines }) => lines)) {
    const [, name = "?", number] = /^(\w\d) (\d{6}) x{30}$/.exec(line) ?? [];
    assert(number, `a whole line: ${line}`);
    if (!numbers.has(name)) numbers.set(name, []);
    numbers.get(name)!.push(Number(number));
  }
  assertEquals(numbers.size, writers);
  for (const [name, own] of numbers) {
    assertEquals(own, Array.from(own, (_, index) => index), `lines of ${name}`);
    if (task.seconds === undefined) assertEquals(own.length, task.lines, `lines of ${name}`);
  }
}

/** All files but the last are as full as they get, which makes the count of rollovers right. */
function checkSizes(files: readonly LogContent[], { maxBytes }: Case["task"]): void {
  // A file of `maxBytes` would be too long.
  const perFile = maxBytes / LINE - 1;
  const total = files.reduce((sum, { lines }) => sum + lines.length, 0);
  assertEquals(files.length, Math.ceil(total / perFile));
  for (const { name, lines } of files.slice(0, -1)) assertEquals(lines.length, perFile, name);
}

/** No two rollovers in a second; in three seconds there are at least two. */
function checkSeconds(files: readonly LogContent[]): void {
  assert(files.length >= 3 && files.length <= 5, files.map(({ name }) => name).join(", "));
  for (const { name, lines } of files.slice(1, -1)) {
    assert(lines.length > 100, `${lines.length} lines in ${name}`);
  }
}
