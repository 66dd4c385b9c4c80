import { assert, assertEquals } from "@std/assert";
import type { Delivery } from "../../src/client/request.ts";
import { PRESETS } from "../../src/presets.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { ForeignService } from "../harness/foreign_service.ts";
import { listThreads } from "../harness/list_threads.ts";
import { PortBlock } from "../harness/port_block.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

/** To all ports; a thread that only waits for a processor is waited for. */
function to(ports: PortBlock): string[] {
  return ["--wait", "20s", "--ports", ports.text];
}

/** A folder for one test. */
class Folder implements AsyncDisposable {
  readonly path = Deno.makeTempDirSync({ prefix: "logdial_" });

  write(name: string, content: string | Uint8Array): string {
    const path = `${this.path}/${name}`;
    if (typeof content === "string") Deno.writeTextFileSync(path, content);
    else Deno.writeFileSync(path, content);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

Deno.test("send turns every thread and prints a line for each", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await using folder = new Folder();
  await program.command({ do: "import" });
  await program.start("Busy", "busy");
  await program.untilThreads("MainProcess", "Busy");
  const file = folder.write("mine.conf", taggedConfig("MINE", "ERROR"));
  const { code, stdout, stderr } = await logdial(["send", file, ...to(ports)]);
  assertEquals([code, stderr], [0, ""]);
  const lines = stdout.split("\n");
  const { pid } = program.child;
  const row = (port: number, name: string) =>
    `${port}  ${name}  pid ${pid}  applied  root DEBUG → ERROR`;
  assertEquals(lines, [
    row(ports.first, "MainProcess"),
    row(ports.first + 1, "Busy       "),
    "2 of 2 threads applied the configuration",
  ]);
  await program.child.until(tagged("MINE", "Busy", "ERROR", "busy"));
  await program.log("here", tagged("MINE", "MainProcess", "ERROR", "here"));
  for (const { changed } of (await listThreads(ports)).values()) {
    assert(/^mine\.conf \(127\.0\.0\.1:\d+\)$/.test(changed!.by), changed!.by);
  }
});

Deno.test("send finds the file where the user stands, else a preset", async (t) => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await using folder = new Folder();
  await program.command({ do: "import" });
  await program.untilThreads("MainProcess");
  Deno.mkdirSync(`${folder.path}/sub`);
  folder.write("sub/mine.conf", taggedConfig("SUB", "CRITICAL"));
  folder.write("error.conf", taggedConfig("OWN", "WARNING"));
  const dict = { version: 1, incremental: true, root: { level: 35 } };
  folder.write("mine.json", JSON.stringify(dict));
  const cases = [
    { desc: "relative to INIT_CWD", file: "sub/mine.conf", level: "CRITICAL" },
    { desc: "relative with a dot", file: "./sub/../sub/mine.conf", level: "CRITICAL" },
    { desc: "absolute", file: `${folder.path}/error.conf`, level: "WARNING" },
    { desc: "JSON", file: "mine.json", level: "Level 35" },
    { desc: "a file before the preset of its name", file: "error.conf", level: "WARNING" },
    { desc: "a preset by file name", file: "info.conf", level: "INFO" },
    { desc: "a preset by name", file: "debug", level: "DEBUG" },
    { desc: "a preset whose file is not here", file: "error", level: "ERROR" },
  ];
  for (const { desc, file, level } of cases) {
    await t.step(desc, async () => {
      const { code, stdout, stderr } = await logdial(["send", file, ...to(ports)], {
        env: { INIT_CWD: folder.path },
      });
      assertEquals([code, stderr], [0, ""], stdout);
      const { levels } = (await listThreads(ports)).get("MainProcess")!;
      assertEquals(levels, { root: level });
    });
  }
});

