import { assert, assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { whileAdvancing } from "../harness/deadline.ts";
import type { SharingTask } from "./sharing_task.ts";

/** Every line has this many bytes. */
const LINE = 2 + 1 + 6 + 1 + 30 + 1;

interface Case {
  readonly desc: string;
  readonly threads: number;
  readonly processes: number;
  readonly task: Omit<SharingTask, "path" | "names">;
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
    task: { lines: 1_000_000, files: 4, maxBytes: 0, backupCount: 0, when: "S" },
  },
];

for (const { desc, threads, processes, task } of CASES) {
  Deno.test(`a shared file rolls over once and loses nothing: ${desc}`, async () => {
    const folder = Deno.makeTempDirSync();
    try {
      const path = `${folder}/app.log`;
      const begin = performance.now();
      await logTogether(threads, processes, { ...task, path });
      const seconds = (performance.now() - begin) / 1000;
      const files = readFiles(folder);
      checkLines(files, threads + processes, task);
      if (task.when === undefined) checkSizes(files, task);
      else checkSeconds(files, seconds);
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
  task: Omit<SharingTask, "names">,
): Promise<void> {
  const names = (letter: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${letter}${index}`);
  const writers = [names("t", threads), ...names("p", processes).map((name) => [name])]
    .filter((names) => names.length > 0);
  await using stack = new AsyncDisposableStack();
  const children = writers.map((names) => {
    const args = [JSON.stringify({ ...task, names })];
    return stack.use(ChildProgram.deno("tests/fixtures/handlers_sharing.ts", { args }));
  });
  const folder = task.path.slice(0, task.path.lastIndexOf("/"));
  // However long a loaded machine takes: each says that it is ready, or ends.
  for (const { stdout, stderr, ended } of children) {
    await Promise.race([stdout.until("ready"), ended]);
    assertEquals(stdout.lines, ["ready"], stderr.lines.join("\n"));
  }
  await Promise.all(children.map((child) => child.tell("go")));
  const all = Promise.all(children.map(async ({ ended, stderr }) => {
    const { code } = await ended;
    assertEquals([code, stderr.lines], [0, []]);
  }));
  await whileAdvancing(all, "the writers", () => describeFiles(folder));
}

/** Changes with every line that is written and every rollover. */
function describeFiles(folder: string): string {
  return [...Deno.readDirSync(folder)].map(({ name }) => {
    try {
      const { size, ino } = Deno.statSync(`${folder}/${name}`);
      return `${name} ${size} ${ino}`;
    } catch (error) {
      // Renamed meanwhile.
      if (error instanceof Deno.errors.NotFound) return name;
      throw error;
    }
  }).sort().join("\n");
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
    if (task.files === undefined) assertEquals(own.length, task.lines, `lines of ${name}`);
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

/** No two rollovers in a second, and none before something was logged. */
function checkSeconds(files: readonly LogContent[], seconds: number): void {
  const names = files.map(({ name }) => name).join(", ");
  assert(files.length >= 4 && files.length <= seconds + 2, `${seconds} s: ${names}`);
  for (const { name, lines } of files.slice(0, -1)) assert(lines.length > 0, name);
}
