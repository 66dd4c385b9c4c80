import { assertEquals, assertThrows } from "@std/assert";
import { watchConfig } from "../../mod.ts";
import { ProcessFile } from "../../src/hub/watch/process_file.ts";
import { type Sight, WatchedFile } from "../../src/hub/watch/watched_file.ts";
import type { ChangeError } from "../../src/wire/message.ts";
import type { LogEntry } from "../../src/hub/board/orders.ts";
import { holdThread } from "../fixtures/hold_thread.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { eventually, within } from "../harness/deadline.ts";
import { importFlags } from "../harness/project.ts";
import { replaced } from "../harness/replaced.ts";

/** Watches a folder no more into which a named pipe has come, in a process that may stand still. */
const WITH_PIPE = `
  import { WatchedFile } from "./src/hub/watch/watched_file.ts";
  const folder = Deno.makeTempDirSync({ prefix: "logdial_watched_" });
  const options = { maxBytes: 100, usesEvents: true };
  const file = new WatchedFile(folder + "/app.conf", options, () => Promise.resolve());
  const end = file.run();
  await file.looked;
  await new Deno.Command("mkfifo", { args: [folder + "/pipe"] }).output();
  // As long as it takes Deno's own thread to come to the pipe, or longer.
  await new Promise((done) => setTimeout(done, 100));
  file.close();
  await end;
  await new Promise((done) => setTimeout(done, 1));
  Deno.removeSync(folder, { recursive: true });
  console.log("goes on");
  Deno.exit();
`;

/** So seldom is a file read without any event in tests of events, in milliseconds. */
const NEVER_MS = 3_600_000;

