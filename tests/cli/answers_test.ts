import { assert, assertEquals } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { VERSION } from "../../src/version.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { ForeignService } from "../harness/foreign_service.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { replaced } from "../harness/replaced.ts";
import { runCommand } from "../harness/run_command.ts";
import { Squatter } from "../harness/squatter.ts";

Deno.test("all commands say in the same words that nobody listens", async () => {
  using ports = PortBlock.claim(3);
  const words = [
    ["status"],
    ["get"],
    ["loggers"],
    ["why", "app", "DEBUG"],
    ["history"],
    ["diff", "debug"],
    ["send", "debug"],
    ["set", "root=DEBUG"],
    ["record", "app=DEBUG"],
    ["rollback"],
    ["reset"],
  ];
  const place = `127.0.0.1, ports ${ports.first} to ${ports.last}`;
  const wayOut = "start a program that does, or name its ports by --ports, its host by --host";
  const nobody = `Nobody listens on ${place}: ${wayOut}`;
  for (const command of words) {
    const args = [...command, "--ports", ports.text];
    // What is printed as a .conf is read as one.
    const stdout = command[0] === "get" ? `# ${nobody}` : nobody;
    assertEquals(await runCommand(args), { code: 3, stdout, stderr: "" }, command[0]);
    const json = await runCommand([...args, "--json"]);
    const answer = { version: 1, command: command[0], exit: 3, threads: [] };
    assertEquals([json.code, JSON.parse(json.stdout), json.stderr], [3, answer, ""]);
  }
  for (const command of ["tail", "dump"]) {
    const stderr = `logdial: Cannot ${command}: nobody listens on ${place}: ${wayOut}`;
    const answer = await runCommand([command, "--ports", ports.text]);
    assertEquals(answer, { code: 3, stdout: "", stderr });
  }
});

Deno.test("beside listeners like CPython's, the commands say what is there", async () => {
  using ports = PortBlock.claim(2);
  await using _first = new ForeignService(ports.first, "reads, then closes");
  await using _second = new ForeignService(ports.last, "reads, then closes");
  const run = (...words: string[]) => runCommand([...words, "--ports", ports.text]);
  for (
    const words of [["rollback"], ["reset"], ["history"], ["get"], ["loggers"], ["diff", "debug"]]
  ) {
    const { code, stdout } = await run(...words);
    // Those that were asked to take something back have not done it.
    assertEquals(code, words[0] === "rollback" || words[0] === "reset" ? 4 : 3, stdout);
    assert(stdout.includes("It takes configurations only, like CPython's listener"), stdout);
    const end = code === 4
      ? "\nnot sent to 2 CPython listeners, which cannot do it"
      : `Nobody can be asked on 127.0.0.1, ports ${ports.text.replace("-", " to ")}`;
    assert(stdout.includes(end), stdout);
  }
  for (const command of ["tail", "dump"]) {
    const { code, stderr } = await run(command);
    const reason = "2 CPython listeners take configurations only";
    assertEquals([code, stderr], [3, `logdial: Cannot ${command}: ${reason}`]);
  }
  // Some of what they cannot is no taking back.
  for (const words of [["record", "root=DEBUG"], ["set", "root=DEBUG", "--where", "a=1"]]) {
    const { code, stdout } = await run(...words);
    assertEquals(code, 4, stdout);
    assert(stdout.endsWith("\nnot sent to 2 CPython listeners, which cannot do it"), stdout);
  }
  const sent = await run("set", "root=DEBUG");
  assert(
    sent.stdout.endsWith("\nsent to 2 CPython listeners, which confirm nothing"),
    sent.stdout,
  );
});

