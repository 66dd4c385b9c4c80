import { assert, assertEquals } from "@std/assert";
import { history, reset, send, set } from "../../src/client/mod.ts";
import type { ChildProgram } from "../harness/child_program.ts";
import { PROJECT } from "../harness/project.ts";
import { packedProgram } from "../harness/packed_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

/** A file that a program begins with. */
class WatchedPath implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "logdial_watch_" });
  readonly path = `${this.folder}/app.conf`;

  /** Puts another one in its place, so that no half of it is seen. */
  write(text: string): void {
    Deno.writeTextFileSync(`${this.path}.tmp`, text);
    Deno.renameSync(`${this.path}.tmp`, this.path);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

Deno.test("a program begins with its file and follows it, whatever its threads do", async () => {
  using file = new WatchedPath();
  using ports = PortBlock.claim();
  file.write(taggedConfig("ONE", "ERROR"));
  // What is signed only needs a key: a file of the program's own does not.
  const env = { LOGDIAL_CONFIG: file.path, LOGDIAL_KEY: "secret" };
  const targets = { ports: ports.range, key: "secret" };
  await using program = new ThreadsProgram(ports, { env });
  const { child } = program;
  const statusOf = async (name: string) =>
    (await program.untilThreads("Busy", "Starter")).get(name)!;

  // The main thread never imports the module, so the hub lives and dies with this one.
  await program.start("Starter", "log first");
  assert((await child.until("first")).startsWith("ONE|"), "from the first line on");
  await program.start("Busy", "busy");
  await child.until(tagged("ONE", "Busy", "ERROR", "busy"));

  file.write(taggedConfig("TWO", "DEBUG"));
  await child.until(tagged("TWO", "Busy", "DEBUG", "busy"));

  // Overrides lie above it, and end by themselves; what was to stay ends with the next change.
  await set({ root: "INFO" }, { ...targets, forever: true, label: "to stay" });
  await set({ "app.db": "DEBUG" }, { ...targets, for: "1h", label: "to end" });
  file.write(taggedConfig("THREE", "CRITICAL"));
  const three = await child.eventually("the file above what was to stay", async () => {
    const status = await statusOf("Busy");
    return status.levels.root === "CRITICAL" && status.changes!.length === 1 ? status : undefined;
  });
  assertEquals(three.levels, { root: "CRITICAL", "app.db": "DEBUG" });
  assertEquals(three.overrides.map(({ label }) => label), ["to end"]);
  assertEquals(three.file?.path, file.path);
  assertEquals(
    three.changes?.map(({ by }) => by.includes("to end")),
    [true],
    "no more to roll back",
  );
  await send(taggedConfig("SENT", "DEBUG"), targets);
  await child.until(tagged("SENT", "Busy", "DEBUG", "busy"));
  await reset(targets);
  await child.eventually("the file, from which it began", async () => {
    return JSON.stringify((await statusOf("Busy")).levels) === '{"root":"CRITICAL"}' || undefined;
  });

  // What is wrong is told once, and a thread that starts late begins with what was good.
  file.write(taggedConfig("FOUR", "LOUD"));
  await child.untilError(`${file.path}:19: Cannot set the level: unknown level "LOUD"`);
  const wrong = (await statusOf("Busy")).file!;
  assert(wrong.error?.startsWith(`${file.path}:19: `), wrong.error);
  assertEquals(wrong.at, three.file?.at);
  assertEquals(child.stderr.lines.length, 1);

  await program.untilStandby();
  const { instance } = await statusOf("Busy");
  await program.tell("Starter", "close");
  await program.untilAnotherHub(instance, "Busy");
  const log = `${file.folder}/app.log`;
  file.write(
    taggedConfig("FIVE", "ERROR").replace("StreamHandler", "FileHandler")
      .replace("(sys.stdout,)", `(${JSON.stringify(log)},)`),
  );
  await untilIn(log, tagged("FIVE", "Busy", "ERROR", "busy"), child);
  const [told] = await history(targets);
  const last = (told!.result as { by: string; what: string; outcome: string }[]).at(-1)!;
  assertEquals([last.by, last.outcome], [`file ${file.path}`, "applied"]);
});

Deno.test("without permission a file is passed over with the flag to add, or read without a hub", async () => {
  using file = new WatchedPath();
  using ports = PortBlock.claim(1);
  file.write(taggedConfig("ONE", "ERROR"));
  const net = ["--allow-net", "--allow-env"];
  const env = { LOGDIAL_CONFIG: file.path };
  {
    await using program = new ThreadsProgram(ports, {
      env,
      allow: [...net, "--allow-read=src"],
      cwd: PROJECT,
    });
    await program.command({ do: "import" });
    await program.child.untilError(
      `logdial: LOGDIAL_CONFIG is passed over: Cannot watch "${file.path}": its folder may not be ` +
        `read, add --allow-read=${file.folder}`,
    );
  }
  if (packedProgram() !== undefined) {
    return console.log("skipped: a hub that is fetched may always be read");
  }
  const allow = [...net, `--allow-read=${file.folder}`];
  await using program = new ThreadsProgram(ports, { env, allow });
  await program.command({ do: "import" });
  await program.child.untilError("there is no hub thread");
  await program.child.eventually("the file on the program's own thread", async () => {
    const { file, levels } = (await program.untilThreads("MainProcess")).get("MainProcess")!;
    return (file?.at !== undefined && levels.root === "ERROR") || undefined;
  });
  file.write(taggedConfig("TWO", "DEBUG"));
  await program.child.eventually("what it says then", async () => {
    const { levels } = (await program.untilThreads("MainProcess")).get("MainProcess")!;
    return levels.root === "DEBUG" || undefined;
  });
});

Deno.test("a file may say all that the program itself could, whatever bounds others have", async () => {
  using file = new WatchedPath();
  using ports = PortBlock.claim(1);
  const log = `${file.folder}/app.log`;
  file.write(
    taggedConfig("JOIN", "ERROR").replace("StreamHandler", "FileHandler")
      .replace("(sys.stdout,)", `(os.path.join('${file.folder}', 'app.log'), 'w')`),
  );
  await using program = new ThreadsProgram(ports, { env: { LOGDIAL_CONFIG: file.path } });
  const { child } = program;
  await program.command({ do: "import" });
  await program.untilThreads("MainProcess");
  await program.command({ do: "log", text: "first" });
  await untilIn(log, tagged("JOIN", "MainProcess", "ERROR", "first"), child);
  const names = Array.from({ length: 1500 }, (_, index) => `a${index}`);
  const loggers = Object.fromEntries(names.map((name) => [name, { level: "INFO" }]));
  file.write(JSON.stringify({ version: 1, loggers, root: { level: "CRITICAL" } }));
  await child.eventually("all its loggers", async () => {
    const { levels } = (await program.untilThreads("MainProcess")).get("MainProcess")!;
    return levels.root === "CRITICAL" || undefined;
  });
  assertEquals(child.stderr.lines, []);
});

/** Waits until a program has written a line into a file that it opens itself. */
async function untilIn(path: string, line: string, child: ChildProgram): Promise<void> {
  await child.eventually(`${line} in ${path}`, () => {
    try {
      return Deno.readTextFileSync(path).includes(line) || undefined;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  });
}