/** A folder with a file in it that is watched, and what is seen of the file. */
class Watching implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "logdial_watched_" });
  readonly sights: Sight[] = [];
  readonly #file: WatchedFile;
  readonly #end: Promise<void>;

  /** `name` is the file's path below the folder. */
  constructor(name: string, prepare: (folder: string) => void = () => {}, pollEvery?: number) {
    prepare(this.folder);
    const options = { maxBytes: 100, usesEvents: true, pollEvery };
    this.#file = new WatchedFile(`${this.folder}/${name}`, options, (sight) => {
      this.sights.push(sight);
      return Promise.resolve();
    });
    this.#end = this.#file.run();
  }

  /** Waits until the file has been seen with that text, or that trouble. */
  async until(expected: string): Promise<void> {
    await within(this.#file.looked, () => "the first look");
    await eventually(() => `${expected} in ${JSON.stringify(this.sights)}`, () => {
      const { text, trouble } = this.sights.at(-1)!;
      return text === expected || trouble?.includes(expected) || undefined;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#file.close();
    await this.#end;
    await Deno.remove(this.folder, { recursive: true });
  }
}

function write(path: string, text: string): void {
  Deno.writeTextFileSync(path, text);
}

/** As `mv`, `sed -i` and most editors do. */
function replace(path: string, text: string): void {
  write(`${path}.tmp`, text);
  Deno.renameSync(`${path}.tmp`, path);
}

/** As the kubelet does: files in a folder of their own, and a link to that one that is replaced. */
function swap(folder: string, text: string): void {
  const name = `..${text}`;
  Deno.mkdirSync(`${folder}/${name}`);
  write(`${folder}/${name}/app.conf`, text);
  Deno.symlinkSync(name, `${folder}/..data_tmp`);
  Deno.renameSync(`${folder}/..data_tmp`, `${folder}/..data`);
  for (const { name: other } of [...Deno.readDirSync(folder)]) {
    if (/^\.\.[a-z]+$/.test(other) && other !== name && other !== "..data") {
      Deno.removeSync(`${folder}/${other}`, { recursive: true });
    }
  }
}

Deno.test("a file is seen again however it is changed", async () => {
  await using watching = new Watching("app.conf", (folder) => write(`${folder}/app.conf`, "one"));
  const { folder } = watching, path = `${folder}/app.conf`;
  await watching.until("one");
  write(path, "written over");
  await watching.until("written over");
  replace(path, "another in its place");
  await watching.until("another in its place");
  // As vim does with backups.
  Deno.renameSync(path, `${path}~`);
  write(path, "the old one kept");
  Deno.removeSync(`${path}~`);
  await watching.until("the old one kept");
  write(path, "x".repeat(101));
  await watching.until("it has 101 bytes, and maxBytes is 100");
  Deno.writeFileSync(path, new Uint8Array([0xff]));
  await watching.until("it is not UTF-8, save it as that");
  Deno.removeSync(path);
  await watching.until("there is no such file");
  Deno.mkdirSync(path);
  await watching.until("it is no file");
  Deno.removeSync(path);
  Deno.mkdirSync(`${folder}/elsewhere`);
  write(`${folder}/elsewhere/real.conf`, "by a link");
  Deno.symlinkSync(`${folder}/elsewhere/real.conf`, path);
  await watching.until("by a link");
  write(`${folder}/elsewhere/real.conf`, "where it really is");
  await watching.until("where it really is");
  Deno.removeSync(path);
  write(path, "two");
  await watching.until("two");
});

Deno.test("a ConfigMap is seen again with each swap", async () => {
  await using watching = new Watching("app.conf", (folder) => {
    swap(folder, "first");
    Deno.symlinkSync("..data/app.conf", `${folder}/app.conf`);
  }, NEVER_MS);
  await watching.until("first");
  for (const text of ["second", "third", "fourth"]) {
    swap(watching.folder, text);
    await watching.until(text);
  }
  assertEquals(watching.sights.map(({ text }) => text), ["first", "second", "third", "fourth"]);
});

Deno.test("a folder that is another one at once is heard of as the one before", async () => {
  const fill = (folder: string, text: string) => {
    Deno.mkdirSync(`${folder}/etc`);
    write(`${folder}/etc/app.conf`, text);
  };
  await using watching = new Watching("etc/app.conf", (folder) => fill(folder, "one"), NEVER_MS);
  const { folder } = watching;
  await watching.until("one");
  for (const text of ["two", "three"]) {
    // The new one gets the inode of the old one.
    Deno.removeSync(`${folder}/etc`, { recursive: true });
    fill(folder, text);
    await watching.until(text);
    replace(`${folder}/etc/app.conf`, `${text} more`);
    await watching.until(`${text} more`);
  }
});

Deno.test("a folder may come later, go, and be another one", async () => {
  await using watching = new Watching("etc/app.conf");
  const etc = `${watching.folder}/etc`;
  await watching.until("there is no such file");
  Deno.mkdirSync(etc);
  write(`${etc}/app.conf`, "one");
  await watching.until("one");
  Deno.removeSync(etc, { recursive: true });
  await watching.until("there is no such file");
  Deno.mkdirSync(`${etc}.new`);
  write(`${etc}.new/app.conf`, "two");
  Deno.renameSync(`${etc}.new`, etc);
  await watching.until("two");
  replace(`${etc}/app.conf`, "three");
  await watching.until("three");
});

/** Threads that take everything but what says `LOUD`; what says `TRACE` only one of them takes. */
class Threads {
  readonly taken: string[] = [];
  fileEntry: LogEntry | undefined;
  readonly #refused = Promise.withResolvers<void>();

  /** Resolves when a file has been refused. */
  get refusal(): Promise<void> {
    return this.#refused.promise;
  }

  get fileInForce(): LogEntry | undefined {
    return this.fileEntry;
  }

  takeFile(
    { file, text, by }: { file?: string; text: string; by: string },
    answer: { taken(): void; refused(error: ChangeError): void },
  ): void {
    if (text.includes("LOUD")) {
      answer.refused({ message: "Cannot be so loud", section: "root", key: "level" });
      return this.#refused.resolve();
    }
    this.taken.push(text);
    this.fileEntry = { id: text, seq: 1, file, text, by, at: "2026-11-28T00:00:00Z", keys: [] };
    answer.taken();
    if (text.includes("TRACE")) answer.refused({ message: "Cannot trace", section: "root" });
  }
}

Deno.test("what a file says is given to threads whole, and what is wrong is told with its line", async () => {
  const folder = await Deno.makeTempDir({ prefix: "logdial_watched_" });
  const path = `${folder}/app.yaml`, threads = new Threads();
  const file = new ProcessFile(threads, true);
  const levels = (level: string) =>
    JSON.stringify({ version: 1, incremental: true, root: { level } }, null, 2);
  const untilTaken = (count: number) =>
    eventually(
      () => `${count} in ${JSON.stringify(threads.taken)}`,
      () => threads.taken.length >= count || undefined,
    );
  const untilError = (error: string) =>
    eventually(
      () => `${error} instead of ${file.status?.error}`,
      () => file.status?.error?.startsWith(error) || undefined,
    );
  try {
    const yaml = (level: string) => `version: 1\nincremental: true\nroot:\n  level: ${level}\n`;
    replace(path, yaml("DEBUG"));
    await file.watch("one", path, 1000);
    await file.watch("two", path, 1000);
    assertEquals(threads.taken, [levels("DEBUG")]);
    assertEquals(file.status, { path, at: "2026-11-28T00:00:00Z", error: undefined });

    write(path, "version: 1\nroot: {level");
    await untilError(`${path}:2: Cannot read YAML`);
    assertEquals(threads.taken.length, 1);
    write(path, yaml("INFO"));
    await untilTaken(2);
    assertEquals(file.status?.error, undefined);

    replace(path, yaml("LOUD"));
    await untilError(`${path}:4: Cannot be so loud`);
    replace(path, yaml("TRACE"));
    await untilError(`${path}:3: Cannot trace; other threads have taken it`);
    replace(path, yaml("INFO"));
    await untilTaken(4);
    replace(path, "logdial:\n  command: reset\n");
    await untilError(`${path}:1: Cannot watch it`);
    replace(path, `${yaml("INFO")}# the same again\n`);
    await eventually("no error", () => file.status?.error === undefined || undefined);
    const taken = ["DEBUG", "INFO", "TRACE", "INFO"].map(levels);
    assertEquals(threads.taken, taken, "nothing is taken twice");
    file.leave("one");
    assertEquals(file.status?.path, path);
  } finally {
    file.leave("two");
    assertEquals(file.status, undefined);
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a fault that was mended while the program stood still is not told", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "logdial_watched_" });
  const path = `${folder}/app.json`, said: string[] = [];
  const threads = new Threads(), file = new ProcessFile(threads, true);
  const levels = (level: string) =>
    JSON.stringify({ version: 1, incremental: true, root: { level } });
  using _stderr = replaced(Deno.stderr, "write", (bytes) => {
    said.push(new TextDecoder().decode(bytes));
    return Promise.resolve(bytes.length);
  });
  try {
    write(path, levels("DEBUG"));
    await file.watch("one", path, 1000);
    replace(path, levels("LOUD"));
    await within(threads.refusal, () => "the fault");
    write(`${path}.good`, levels("INFO"));
    const mending = new Deno.Command("sh", { args: ["-c", 'sleep 0.1; mv "$0.good" "$0"', path] });
    const mended = mending.output();
    // The thread comes to its timers before it stands still.
    await new Promise((resolve) => setTimeout(resolve, 20));
    holdThread(1400);
    await mended;
    await eventually("the mended file", () => threads.taken.length >= 2 || undefined);
    assertEquals([said, file.status?.error], [[], undefined]);
  } finally {
    file.leave("one");
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a thread that does not listen cannot have a file watched", () => {
  assertThrows(
    () => watchConfig("app.conf"),
    Error,
    'Cannot watch "app.conf": this thread does not listen, call listen() before',
  );
});

Deno.test({
  name: "a named pipe that comes into the folder stops nobody, also when it is watched no more",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const args = ["eval", ...importFlags(), WITH_PIPE];
    await using program = ChildProgram.run(Deno.execPath(), args);
    await program.until("goes on");
  },
});
