import { assert, assertEquals } from "@std/assert";
import type { ThreadStatus } from "../../src/wire/message.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { PortBlock } from "../harness/port_block.ts";
import { importFlags } from "../harness/project.ts";
import { findPython } from "../harness/python.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

Deno.test("status shows threads, levels and the last change", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  await program.start("Logging Worker #1");
  await program.untilThreads("MainProcess", "Logging Worker #1");
  const dict = {
    version: 1,
    incremental: true,
    root: { level: "ERROR" },
    loggers: { app: { level: "INFO" }, "app.db": { level: "DEBUG" } },
    logdial: { label: "by hand" },
  };
  await sendConfig(ports.first, dict);
  const { code, stdout, stderr } = await logdial(["status", "--ports", ports.text]);
  assertEquals([code, stderr], [0, ""]);
  const { pid } = program.child;
  const lines = stdout.split("\n");
  assertEquals(lines.length, 4, stdout);
  assert(/^PORT +PID +THREAD +ROOT +LOGGERS$/.test(lines[0]!), lines[0]);
  const main = lines[1]!.split(/ {2,}/);
  assertEquals(
    main.slice(0, 5),
    [`${ports.first}`, `${pid}`, "MainProcess", "ERROR", "app=INFO app.db=DEBUG"],
  );
  assertEquals(
    lines[2]!.split(/ {2,}/),
    [`${ports.first + 1}`, `${pid}`, "Logging Worker #1", "DEBUG", "-"],
  );
  const change = `by hand by 127\\.0\\.0\\.1 \\(${ports.first}\\)`;
  assert(new RegExp(`^changed \\d\\d:\\d\\d:\\d\\d: ${change}$`).test(lines[3]!), lines[3]);
  // Columns stand below each other.
  assertEquals(lines[1]!.indexOf("ERROR"), lines[0]!.indexOf("ROOT"));

  const json = await logdial(["status", "--json", "--ports", ports.text]);
  assertEquals(json.code, 0);
  const { threads } = JSON.parse(json.stdout) as { threads: ThreadStatus[] };
  assertEquals(threads.map(({ name }) => name), [
    "MainProcess",
    "Logging Worker #1",
  ]);
  const [first] = threads;
  assertEquals(first!.levels, { root: "ERROR", app: "INFO", "app.db": "DEBUG" });
  assertEquals([first!.pid, first!.port], [pid, ports.first]);
});

Deno.test("a status does not wait for a thread that computes", async () => {
  using ports = PortBlock.claim(2);
  await using program = new ThreadsProgram(ports);
  await program.start("Blocked", "log there", "block");
  await program.child.until("Blocked - ERROR - there");
  const { code, stdout } = await logdial(["status", "--ports", ports.text]);
  assertEquals(code, 0);
  assert(/Blocked +DEBUG/.test(stdout), stdout);
});

Deno.test("colours in a terminal only, and none with NO_COLOR", async () => {
  const python = await findPython();
  if (python === undefined) return;
  using ports = PortBlock.claim(2);
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  await program.untilThreads("MainProcess");
  const args = ["status", "--ports", ports.text];
  const { stdout } = await logdial(args);
  assert(!stdout.includes("\x1b["), stdout);

  const cli = ["run", ...importFlags(), "-A", "src/cli/main.ts", ...args];
  const inTerminal = async (env: Record<string, string>) => {
    const script = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]))";
    const command = ["-c", script, Deno.execPath(), ...cli];
    await using child = ChildProgram.run(python, command, { env });
    return await child.output();
  };
  // Deno's own warnings may be coloured: what counts is the port's line.
  const row = (text: string) => text.split("\n").find((line) => line.includes("MainProcess"))!;
  const colored = row(await inTerminal({}));
  assert(colored.includes(`\x1b[1m${ports.first}`), colored);
  const bare = row(await inTerminal({ NO_COLOR: "1" }));
  assert(bare.startsWith(`${ports.first} `) && !bare.includes("\x1b["), bare);
});