Deno.test("get and diff show once what is the same on several threads", async () => {
  await using program = new OperatorProgram();
  await program.start("A", "B", "C");
  const { first } = program.ports;
  const { port } = await program.until("B", () => true);
  const run = (...words: string[]) => runCommand([...words, "--ports", program.ports.text]);
  await runCommand(["set", "root=ERROR", "--port", String(port)]);
  const same = [0, 1, 2, 3].map((offset) => first + offset).filter((one) => one !== port);
  const label = same[1] === first + 1 && same[2] === first + 2
    ? `${first}-${first + 2}`
    : same[0] === first && same[1] === first + 1
    ? `${first}-${first + 1} ${first + 3}`
    : `${first} ${first + 2}-${first + 3}`;
  const byPort = [...await program.status()].sort(([, a], [, b]) => a.port - b.port);
  const names = byPort.map(([name]) => name).filter((name) => name !== "B").join(", ");
  const got = await run("get");
  const heads = got.stdout.split("\n").filter((line) => line.startsWith("# "));
  assertEquals(new Set(heads), new Set([`# ${label} ×3 ${names}`, `# ${port} B`]), got.stdout);
  assertEquals(got.stdout.split("[loggers]").length, 3);
  const diff = await run("diff", "examples/logger_config/error.conf");
  const rows = diff.stdout.split("\n");
  assertEquals(rows.length, 2, diff.stdout);
  assert(
    rows.some((row) => row.startsWith(`${label}  ×3 ${names}  root INFO → ERROR`)),
    diff.stdout,
  );
  // For some calls only, no level changes.
  const logdial = { where: { user: "42" }, open: true };
  const scoped = { version: 1, incremental: true, root: { level: "WARNING" }, logdial };
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(file, JSON.stringify(scoped));
    const { stdout } = await run("diff", file);
    assert(/^\S+ {2}×4 .* {2}root WARNING for user=42$/.test(stdout), stdout);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("who is not found is told what there is of that kind", async () => {
  await using program = new OperatorProgram({ options: { app: "shop" } });
  await program.start("A");
  const run = (...words: string[]) => runCommand([...words, "--ports", program.ports.text]);
  const { pid } = (await program.status()).get("A")!;
  for (
    const [option, value, there] of [
      ["name", "B", "are MainProcess, A"],
      ["pid", "1", `have pid ${pid}`],
      ["app", "shp", 'have app "shop"'],
    ] as const
  ) {
    const { code, stderr } = await run("status", `--${option}`, value);
    const end = `those that listen ${there}`;
    assertEquals([code, stderr.endsWith(end)], [3, true], stderr);
  }
  {
    using _size = replaced(Deno, "consoleSize", () => ({ columns: 40, rows: 24 }));
    const args = ["why", "app.of.a.long.name", "DEBUG", "--ports", program.ports.text];
    const { stdout } = await runCommand(args, { isTerminal: true });
    const lines: string[] = stripAnsiCode(stdout).split("\n");
    assertEquals(lines.filter((line) => line.length > 40), []);
  }
  const { code, stdout } = await run("why", "root", "DEBGU");
  const reason = 'Cannot tell why: unknown level "DEBGU", did you mean "DEBUG"?';
  assertEquals([code, stdout.includes(`\n  ${reason}`)], [1, true], stdout);
});

Deno.test("--version, help COMMAND, and - for stdin", async () => {
  const { version } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  assertEquals(VERSION, version);
  assertEquals(await runCommand(["--version"]), {
    code: 0,
    stdout: `logdial ${version}`,
    stderr: "",
  });
  for (const name of ["send", "tail", "completions"]) {
    assertEquals(await runCommand(["help", name]), await runCommand([name, "--help"]));
  }
  assertEquals((await runCommand(["help", "--help"])).code, 0);
  assertEquals((await runCommand(["help", "sned"])).code, 2);

  using ports = PortBlock.claim(1);
  await using listener = new ForeignService(ports.first, "reads, then closes");
  const text = '{"version": 1, "incremental": true, "root": {"level": "ERROR"}}';
  const args = ["send", "-", "--ports", ports.text];
  const wrap = ["sh", "-c", `printf '%s' '${text}' | "$@"`, "sh"];
  await using child = ChildProgram.deno("src/cli/main.ts", { args, wrap });
  assertEquals((await child.end()).code, 4);
  assert(listener.received.includes('"root":{"level":"ERROR"}'), listener.received);
});

Deno.test("a host that cannot be reached ends with the status that help tells", async () => {
  const { code, stderr } = await logdial(["status", "--host", "nosuch.invalid", "--port", "9001"]);
  assertEquals([code, stderr.startsWith("logdial: Cannot reach nosuch.invalid:9001: ")], [1, true]);
  assert((await runCommand(["help", "status"])).stdout.includes("1  the host cannot be reached"));
});

Deno.test("status tells where somebody passes for another thread, JSON has names like all", async () => {
  using ports = PortBlock.claim(1);
  const status = {
    ...{ logdial: 1, name: "MainProcess", pid: 7, port: 9001, app: "", generation: 0 },
    ...{ levels: { root: "INFO" }, changed: null, pending: 0, overrides: [] },
  };
  await using _squatter = new Squatter(ports.first, `${JSON.stringify(status)}\n`);
  const { stdout } = await runCommand(["status", "--ports", ports.text]);
  assert(stdout.includes(`${ports.first}  7    MainProcess (says port 9001)`), stdout);
  const json = await runCommand(["status", "--ports", ports.text, "--json"]);
  const { logdial: _, ...told } = status;
  assertEquals(JSON.parse(json.stdout), {
    ...{ version: 1, command: "status", exit: 0 },
    threads: [{ ...told, port: ports.first, says: 9001, kind: "logdial", outcome: "applied" }],
  });
});