Deno.test("a bad file is refused before anything is sent", async (t) => {
  using ports = PortBlock.claim(1);
  await using listener = new ForeignService(ports.first, "reads, then closes");
  await using folder = new Folder();
  const good = PRESETS.error;
  const cases: { desc: string; content: string | Uint8Array; says: RegExp }[] = [
    { desc: "a line without a delimiter", content: `${good}oops\n`, says: /oops.*line 2\d/ },
    { desc: "a missing section", content: "[loggers]\nkeys=root\n", says: /handlers|formatters/ },
    { desc: "an empty file", content: "", says: /empty/ },
    { desc: "broken JSON", content: '{"version": 1', says: /line 1/ },
    {
      desc: "not UTF-8",
      content: Uint8Array.of(0x5b, 0xff),
      says: /it is not UTF-8, save it as that/,
    },
    {
      desc: "more than any listener takes",
      content: new Uint8Array((16 << 20) + 1),
      says: /it is longer than 16 MiB, which no listener takes/,
    },
    {
      desc: "code in args",
      content: good.replace("(sys.stdout,)", "(exit(),)"),
      says: /args.*line 1\d/,
    },
  ];
  for (const { desc, content, says } of cases) {
    await t.step(desc, async () => {
      const file = folder.write("bad.conf", content);
      const { code, stdout, stderr } = await logdial(["send", file, ...to(ports)]);
      assertEquals([code, stdout], [2, ""]);
      assert(stderr.startsWith("logdial: ") && stderr.includes("bad.conf"), stderr);
      assert(says.test(stderr), stderr);
      assert(!stderr.includes("    at "), "no stack");
    });
  }
  await t.step("a file that is not there", async () => {
    const { code, stderr } = await logdial(["send", "nowhere.conf", "--ports", ports.text]);
    assertEquals([code, stderr.split("\n").length], [2, 1]);
    assert(stderr.includes('Cannot find "nowhere.conf"'), stderr);
  });
  await t.step("a folder", async () => {
    const { code, stderr } = await logdial(["send", folder.path, "--ports", ports.text]);
    assertEquals([code, stderr.split("\n").length], [2, 1]);
    assert(stderr.includes("Cannot read"), stderr);
  });
  assertEquals(listener.received, "");
});

Deno.test("wrong usage is told in a line and ends with status 2", async (t) => {
  const cases: { args: string[]; says: string }[] = [
    { args: ["send"], says: "Cannot run send: name a file or a preset" },
    {
      args: ["send", "info", "error"],
      says: 'Cannot use "error": only a file or a preset is expected',
    },
    {
      args: ["send", "info", "--port", "9001", "--ports", "9001"],
      says: "Cannot use --port and --ports together",
    },
    {
      args: ["set", "root=INFO", "--port", "9001", "--port", "9002"],
      says: "Cannot use --port twice: it takes one value, several ports are --ports 9001,9005",
    },
    {
      args: ["set", "root=INFO", "--name", "W1", "--name=W2"],
      says: "Cannot use --name twice: it takes one value, where * stands for any text",
    },
    {
      args: ["send", "examples/logger_config/info.conf", "--default", "a=1", "--default", "A=2"],
      says: 'Cannot use --default "A" twice',
    },
    { args: ["send", "info", "--prot", "9001"], says: 'Unknown option "--prot"' },
    { args: ["send", "info", "-x"], says: 'Unknown option "-x"' },
    { args: ["send", "info", "--ports", "9001-"], says: '"9001-" is not a port' },
    { args: ["send", "info", "--ports", "9002-9001"], says: "is not a port" },
    { args: ["send", "info", "--ports", "70000"], says: "is not a port" },
    { args: ["send", "info", "--timeout", "soon"], says: 'Cannot use --timeout "soon"' },
    { args: ["status", "info"], says: 'Cannot use "info": only options are expected' },
    { args: ["sned"], says: 'Unknown command "sned", did you mean "send"?' },
    { args: ["set", "root=DEBUG", "--forver"], says: 'did you mean "--forever"?' },
    { args: ["set", "root=DEBUG", "--forever=no"], says: "--forever takes no value, leave it out" },
    {
      args: ["set", "root=DEBUG", "--no-handlers=false"],
      says: "--no-handlers takes no value, leave it out",
    },
    { args: ["set", "root=DEBUG", "--no-forever=true"], says: 'Unknown option "--no-forever"' },
    { args: ["set", "root=DEBUG", "--no-reason=x"], says: 'Unknown option "--no-reason"' },
    {
      args: ["set", "root=DEBUG", "--lines", "-1"],
      says: 'Cannot use "-1" for --lines: a value that begins with - is written --lines=-1',
    },
    { args: ["set", "root=DEBUG", "--lines=-1"], says: 'Cannot use --lines "-1": it must be a' },
    { args: ["set", "root=DEBUG", "--reason", "-x"], says: "is written --reason=-x" },
    { args: ["status", "--host", "127.0.0.1:9001"], says: "a port stands in --port" },
    { args: ["status", "--host", "[::1]:9001"], says: "a port stands in --port" },
    { args: ["status", "--host", "http://localhost"], says: "a name or an address alone" },
    { args: ["status", "--json=0"], says: 'Cannot use "--json=0": --json takes no value' },
    {
      args: ["record", "root=DEBUG", "--lines", "5"],
      says: "Cannot use --lines: what is recorded brings out no lines, end it by --for",
    },
    { args: ["check", "debug", "--port", "9001"], says: 'Unknown option "--port"' },
    { args: ["set", "root=DEBUG", "root=INFO"], says: 'Cannot set "root" twice' },
    { args: ["set", "app.=DEBUG"], says: "a name neither begins nor ends with a dot" },
    { args: ["set", "a=b=DEBUG"], says: 'a name has no "="' },
    { args: ["set", "root=1.5"], says: "it must be a name like DEBUG, or a whole number" },
    { args: ["set", "root=10000000000000000"], says: "a whole number up to 9007199254740991" },
  ];
  // Several at a time: each is a process of its own.
  const results = await Promise.all(cases.map(({ args }) => logdial(args)));
  for (const [index, { args, says }] of cases.entries()) {
    await t.step(args.join(" "), () => {
      const { code, stdout, stderr } = results[index]!;
      assertEquals([code, stdout], [2, ""]);
      assert(stderr.startsWith("logdial: ") && stderr.includes(says), stderr);
      assertEquals(stderr.split("\n").length, 1);
    });
  }
});

Deno.test("help goes to stdout and ends with status 0", async () => {
  for (const args of [["--help"], ["help"], ["send", "--help"], ["status", "-h"]]) {
    const { code, stdout, stderr } = await logdial(args);
    assertEquals([code, stderr], [0, ""]);
    assert(stdout.includes("Usage: logdial"), stdout);
  }
  assertEquals((await logdial([])).code, 2);
});

Deno.test("exit status 1: rejected somewhere, by what only the program can know", async (t) => {
  using ports = PortBlock.claim(2);
  await using program = new ThreadsProgram(ports);
  await using folder = new Folder();
  await program.command({ do: "import" });
  await program.start("A");
  await program.untilThreads("MainProcess", "A");
  const cases = [
    { desc: "a class", part: "StreamHandler", other: "my.OwnHandler" },
    { desc: "a level", part: "level = INFO", other: "level = LOUD" },
    { desc: "a name in args", part: "sys.stdout", other: "my.stream" },
  ];
  for (const { desc, part, other } of cases) {
    await t.step(desc, async () => {
      const file = folder.write("own.conf", taggedConfig("X", "INFO").replace(part, other));
      const { code, stdout } = await logdial(["send", file, ...to(ports)]);
      assertEquals(code, 1);
      const name = other.split(" ").at(-1)!;
      const rows = stdout.split("\n").slice(0, -1);
      assertEquals(rows.length, 2);
      for (const row of rows) assert(row.includes("  rejected  "), row);
      // A long reason stands once.
      const again = rows[0]!.length > 150 ? `as ${ports.first}` : name;
      assert(rows[0]!.includes(name) && rows[1]!.includes(again), stdout);
      assert(stdout.endsWith("0 of 2 threads applied the configuration"), stdout);
    });
  }
});

Deno.test("exit status 3: nobody listens", async () => {
  using ports = PortBlock.claim(3);
  const sent = await logdial(["send", "info", "--ports", ports.text]);
  const text =
    `Nobody listens on 127.0.0.1, ports ${ports.first} to ${ports.last}: start a program`;
  assertEquals([sent.code, sent.stdout.startsWith(text), sent.stderr], [3, true, ""]);
  const asked = await logdial(["status", "--ports", ports.text]);
  assertEquals([asked.code, asked.stdout.startsWith("Nobody listens")], [3, true]);
  const json = await logdial(["send", "info", "--ports", ports.text, "--json"]);
  const answer = { version: 1, command: "send", exit: 3, threads: [] };
  assertEquals([json.code, JSON.parse(json.stdout)], [3, answer]);
});

Deno.test("exit status 4: pending somewhere", async () => {
  using ports = PortBlock.claim(2);
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  await program.start("Blocked", "log there", "block");
  await program.child.until("Blocked - ERROR - there");
  await program.untilThreads("MainProcess", "Blocked");
  const { code, stdout } = await logdial(["send", "error", "--wait", "1s", "--ports", ports.text]);
  assertEquals(code, 4);
  assert(/Blocked .* pending {2}applies at its next log call/.test(stdout), stdout);
  assert(/MainProcess .* applied/.test(stdout), stdout);
  assert(stdout.endsWith("1 of 2 threads applied the configuration"), stdout);
  const table = await logdial(["status", "--ports", ports.text]);
  assert(/^1 pending, .* \(\d+\)$/m.test(table.stdout), table.stdout);
});

Deno.test("send --json tells the same to programs", async () => {
  using ports = PortBlock.claim(2);
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  await program.untilThreads("MainProcess");
  const { code, stdout } = await logdial(["send", "error", "--json", ...to(ports)]);
  assertEquals(code, 0);
  const { threads } = JSON.parse(stdout) as { threads: Delivery[] };
  assertEquals(threads as object[], [{
    port: ports.first,
    kind: "logdial",
    outcome: "applied",
    name: "MainProcess",
    pid: program.child.pid,
    previous: { root: "DEBUG" },
    levels: { root: "ERROR" },
    generation: 1,
  }]);
});

Deno.test("gaps and foreign services in the range are passed over, without a payload", async () => {
  using ports = PortBlock.claim(8);
  const at = (offset: number) => ports.first + offset;
  await using http = new ForeignService(at(0), "answers HTTP");
  await using silent = new ForeignService(at(2), "says nothing");
  await using web = Deno.serve(
    { hostname: "127.0.0.1", port: at(6), onListen: () => {} },
    () => new Response("hello"),
  );
  assert(web.addr.port > 0);
  const env = { LOGDIAL_PORTS: `${at(4)}-${at(4)}` };
  await using child = ChildProgram.deno("tests/fixtures/only_logs.ts", { env, args: ["stay"] });
  await child.until("Setup logging server");
  const args = ["--ports", ports.text, "--timeout", "700"];
  const { code, stdout } = await logdial(["send", "error", "--json", "--wait", "20s", ...args]);
  const deliveries = (JSON.parse(stdout) as { threads: Delivery[] }).threads;
  assertEquals(
    deliveries.map(({ port, outcome }) => [port - ports.first, outcome]),
    [[0, "skipped"], [2, "skipped"], [4, "applied"], [6, "skipped"]],
  );
  assertEquals(code, 0, "strangers do not count");
  assertEquals([http.received, silent.received], ["!\n", "!\n"]);

  const table = await logdial(["status", ...args]);
  assertEquals(table.code, 0);
  assertEquals(table.stdout.match(/not a logging server/g)?.length, 3, table.stdout);
});

Deno.test("a listener that closes without a word is sent to, but nothing is taken for granted", async () => {
  using ports = PortBlock.claim(2);
  await using closing = new ForeignService(ports.first, "closes at once");
  await using reading = new ForeignService(ports.last, "reads, then closes");
  const { code, stdout } = await logdial(["send", "error", "--ports", ports.text]);
  assertEquals(code, 4);
  assertEquals(stdout.match(/sent, not confirmed/g)?.length, 2, stdout);
  assert(stdout.endsWith("\nsent to 2 CPython listeners, which confirm nothing"), stdout);
  assert(reading.received.includes('"incremental":true'), "CPython would have turned its root");
  assertEquals(stdout.match(/stays until set again/g)?.length, 2, stdout);
  assertEquals(closing.received, "");
});

Deno.test("no --allow-net is told in a line", async () => {
  const { code, stderr } = await logdial(["send", "error", "--ports", "9001"], { allow: [] });
  assert(code !== 0);
  assert(stderr.startsWith("logdial: ") && stderr.includes("--allow-net"), stderr);
  assert(!stderr.includes("    at "), stderr);
});
